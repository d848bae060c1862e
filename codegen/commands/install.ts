// Which packages the app lacks for auth, and the one command that installs them.
// Planning reads; only runInstall starts a process.
import { existsSync } from "node:fs";
import { join, resolve, sep } from "node:path";
import { BETTER_AUTH_VERSION, isSupported, rangeOf } from "../packages/supported.js";
import { CodegenError } from "../errors.js";
import { assertNotMoved } from "../terminal/fresh-process.js";
import { kitcnRoot } from "../packages/kitcn-package.js";
import {
  declaredSpec,
  installedIn,
  loadFolder,
  ownVersion,
  usesTypeScript,
} from "../disk/project.js";
import { packagesOfLib } from "../scaffold/plan-lib.js";
import { installCommands, packageManager } from "../packages/package-manager.js";
import { assertNode, nodeTypesFor } from "../packages/node-engine.js";
import { NOT_FOUND, run } from "../terminal/run.js";
import { functionsLanguage } from "../shell/language.js";
import { timed } from "../terminal/timing.js";
import { removeCommands } from "../uninstall.js";
import type { Project } from "../types.js";
import type { Ui } from "../terminal/ui.js";
import { rememberInstall } from "./undo-install.js";
import { kitcnVersion } from "../packages/version.js";
import type { Workspace } from "../workspace/stage.js";
import { assertWhole } from "../packages/whole-package.js";

/** The convex that an app is given when it has none. */
const CONVEX_RANGE = "^1.48.0";

/** Those that kitcn itself is built with. */
const ZOD_RANGE = "^4.6.7";
const HONO_RANGE = "^4.13.19";

/** What to install. Empty when the app has all of it. */
export type InstallPlan = {
  readonly packages: readonly string[];
  readonly devPackages: readonly string[];
  /** Printable commands, in order. */
  readonly commands: readonly (readonly string[])[];
  /** Sentences about what is there but should be told. */
  readonly notes: readonly string[];
  /** Packages that the commands uninstall. */
  readonly removes?: readonly string[];
};

/**
 * Plans the installation of kitcn, better-auth, a convex that is named only and, for TypeScript, the types of
 * `process.env`; with `crpc` also of what procedures and their routes import.
 *
 * @throws CodegenError `UNSUPPORTED_BETTER_AUTH`, `UNSUPPORTED_CONVEX`, `BROKEN_PACKAGE`, `NODE_TOO_OLD`,
 *   `PLUG_AND_PLAY`
 */
export async function planInstall(
  ws: Workspace,
  {
    crpc = false,
    replaces = [],
  }: { readonly crpc?: boolean; readonly replaces?: readonly string[] } = {},
): Promise<InstallPlan> {
  const { project } = ws;
  const kitcn = ownVersion(project, "kitcn");
  const installed = ownVersion(project, "better-auth");
  // The library that goes has kept it back.
  const isOld =
    replaces.length > 0 && (installed === undefined || !isSupported("better-auth", installed));
  const betterAuth = isOld ? undefined : installed;
  const convex = ownVersion(project, "convex");
  if (betterAuth !== undefined) assertBetterAuth(betterAuth);
  if (convex !== undefined) assertConvex(convex);
  assertWhole(project, ["kitcn", "better-auth", "convex"]);
  assertNode(project);
  const packages = [
    ...(kitcn === undefined ? [specOf(project, "kitcn", kitcnSource())] : []),
    ...(betterAuth === undefined
      ? [
          isOld
            ? `better-auth@${BETTER_AUTH_VERSION}`
            : specOf(project, "better-auth", BETTER_AUTH_VERSION),
        ]
      : []),
    ...(convex === undefined ? [specOf(project, "convex", CONVEX_RANGE)] : []),
    ...(crpc ? missingOf(project, ["zod", "hono"]) : notFoundOf(project, packagesOfLib(ws))),
  ];
  const needsTypes = hasTypeScript(project) && lacksNodeTypes(project);
  const devPackages = needsTypes ? [NODE_TYPES] : [];
  const looseNotes = [
    ...looseNote(project, { name: "kitcn", version: kitcn }),
    ...looseNote(project, { name: "better-auth", version: betterAuth }),
  ];
  const gone = replaces.filter((name) => declaredSpec(project, name) !== undefined);
  const commands = [
    ...(await removeCommands(project, gone)),
    ...(await installCommands(project, { packages, devPackages, isForced: isOld })),
  ];
  // Types alone are no reason to start a package manager: they are told, with the command.
  if (packages.length > 0 || devPackages.length === 0 || gone.length > 0)
    return { packages, devPackages, commands, notes: looseNotes, removes: gone };
  return { packages, devPackages, commands: [], notes: [...looseNotes, typesNote(commands)] };
}

