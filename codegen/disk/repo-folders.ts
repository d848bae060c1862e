// Which folders a repository of several packages has: what its package manager links there. Reads package.json files and
// pnpm-workspace.yaml; must not know Convex.
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import type * as Glob from "tinyglobby";
import type { Project } from "../types.js";
import { readPnpmWorkspace } from "./pnpm-file.js";
import { isRecord, loadFolder } from "./project.js";

/** A repository's folder, and those of its other packages, sorted by path. */
export type RepoFolders = { readonly root: string; readonly folders: readonly string[] };

/**
 * The repository that a package is a member of, by `workspaces` of package.json or `packages` of pnpm-workspace.yaml.
 * Undefined for a package that no repository lists.
 *
 * @param folder the folder of a package.json
 * @param load what reads the package of a folder
 * @throws CodegenError `INVALID_PACKAGE_JSON`, `INVALID_PNPM_WORKSPACE`, `INVALID_CONVEX_JSON`, `NO_FUNCTIONS_DIR`
 * @example
 * repoFolders("/repo/apps/web")?.root; // "/repo"
 */
export function repoFolders(
  folder: string,
  load: (root: string) => Project = loadFolder,
): RepoFolders | undefined {
  for (let root = folder; ; root = dirname(root)) {
    const patterns = patternsOf(root, load);
    if (patterns.length > 0) {
      const folders = foldersOf(root, patterns);
      // The package is inside the repository's folder, but no package manager links it.
      return folder === root || folders.includes(folder) ? { root, folders } : undefined;
    }
    if (dirname(root) === root) return undefined;
  }
}

// --- internal ---

function patternsOf(root: string, load: (root: string) => Project): readonly string[] {
  if (!existsSync(join(root, "package.json"))) return [];
  const ofPnpmFile = readPnpmWorkspace(root);
  // With settings alone it has no packages: the repository is one package.
  const ofPnpm = isRecord(ofPnpmFile) ? strings(ofPnpmFile.packages) : [];
  if (ofPnpm.length > 0) return ofPnpm;
  const { workspaces } = load(root).packageJson;
  const list = isRecord(workspaces) ? workspaces.packages : workspaces;
  return strings(list);
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
}

/** Folders with a package.json that match the patterns, without the root. */
function foldersOf(root: string, patterns: readonly string[]): string[] {
  // Only repositories of several packages need it.
  const { globSync } = createRequire(import.meta.url)("tinyglobby") as typeof Glob; // by its name
  const files = globSync(patterns.map(fileOf), {
    cwd: root,
    ignore: ["**/node_modules/**"],
    expandDirectories: false,
  });
  const folders = new Set(files.map((file) => resolve(root, dirname(file))));
  folders.delete(root);
  return [...folders].sort();
}

/** `./apps/*` and `!apps/old/` as globs of the package.json files there. */
function fileOf(pattern: string): string {
  const [, not = "", path = ""] = /^(!?)(?:\.\/)?(.*?)\/*$/.exec(pattern) ?? [];
  return `${not}${path === "" || path === "." ? "" : `${path}/`}package.json`;
}
