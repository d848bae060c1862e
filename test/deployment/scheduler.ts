// Scheduled functions: rows of _scheduled_functions, written in the transaction that schedules, run when due.
// Must not know syscalls or HTTP. What failed is not run again, as on Convex for actions.
import type { JSONValue } from "convex/values";
import type { Database, Doc } from "./database.js";
import type { Change } from "./history.js";
import type { Target } from "./functions.js";
import type { Transaction } from "./transaction.js";

export const SCHEDULED = "_scheduled_functions";

export type Scheduler = ReturnType<typeof createScheduler>;
export type Due = { readonly to: Target; readonly args: JSONValue };

type JobState = { kind: "inProgress" | "success" | "canceled" } | { kind: "failed"; error: string };

export function createScheduler({
  run,
  write,
}: {
  run: (due: Due) => Promise<unknown>;
  /** A transaction of the deployment itself. */
  write: <T>(work: (transaction: Transaction) => T) => T;
}) {
  const planned = new Map<string, Due & { database: Database }>();
  const timers = new Map<string, ReturnType<typeof setTimeout>>();

  /** Leaves a row alone that is gone, cancelled or done. */
  function mark(id: string, state: JobState): boolean {
    const { database } = planned.get(id)!;
    return write((transaction) => {
      const kind = kindOf(transaction.get(database, id));
      if (kind !== "pending" && kind !== "inProgress") return false;
      transaction.replace(database, id, (old) => ({ ...old, state }));
      return true;
    });
  }

  async function runDue(id: string): Promise<void> {
    if (!mark(id, { kind: "inProgress" })) return;
    try {
      await run(planned.get(id)!);
      mark(id, { kind: "success" });
    } catch (error) {
      mark(id, { kind: "failed", error: (error as Error).message });
    }
  }

  return {
    /** The id of a job, whose row is written by the transaction and may never be committed. */
    schedule: (
      { to, args, time, database }: Due & { time: number; database: Database },
      transaction?: Transaction,
    ): string => {
      const [module = "", name = "default"] = to.path.split(":");
      const row = {
        name: `${module}.js:${name}`,
        args: [args as never], // JSON is a Convex value
        scheduledTime: time,
        state: { kind: "pending" },
      };
      // A row that is committed at once starts its timer at once: what it stands for is known before.
      const insert = (own: Transaction) => {
        const id = own.insert(database, SCHEDULED, row);
        planned.set(id, { to, args, database });
        return id;
      };
      return transaction ? insert(transaction) : write(insert);
    },
    cancel: (id: string) => planned.has(id) && mark(id, { kind: "canceled" }),
    onCommit: (changes: readonly Change[]) => {
      for (const { table, old, next } of changes) {
        if (table !== SCHEDULED) continue;
        const id = (next ?? old)!._id;
        if (kindOf(next) !== "pending") clearTimeout(timers.get(id));
        else if (!old && next) {
          const delayMs = Math.max(0, Number(next.scheduledTime) - Date.now());
          timers.set(
            id,
            setTimeout(() => void runDue(id), delayMs),
          );
        }
      }
    },
  };
}

// --- internal ---

function kindOf(row: Doc | null | undefined): string | undefined {
  return (row?.state as { kind?: string } | undefined)?.kind; // rows are written here only
}
