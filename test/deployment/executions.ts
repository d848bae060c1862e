// The last function executions, for `convex logs` and `convex dev`. Must not know how they are asked for.

export type Execution = {
  udfType: "Query" | "Mutation" | "Action" | "HttpAction";
  identifier: string;
  logLines: string[];
  error: string | null;
  /** In seconds. */
  executionTime: number;
};

type Entry = Execution & { kind: "Completion"; timestamp: number };

const KEPT = 1000;
const MAX_WAIT_MS = 10_000;

export type Executions = ReturnType<typeof createExecutions>;

export function createExecutions() {
  const entries: Entry[] = [];
  const waiting = new Set<() => void>();
  let last = 0;
  const after = (cursorMs: number) =>
    entries.filter(({ timestamp }) => timestamp * 1000 > cursorMs);

  return {
    record: (execution: Execution) => {
      // The timestamp is the cursor, so no two may be the same.
      last = Math.max(Date.now(), last + 1);
      entries.push({ kind: "Completion", timestamp: last / 1000, ...execution });
      if (entries.length > KEPT) entries.shift();
      waiting.forEach((wake) => wake());
      waiting.clear();
    },
    /** Those that are kept, the oldest first. */
    all: (): Execution[] => [...entries],
    /** Those after a cursor; waits a while for one. */
    since: async (cursorMs: number) => {
      if (after(cursorMs).length === 0 && cursorMs > 0)
        await new Promise<void>((resolve) => {
          waiting.add(resolve);
          setTimeout(() => waiting.delete(resolve) && resolve(), MAX_WAIT_MS).unref();
        });
      // From the beginning, what comes next is what comes after now.
      return { entries: after(cursorMs), newCursor: Math.max(last, cursorMs, 1) };
    },
  };
}
