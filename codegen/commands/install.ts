// Which packages the app lacks for auth, and the one command that installs them.
// Planning reads; only runInstall starts a process.
import { basename } from "node:path";
import { writeChanges } from "../disk/changes.js";
import { declaredSpec, homeOf, ownVersion } from "../disk/project.js";
import type { CodegenError } from "../errors.js";
import {
  buildScriptsIgnored,
  installFailed,
  missingPackages as missing,
  noPackageManager,
  versionsConflict,
  viewsFailed,
} from "../errors/packages.js";
import { assertNode } from "../packages/node-engine.js";
import {
  forcedCommand,
  installCommands,
  packageManager,
  planNewOverrides,
  uninstallCommands,
  type Wants,
} from "../packages/package-manager.js";
import {
  printCommand,
  printLines,
  type OverrideEdit,
  type OverridesPlan,
} from "../packages/overrides.js";
import { PNPM_WORKSPACE } from "../disk/pnpm-file.js";
import { assertWhole } from "../packages/whole-package.js";
import { packagesOfLib } from "../scaffold/plan-lib.js";
import { EXPO_PLUGIN, expoSpecs } from "../shell/expo-packages.js";
import { frontsOf } from "../shell/fronts.js";
import { missingBindings } from "../shell/bindings.js";
import { functionsLanguage } from "../shell/language.js";
import { assertNotMoved } from "../terminal/fresh-process.js";
import { NOT_FOUND, run } from "../terminal/run.js";
import { timed } from "../terminal/timing.js";
import type { Ui } from "../terminal/ui.js";
import type { Project } from "../types.js";
import type { Workspace } from "../workspace/stage.js";
import {
  CONVEX_RANGE,
  lackedOf,
  lacksNodeTypes,
  lacksOf,
  missingOf,
  NODE_TYPES,
  specOf,
  wishes,
} from "./lacks.js";
import { rememberInstall } from "./undo-install.js";

/** What to install. Empty when the app has all of it. */
export type InstallPlan = {
  readonly packages: readonly string[];
  readonly devPackages: readonly string[];
  /** Printable commands, in order. */
  readonly commands: readonly (readonly string[])[];
  /** Sentences about what is there but should be told. */
  readonly notes: readonly string[];
  /** Changes of files that come before the commands: overrides, which no command of pnpm adds. */
  readonly edits?: readonly OverrideEdit[];
  /** Overrides that a person has to write. */
  readonly byHand?: readonly string[];
  /** Where the commands run, if that is not the app's own folder: the root of a repository. */
  readonly home?: string | undefined;
  /** Packages that the commands uninstall. */
  readonly removes?: readonly string[];
  /** Of the pages of Better Auth UI. Nothing else waits for them, so that a plan is whole without. */
  readonly ui?: {
    readonly packages: readonly string[];
    /** Items of a registry that shadcn's CLI copies into the app. */
    readonly views: readonly string[];
  };
};

/**
 * Plans the installation of kitcn, better-auth, a convex that is named only and, for TypeScript, the types of
 * `process.env`; with `crpc` also of what procedures and their routes import, with `front` of what a front end does.
 *
 * @throws CodegenError `UNSUPPORTED_BETTER_AUTH`, `UNSUPPORTED_CONVEX`, `BROKEN_PACKAGE`, `NODE_TOO_OLD`,
 *   `PLUG_AND_PLAY`
 */
