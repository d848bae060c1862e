// Better Auth's separate packages (passkey, api-key, ...), whose releases lag behind: each pins helpers of an older core
// as peers, and npm refuses them beside a newer better-auth. Which do not fit, and the command that makes them. Pure but
// for package.json files.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { installedIn, packageFolder } from "../disk/project.js";
import type { Project } from "../types.js";

/** A package whose exact peers are not those that better-auth brings. */
export type Misfit = {
  readonly name: string;
  readonly version: string;
  /** What it asks for: `better-call 1.4.0, not 1.4.5`. */
  readonly asks: readonly string[];
};

/** A package manager that kitcn prints commands for. */
export type Manager = "npm" | "pnpm" | "yarn" | "bun";

/** True for a package that is released beside better-auth, and not as a part of it. */
export function isSatellite(name: string): boolean {
  return /^@better-auth\/[\w-]+$/.test(name) && !PARTS.test(name);
}

/**
 * The command that installs a package; of Better Auth's separate ones, the command with which npm takes it. Other
 * package managers take them as they are.
 *
 * @example
 * installLine("@better-auth/passkey"); // npm pkg set "overrides[@better-auth/passkey][better-call]=>=0" ...
 */
export function installLine(name: string, manager: Manager = "npm"): string {
  if (manager !== "npm") return `${manager} add ${name}`;
  if (!isSatellite(name)) return `npm install ${name}`;
  const overrides = overridesOf(name).map((one) => `"${one}"`);
  return `npm pkg set ${overrides.join(" ")} && npm install ${name}`;
}

/** What `npm pkg set` takes so that npm gives a separate package the helpers that are there. */
export function overridesOf(name: string): string[] {
  // A range: npm takes "*" for no override at all.
  return HELPERS.map((helper) => `overrides[${name}][${helper}]=>=0`);
}

/**
 * What `npm pkg set` takes so that npm installs the packages beside Nuxt. They name frameworks of React as optional
 * peers, whose newest tools ask for another major version of Babel than Nuxt has, and npm refuses that.
 */
export function nuxtOverridesOf(name: string): string[] {
  return NAME_REACT.has(name) ? [`overrides[${name}][@babel/core]=>=0`] : [];
}

/** The package manager of a folder's app, by the lock files and `packageManager` of it and the folders above. */
export function managerOf(folder: string): Manager {
  for (let at = folder; ; at = dirname(at)) {
    const named = namedManager(at) ?? LOCK_FILES.find(({ file }) => existsSync(join(at, file)));
    if (named) return named.manager;
    if (dirname(at) === at) return "npm";
  }
}

/** The installed packages that the next `npm install` would refuse; other package managers refuse none. */
export function findMisfits(project: Project): Misfit[] {
  if (managerOf(project.root) !== "npm") return [];
  const scope = join(project.root, "node_modules/@better-auth");
  const names = existsSync(scope) ? readdirSync(scope).map((one) => `@better-auth/${one}`) : [];
  return names.filter(isSatellite).flatMap((name) => {
    const asks = asksOf(project, name);
    const version = installedIn(project, name) ?? "";
    return asks.length > 0 ? [{ name, version, asks }] : [];
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

function namedManager(folder: string): { readonly manager: Manager } | undefined {
  const path = join(folder, "package.json");
  if (!existsSync(path)) return undefined;
  const name = /"packageManager"\s*:\s*"(npm|pnpm|yarn|bun)@/.exec(readFileSync(path, "utf8"))?.[1];
  return LOCK_FILES.find(({ manager }) => manager === name);
}

/** Those that better-auth itself depends on. */
const PARTS = /\/(core|utils|telemetry|cli|(kysely|drizzle|prisma|mongo|memory)-adapter)$/;

/** The packages that Better Auth's own share, each to be there once. */
const HELPERS = ["better-call", "@better-auth/utils", "@better-fetch/fetch"] as const;

const NAME_REACT: ReadonlySet<string> = new Set(["better-auth", "kitcn"]);

/** Exact peers only: those are what its releases pin. */
function asksOf(project: Project, name: string): string[] {
  const folder = packageFolder(project, name);
  if (folder === undefined || overrides(project, name)) return [];
  // A package.json that npm unpacked; its shape is npm's.
  const { peerDependencies = {} } = JSON.parse(
    readFileSync(join(folder, "package.json"), "utf8"),
  ) as { peerDependencies?: Record<string, string> };
  return HELPERS.flatMap((helper) => {
    const spec = peerDependencies[helper];
    const installed = installedIn(project, helper);
    const isPinned = spec !== undefined && /^\d+\.\d+\.\d+$/.test(spec);
    return isPinned && installed !== undefined && spec !== installed
      ? [`${helper} ${spec}, not ${installed}`]
      : [];
  });
}

function overrides({ packageJson }: Project, name: string): boolean {
  const { overrides: all } = packageJson as { overrides?: unknown }; // read defensively
  return typeof all === "object" && all !== null && name in all;
}
