// Which folders a repository of several packages has: what its package manager links there. Reads package.json files and
// pnpm-workspace.yaml; must not know Convex.
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import type * as Glob from "tinyglobby";
import type * as Yaml from "yaml";
import { invalidPnpmWorkspace } from "../errors/monorepo.js";
import type { Project } from "../types.js";
import { isRecord, loadFolder } from "./project.js";
import { readTextFile } from "./read-text.js";

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

const PNPM = "pnpm-workspace.yaml";

function patternsOf(root: string, load: (root: string) => Project): readonly string[] {
  if (!existsSync(join(root, "package.json"))) return [];
  const ofPnpm = pnpmPatterns(join(root, PNPM));
  if (ofPnpm.length > 0) return ofPnpm;
  const { workspaces } = load(root).packageJson;
  const list = isRecord(workspaces) ? workspaces.packages : workspaces;
  return strings(list);
}

/** A pnpm-workspace.yaml with only settings has no packages: the repository is one package. */
function pnpmPatterns(path: string): readonly string[] {
  const text = readTextFile(path);
  if (text === undefined) return [];
  const { parse, YAMLParseError } = load("yaml") as typeof Yaml; // by its name
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
function foldersOf(root: string, patterns: readonly string[]): string[] {
  const { globSync } = load("tinyglobby") as typeof Glob; // by its name
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

/** Only repositories of several packages need these, and nothing here waits for a promise. */
function load(name: "yaml" | "tinyglobby"): unknown {
  return createRequire(import.meta.url)(name);
}
