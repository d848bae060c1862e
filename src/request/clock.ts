// The clock of one run. A query or mutation cannot wait, so time stands still while the handler works and jumps to
// the next timer when the handler waits for nothing else. Must not know Better Auth or Convex.

export type Clock = {
  /** Milliseconds since the epoch, as the run sees them. */
  readonly now: () => number;
  /** Milliseconds that passed on this clock since the request began. */
  readonly elapsedMs: () => number;
  /** Calls `callback` once, or again and again, when the clock gets there. */
  readonly setTimer: (callback: () => void, ms: number, options?: { repeats: boolean }) => number;
  /** False if this clock has no such timer. */
  readonly clearTimer: (id: number) => boolean;
  /** Resolves when `ms` have passed on this clock. */
  readonly pass: (ms: number) => Promise<void>;
  /** In how many ms the next timer is due that fires once; with `passing`, also what `pass` waits for. */
  readonly nextMs: (options: { passing: boolean }) => number | undefined;
};

export type ClockInput = {
  /** Where the clock begins, in ms since the epoch. */
  readonly startedAt: number;
  /** Resolves when the run waits for nothing but timers. */
  readonly idle: () => Promise<void>;
  /** True once the run was stopped; its clock stops with it. */
  readonly isStopped: () => boolean;
};

/** A handler that sets one timer after the other must not run forever. */
const MAX_JUMPS = 10_000;

/**
 * Makes the clock of a run.
 *
 * @example
 * const clock = createClock({ startedAt: Date.now(), idle, isStopped: () => false });
 * clock.setTimer(() => console.log("a second later"), 1000);
 */
export function createClock({ startedAt, idle, isStopped }: ClockInput): Clock {
  const timers = new Map<number, Timer>();
  const passes = new Set<number>();
  let now = startedAt;
  let lastId = 0;
  let jumps = 0;
  let isRunning = false;

  /** Jumps from timer to timer for as long as there are any. */
  async function run(): Promise<void> {
    isRunning = true;
    try {
      while (timers.size > 0) {
        await idle();
        if (isStopped()) return;
        const next = earliestOf(timers);
        if (!next) return;
        if (++jumps > MAX_JUMPS) throw new Error(`A request set more than ${MAX_JUMPS} timers.`);
        const [id, timer] = next;
        now = Math.max(now, timer.dueAt);
        if (timer.everyMs === undefined) timers.delete(id);
        // A repeated timer of 0 ms still has to move the clock.
        else timers.set(id, { ...timer, dueAt: now + Math.max(1, timer.everyMs) });
        timer.callback();
      }
    } finally {
      isRunning = false;
    }
  }

  const setTimer: Clock["setTimer"] = (callback, ms, { repeats } = { repeats: false }) => {
    const delayMs = Number.isFinite(ms) && ms > 0 ? ms : 0;
    const id = ++lastId;
    timers.set(id, { callback, dueAt: now + delayMs, ...(repeats && { everyMs: delayMs }) });
    if (!isRunning) void run();
    return id;
  };
  return {
    now: () => now,
    elapsedMs: () => now - startedAt,
    setTimer,
    clearTimer: (id) => timers.delete(id),
    pass: (ms) =>
      new Promise<void>((resolve) => {
        const id = setTimer(resolve, ms);
        passes.add(id);
      }),
    nextMs: ({ passing }) => {
      const due = [...timers]
        .filter(([id, { everyMs }]) => everyMs === undefined && (passing || !passes.has(id)))
        .map(([, { dueAt }]) => Math.max(0, dueAt - now));
      return due.length > 0 ? Math.min(...due) : undefined;
    },
  };
}

// --- internal ---

type Timer = {
  readonly callback: () => void;
  readonly dueAt: number;
  readonly everyMs?: number;
};

/** The timer that is due first; of equal ones the one that was set first. */
function earliestOf(timers: ReadonlyMap<number, Timer>): [number, Timer] | undefined {
  let first: [number, Timer] | undefined;
  for (const entry of timers) if (!first || entry[1].dueAt < first[1].dueAt) first = entry;
  return first;
}
