// The order in which every command that adds to an app works: plan, preview, ask, install, plan again, write.
// Knows nothing about what is added; writes only through changes.ts.
import { recoverWrites, writeChanges } from "../disk/changes.js";
import { homeOf } from "../disk/project.js";
import { CodegenError, rephrase } from "../errors.js";
import { writeNeedsYes } from "../errors/commands.js";
import { loadApp, reloadApp } from "../monorepo/load-app.js";
import { isContinued } from "../terminal/fresh-process.js";
import { timed } from "../terminal/timing.js";
import type { Ui } from "../terminal/ui.js";
import type { FileChange, Project } from "../types.js";
import { runCommands } from "../uninstall.js";
import { openWorkspace, type Workspace } from "../workspace/stage.js";
import {
  lackingIn,
  missingPackages,
  planFirstInstall,
  runInstall,
  type InstallPlan,
} from "./install.js";
import { inRepository, withRepository } from "./report-packages.js";
import { layOut } from "./lay-out.js";
import { EMPTY_REPORT, type Report, type Status } from "./report.js";
import { printText } from "./report-text.js";

export type SequenceOptions = {
  readonly cwd: string;
  /** Write without asking. */
  readonly yes: boolean;
  /** Write nothing, and report drift. */
  readonly check: boolean;
  readonly dryRun: boolean;
  /** Whether packages may be installed. */
  readonly install: boolean;
};

/** What every plan says; commands have more in theirs. */
export type BasePlan = {
  /** All that is staged, files that stay as they are included. */
  readonly files: readonly FileChange[];
  readonly changes: readonly FileChange[];
  readonly install: InstallPlan;
  /** Commands that uninstall what nothing imports any more, for after the write. */
  readonly removals?: InstallPlan["commands"];
  readonly isInSync: boolean;
};

/** The steps of one command. */
export type Steps<P extends BasePlan> = {
  readonly options: SequenceOptions;
  /** Refuses an app before anything is planned. */
  readonly prepare?: (disk: Workspace) => Promise<void>;
  /** The workspace to plan in, where that is another one than the disk. */
  readonly open?: (disk: Workspace) => Promise<Workspace>;
  /** `isAgain`: after packages were installed. */
  readonly planInstall: (
    ws: Workspace,
    when: { readonly isAgain: boolean },
  ) => Promise<InstallPlan>;
  readonly plan: (ws: Workspace, install: InstallPlan) => Promise<P>;
  readonly report: (input: Reported<P>) => Report;
  /** What is left to do once the files are written, or were there already. */
  readonly finish: (input: Reported<P>) => Promise<Report>;
};

/** A plan, and what became of it. */
export type Reported<P extends BasePlan> = {
  readonly project: Project;
  readonly plan: P;
  readonly status: Status;
};

/** Of a run that installs nothing. */
export const NOTHING_TO_INSTALL: InstallPlan = {
  packages: [],
  devPackages: [],
  commands: [],
  notes: [],
};

/**
 * Runs a command's steps in their order.
 *
 * @throws CodegenError; nothing was written then. What fails after the write is in the report.
 */
export async function runSequence<P extends BasePlan>(steps: Steps<P>, ui: Ui): Promise<Report> {
  const project = await loadApp(steps.options.cwd);
  return withRepository(project, () => runSteps(project, steps, ui));
}

// --- internal ---

async function runSteps<P extends BasePlan>(
  project: Project,
  steps: Steps<P>,
  ui: Ui,
): Promise<Report> {
  const { options } = steps;
  if (!options.check && !options.dryRun) recoverWrites(homeOf(project));
  const disk = openWorkspace(project);
  await steps.prepare?.(disk);
  const ws = (await steps.open?.(disk)) ?? disk;
  const install = await steps.planInstall(ws, { isAgain: false });
  if (lackingIn(install).length > 0 && (!options.install || options.check))
    throw missingPackages(install);
  ui.progress("reading the app");
  const planned = timed("plan", () => planLaidOut(steps, ws, install));
  const before = await (isContinued() ? planned.catch(afterInstall) : planned);
  ui.done();
  const tell = (report: Report) => inRepository(report, project);
  const preview = tell(steps.report({ project, plan: before, status: "planned" }));
  if (options.check) return { ...preview, status: before.isInSync ? "in-sync" : "drift" };
  if (options.dryRun) return { ...preview, status: before.isInSync ? "in-sync" : "planned" };
  if (before.isInSync)
    return tell(await steps.finish({ project, plan: before, status: "in-sync" }));
  if (!(await mayWrite(preview, options, ui)))
    return { ...EMPTY_REPORT, command: preview.command, status: "declined" };

  const after = await installAndReplan({ project, install, steps, ui, plan: before });
  writeChanges(after.changes, { root: homeOf(project) });
  ui.ifInterrupted({ message: "The files are written.", hint: goOn(preview) });
  return tell(await steps.finish({ project, plan: after, status: "written" }));
}

