// Runs modules of the app for one question: in memory, with the app's environment, stdout kept clean.
// process.env, the process and the app are afterwards what they were; every failure is one named error.
import type { Workspace } from "../workspace/stage.js";
import { openEnvironment } from "./environment.js";
import { loadFailure } from "./failures.js";
import { createRunner, type Runner } from "./module-runner.js";
import { guardProcess } from "./process-guard.js";
import { watchRejections } from "./stray-rejections.js";
import { virtualModule } from "./virtual-modules.js";

export type SandboxInput = {
  readonly ws: Workspace;
  /** The module the question is about, for messages. */
  readonly entry: string;
};

/**
 * Answers a question with a runner of the app's modules.
 *
 * @throws CodegenError of `work`, or `AUTH_FAILED` for whatever else goes wrong, with file and line
 */
export async function runInSandbox<T>(
  { ws, entry }: SandboxInput,
  work: (runner: Runner) => Promise<T>,
): Promise<T> {
  const { project } = ws;
  const environment = openEnvironment(ws);
  const release = guardProcess();
  const rejections = watchRejections();
  const runner = await createRunner({
    ws,
    virtual: (specifier, targets) =>
      virtualModule(specifier, { targets, functionsDir: project.functionsDir }),
    onModule: environment.admit,
  });
  try {
    const answer = await work(runner);
    await rejections.settle();
    return answer;
  } catch (error) {
    const { root } = project;
    const { redact } = environment;
    throw loadFailure({ error, entry, root, runner, redact });
  } finally {
    rejections.stop();
    release();
    environment.restore();
  }
}
