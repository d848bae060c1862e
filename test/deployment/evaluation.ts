// Has pushed code evaluated, each time in a thread of its own, under the limits for loading.
import { createHash } from "node:crypto";
import { serialize } from "node:v8";
import type { Provider } from "./auth.js";
import type { Definition, PushedApp, PushedComponent, PushedModule } from "./components.js";
import { BadRequest } from "./environment.js";
import type { Env, Job } from "./protocol.js";
import { LOAD_LIMIT, startThread, type ThreadError } from "./threads.js";

export type Evaluator = {
  /** Definitions by path; the app's is "". */
  readonly definitions: (input: {
    app: PushedApp & { functions: PushedModule[] };
    components: PushedComponent[];
    env: Env;
  }) => Promise<Map<string, Definition>>;
  readonly providers: (modules: ReadonlyMap<string, PushedModule>, env: Env) => Promise<Provider[]>;
};

/** Remembers what came last: the CLI sends a push three times, and the same code comes out the same. */
export function createEvaluator(): Evaluator {
  const definitions = remembered<Map<string, Definition>>();
  const providers = remembered<Provider[]>();
  return {
    definitions: ({ app, components, env }) =>
      definitions({
        kind: "evaluate",
        app: { ...app, functions: app.functions.map(withoutMap) },
        components: components.map((one) => ({ ...one, functions: one.functions.map(withoutMap) })),
        env,
      }),
    providers: async (modules, env) => {
      if (!modules.has("auth.config.js")) return [];
      const own = [...modules].map(([path, module]) => [path, withoutMap(module)] as const);
      return providers({ kind: "providers", modules: new Map(own), env });
    },
  };
}

// --- internal ---

/** A function that evaluates, but for what it evaluated last. A failure is not remembered. */
function remembered<T>(): (job: Job) => Promise<T> {
  let last: { key: string; value: T } | undefined;
  return async (job) => {
    const key = createHash("sha256").update(serialize(job)).digest("hex");
    if (last?.key !== key) last = { key, value: await inThread<T>(job) };
    return last.value;
  };
}

/** Half of what is pushed, and nothing that runs. */
function withoutMap({ path, source, environment }: PushedModule): PushedModule {
  return { path, source, environment };
}

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