export async function planInstall(
  ws: Workspace,
  {
    crpc = false,
    replaces = [],
    front = true,
    pages = NO_PAGES,
  }: {
    readonly crpc?: boolean;
    readonly replaces?: readonly string[];
    /** Whether the front end is wired, too. */
    readonly front?: boolean;
    /** What auth pages lack, by the folder of the package. */
    readonly pages?: LackedForPages;
  } = {},
): Promise<InstallPlan> {
  assertNode(ws.project);
  const lacks = [
    lacksOf(ws.project, { replaces, more: crpc ? ["zod", "hono"] : packagesOfLib(ws), crpc }),
    ...frontProjects(ws).map((project) => lacksOf(project, { replaces })),
  ].map((one) => (front ? withPages(withFrontEnd(ws, one), pages) : one));
  const { home } = ws.project;
  const packages = [...new Set(lacks.flatMap((one) => one.packages))];
  const devPackages = [...new Set(lacks.flatMap((one) => one.devPackages))];
  const overrides = await planNewOverrides(lacks);
  const notes = [...lacks.flatMap((one) => one.notes), ...notesOf(overrides)];
  const { edits, byHand } = overrides;
  const gone = lacks.map(({ project, gone: names }) => ({ project, names }));
  const removes = [...new Set(gone.flatMap(({ names }) => names))];
  const commands = [
    ...(await uninstallCommands(gone)),
    ...(await installCommands(lacks, overrides)),
  ];
  // Types alone are no reason to start a package manager: they are told, with the command.
  if (packages.length > 0 || devPackages.length === 0 || removes.length > 0)
    return { packages, devPackages, commands, edits, byHand, notes, removes, home };
  return { packages, devPackages, commands: [], notes: [...notes, typesNote(commands, home)] };
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
  const commands = await installCommands([{ project, packages, devPackages }]);
  return { packages, devPackages, commands, notes: [] };
}

/**
 * Plans the installation of packages that belong to better-auth, in the releases that go with the app's own, and of
 * others, each with its range.
 *
 * @param input.inBrowser those that front ends import, too
 * @param input.pages what auth pages lack, by the folder of the package
 * @throws CodegenError `PLUG_AND_PLAY`
 */
export async function planPackages(
  ws: Workspace,
  {
    names,
    inBrowser,
    pages = NO_PAGES,
  }: {
    readonly names: readonly string[];
    readonly inBrowser: readonly string[];
    readonly pages?: LackedForPages;
  },
): Promise<InstallPlan> {
  const wants = [
    { project: ws.project, packages: lackedOf(ws.project, names) },
    ...frontProjects(ws).map((project) => ({ project, packages: lackedOf(project, inBrowser) })),
  ].map((one) => withPages({ ...one, devPackages: [] }, pages));
  const packages = [...new Set(wants.flatMap((one) => one.packages))];
  const overrides = await planNewOverrides(wants, names);
  return {
    packages,
    devPackages: [],
    commands: await installCommands(wants, overrides),
    edits: overrides.edits,
    byHand: overrides.byHand,
    notes: notesOf(overrides),
    home: ws.project.home,
  };
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
  project: Pick<Project, "root" | "home" | "fronts">,
  plan: InstallPlan,
  ui: Ui,
): Promise<() => void> {
  if (plan.commands.length === 0) return () => undefined;
  const root = homeOf(project);
  const undo = await rememberInstall(project, plan);
  ui.ifInterrupted({ undo });
  writeChanges(plan.edits ?? [], { root });
  ui.progress("installing packages");
  for (const [command = "", ...args] of plan.commands) {
    const { code, stdout, stderr } = await timed("package manager", () =>
      run({ command, args, cwd: root }),
    );
    if (code === 0) continue;
    if (code === NOT_FOUND) {
      // Overrides are written by now.
      undo();
      throw noPackageManager({ manager: command });
    }
    const printed = `${stderr}\n${stdout}`.trim();
    const [edited] = plan.edits ?? [];
    const file = edited && basename(edited.path);
    const failed = { command: printCommand([command, ...args]), printed, file };
    if (args.some((arg) => plan.ui?.views.includes(arg))) {
      // Packages that no view uses, and their overrides, would stay in package.json.
      undo();
      throw viewsFailed({ ...failed, folder: plan.home });
    }
    if (IGNORED_SCRIPTS.test(printed)) throw buildScriptsIgnored(failed);
    const forced = forcedCommand([command, ...args], printed);
    throw forced
      ? versionsConflict({ ...failed, folder: plan.home, forced })
      : installFailed({ ...failed, folder: plan.home });
  }
  ui.done();
  // The views stay, so the packages that came with them have to stay, too.
  if (plan.ui && plan.ui.views.length > 0)
    ui.ifInterrupted({
      message: "Packages and views were installed; no other file was written.",
      hint: "Run the command again: it goes on from there.",
    });
  assertNotMoved();
  return undo;
}

