// What one package lacks for auth, and in which release it gets it. Reads package.json files and node_modules; plans no
// command.
import { existsSync } from "node:fs";
import { join, resolve, sep } from "node:path";
import {
  declaredSpec,
  installedIn,
  loadFolder,
  ownVersion,
  usesTypeScript,
} from "../disk/project.js";
import { unsupportedBetterAuth, unsupportedConvex } from "../errors/packages.js";
import { nameOf, releaseOf } from "../packages/helpers.js";
import { kitcnRoot } from "../packages/kitcn-package.js";
import { nodeTypesFor } from "../packages/node-engine.js";
import type { Wants } from "../packages/package-manager.js";
import { pinOf, printPinned } from "../packages/pins.js";
import { installLineIn, satellitesFor } from "../packages/satellites.js";
import {
  BETTER_AUTH_VERSION,
  isBefore,
  isSupported,
  rangeOf,
  SUPPORTED,
} from "../packages/supported.js";
import { kitcnVersion } from "../packages/version.js";
import { assertWhole } from "../packages/whole-package.js";
import type { Project } from "../types.js";

/** The convex that an app is given when it has none. */
export const CONVEX_RANGE = "^1.48.0";

/** The one that comes in the place of an older one: convex 1.49 needs Node 22, and not every package manager looks. */
const NEWER_CONVEX = isBefore(process.versions.node, "22.0.0") ? "~1.48.0" : CONVEX_RANGE;

/** Those that kitcn itself is built with. */
const ZOD_RANGE = "^4.6.7";
const HONO_RANGE = "^4.13.19";

/** What one package of an app lacks for auth. */
export function lacksOf(
  project: Project,
  {
    replaces,
    more = [],
    crpc = false,
  }: {
    readonly replaces: readonly string[];
    readonly more?: readonly (keyof ReturnType<typeof wishes>)[];
    readonly crpc?: boolean;
  },
): Wants & { readonly notes: readonly string[]; readonly gone: readonly string[] } {
  const kitcn = ownVersion(project, "kitcn");
  const installed = ownVersion(project, "better-auth");
  // The library that goes has kept it back.
  const isOld =
    replaces.length > 0 && (installed === undefined || !isSupported("better-auth", installed));
  const betterAuth = isOld ? undefined : installed;
  const besides = isOld ? satellitesFor(project, BETTER_AUTH_VERSION) : [];
  const convex = ownVersion(project, "convex");
  if (betterAuth !== undefined) assertBetterAuth(project, betterAuth);
  if (isOld) assertNotOverridden(project);
  const isConvexOld = convex !== undefined && mayBeNewer(project, convex);
  if (convex !== undefined && !isConvexOld) assertConvex(project, convex);
  assertWhole(project, ["kitcn", "better-auth", "convex"]);
  const isMissing = (name: string, version: string | undefined) =>
    version === undefined || isOnlyHoisted(project, name);
  const packages = [
    ...(isMissing("kitcn", kitcn)
      ? [specOf(project, "kitcn", asBackend(project, "kitcn") ?? kitcnSource())]
      : []),
    ...(isOld ? [`better-auth@${BETTER_AUTH_VERSION}`, ...besides] : []),
    ...(!isOld && isMissing("better-auth", betterAuth)
      ? [
          specOf(
            project,
            "better-auth",
            asBackend(project, "better-auth") ?? betterAuth ?? BETTER_AUTH_VERSION,
          ),
        ]
      : []),
    ...(isConvexOld ? [`convex@${NEWER_CONVEX}`] : []),
    ...(!isConvexOld && isMissing("convex", convex)
      ? [specOf(project, "convex", asBackend(project, "convex") ?? CONVEX_RANGE)]
      : []),
    ...(crpc ? missingOf(project, more) : notFoundOf(project, more)),
  ];
  const needsTypes = hasTypeScript(project) && lacksNodeTypes(project);
  return {
    project,
    packages,
    devPackages: needsTypes ? [NODE_TYPES] : [],
    forced: [
      ...(isOld ? ["better-auth", ...besides.map(nameOf)] : []),
      ...(isConvexOld ? ["convex"] : []),
    ],
    gone: replaces.filter((name) => declaredSpec(project, name) !== undefined),
    notes: [
      ...looseNote(project, { name: "kitcn", version: kitcn }),
      ...looseNote(project, { name: "better-auth", version: betterAuth }),
    ].filter(() => packages.length === 0),
  };
}

/** Packages of better-auth that one lacks, in the release of its better-auth. */
export function lackedOf(project: Project, names: readonly string[]): string[] {
  const installed = installedIn(project, "better-auth");
  // An older one is about to become the wished one.
  const isKept = installed !== undefined && isSupported("better-auth", installed);
  const release = releaseOf(isKept ? installed : BETTER_AUTH_VERSION);
  return names.flatMap((spec) => {
    const [name = "", range = `~${release}.0`] = spec.split(/(?<=.)@/);
    const isThere =
      declaredSpec(project, name) !== undefined && installedIn(project, name) !== undefined;
    return isThere ? [] : [specOf(project, name, range)];
  });
}

/** Types of the Node that runs, and at least of the oldest that kitcn runs on: vitest 5 refuses older ones. */
export const NODE_TYPES = nodeTypesFor(process.versions.node);

