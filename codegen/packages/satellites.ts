// Better Auth's separate packages (passkey, api-key, ...), whose releases lag behind: each pins helpers of an older core,
// and npm refuses them beside a newer better-auth. Which do not fit, and the command that makes them, by the app's package
// manager. Reads package.json files and lock files; starts nothing.
import { existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { declaredNames, declaredSpec, homeOf, installedIn, loadFolder } from "../disk/project.js";
import type { Project } from "../types.js";
import { helpersAsked, helpersBrought, isExact, isSatellite, releaseOf } from "./helpers.js";
import { isBerry, managerAt } from "./manager-version.js";
import { missingFor, type Place } from "./override-lines.js";
import { placeOf, planOverrides, printInstall } from "./overrides.js";

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

/**
 * The command by which npm installs a package; of Better Auth's separate ones, with the overrides that they need.
 *
 * @example
 * installLine("@better-auth/passkey"); // npm pkg set "overrides[@better-auth/passkey][better-call]=>=0" ...
 */
export function installLine(name: string): string {
  return printInstall({ root: "", form: "npm" }, name);
}

/** The same, by the files of an app's folder or of one in it: what package.json names is only fetched. */
export function installLineIn(
  folder: string,
  name: string,
  beside: readonly string[] = [],
): string {
  const place = placeIn(folder);
  const packages = packagesUpTo(place.root, folder);
  const isDeclared = packages.some((one) => declaredSpec(one, name) !== undefined);
  const owner = packages.find(({ packageJson }) => DEPENDENCIES.some((one) => one in packageJson));
  return printInstall(place, name, {
    verb: isDeclared ? "install" : "add",
    folder: owner?.root,
    beside,
  });
}

/**
 * The separate packages that package.json names in the release of the app's own better-auth, each with the release that
 * goes with another: they ask for theirs exactly, so they change in the same command.
 *
 * @example
 * satellitesFor(project, "1.7.25"); // ["@better-auth/passkey@1.7"]
 */
export function satellitesFor(project: Project, version: string): string[] {
  const before = releaseOf(asked(project, "better-auth"));
  return declaredNames(project)
    .filter((name) => isSatellite(name) && releaseOf(asked(project, name)) === before)
    .map((name) => `${name}@${releaseOf(version)}`);
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
  return satellitesIn(foldersUpTo(place.root, project.root)).flatMap((name) => {
    const asks = asksOf(project, place, name);
    const version = installedIn(project, name) ?? "";
    const { conflicts } = planOverrides(place, [name], project.root);
    return asks.length + conflicts.length > 0
      ? [{ name, version, asks, conflicts, place, home }]
      : [];
  });
}

// --- internal ---

/** A folder and those above it, up to the root; that one alone for a folder outside of it. */
function foldersUpTo(root: string, folder: string): string[] {
  const folders = [folder];
  for (let at = folder; at !== root && dirname(at) !== at; at = dirname(at))
    folders.push(dirname(at));
  return folders.at(-1) === root ? folders : [root];
}

/** What is installed, or what package.json asks for. */
function asked(project: Project, name: string): string | undefined {
  return installedIn(project, name) ?? declaredSpec(project, name);
}

const DEPENDENCIES = ["dependencies", "devDependencies"];

function packagesUpTo(root: string, folder: string): Project[] {
  return foldersUpTo(root, folder)
    .filter((one) => existsSync(join(one, "package.json")))
    .map(loadFolder);
}

/** The separate packages that a folder's modules find: those of a workspace may lie at its root. */
function satellitesIn(folders: readonly string[]): string[] {
  const names = folders.flatMap((folder) => {
    const scope = join(folder, "node_modules/@better-auth");
    return existsSync(scope) ? readdirSync(scope).map((one) => `@better-auth/${one}`) : [];
  });
  return [...new Set(names)].filter(isSatellite);
}

/** Exact versions only: those are what its releases pin. */
function asksOf(project: Project, place: Place, name: string): string[] {
  const asked = helpersAsked(project.root, name);
  if (asked === undefined) return [];
  const specs = place.form.startsWith("yarn") ? asked.dependencies : asked.peerDependencies;
  const brought = helpersBrought(project.root);
  return missingFor(place, name).flatMap(({ helper }) => {
    const spec = specs[helper];
    const installed = installedIn(project, helper) ?? brought[helper];
    return isExact(spec) && installed !== undefined && spec !== installed
      ? [`${helper} ${spec}, not ${installed}`]
      : [];
  });
}
