// Which packages the app has, and from how many places its parts take better-auth. Reads package.json files.
import { existsSync, readFileSync, readdirSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { findPackage } from "../disk/find-package.js";
import { installedIn, packageFolder } from "../disk/project.js";
import { findNodeMismatch } from "../packages/node-engine.js";
import { printPinned } from "../packages/pins.js";
import { findMisfits, placeIn } from "../packages/satellites.js";
import { isSupported, SUPPORTED } from "../packages/supported.js";
import { findBroken } from "../packages/whole-package.js";
import type { Project } from "../types.js";
import type { PackageFacts } from "./types.js";

export function loadPackages(project: Project): PackageFacts {
  const names = ["better-auth", "convex"];
  const versions = Object.fromEntries(names.map((name) => [name, installedIn(project, name)]));
  return {
    versions,
    copies: copiesOf(project),
    node: findNodeMismatch(project),
    misfits: findMisfits(project),
    place: placeIn(project.root),
    pinned: pinnedOf(project, versions),
    broken: ["kitcn", ...names].flatMap((name) => findBroken(project, name) ?? []),
  };
}

// --- internal ---

/** Of releases that kitcn does not work with. */
function pinnedOf(
  project: Project,
  versions: PackageFacts["versions"],
): NonNullable<PackageFacts["pinned"]> {
  const wrong = SUPPORTED.filter(({ name }) => {
    const version = versions[name];
    return version !== undefined && !isSupported(name, version);
  });
  return Object.fromEntries(
    wrong.map(({ name, min, below }) => [name, printPinned(project, name, `>=${min} <${below}`)]),
  );
}

/** Better Auth itself, its plugins and kitcn each resolve it from where they lie. */
function copiesOf(project: Project): PackageFacts["copies"] {
  const copies = new Map<string, string>();
  for (const folder of importersOf(project)) {
    const found = resolveFolder(folder, "better-auth");
    if (found !== undefined) copies.set(found, versionIn(found));
  }
  return [...copies].map(([path, version]) => ({ path, version }));
}

function importersOf(project: Project): string[] {
  const scope = join(project.root, "node_modules", "@better-auth");
  const plugins = existsSync(scope) ? readdirSync(scope).map((name) => `@better-auth/${name}`) : [];
  const folders = ["kitcn", ...plugins].map((name) => packageFolder(project, name));
  return [project.root, ...folders.filter((folder) => folder !== undefined)];
}

function resolveFolder(from: string, name: string): string | undefined {
  const found = findPackage(realpathSync(from), name);
  return found === undefined ? undefined : realpathSync(found);
}

function versionIn(folder: string): string {
  const json = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as {
    version?: unknown;
  };
  return typeof json.version === "string" ? json.version : "unknown";
}
