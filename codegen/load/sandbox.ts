// Runs modules of the app for one question: in memory, with the app's environment, stdout kept clean.
// process.env, the process and the app are afterwards what they were; every failure is one named error.
import type { Project } from "../types.js";
import { openEnvironment } from "./environment.js";
import { loadFailure } from "./failures.js";
import { createRunner, type Runner } from "./module-runner.js";
import { guardProcess } from "./process-guard.js";
import { watchRejections } from "./stray-rejections.js";
import { virtualModule } from "./virtual-modules.js";

export type SandboxInput = {
  readonly project: Project;
  /** The module the question is about, for messages. */
  readonly entry: string;
  /** Texts by absolute path that stand before what is on disk. */
  readonly files: ReadonlyMap<string, string>;
};

/**
 * Answers a question with a runner of the app's modules.
 *
 * @throws CodegenError of `work`, or `AUTH_FAILED` for whatever else goes wrong, with file and line
 */
export async function runInSandbox<T>(
  { project, entry, files }: SandboxInput,
  work: (runner: Runner) => Promise<T>,
): Promise<T> {
  const environment = openEnvironment(project);
  const release = guardProcess();
  const rejections = watchRejections();
  const runner = await createRunner({
    root: project.root,
    files,
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
    throw loadFailure({ error, entry, root, modules: runner.modules, redact });
  } finally {
    rejections.stop();
    release();
    environment.restore();
  }
}
