// Has pushed code evaluated, each time in its own thread, under the limits for loading.
import { isDeepStrictEqual } from "node:util";
import type { Provider } from "./auth.js";
import type { Definition, PushedApp, PushedComponent, PushedModule } from "./components.js";
import { BadRequest } from "./environment.js";
import { prepare } from "./prepare.js";
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
    definitions: async ({ app, components, env }) =>
      definitions({
        kind: "evaluate",
        app: { ...app, ...(await preparedParts(app)), changedModules: [] }, // they are among the functions
        components: await Promise.all(
          components.map(async (one) => ({
            ...one,
            ...(await preparedParts(one)),
            definition: await preparedModule(one.definition),
          })),
        ),
        env,
      }),
    providers: async (modules, env) => {
      if (!modules.has("auth.config.js")) return [];
      const own = (await prepare([...modules.values()])).map((one) => [one.path, one] as const);
      return providers({ kind: "providers", modules: new Map(own), env });
    },
  };
}

// --- internal ---

/** A function that evaluates, but for what it evaluated last. A failure is not remembered. */
function remembered<T>(): (job: Job) => Promise<T> {
  let last: { job: Job; value: T } | undefined;
  return async (job) => {
    // Sources that were prepared before are the same strings, so that comparing them takes no time.
    if (last && isDeepStrictEqual(last.job, job)) return last.value;
    const value = await inThread<T>(job);
    last = { job, value };
    return value;
  };
}

/** As scripts, and without source maps: they are half of what is pushed, and nothing that runs. */
async function preparedParts(one: {
  definition: PushedModule | null;
  schema: PushedModule | null;
  functions: PushedModule[];
}) {
  return {
    definition: one.definition && (await preparedModule(one.definition)),
    schema: one.schema && (await preparedModule(one.schema)),
    functions: await prepare(one.functions),
  };
}

async function preparedModule(module: PushedModule): Promise<PushedModule> {
  return (await prepare([module]))[0]!; // as many as were given
}

/** Code that is pushed is evaluated in its own thread. */
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
