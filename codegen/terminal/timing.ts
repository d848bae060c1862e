// Where the time of a command goes, for KITCN_TIMING=1. One clock a process: each moment belongs to the phase that
// began last and is still under way, so that the phases add up to the whole. Decides nothing, and prints nothing.

/** What a command may be busy with. */
export type Phase =
  | "start Node, load kitcn"
  | "import packages"
  | "read and parse files"
  | "evaluate auth.ts"
  | "evaluate schema.ts"
  | "search packages for Buffer"
  | "plan"
  | "format"
  | "write files"
  | "wait for an answer"
  | "package manager"
  | "convex CLI";

/** True where the user asked for the times. */
export function isTimed(): boolean {
  return process.env.KITCN_TIMING === "1";
}

/**
 * Begins a command, and forgets an earlier one of this process.
 *
 * @param input.from when it began, as `performance.now()` counts: 0 where the process is the command's own
 */
export function startTiming({ from }: { readonly from: number }): void {
  const now = performance.now();
  times.clear();
  open.length = 0;
  times.set("start Node, load kitcn", { ms: now - from, begun: 1 });
  last = now;
  command = from;
}

/** Does the work of a phase, which ends with it, or with the promise that it returns. */
export function timed<T>(phase: Phase, work: () => T): T {
  const end = begin(phase);
  let result: T;
  try {
    result = work();
  } catch (error) {
    end();
    throw error;
  }
  if (!(result instanceof Promise)) {
    end();
    return result;
  }
  // What `finally` gives is the same promise but for its identity.
  return result.finally(end) as T;
}

/** Loads modules of kitcn's own that only some commands need. */
export function loading<T>(work: () => Promise<T>): Promise<T> {
  return timed("start Node, load kitcn", work);
}

/** The table of the command until now, the longest phase first, and how many processes it started. */
export function printTiming(): string {
  const now = performance.now();
  settle(now);
  const phases = [...times].sort(([, a], [, b]) => b.ms - a.ms);
  const sum = phases.reduce((total, [, { ms }]) => total + ms, 0);
  const rows = [
    ...phases.map(([phase, { ms, begun }]) => ({ name: phase, ms, note: noteOf(phase, begun) })),
    { name: "the rest", ms: now - command - sum, note: "" },
    { name: "all", ms: now - command, note: "" },
  ];
  const lines = rows.map(({ name, ms, note }) =>
    `  ${name.padEnd(NAME_WIDTH)}${`${Math.round(ms)} ms`.padStart(MS_WIDTH)}  ${note}`.trimEnd(),
  );
  return `time:\n${lines.join("\n")}\n`;
}

// --- internal ---

const NAME_WIDTH = 28;
const MS_WIDTH = 9;

type Open = { readonly phase: Phase };

/** How long each phase was at work, in ms, and how often it began. */
const times = new Map<Phase, { readonly ms: number; readonly begun: number }>();
/** Phases under way, in the order in which they began. */
const open: Open[] = [];
let last = 0;
let command = 0;

function begin(phase: Phase): () => void {
  settle(performance.now());
  const one = { phase };
  open.push(one);
  const { ms, begun } = times.get(phase) ?? { ms: 0, begun: 0 };
  times.set(phase, { ms, begun: begun + 1 });
  return () => {
    settle(performance.now());
    const at = open.indexOf(one);
    // A command that began meanwhile has forgotten it.
    if (at >= 0) open.splice(at, 1);
  };
}

/** Phases that are processes of another program say how many. */
function noteOf(phase: Phase, begun: number): string {
  if (phase !== "convex CLI" && phase !== "package manager") return "";
  return begun === 1 ? "1 process" : `${begun} processes`;
}

/** Gives the time since the last event to the phase that began last. */
function settle(now: number): void {
  const busy = open.at(-1)?.phase;
  const known = busy && times.get(busy);
  if (busy && known) times.set(busy, { ...known, ms: known.ms + now - last });
  last = now;
}
