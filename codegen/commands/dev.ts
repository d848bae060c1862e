// `kitcn dev`: codegen at every change beside the app's own `convex dev`, and the first variables of a local
// deployment. Ends when `convex dev` does, with its exit code; leaves no process behind.
import { openConvexProcess, type ConvexProcess } from "../dev/convex-process.js";
import { createRefreshLines } from "../dev/refresh-lines.js";
import { watchFolder } from "../dev/watch.js";
import { recoverWrites } from "../disk/changes.js";
import { homeOf } from "../disk/project.js";
import { bootstrap } from "../env/bootstrap.js";
import { findDeployment, isReachable } from "../env/deployment.js";
import { CodegenError } from "../errors.js";
import { findAuthFile } from "../load/load-auth.js";
import { loadApp } from "../monorepo/load-app.js";
import { assertNode } from "../packages/node-engine.js";
import { errorText } from "./error-text.js";
import type { Ui } from "../terminal/ui.js";
import type { Project } from "../types.js";
import { openWorkspace } from "../workspace/stage.js";
import { runCodegen } from "./codegen.js";
import { refreshFrontEnvs } from "./front-env.js";
import { errorInRepository } from "./report-packages.js";

export type DevOptions = {
  readonly cwd: string;
  /** Passed on to `convex dev`. */
  readonly convexArgs: readonly string[];
};

/**
 * Runs until `convex dev` ends. A signal ends it before this process.
 *
 * @returns the exit code of `convex dev`
 * @throws CodegenError `CONVEX_NOT_INSTALLED`, `NODE_TOO_OLD` and those of loadApp
 */
export async function runDev(options: DevOptions, ui: Ui): Promise<number> {
  const project = await loadApp(options.cwd);
  assertNode(project);
  recoverWrites(homeOf(project));
  ui.ifInterrupted({ message: "Nothing runs any more, and every file is whole." });
  const say = (text: string) => ui.show(`kitcn   | ${text.replaceAll("\n", "\n        | ")}\n`);
  const linesOf = createRefreshLines();
  const refresh = oneAtATime(() => refreshModules(project, { ui, say, linesOf }));
  await refresh();
  const convex = openConvexProcess(project, {
    args: options.convexArgs,
    isInteractive: ui.isInteractive && findDeployment(project).kind === "none",
    write: ui.show,
  });
  const stopWatching = watchFolder(project.functionsDir, () => void refresh());
  const stopWaiting = new AbortController();
  void bootstrapOnce(project, { ui, say, signal: stopWaiting.signal, pushed: convex.pushed });
  void addressesOnce(project, { say, signal: stopWaiting.signal, pushed: convex.pushed });
  try {
    return await convex.ended;
  } finally {
    stopWatching();
    stopWaiting.abort();
  }
}

// --- internal ---

type Voice = { readonly ui: Ui; readonly say: (text: string) => void };

/** `signal` is aborted when `convex dev` ends. */
type ConvexRun = Pick<ConvexProcess, "pushed"> & { readonly signal: AbortSignal };

/** What the commands it runs have to say is said by lines, or by dev itself. */
const SILENT: Pick<Ui, "progress" | "done" | "ifInterrupted"> = {
  progress: () => {},
  done: () => {},
  ifInterrupted: () => {},
};

/** An app without auth.ts has nothing to generate. A failure is reported, and the last good files stay. */
async function refreshModules(
  project: Project,
  { ui, say, linesOf }: Voice & { readonly linesOf: ReturnType<typeof createRefreshLines> },
): Promise<void> {
  try {
    findAuthFile(openWorkspace(project));
    const report = await runCodegen({ cwd: project.root, check: false }, { ...ui, ...SILENT });
    for (const line of linesOf(report)) say(line);
  } catch (error) {
    if (!(error instanceof CodegenError)) throw error;
    if (error.code !== "NO_AUTH_FILE") say(errorText(error, { between: "\n" }));
  }
}

const POLL_MS = 500;

/** Once a deployment on this machine answers, it gets the variables that auth needs and it lacks. */
async function bootstrapOnce(
  project: Project,
  { ui, say, signal, pushed }: Voice & ConvexRun,
): Promise<void> {
  while (!signal.aborted) {
    if (!(await isReachable(findDeployment(project)))) {
      await pause(POLL_MS, signal);
      continue;
    }
    try {
      const { report } = await bootstrap({
        project,
        hasChanges: false,
        pushed,
        ui: { ...ui, ...SILENT },
      });
      const set = report?.set ?? [];
      if (set.length > 0) say(`set ${set.join(", ")} on the deployment`);
    } catch (error) {
      if (!(error instanceof CodegenError)) throw error;
      const told = errorInRepository(error, project);
      if (!signal.aborted) say(errorText(told, { between: "\n" }));
    }
    return;
  }
}

/** Once there is a deployment, the front ends of other packages get its addresses. */
async function addressesOnce(
  project: Project,
  { say, signal, pushed }: Pick<Voice, "say"> & ConvexRun,
): Promise<void> {
  if (!project.fronts?.length) return;
  await pushed;
  while (findDeployment(project).kind === "none" && !signal.aborted) await pause(POLL_MS, signal);
  if (signal.aborted) return;
  try {
    for (const line of createRefreshLines()(refreshFrontEnvs(project))) say(line);
  } catch (error) {
    if (!(error instanceof CodegenError)) throw error;
    say(errorText(errorInRepository(error, project), { between: "\n" }));
  }
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener("abort", () => (clearTimeout(timer), resolve()), { once: true });
  });
}

/** Calls that come while one runs become one more run after it. */
function oneAtATime(task: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  let isAskedAgain = false;
  return function run(): Promise<void> {
    if (running) {
      isAskedAgain = true;
      return running;
    }
    running = task().finally(() => {
      running = undefined;
      const isNext = isAskedAgain;
      isAskedAgain = false;
      if (isNext) void run();
    });
    return running;
  };
}
