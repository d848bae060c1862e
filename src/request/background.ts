// Work that is started and not waited for. A Convex function takes such work with it when it returns, so whoever calls
// waits for it: in a run it is part of the transaction. Must not start any, and must not know Better Auth.
import { scopeStorage } from "./scope.js";

/** What one call has started, on whatever instance. */
type Started = {
  readonly work: Set<Promise<unknown>>;
  /** True where every call to the outside counts, and not only what says that it is in the background. */
  readonly countsCalls: boolean;
};

/** Does `work`, and what it says to be in the background. A call within another one leaves that to it. */
export function withBackground<Result>(work: () => Promise<Result>): Promise<Result> {
  return withStarted(work, { countsCalls: false });
}

/** Does `work` in an action, and each `fetch` and each call of a function that it has started, awaited or not. */
export function withCalls<Result>(work: () => Promise<Result>): Promise<Result> {
  return withStarted(work, { countsCalls: true });
}

/** Notes work in the background. Its errors are for whoever started it. */
export function noteBackground(work: Promise<unknown>): void {
  noteIn(calls?.getStore(), work);
}

/** Notes a call to the outside, which may be in the background. */
export function noteCall(work: Promise<unknown>): void {
  const started = calls?.getStore();
  if (started?.countsCalls) noteIn(started, work);
}

// --- internal ---

/** Nobody waits longer: work that sleeps, or that never ends, must not hold an answer back. */
const MAX_WAIT_MS = 10_000;

/** More than the promises that lie between two calls of a client for HTTP. */
const TURNS = 30;

const calls = scopeStorage<Started>();

async function withStarted<Result>(
  work: () => Promise<Result>,
  { countsCalls }: Pick<Started, "countsCalls">,
): Promise<Result> {
  // Without such a storage nobody knows who has started what.
  if (!calls || calls.getStore()) return work();
  const started: Started = { work: new Set(), countsCalls };
  return calls.run(started, async () => {
    try {
      return await work();
    } finally {
      await ended(started);
    }
  });
}

function noteIn(started: Started | undefined, work: Promise<unknown>): void {
  // Also where nobody waits: Convex ends a function in which an error is caught by nobody.
  const done = Promise.resolve(work).catch(() => {});
  started?.work.add(done);
}

async function ended(started: Started): Promise<void> {
  await moment(started);
  if (started.work.size === 0) return;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const enough = new Promise<void>((resolve) => {
    try {
      timer = setTimeout(resolve, MAX_WAIT_MS);
    } catch {
      // A query or a mutation of the app has no timers. So nothing sleeps there either.
    }
  });
  await Promise.race([allOf(started), enough]);
  if (timer !== undefined) clearTimeout(timer);
}

/** Also of what the work starts in its turn: a set that grows is iterated to its end. */
async function allOf(started: Started): Promise<void> {
  for (const one of started.work) {
    await one;
    await moment(started);
  }
}

/** Lets what was begun get to its first call. Not by a timer, which a test may have in its hands. */
async function moment({ countsCalls }: Started): Promise<void> {
  for (let turn = 0; turn < TURNS; turn++) await null;
  if (countsCalls) await crypto.subtle.digest("SHA-256", new Uint8Array());
}
