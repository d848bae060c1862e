// Loads the repository around a package: its root, and every package that the package manager links there.
// Reads package.json files; must not know Convex.
import { repoFolders } from "../disk/repo-folders.js";
import { loadFolder } from "../disk/project.js";
import type { Project } from "../types.js";

/** A repository of several packages. */
export type Repo = {
  readonly root: string;
  /** The package at the root, then the others, sorted by path. */
  readonly members: readonly Project[];
};

/**
 * Loads the repository that a package is a member of. Undefined for a package that no repository lists.
 *
 * @param folder the folder of a package.json
 * @param known a package that was loaded before: its package.json is not read again
 * @throws CodegenError `INVALID_PACKAGE_JSON`, `INVALID_PNPM_WORKSPACE`, `INVALID_CONVEX_JSON`, `NO_FUNCTIONS_DIR`
 * @example
 * loadRepo("/repo/apps/web")?.root; // "/repo"
 */
export function loadRepo(folder: string, known?: Project): Repo | undefined {
  const loaded = new Map(known ? [[known.root, known]] : []);
  const load = (root: string): Project => {
    const project = loaded.get(root) ?? loadFolder(root);
    loaded.set(root, project);
    return project;
  };
  const found = repoFolders(folder, load);
  return found && { root: found.root, members: [found.root, ...found.folders].map(load) };
}