async function mayWrite(preview: Report, { yes }: SequenceOptions, ui: Ui): Promise<boolean> {
  if (yes) return true;
  if (!ui.isInteractive)
    throw writeNeedsYes({
      files: preview.files.filter(({ action }) => action !== "unchanged").length,
    });
  // The diff is long; --dry-run shows it.
  ui.show(`${printText({ ...preview, diff: "" }, ui)}\n`);
  return ui.confirm("Write these files?");
}

async function installAndReplan<P extends BasePlan>({
  project,
  install,
  steps,
  ui,
  plan: planned,
}: {
  project: Project;
  install: InstallPlan;
  steps: Steps<P>;
  ui: Ui;
  plan: P;
}): Promise<P> {
  if (planned.install.commands.length === 0) return planned;
  const undo = await runInstall(project, planned.install, ui);
  try {
    return await replan({ project, install, steps, ui, plan: planned });
  } catch (error) {
    // Without the library that went, the files as they are do not work.
    if (!(error instanceof CodegenError) || !planned.install.removes?.length) throw error;
    throw await takeBack(project, { error, undo, ui });
  }
}

async function replan<P extends BasePlan>({
  project,
  install,
  steps,
  ui,
  plan: planned,
}: {
  project: Project;
  install: InstallPlan;
  steps: Steps<P>;
  ui: Ui;
  plan: P;
}): Promise<P> {
  const installed = await reloadApp(steps.options.cwd, project);
  // The disk is another one now.
  const disk = openWorkspace(installed);
  const ws = (await steps.open?.(disk).catch(afterInstall)) ?? disk;
  const left = await steps.planInstall(ws, { isAgain: true }).catch(afterInstall);
  if (lackingIn(left).length > 0) throw missingPackages(left);
  ui.progress("reading the app");
  // What was told of the first plan holds: of overrides, this one finds none that are missing.
  const notes = [...new Set([...install.notes, ...left.notes])];
  const again = timed("plan", () => planLaidOut(steps, ws, { ...left, notes }));
  const next = await again.catch(afterInstall);
  ui.done();
  return { ...next, install: { ...install, commands: planned.install.commands } };
}

/** A plan whose texts are as the app's formatter would have them. */
async function planLaidOut<P extends BasePlan>(
  steps: Steps<P>,
  ws: Workspace,
  install: InstallPlan,
): Promise<P> {
  const plan = await steps.plan(ws, install);
  const files = await layOut(plan.files);
  // The changes are some of the files.
  const byPath = new Map(files.map((file) => [file.path, file]));
  return { ...plan, files, changes: plan.changes.map((one) => byPath.get(one.path) ?? one) };
}

/** Has the app's packages be those of before, and says so in the error. */
async function takeBack(
  project: Project,
  { error, undo, ui }: { error: CodegenError; undo: () => void; ui: Ui },
): Promise<CodegenError> {
  undo();
  ui.progress("installing what was there before");
  const root = homeOf(project);
  const { commands } = await planFirstInstall(root);
  const failed = (await runCommands(root, commands))?.command;
  ui.done();
  const told =
    failed === undefined
      ? "The packages are as they were. Nothing was written."
      : `package.json is as it was. Run \`${failed}\` to have its packages again. Nothing was written.`;
  return rephrase(error, { hint: `${error.hint.replace(AFTER_INSTALL, "")}\n${told}` });
}

const AFTER_INSTALL = "\nPackages were installed; no other file was written.";

/** A second run finds the files in sync, and finishes on the deployment. */
function goOn({ command }: Report): string {
  return `To go on: npx kitcn ${command} --yes`;
}

function afterInstall(error: unknown): never {
  if (!(error instanceof CodegenError)) throw error;
  const fix = error.hint.replace(/\s*Nothing was written\.$/, "");
  throw rephrase(error, { hint: fix + AFTER_INSTALL });
}
