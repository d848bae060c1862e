// Finds the app that a command is about: package.json, convex.json, functions directory.
// Reads only; never looks at better-auth, which may not be installed yet.
import { existsSync, readdirSync, statSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { CodegenError } from "../errors.js";
import {
  convexBelow,
  convexJsonInvalid,
  convexJsonNotObject,
  functionsDirIsFile,
  functionsNotPath,
  noConvex,
  noSuchFolder,
  notAnApp,
  packageJsonInvalid,
  packageJsonNotObject,
} from "../errors/disk.js";
import type { Project } from "../types.js";
import { findPackage } from "./find-package.js";
import { PNPM_WORKSPACE } from "./pnpm-file.js";
import { readTextFile } from "./read-text.js";

/**
 * The app around a folder: the nearest package.json upward decides.
 *
 * @throws CodegenError `NO_SUCH_FOLDER`, `NOT_AN_APP`, `NO_CONVEX`, `INVALID_PACKAGE_JSON`, `INVALID_CONVEX_JSON`,
 *   `NO_FUNCTIONS_DIR`
 * @example
 * const project = loadProject(process.cwd());
 */
export function loadProject(cwd: string): Project {
  return assertConvex(loadFolder(cwd));
}

/** @throws CodegenError `NO_CONVEX` */
export function assertConvex(project: Project): Project {
  if (!declares(project, "convex")) throw convexMissing(project.root);
  return project;
}

/**
 * The same for a package that may not be a Convex app yet.
 *
 * @throws CodegenError those of loadProject, save `NO_CONVEX`
 */
export function loadFolder(cwd: string): Project {
  const start = resolve(cwd);
  if (!existsSync(start) || !statSync(start).isDirectory()) throw noSuchFolder({ path: start });
  const root = findRoot(start);
  if (root === undefined) throw notAnApp({ folder: start });
  const packageJson = readJsonObject(join(root, "package.json"));
  const project = { root, functionsDir: functionsDirOf(root, packageJson), packageJson };
  // readJsonObject checked that this is an object; its members are read defensively.
  return project as Project;
}

/** The spec with which package.json asks for a package, in any of its dependency lists. */
export function declaredSpec(project: Project, name: string): string | undefined {
  for (const list of DEPENDENCY_LISTS) {
    const specs = project.packageJson[list];
    if (!isRecord(specs)) continue;
    const spec = specs[name];
    if (typeof spec === "string") return spec;
  }
  return undefined;
}

/** Every package that package.json asks for, each once. */
export function declaredNames({ packageJson }: Pick<Project, "packageJson">): string[] {
  const specs = DEPENDENCY_LISTS.map((list) => packageJson[list]).filter(isRecord);
  return [...new Set(specs.flatMap((one) => Object.keys(one)))];
}

/** The version of a package as the app would import it; undefined when it is not installed. */
export function installedIn(project: Project, name: string): string | undefined {
  const folder = packageFolder(project, name);
  if (folder === undefined) return undefined;
  const { version } = readJsonObject(join(folder, "package.json"));
  return typeof version === "string" ? version : "0.0.0";
}

/**
 * The same for a package that comes along wherever the app goes: not one of a folder around it, save its workspace.
 */
export function ownVersion(project: Project, name: string): string | undefined {
  const folder = packageFolder(project, name);
  if (folder === undefined) return undefined;
  const holder = folder.slice(0, -join(sep, "node_modules", name).length);
  const isOwn = holder === project.root || isWorkspace(holder);
  return isOwn ? installedIn(project, name) : undefined;
}

/** The workspace around a package, if it is in one. */
export function workspaceOf(root: string): string | undefined {
  for (let folder = dirname(root); dirname(folder) !== folder; folder = dirname(folder))
    if (isWorkspace(folder)) return folder;
  return undefined;
}

/** True for an app that asks for TypeScript, or is configured for it. */
export function usesTypeScript(project: Project): boolean {
  const isConfigured = existsSync(join(project.root, "tsconfig.json"));
  return isConfigured || declares(project, "typescript");
}

/** Folder of a package as the app would import it. Looks in node_modules, not at the package's exports. */
export function packageFolder(project: Pick<Project, "root">, name: string): string | undefined {
  return findPackage(project.root, name);
}

/**
 * Where kitcn's deployment defaults lie: `convex/.env` for `convex` and `convex/functions`, else `.env` in the
 * functions directory. One that exists in the functions directory is kept.
 */
export function envFileOf({ root, functionsDir }: Project): string {
  const inFunctions = join(functionsDir, ".env");
  if (existsSync(inFunctions)) return inFunctions;
  const home = join(root, "convex");
  const isBelow = functionsDir === home || functionsDir.startsWith(home + sep);
  return isBelow ? join(home, ".env") : inFunctions;
}

/** The folder that holds every file of a run: the app's, or the repository's where it has several packages. */
export function homeOf({ root, home }: Pick<Project, "root" | "home">): string {
  return home ?? root;
}

/** A path of the app as messages show it: relative to its home, with forward slashes. */
export function shortPath(project: Pick<Project, "root" | "home">, path: string): string {
  return relative(homeOf(project), path).split(sep).join("/");
}

/** The command of a script in package.json; undefined if package.json has no script with this name. */
export function scriptOf(
  { packageJson }: Pick<Project, "packageJson">,
  name: string,
): string | undefined {
  const { scripts } = packageJson;
  const script = isRecord(scripts) ? scripts[name] : undefined;
  return typeof script === "string" ? script : undefined;
}

/** True for an object of JSON. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

// --- internal ---

const DEPENDENCY_LISTS = [
  "dependencies",
  "devDependencies",
  "peerDependencies",
  "optionalDependencies",
] as const;

function declares(project: Project, name: string): boolean {
  return declaredSpec(project, name) !== undefined;
}

function findRoot(start: string): string | undefined {
  for (let folder = start; ; folder = dirname(folder)) {
    if (existsSync(join(folder, "package.json"))) return folder;
    if (dirname(folder) === folder) return undefined;
  }
}

function isWorkspace(folder: string): boolean {
  if (existsSync(join(folder, PNPM_WORKSPACE))) return true;
  const path = join(folder, "package.json");
  return existsSync(path) && "workspaces" in readJsonObject(path);
}

function functionsDirOf(root: string, packageJson: Record<string, unknown>): string {
  const folder = namedFunctionsDir(root) ?? defaultFunctionsDir(root, packageJson);
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== false) return folder;
  throw functionsDirIsFile({ path: folder, config: join(root, "convex.json") });
}

/** SvelteKit's development server gives browsers no file outside of `src`. */
function defaultFunctionsDir(root: string, packageJson: Record<string, unknown>): string {
  const usual = join(root, "convex");
  const isInSrc = declares({ root, functionsDir: usual, packageJson }, "@sveltejs/kit");
  return isInSrc && !existsSync(usual) ? join(root, "src/convex") : usual;
}

function namedFunctionsDir(root: string): string | undefined {
  const path = join(root, "convex.json");
  if (!existsSync(path)) return undefined;
  const { functions = "convex" } = readJsonObject(path, CONVEX_JSON);
  if (typeof functions !== "string" || functions.trim() === "") throw functionsNotPath({ path });
  return resolve(root, functions);
}

const PACKAGE_JSON = { invalid: packageJsonInvalid, notObject: packageJsonNotObject };
const CONVEX_JSON = { invalid: convexJsonInvalid, notObject: convexJsonNotObject };

function readJsonObject(path: string, errors = PACKAGE_JSON): Record<string, unknown> {
  const text = (readTextFile(path) ?? "").replace(/^\uFEFF/, "");
  try {
    const value: unknown = JSON.parse(text);
    if (isRecord(value)) return value;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw errors.invalid({ path, reason, cause });
  }
  throw errors.notObject({ path });
}

function convexMissing(root: string): CodegenError {
  const path = join(root, "package.json");
  const folders = packagesBelow(root, ["convex"]);
  return folders.length === 0 ? noConvex({ path }) : convexBelow({ path, folders });
}

/** Packages in the folders of another one that ask for a package: where a user who is one level too high meant to be. */
export function packagesBelow(root: string, names: readonly string[]): string[] {
  const below = foldersIn(root);
  const nested = ["apps", "packages"].flatMap((name) =>
    foldersIn(join(root, name)).map((folder) => join(name, folder)),
  );
  return [...below, ...nested].filter((folder) => asksForAny(join(root, folder), names));
}

function foldersIn(path: string): string[] {
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) return [];
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== "node_modules")
    .map(({ name }) => name)
    .sort();
}

function asksForAny(folder: string, names: readonly string[]): boolean {
  if (!existsSync(join(folder, "package.json"))) return false;
  try {
    const project = loadFolder(folder);
    return names.some((name) => declares(project, name));
  } catch (error) {
    // Another package, and not what the command is about.
    if (error instanceof CodegenError) return false;
    throw error;
  }
}
