// Which package manager an app has, and in which version, by what its files and the running process say. Reads files;
// starts nothing.
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { LOCKS } from "package-manager-detector/constants";
import { PNPM_WORKSPACE } from "../disk/pnpm-file.js";
import { isRecord, loadFolder, workspaceOf } from "../disk/project.js";
import { repoFolders } from "../disk/repo-folders.js";
import { readTextFile } from "../disk/read-text.js";

/** A package manager that kitcn prints commands for. */
type Manager = "npm" | "pnpm" | "yarn" | "bun";

/**
 * The package manager of a folder's app, by its lock file or `packageManager`, and the nearest folder, from this one up,
 * that has one of them. In a repository of several packages that folder is the repository's: its package manager reads
 * no lock file of a single package, which somebody left there.
 */
export function managerAt(folder: string): { readonly manager: Manager; readonly root: string } {
  for (let at = folder; ; at = dirname(at)) {
    const manager = managerIn(at);
    if (manager !== undefined) return ofRepo(at) ?? { manager, root: at };
    if (dirname(at) === at) return { manager: "npm", root: folder };
  }
}

/**
 * The form in which pnpm reads overrides. From 10.5 on it reads pnpm-workspace.yaml, but not beside overrides in
 * package.json; pnpm 11 reads no other file. pnpm 10 without pnpm-workspace.yaml keeps to package.json, which pnpm 9
 * reads, too: the same lock file may be installed by both.
 */
export function pnpmForm(root: string): "pnpm-yaml" | "pnpm-json" {
  const [major = 0, minor = 0] = pnpmVersion(root);
  if (major >= 11) return "pnpm-yaml";
  if (major > 0 && (major < 10 || (major === 10 && minor < 5))) return "pnpm-json";
  if (major === 10 && !existsSync(join(root, PNPM_WORKSPACE))) return "pnpm-json";
  const { pnpm } = packageJsonOf(root);
  return isRecord(pnpm) && isRecord(pnpm.overrides) ? "pnpm-json" : "pnpm-yaml";
}

/** Yarn from version 2 on. */
export function isBerry(root: string): boolean {
  const asked = /^yarn@(\d+)/.exec(askedOf(root))?.[1];
  if (asked !== undefined) return Number(asked) > 1;
  if (existsSync(join(root, ".yarnrc.yml"))) return true;
  return /^__metadata:/m.test(readTextFile(join(root, "yarn.lock")) ?? "");
}

/** The Bun of an app, as `1.3`, if it is known and leaves out overrides of one package's dependencies: before 1.4. */
export function oldBun(root: string): string | undefined {
  const [major, minor = 0] = versionIn([askedOf(root), ...runningManagers()], BUN);
  return major === undefined || isFrom([major, minor], 4) ? undefined : `${major}.${minor}`;
}

/** True if every Bun that is known has `bun pm pkg`, which came during 1.2, and one is known. */
export function hasBunPkg(root: string): boolean {
  const versions = [askedOf(root), ...runningManagers()]
    .map((text) => versionIn([text], BUN))
    .filter(({ length }) => length > 0);
  return versions.length > 0 && versions.every((one) => isFrom(one, 3));
}

/** What package.json of a folder holds; nothing for a folder that is not known or has none. */
export function packageJsonOf(root: string): Record<string, unknown> {
  if (root === "" || !existsSync(join(root, "package.json"))) return {};
  return loadFolder(root).packageJson;
}

// --- internal ---

const MANAGERS: readonly Manager[] = ["npm", "pnpm", "yarn", "bun"];

/** `packageManager` of package.json decides; then, of several lock files, the one that `package-manager-detector` takes. */
function managerIn(folder: string): Manager | undefined {
  const path = join(folder, "package.json");
  const text = existsSync(path) ? readFileSync(path, "utf8") : "";
  const named = /"packageManager"\s*:\s*"(npm|pnpm|yarn|bun)@/.exec(text)?.[1];
  const [locked] = Object.entries(LOCKS).flatMap(([file, manager]) =>
    existsSync(join(folder, file)) ? [manager] : [],
  );
  return MANAGERS.find((manager) => manager === (named ?? locked));
}

/** The package manager of the repository that a folder above has, if it links this one. */
function ofRepo(folder: string): ReturnType<typeof managerAt> | undefined {
  if (workspaceOf(folder) === undefined || !existsSync(join(folder, "package.json")))
    return undefined;
  const root = repoFolders(folder)?.root;
  const manager = root === undefined ? undefined : managerIn(root);
  return root === undefined || manager === undefined ? undefined : { manager, root };
}

const BUN = /^bun@(\d+)\.(\d+)/;

/** The pnpm that package.json asks for, that installed the app, or that runs this process. */
function pnpmVersion(root: string): readonly number[] {
  const modules = join(root, "node_modules/.modules.yaml");
  const installed = existsSync(modules) ? readFileSync(modules, "utf8") : "";
  const texts = [askedOf(root), installed, ...runningManagers()];
  return versionIn(texts, /(?:^|["\s])pnpm@(\d+)\.(\d+)/);
}

/** `pnpm@10.5.0`, as package.json asks for it. */
function askedOf(root: string): string {
  const { packageManager } = packageJsonOf(root);
  return typeof packageManager === "string" ? packageManager : "";
}

/** What started this process, and Bun if it runs it. */
function runningManagers(): readonly string[] {
  const { bun } = process.versions;
  return [
    process.env.npm_config_user_agent?.replace("/", "@") ?? "",
    ...(bun === undefined ? [] : [`bun@${bun}`]),
  ];
}

/** Major and minor version by the first text that has them. */
function versionIn(texts: readonly string[], pattern: RegExp): readonly number[] {
  const found = texts.flatMap((text) => pattern.exec(text) ?? []);
  return found.slice(1, 3).map(Number);
}

/** True for a 1.x from this minor version on, and for what comes after 1.x. */
function isFrom([major = 0, minor = 0]: readonly number[], least: number): boolean {
  return major > 1 || (major === 1 && minor >= least);
}
