// Routes what a query or mutation may not do to the run it belongs to: fetch, timers, new keys.
// Patches three globals once per isolate; outside a run they behave exactly as before.
import { loadRequest, toResponse } from "./message.js";
import type { RequestRun } from "./run.js";

/** The run that the current asynchronous call chain belongs to, if any. */
export function currentRun(): RequestRun | undefined {
  return runs.getStore();
}

/** Calls `work` as part of a run: its fetches are asked of the action, its waits become a delay. */
export function withinRun<T>(run: RequestRun, work: () => Promise<T>): Promise<T> {
  patchGlobals();
  return runs.run(run, work);
}

/**
 * For what only an action may do, and whose result cannot travel: moves the request of the current run
 * there, and never returns. Outside a run it does nothing.
 */
export async function needsAction(reason: string): Promise<void> {
  await currentRun()?.escalate("action", reason);
}

// --- internal ---

type RunStorage = { getStore(): RequestRun | undefined; run<T>(run: RequestRun, work: () => T): T };

const runs = createRunStorage();
let isPatched = false;

/** Convex has AsyncLocalStorage as a global since 1.39; under Node (tests) it is a builtin module. */
function createRunStorage(): RunStorage {
  type Constructor = new () => RunStorage;
  const scope = globalThis as {
    AsyncLocalStorage?: Constructor;
    process?: { getBuiltinModule?: (id: string) => { AsyncLocalStorage: Constructor } | undefined };
  };
  const AsyncStorage =
    scope.AsyncLocalStorage ??
    scope.process?.getBuiltinModule?.("node:async_hooks")?.AsyncLocalStorage;
  return AsyncStorage ? new AsyncStorage() : singleRunStorage();
}

/** Right wherever an isolate serves one query or mutation at a time. */
function singleRunStorage(): RunStorage {
  let current: RequestRun | undefined;
  return {
    getStore: () => current,
    run: (run, work) => {
      current = run;
      return work();
    },
  };
}

function patchGlobals(): void {
  if (isPatched) return;
  isPatched = true;
  const { fetch: realFetch, setTimeout: realSetTimeout } = globalThis;
  globalThis.fetch = async (input, init) => {
    const run = currentRun();
    return run ? askedFetch(run, new Request(input, init)) : realFetch(input, init);
  };
  const patchedSetTimeout = (callback: unknown, ms?: number, ...args: unknown[]) => {
    const run = currentRun();
    if (!run || typeof callback !== "function") {
      // The cast only forwards what the caller gave.
      return realSetTimeout(callback as () => void, ms, ...(args as []));
    }
    run.delay(ms ?? 0);
    // Convex has no queueMicrotask. The callback was checked above to be callable.
    void Promise.resolve().then(() => (callback as (...values: unknown[]) => void)(...args));
    return 0;
  };
  const realGenerateKey = crypto.subtle.generateKey.bind(crypto.subtle) as (
    ...args: unknown[]
  ) => Promise<unknown>; // of its overloads, whichever the caller meant
  Reflect.set(crypto.subtle, "generateKey", async (...args: unknown[]) => {
    await needsAction("a key is generated");
    return realGenerateKey(...args);
  });
  globalThis.setTimeout = patchedSetTimeout as unknown as typeof setTimeout; // timers are numbers or objects by platform
}

async function askedFetch(run: RequestRun, request: Request): Promise<Response> {
  const answer = await run.ask({ kind: "fetch", request: await loadRequest(request) });
  if (answer.kind === "response") return toResponse(answer.response);
  throw new TypeError(answer.kind === "failure" ? answer.message : "fetch failed");
}
