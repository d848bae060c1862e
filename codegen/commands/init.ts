// `kitcn init`: a new app from a template, or Convex in an app that is there. Sequences planning, writing and
// installing; auth is `kitcn add auth`'s business.
import { mkdirSync } from "node:fs";
import { join, relative } from "node:path";
import { recoverWrites, writeChanges } from "../disk/changes.js";
import { CodegenError, rephrase } from "../errors.js";
import { initNeedsYes } from "../errors/commands.js";
import {
  afterFailedInstall,
  baseDependencies,
  planBaseInstall,
  planFirstInstall,
  runInstall,
  type InstallPlan,
} from "./install.js";
import { layOut } from "./lay-out.js";
import { loadFolder } from "../disk/project.js";
import { LOCK_FILE } from "../lock/lock.js";
import { printCommand } from "../packages/overrides.js";
import { EMPTY_REPORT, reportDiff, reportFiles, type Report } from "./report.js";
import { printText } from "./report-text.js";
import { planAdoption } from "../scaffold/adoption.js";
import { assertEmpty, isBegun, planTemplate, type Template } from "../scaffold/template.js";
import { planConvexGenerated } from "../scaffold/convex-generated.js";
import { planBase } from "../scaffold/plan-files.js";
import { detectShell } from "../shell/detect.js";
import { timed } from "../terminal/timing.js";
import type { FileChange } from "../types.js";
import type { Ui } from "../terminal/ui.js";
import { openWorkspace, type Workspace } from "../workspace/stage.js";

export type InitOptions = {
  readonly cwd: string;
  /** Undefined: adopt the app that is there. */
  readonly template: Template | undefined;
  readonly yes: boolean;
  readonly dryRun: boolean;
  readonly install: boolean;
  /** Whether to give the app procedures: lib/crpc.ts, and an http.ts that serves their routes. */
  readonly crpc: boolean;
};

/**
 * Makes an app, or makes one a Convex app. A second run changes no file, and finishes an installation.
 *
 * @throws CodegenError `FOLDER_NOT_EMPTY`, `UNSUPPORTED_APP`, `NEEDS_YES`, and those of loadFolder and runInstall
 */
export async function runInit(options: InitOptions, ui: Ui): Promise<Report> {
  const { template, crpc } = options;
  const plan = await timed("plan", () =>
    template ? planNew(options.cwd, { template, crpc }) : planExisting(options.cwd, options),
  );
  const { root, changes, install } = plan;
  const commands = options.install ? install.commands : [];
  const isInSync = changes.every((one) => one.before === one.after) && commands.length === 0;
  const report: Report = {
    ...EMPTY_REPORT,
    command: "init",
    status: isInSync ? "in-sync" : "planned",
    files: reportFiles({ root }, changes),
    install: commands.map(printCommand),
    notes: plan.notes,
  };
  const next = [...enter(root), ...(plan.hasAuth ? [] : [ADD_AUTH]), DEV];
  if (isInSync) return { ...report, next };
  if (options.dryRun) return { ...report, diff: reportDiff({ root }, changes) };
  if (!(await mayWrite(report, options, ui)))
    return { ...EMPTY_REPORT, command: "init", status: "declined" };
  await apply({ ...plan, install: { ...install, commands } }, ui);
  return { ...report, status: "written", next };
}

// --- internal ---

const ADD_AUTH = "npx kitcn add auth --yes    # users, sessions, a page at /auth";
const DEV = "npx kitcn dev               # a deployment, pushed at every change";

const WRITTEN = "The files are written.";

/** Where the templates are served while they are developed. */
const SITE_URLS = {
  next: "http://localhost:3000",
  start: "http://localhost:3000",
  vite: "http://localhost:5173",
} as const;

/** The next commands run in the app, which need not be where the shell is. */
function enter(root: string): string[] {
  const path = relative(process.cwd(), root);
  return path === "" ? [] : [`cd ${path}`];
}

type InitPlan = {
  readonly root: string;
  readonly changes: readonly FileChange[];
  readonly install: InstallPlan;
  /** True where package.json is among the changes, so that packages come after the files. */
  readonly isNew: boolean;
  /** True where `kitcn add auth` has run. */
  readonly hasAuth: boolean;
  readonly notes: readonly string[];
};

async function planNew(
  root: string,
  { template, crpc }: { readonly template: Template; readonly crpc: boolean },
): Promise<InitPlan> {
  const ws = planTemplate(root, { template, dependencies: baseDependencies({ crpc }) });
  const goesOn = isBegun(ws);
  if (!goesOn) assertEmpty(root, template);
  const install = await planFirstInstall(root);
  const siteUrl = SITE_URLS[template];
  const notes = await addBase(ws, { siteUrl, crpc });
  // What an earlier run wrote may be the user's by now.
  const changes = ws.changes().filter(({ before }) => !goesOn || before === undefined);
  return { root, changes, notes, install, isNew: true, hasAuth: hasLock(ws) };
}

async function planExisting(cwd: string, { crpc }: InitOptions): Promise<InitPlan> {
  const project = loadFolder(cwd);
  const ws = openWorkspace(project);
  const { siteUrl } = detectShell(ws);
  await planAdoption(ws);
  const notes = await addBase(ws, { siteUrl, crpc });
  const changes = await layOut(ws.changes());
  const getEnv = changes.some(({ path, before }) => isGetEnv(path) && before === undefined);
  const install = await planBaseInstall(ws, { crpc, getEnv });
  return { root: project.root, changes, notes, install, isNew: false, hasAuth: hasLock(ws) };
}

function hasLock({ onDisk, project }: Workspace): boolean {
  return onDisk(join(project.functionsDir, LOCK_FILE)) !== undefined;
}

/** Stages lib/, convex/.env and `_generated`; gives what there is to say. */
async function addBase(
  ws: Workspace,
  input: { readonly siteUrl: string; readonly crpc: boolean },
): Promise<string[]> {
  const notes = await planBase(ws, input);
  planConvexGenerated(ws);
  return notes;
}

function isGetEnv(path: string): boolean {
  return /[\\/]lib[\\/]get-env\.[jt]s$/.test(path);
}

/** Files that other files need come first: a package.json before its packages, packages before the rest. */
async function apply({ root, changes, install, isNew }: InitPlan, ui: Ui): Promise<void> {
  if (isNew) {
    mkdirSync(root, { recursive: true });
    writeChanges(changes, { root });
    ui.ifInterrupted({ message: WRITTEN, hint: `To go on: ${goOn({ root, install })}` });
  } else recoverWrites(root);
  await runInstall({ root }, install, ui).catch((error: unknown) => {
    if (!isNew || !(error instanceof CodegenError)) throw error;
    const command = [...enter(root), afterFailedInstall(error, install)].join(" && ");
    throw rephrase(error, { hint: `${WRITTEN} To go on: ${command}` });
  });
  if (isNew) return;
  writeChanges(changes, { root });
  ui.ifInterrupted({ message: WRITTEN });
}

function goOn({ root, install }: Pick<InitPlan, "root" | "install">): string {
  return [...enter(root), ...install.commands.map(printCommand)].join(" && ");
}

async function mayWrite(report: Report, { yes }: InitOptions, ui: Ui): Promise<boolean> {
  if (yes) return true;
  if (!ui.isInteractive) throw initNeedsYes();
  ui.show(`${printText(report, ui)}\n`);
  return ui.confirm("Write these files?");
}
