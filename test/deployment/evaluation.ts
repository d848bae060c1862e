// Has pushed code evaluated, each time in a thread of its own, under the limits for loading.
import type { Provider } from "./auth.js";
import type { Definition, PushedApp, PushedComponent, PushedModule } from "./components.js";
import { BadRequest } from "./environment.js";
import type { Env, Job } from "./protocol.js";
import { LOAD_LIMIT, startThread, type ThreadError } from "./threads.js";

/** Definitions by path; the app's is "". */
export async function evaluateDefinitions(input: {
  app: PushedApp & { functions: PushedModule[] };
  components: PushedComponent[];
  env: Env;
}): Promise<Map<string, Definition>> {
  return inThread({ kind: "evaluate", ...input });
}

export async function evaluateProviders(
  modules: ReadonlyMap<string, PushedModule>,
  env: Env,
): Promise<Provider[]> {
  return modules.has("auth.config.js") ? inThread({ kind: "providers", modules, env }) : [];
}

// --- internal ---

/** Code that is pushed is evaluated in a thread of its own. */
async function inThread<T>(job: Job): Promise<T> {
  const thread = startThread();
  try {
    return (await thread.run(job, { limit: LOAD_LIMIT })) as T; // each kind of job has its result
  } catch (error) {
    const { code, message } = (error as ThreadError).thrown;
    throw new BadRequest(code ?? "InvalidModules", message);
  } finally {
    thread.stop();
  }
}
