// Routes what a query or mutation may not do to the run it belongs to: fetch and timers.
// Patches two globals once per isolate; outside a run they behave exactly as before.
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
    queueMicrotask(() => void (callback as (...values: unknown[]) => void)(...args)); // checked to be callable above
    return 0;
  };
  globalThis.setTimeout = patchedSetTimeout as unknown as typeof setTimeout; // timers are numbers or objects by platform
}

async function askedFetch(run: RequestRun, request: Request): Promise<Response> {
  const answer = await run.ask({ kind: "fetch", request: await loadRequest(request) });
  if (answer.kind === "response") return toResponse(answer.response);
  throw new TypeError(answer.kind === "failure" ? answer.message : "fetch failed");
}
