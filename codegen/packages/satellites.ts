// Better Auth's separate packages (passkey, api-key, ...), whose releases lag behind: each pins helpers of an older core
// as peers, and npm refuses them beside a newer better-auth. Which do not fit, and the command that makes them. Pure but
// for package.json files.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { homeOf, installedIn, packageFolder } from "../disk/project.js";
import type { Project } from "../types.js";
import { helpersBrought, isSatellite } from "./helpers.js";
import { helpersWithout, placeOf, planOverrides, printInstall, type Place } from "./overrides.js";

/** A package whose helpers are not those that better-auth brings. */
export type Misfit = {
  readonly name: string;
  readonly version: string;
  /** What it asks for: `better-call 1.4.0, not 1.4.5`. */
  readonly asks: readonly string[];
  /** Sentences about what keeps two versions of a helper, though there are overrides. */
  readonly conflicts: readonly string[];
  /** Where the app's overrides are. */
  readonly place: Place;
  /** Where the command runs, if that is not the app's own folder: the root of a repository. */
  readonly home?: string | undefined;
};

/** A package manager that kitcn prints commands for. */
export type Manager = "npm" | "pnpm" | "yarn" | "bun";

/**
 * The command that installs a package; of Better Auth's separate ones, with the overrides that they need.
 *
 * @example
 * installLine("@better-auth/passkey"); // npm pkg set "overrides[@better-auth/passkey][better-call]=>=0" ...
 */
export function installLine(name: string, manager: Manager = "npm"): string {
  const form = manager === "pnpm" ? "pnpm-yaml" : manager;
  return printInstall({ root: "", form }, name);
}

/** The same, by the files of an app's folder. */
export function installLineIn(folder: string, name: string): string {
  return printInstall(placeIn(folder), name);
}

/** The package manager of a folder's app, by the lock files and `packageManager` of it and the folders above. */
export function managerOf(folder: string): Manager {
  return managerAt(folder).manager;
}

/** Where the package manager of a folder's app reads overrides. */
export function placeIn(folder: string): Place {
  const { manager, root } = managerAt(folder);
  return placeOf(manager === "yarn" && isBerry(root) ? "yarn@berry" : manager, root);
}

/** The installed packages whose next installation fails, or brings helpers in two versions. */
export function findMisfits(project: Project): Misfit[] {
  const place = placeIn(homeOf(project));
  const home = place.root === project.root ? undefined : place.root;
  const scope = join(project.root, "node_modules/@better-auth");
  const names = existsSync(scope) ? readdirSync(scope).map((one) => `@better-auth/${one}`) : [];
  return names.filter(isSatellite).flatMap((name) => {
    const asks = asksOf(project, place, name);
    const version = installedIn(project, name) ?? "";
    const { conflicts } = planOverrides(place, [name], project.root);
    return asks.length + conflicts.length > 0
      ? [{ name, version, asks, conflicts, place, home }]
      : [];
  });
}

// --- internal ---

const LOCK_FILES: readonly { readonly file: string; readonly manager: Manager }[] = [
  { file: "package-lock.json", manager: "npm" },
  { file: "pnpm-lock.yaml", manager: "pnpm" },
  { file: "yarn.lock", manager: "yarn" },
  { file: "bun.lock", manager: "bun" },
  { file: "bun.lockb", manager: "bun" },
];

function managerAt(folder: string): { readonly manager: Manager; readonly root: string } {
  for (let at = folder; ; at = dirname(at)) {
    const named = namedManager(at) ?? LOCK_FILES.find(({ file }) => existsSync(join(at, file)));
    if (named) return { manager: named.manager, root: at };
    if (dirname(at) === at) return { manager: "npm", root: folder };
  }
}

/** Yarn from version 2 on. */
function isBerry(root: string): boolean {
  if (existsSync(join(root, ".yarnrc.yml"))) return true;
  const path = join(root, "package.json");
  return existsSync(path) && /"packageManager"\s*:\s*"yarn@[2-9]/.test(readFileSync(path, "utf8"));
}

function namedManager(folder: string): { readonly manager: Manager } | undefined {
  const path = join(folder, "package.json");
  if (!existsSync(path)) return undefined;
  const name = /"packageManager"\s*:\s*"(npm|pnpm|yarn|bun)@/.exec(readFileSync(path, "utf8"))?.[1];
  return LOCK_FILES.find(({ manager }) => manager === name);
}

/** Exact versions only: those are what its releases pin. */
function asksOf(project: Project, place: Place, name: string): string[] {
  const folder = packageFolder(project, name);
  if (folder === undefined) return [];
  // A package.json that npm unpacked; its shape is npm's.
  const { peerDependencies = {}, dependencies = {} } = JSON.parse(
    readFileSync(join(folder, "package.json"), "utf8"),
  ) as Partial<Record<"peerDependencies" | "dependencies", Record<string, string>>>;
  const isYarn = place.form.startsWith("yarn");
  const brought = helpersBrought(project.root);
  return helpersWithout(place, name).flatMap((helper) => {
    const spec = isYarn ? dependencies[helper] : peerDependencies[helper];
    const installed = installedIn(project, helper) ?? brought[helper];
    const isPinned = spec !== undefined && /^\d+\.\d+\.\d+$/.test(spec);
    return isPinned && installed !== undefined && spec !== installed
      ? [`${helper} ${spec}, not ${installed}`]
      : [];
  });
}