/** The packages behind kitcn's own files, as an app is given them: kitcn needs better-auth beside it. */
export function wishes() {
  return {
    "better-auth": BETTER_AUTH_VERSION,
    kitcn: kitcnSource(),
    zod: ZOD_RANGE,
    hono: HONO_RANGE,
  };
}

/** Those that package.json does not name, or that are not installed. */
export function missingOf(
  project: Project,
  names: readonly (keyof ReturnType<typeof wishes>)[],
): string[] {
  const isThere = (name: string) =>
    declaredSpec(project, name) !== undefined && ownVersion(project, name) !== undefined;
  return names
    .filter((name) => !isThere(name))
    .map((name) => specOf(project, name, wishes()[name]));
}

/** A version that package.json asks for already is not ours to change. */
export function specOf(project: Project, name: string, version: string): string {
  return `${name}@${declaredSpec(project, name) ?? version}`;
}

export function lacksNodeTypes(project: Project): boolean {
  return installedIn(project, "@types/node") === undefined;
}

// --- internal ---

/** What the backend asks for: the halves of an app are of one release. */
function asBackend({ backend }: Project, name: string): string | undefined {
  const spec = backend && declaredSpec(backend, name);
  const path = /^(?:file|link):(.*)$/.exec(spec ?? "")?.[1];
  return backend && path !== undefined ? `file:${resolve(backend.root, path)}` : spec;
}

/**
 * True for what a front end finds only because another package of the repository asks for it. What the root asks for is
 * there for all of them.
 */
function isOnlyHoisted(project: Project, name: string): boolean {
  const { root, home } = project;
  const isFront = home !== undefined && project.fronts === undefined;
  if (!isFront || root === home || declaredSpec(project, name) !== undefined) return false;
  return declaredSpec(loadFolder(home), name) === undefined;
}

/** What is there by chance, as a peer or by hoisting, can be gone after the next install. */
function looseNote(
  project: Project,
  { name, version }: { readonly name: string; readonly version: string | undefined },
): string[] {
  if (version === undefined || declaredSpec(project, name) !== undefined) return [];
  return [
    `${name} ${version} is installed, but package.json does not name it. To pin it, install ${name}@${version} exactly.`,
  ];
}

function notFoundOf(
  project: Project,
  names: readonly (keyof ReturnType<typeof wishes>)[],
): string[] {
  return missingOf(
    project,
    names.filter((name) => installedIn(project, name) === undefined),
  );
}

/**
 * What gets the app this very kitcn: its version, or the tarball, folder or URL that it was installed from itself.
 */
function kitcnSource(): string {
  const holder = findHolder(kitcnRoot());
  const spec = holder && declaredSpec(loadFolder(holder), "kitcn");
  if (!holder || !spec?.includes(":") || spec.startsWith("npm:")) return kitcnVersion();
  const path = /^(?:file|link):(.*)$/.exec(spec)?.[1];
  return path === undefined ? spec : `file:${resolve(holder, path)}`;
}

/** The folder whose node_modules a package lies in. */
function findHolder(from: string): string | undefined {
  const [holder, rest] = from.split(`${sep}node_modules${sep}`);
  return rest !== undefined && existsSync(join(holder ?? "", "package.json")) ? holder : undefined;
}

/**
 * True for a convex that is too old, where package.json asks for it or any later 1.x: only a lock file keeps it back. A
 * front end that finds it by hoisting alone has the backend's.
 */
function mayBeNewer(project: Project, version: string): boolean {
  const [oldest] = SUPPORTED.filter(({ name }) => name === "convex");
  const isOld = oldest !== undefined && isBefore(version, oldest.min);
  const spec = declaredSpec(project, "convex") ?? asBackend(project, "convex");
  return isOld && /^\^1\./.test(spec ?? "");
}

function assertConvex(project: Project, version: string): void {
  if (isSupported("convex", version)) return;
  throw unsupportedConvex({
    version,
    command: installLineIn(project.root, `convex@${NEWER_CONVEX}`),
    folder: memberFolder(project),
    pinned: printPinned(project, "convex", NEWER_CONVEX),
  });
}

function assertBetterAuth(project: Project, version: string): void {
  if (isSupported("better-auth", version)) return;
  throw unsupportedBetterAuth({
    version,
    wanted: rangeOf("better-auth"),
    command: installLineIn(
      project.root,
      `better-auth@${BETTER_AUTH_VERSION}`,
      satellitesFor(project, BETTER_AUTH_VERSION),
    ),
    folder: memberFolder(project),
    pinned: printPinned(project, "better-auth", BETTER_AUTH_VERSION),
  });
}

/** An override wins over what a command installs; an entry of a catalog does not. */
function assertNotOverridden(project: Project): void {
  const pin = pinOf(project, "better-auth");
  const version = /\d+\.\d+\.\d+/.exec(pin?.value ?? "")?.[0];
  const isFixed = version === undefined || isSupported("better-auth", version);
  if (!pin?.isForAll || isFixed) return;
  assertBetterAuth(project, version);
}

/** Of a package of a repository: the reader may be in another one. */
function memberFolder({ root, home }: Project): string | undefined {
  return home === undefined ? undefined : root;
}

function hasTypeScript(project: Project): boolean {
  return existsSync(join(project.functionsDir, "tsconfig.json")) || usesTypeScript(project);
}