/**
 * Plans the installation of what an app needs before it has auth: convex, and what lib/get-env.ts imports, with `crpc`
 * also lib/crpc.ts. One that only another package brought along is not enough: what looks for a Convex app looks in
 * its package.json.
 */
export async function planBaseInstall(
  ws: Workspace,
  { crpc, getEnv }: { readonly crpc: boolean; readonly getEnv: boolean },
): Promise<InstallPlan> {
  const { project } = ws;
  const version = ownVersion(project, "convex");
  assertWhole(project, ["convex"]);
  const isThere = version !== undefined && declaredSpec(project, "convex") !== undefined;
  const range = version === undefined ? CONVEX_RANGE : `^${version}`;
  const packages = [
    ...(isThere ? [] : [specOf(project, "convex", range)]),
    ...(getEnv || crpc ? missingOf(project, ["kitcn", "better-auth", "zod"]) : []),
    ...(crpc ? missingOf(project, ["hono"]) : []),
  ];
  const isTypeScript = functionsLanguage(ws) === "ts";
  // init's tsconfig names the types of Node.
  const needsTypes = packages.length > 0 && isTypeScript && lacksNodeTypes(project);
  const devPackages = needsTypes ? [NODE_TYPES] : [];
  const commands = await installCommands(project, { packages, devPackages });
  return { packages, devPackages, commands, notes: [] };
}

/**
 * Plans the installation of packages that belong to better-auth, in the releases that go with the app's own, and of
 * others, each with its range.
 *
 * @throws CodegenError `PLUG_AND_PLAY`
 */
export async function planPackages(
  project: Project,
  names: readonly string[],
): Promise<InstallPlan> {
  const { "better-auth": wished } = wishes();
  const [major, minor] = (installedIn(project, "better-auth") ?? wished).split(".");
  const packages = names.flatMap((spec) => {
    const [name = "", range = `~${major}.${minor}.0`] = spec.split(/(?<=.)@/);
    const isThere =
      declaredSpec(project, name) !== undefined && installedIn(project, name) !== undefined;
    return isThere ? [] : [specOf(project, name, range)];
  });
  const commands = await installCommands(project, { packages, devPackages: [] });
  return { packages, devPackages: [], commands, notes: [] };
}

/** What a new app's package.json names beside its template's, by package. */
export function baseDependencies({ crpc }: { readonly crpc: boolean }): Record<string, string> {
  const { hono, ...base } = wishes();
  return crpc ? { ...base, hono } : base;
}

/** The one command that installs what package.json names. */
export async function planFirstInstall(root: string): Promise<InstallPlan> {
  const { command } = await packageManager(root);
  return { packages: [], devPackages: [], commands: command("install", []), notes: [] };
}

/**
 * Installs what was planned. Until the caller tells otherwise, an interruption takes it back.
 *
 * @returns takes back what package.json and the lock file say; node_modules then needs another installation
 *
 * @throws CodegenError `INSTALL_FAILED`, `NO_PACKAGE_MANAGER`; `KITCN_MOVED` where this process cannot go on
 */
export async function runInstall(
  { root }: Pick<Project, "root">,
  plan: InstallPlan,
  ui: Ui,
): Promise<() => void> {
  if (plan.commands.length === 0) return () => undefined;
  const undo = await rememberInstall(root, plan);
  ui.ifInterrupted({ undo });
  ui.progress("installing packages");
  for (const [command = "", ...args] of plan.commands) {
    const { code, stdout, stderr } = await timed("package manager", () =>
      run({ command, args, cwd: root }),
    );
    if (code === 0) continue;
    if (code === NOT_FOUND) throw noProgram(command);
    throw installFailed([command, ...args].join(" "), `${stderr}\n${stdout}`.trim());
  }
  ui.done();
  assertNotMoved();
  return undo;
}

