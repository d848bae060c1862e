// Loads the repository around a package: its root, and every package that the package manager links there.
// Reads package.json files and pnpm-workspace.yaml; must not know Convex.
import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { isRecord, loadFolder } from "../disk/project.js";
import { readTextFile } from "../disk/read-text.js";
import { invalidPnpmWorkspace } from "../errors/monorepo.js";
import type { Project } from "../types.js";

/** A repository of several packages. */
export type Repo = {
  readonly root: string;
  /** The package at the root, then the others, sorted by path. */
  readonly members: readonly Project[];
};

/**
 * Loads the repository that a package is a member of, by `workspaces` of package.json or `packages` of pnpm-workspace.yaml.
 * Undefined for a package that no repository lists.
 *
 * @param folder the folder of a package.json
 * @param known a package that was loaded before: its package.json is not read again
 * @throws CodegenError `INVALID_PACKAGE_JSON`, `INVALID_PNPM_WORKSPACE`, `INVALID_CONVEX_JSON`, `NO_FUNCTIONS_DIR`
 * @example
 * (await loadRepo("/repo/apps/web"))?.root; // "/repo"
 */
export async function loadRepo(folder: string, known?: Project): Promise<Repo | undefined> {
  const loaded = new Map(known ? [[known.root, known]] : []);
  const load = (root: string): Project => {
    const project = loaded.get(root) ?? loadFolder(root);
    loaded.set(root, project);
    return project;
  };
  for (let root = folder; ; root = dirname(root)) {
    const patterns = await patternsOf(root, load);
    if (patterns.length > 0) {
      const folders = await foldersOf(root, patterns);
      // The package is inside the repository's folder, but no package manager links it.
      if (folder !== root && !folders.includes(folder)) return undefined;
      return { root, members: [root, ...folders].map(load) };
    }
    if (dirname(root) === root) return undefined;
  }
}

// --- internal ---

const PNPM = "pnpm-workspace.yaml";

async function patternsOf(
  root: string,
  load: (root: string) => Project,
): Promise<readonly string[]> {
  if (!existsSync(join(root, "package.json"))) return [];
  const ofPnpm = await pnpmPatterns(join(root, PNPM));
  if (ofPnpm.length > 0) return ofPnpm;
  const { workspaces } = load(root).packageJson;
  const list = isRecord(workspaces) ? workspaces.packages : workspaces;
  return strings(list);
}

/** A pnpm-workspace.yaml with only settings has no packages: the repository is one package. */
async function pnpmPatterns(path: string): Promise<readonly string[]> {
  const text = readTextFile(path);
  if (text === undefined) return [];
  const { parse, YAMLParseError } = await import("yaml");
  try {
    const value: unknown = parse(text);
    return isRecord(value) ? strings(value.packages) : [];
  } catch (cause) {
    if (!(cause instanceof YAMLParseError)) throw cause;
    throw invalidPnpmWorkspace({ path, reason: cause.message, cause });
  }
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
}

/** Folders with a package.json that match the patterns, without the root. */
async function foldersOf(root: string, patterns: readonly string[]): Promise<string[]> {
  const { glob } = await import("tinyglobby");
  const files = await glob(patterns.map(fileOf), {
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
