// Finds the app that a command is about: package.json, convex.json, functions directory.
// Reads only; never looks at better-auth, which may not be installed yet.
import { existsSync, readdirSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative, resolve, sep } from "node:path";
import { CodegenError } from "../errors.js";
import type { Project } from "../types.js";
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
  if (!declares(project, "convex")) throw noConvex(project.root);
  return project;
}

/**
 * The same for a package that may not be a Convex app yet.
 *
 * @throws CodegenError those of loadProject, save `NO_CONVEX`
 */
export function loadFolder(cwd: string): Project {
  const start = resolve(cwd);
  if (!existsSync(start) || !statSync(start).isDirectory()) throw noSuchFolder(start);
  const root = findRoot(start);
  if (root === undefined) throw notAnApp(start);
  const packageJson = readJsonObject(join(root, "package.json"), "INVALID_PACKAGE_JSON");
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

/** The version of a package as the app would import it; undefined when it is not installed. */
export function installedIn(project: Project, name: string): string | undefined {
  const folder = packageFolder(project, name);
  if (folder === undefined) return undefined;
  const { version } = readJsonObject(join(folder, "package.json"), "INVALID_PACKAGE_JSON");
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
  const places = createRequire(join(project.root, "package.json")).resolve.paths(name) ?? [];
  return places
    .map((place) => join(place, name))
    .find((at) => existsSync(join(at, "package.json")));
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
  if (existsSync(join(folder, "pnpm-workspace.yaml"))) return true;
  const path = join(folder, "package.json");
  return existsSync(path) && "workspaces" in readJsonObject(path, "INVALID_PACKAGE_JSON");
}

function functionsDirOf(root: string, packageJson: Record<string, unknown>): string {
  const folder = namedFunctionsDir(root) ?? defaultFunctionsDir(root, packageJson);
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== false) return folder;
  throw new CodegenError({
    code: "NO_FUNCTIONS_DIR",
    message: `${folder} is a file; the functions directory is a folder.`,
    hint: `Correct "functions" in ${join(root, "convex.json")}, or move the file away. Nothing was written.`,
  });
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
  const { functions = "convex" } = readJsonObject(path, "INVALID_CONVEX_JSON");
  if (typeof functions !== "string" || functions.trim() === "")
    throw new CodegenError({
      code: "INVALID_CONVEX_JSON",
      message: `"functions" in ${path} is not a path.`,
      hint: 'Write the functions directory relative to convex.json, for example "functions": "convex/functions".',
    });
  return resolve(root, functions);
}

function readJsonObject(path: string, code: string): Record<string, unknown> {
  const text = (readTextFile(path) ?? "").replace(/^\uFEFF/, "");
  try {
    const value: unknown = JSON.parse(text);
    if (isRecord(value)) return value;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CodegenError({
      code,
      message: `${path} is not valid JSON: ${reason}`,
      hint: "Fix the file, then run the command again. Nothing was written.",
      cause,
    });
  }
  throw new CodegenError({
    code,
    message: `${path} holds no JSON object.`,
    hint: "Fix the file, then run the command again. Nothing was written.",
  });
}

function noSuchFolder(path: string): CodegenError {
  return new CodegenError({
    code: "NO_SUCH_FOLDER",
    message: `${path} is not a folder.`,
    hint: "Give --cwd the folder of your app.",
    exitCode: 2,
  });
}

function notAnApp(start: string): CodegenError {
  return new CodegenError({
    code: "NOT_AN_APP",
    message: `There is no package.json in ${start} or above it.`,
    hint:
      "Run the command inside your Convex app, or name it with --cwd <dir>. " +
      "For a new app: npx kitcn init my-app -t next|vite|start --yes",
  });
}

function noConvex(root: string): CodegenError {
  const [app, ...others] = packagesBelow(root, ["convex"]);
  return new CodegenError({
    code: "NO_CONVEX",
    message: `${join(root, "package.json")} does not depend on convex.`,
    hint:
      app === undefined
        ? "Run the command in a Convex app. To make this one: npx kitcn init --yes"
        : `Run the command in ${[app, ...others].join(" or ")}: cd ${app}`,
  });
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