/** The failure of a package manager, with the command after which a second run goes on. */
function installFailed(line: string, output: string): CodegenError {
  const ignored = /ERR_PNPM_IGNORED_BUILDS/.test(output);
  return new CodegenError({
    code: ignored ? "BUILD_SCRIPTS_IGNORED" : "INSTALL_FAILED",
    message: `\`${line}\` failed:\n${output}`,
    hint: ignored
      ? `${APPROVE} allows the scripts and runs them. Then run the command again: it goes on from there. No file of kitcn's was written.`
      : `Run \`${line}\` until it succeeds, then the command again: it goes on from there. No file of kitcn's was written.`,
  });
}

/** The command after which a new app, whose files are written, has its packages. */
export function afterFailedInstall({ code }: CodegenError, { commands }: InstallPlan): string {
  if (code === "BUILD_SCRIPTS_IGNORED") return "pnpm approve-builds --all";
  return commands.map((one) => one.join(" ")).join(" && ");
}

/** Why a command cannot go on without installing. */
export function missingPackages(plan: InstallPlan): CodegenError {
  return new CodegenError({
    code: "MISSING_PACKAGES",
    message: `The app lacks ${plan.packages.join(" and ")}.`,
    hint: `Run: ${plan.commands.map((one) => one.join(" ")).join(" && ")}`,
  });
}

// --- internal ---

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

function typesNote(commands: InstallPlan["commands"]): string {
  const line = commands.map((one) => one.join(" ")).join(" && ");
  return `TypeScript needs @types/node to know process.env: ${line}`;
}

/** pnpm installs the packages, and fails because of scripts that nobody approved. */
const APPROVE = "`pnpm approve-builds --all`";

/** Types of the Node that runs, and at least of the oldest that kitcn runs on: vitest 5 refuses older ones. */
const NODE_TYPES = nodeTypesFor(process.versions.node);

/** The packages behind kitcn's own files, as an app is given them: kitcn needs better-auth beside it. */
function wishes() {
  return {
    "better-auth": BETTER_AUTH_VERSION,
    kitcn: kitcnSource(),
    zod: ZOD_RANGE,
    hono: HONO_RANGE,
  };
}

/** Those that package.json does not name, or that are not installed. */
function missingOf(
  project: Project,
  names: readonly (keyof ReturnType<typeof wishes>)[],
): string[] {
  const isThere = (name: string) =>
    declaredSpec(project, name) !== undefined && ownVersion(project, name) !== undefined;
  return names
    .filter((name) => !isThere(name))
    .map((name) => specOf(project, name, wishes()[name]));
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

/** A version that package.json asks for already is not ours to change. */
function specOf(project: Project, name: string, version: string): string {
  return `${name}@${declaredSpec(project, name) ?? version}`;
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

function noProgram(command: string): CodegenError {
  return new CodegenError({
    code: "NO_PACKAGE_MANAGER",
    message: `The app's lock file or package.json asks for ${command}, which was not found.`,
    hint: `Install ${command} (\`npm install -g ${command}\`, or \`corepack enable\` for pnpm and yarn), then run the command again. No file was changed.`,
  });
}

function assertConvex(version: string): void {
  if (isSupported("convex", version)) return;
  throw new CodegenError({
    code: "UNSUPPORTED_CONVEX",
    message: `The app has convex ${version}; kitcn needs 1.44 or later, below 2.`,
    hint: `Install a newer one: convex@${CONVEX_RANGE}`,
  });
}

function assertBetterAuth(version: string): void {
  if (isSupported("better-auth", version)) return;
  throw new CodegenError({
    code: "UNSUPPORTED_BETTER_AUTH",
    message: `The app has better-auth ${version}; kitcn needs ${rangeOf("better-auth")}.`,
    hint: `Install the tested version: better-auth@${BETTER_AUTH_VERSION}`,
  });
}

function lacksNodeTypes(project: Project): boolean {
  return installedIn(project, "@types/node") === undefined;
}

function hasTypeScript(project: Project): boolean {
  return existsSync(join(project.functionsDir, "tsconfig.json")) || usesTypeScript(project);
}