/** The command after which a new app, whose files are written, has its packages. */
export function afterFailedInstall({ code }: CodegenError, { commands }: InstallPlan): string {
  if (code === "BUILD_SCRIPTS_IGNORED") return "pnpm approve-builds --all";
  return commands.map(printCommand).join(" && ");
}

/** The files that the installation changes before its commands run. */
export function editsOf({ commands, edits = [] }: InstallPlan): readonly OverrideEdit[] {
  return commands.length > 0 ? edits : [];
}

/** All that an app lacks. */
export function lackingIn({ packages, ui }: InstallPlan): readonly string[] {
  return [...new Set([...packages, ...(ui?.packages ?? []), ...(ui?.views ?? [])])];
}

/** Why a command cannot go on without installing. */
export function missingPackages(plan: InstallPlan): CodegenError {
  const { edits = [], byHand = [] } = plan;
  const lines = [...edits.flatMap((one) => one.lines), ...byHand];
  const isNew = edits.some(({ before }) => before === undefined);
  return missing({
    packages: lackingIn(plan),
    command: plan.commands.map(printCommand).join(" && "),
    folder: plan.home,
    before: lines.length > 0 ? printLines(lines, { isNew }) : undefined,
  });
}

// --- internal ---

/** The sentences that a report has about overrides. */
function notesOf({ conflicts, byHand, edits }: OverridesPlan): string[] {
  const lines = byHand.map((line) => `\n  ${line}`).join("");
  return [
    ...edits.map(
      ({ path, lines: { length } }) =>
        `${basename(path)} gets ${length} lines in overrides, so that the app has one version of each helper package.`,
    ),
    ...(byHand.length > 0
      ? [
          `kitcn could not add lines to overrides in ${PNPM_WORKSPACE}. Add them yourself, then run pnpm install:${lines}`,
        ]
      : []),
    ...conflicts,
  ];
}

const IGNORED_SCRIPTS = /ERR_PNPM_IGNORED_BUILDS/;

/** What an Expo app imports in its front end; the backend of one imports the plugin alone. */
function lackedForExpo(ws: Workspace, project: Project): string[] {
  const apps = frontsOf(ws).filter(({ shell }) => shell.kind === "expo");
  if (apps.some((one) => one.ws.project.root === project.root))
    return lackedOf(project, expoSpecs(project));
  return apps.length > 0 && project.root === ws.project.root
    ? lackedOf(project, [EXPO_PLUGIN])
    : [];
}

/** The other packages of an app. */
function frontProjects({ project }: Workspace): readonly Project[] {
  return (project.fronts ?? []).filter(({ root }) => root !== project.root);
}

type LackedForPages = ReadonlyMap<string, readonly string[]>;

const NO_PAGES: LackedForPages = new Map();

/** Adds what the auth pages of a package lack. */
function withPages<W extends Wants>(wants: W, pages: LackedForPages): W {
  const lacked = pages.get(wants.project.root) ?? [];
  return { ...wants, packages: [...wants.packages, ...lacked] };
}

/** Adds what a front end's framework needs: its binding of Convex, or what an Expo app's auth client imports. */
function withFrontEnd<W extends Wants>(ws: Workspace, wants: W): W {
  const missing = missingBindings(wants.project === ws.project ? ws : ws.at(wants.project));
  const bindings = missing.map(([name, range]) => specOf(wants.project, name, range));
  const ofExpo = lackedForExpo(ws, wants.project);
  return { ...wants, packages: [...wants.packages, ...bindings, ...ofExpo] };
}

function typesNote(commands: InstallPlan["commands"], home: string | undefined): string {
  const line = commands.map(printCommand).join(" && ");
  return `TypeScript needs @types/node to know process.env: ${line}${home === undefined ? "" : `, in ${home}`}`;
}
