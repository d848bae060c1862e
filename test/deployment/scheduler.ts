// Scheduled functions: rows of _scheduled_functions, written in the transaction that schedules, run when due.
// A mutation and the end of its job are one transaction, so it counts exactly once; an action is begun at most once.
// Must not know syscalls or HTTP.
import type { JSONValue } from "convex/values";
import type { FunctionType } from "./components.js";
import type { Database, Doc } from "./database.js";
import { printed } from "./function-error.js";
import type { Change } from "./history.js";
import type { Target } from "./functions.js";
import type { Transaction } from "./transaction.js";
import { valueOf } from "./values.js";

export const SCHEDULED = "_scheduled_functions";

export type Scheduler = ReturnType<typeof createScheduler>;
export type Due = { readonly to: Target; readonly args: JSONValue };

/** The job that a function runs for. */
export type Job = { readonly id: string; readonly database: Database };

/** A mutation's job, as a part of its transaction. */
export type JobSteps = {
  /** False where the job is cancelled or done: then the mutation does not run. */
  readonly start: (transaction: Transaction) => boolean;
  readonly finish: (transaction: Transaction) => void;
};

type JobState =
  { kind: "pending" | "inProgress" | "success" | "canceled" } | { kind: "failed"; error: string };
type Planned = Due & Job & { readonly time: number };

export function createScheduler({
  run,
  typeOf,
  write,
}: {
  run: (due: Due, job: Job & { steps?: JobSteps }) => Promise<unknown>;
  /** As the code is now; undefined for a function that is gone. */
  typeOf: (to: Target) => FunctionType | undefined;
  /** A transaction of the deployment itself. */
  write: <T>(work: (transaction: Transaction) => T) => T;
}) {
  const planned = new Map<string, Planned>();
  const timers = new Map<string, ReturnType<typeof setTimeout>>();
  const running = new Set<string>();
  const waiting = new Set<() => void>();
  let crashes = 0;

  function arm(id: string): void {
    const due = planned.get(id);
    // Cancelled while it ran, and the run was lost.
    if (!due) return;
    const delayMs = Math.max(0, due.time - Date.now());
    const fire = () => (delayMs > MAX_DELAY_MS ? arm(id) : void runDue(id));
    timers.set(id, setTimeout(fire, Math.min(delayMs, MAX_DELAY_MS)));
  }

  async function runDue(id: string): Promise<void> {
    timers.delete(id);
    running.add(id);
    const due = planned.get(id)!;
    const crashesBefore = crashes;
    const type = typeOf(due.to);
    try {
      if (type === "Mutation") await runMutation(due);
      else if (type === "Action") await runAction(due);
      else complete(due, { kind: "failed", error: unsupported(due.to.path, type) });
    } catch (error) {
      const hasCrashed = crashes !== crashesBefore;
      // Nothing of the mutation was committed.
      if (type === "Mutation" && hasCrashed) return arm(id);
      const { message } = printed(error) as Error; // runs throw errors
      const text = hasCrashed ? "Transient error while executing action" : message;
      complete(due, { kind: "failed", error: text });
    } finally {
      running.delete(id);
      waiting.forEach((wake) => wake());
      waiting.clear();
    }
  }

  async function runMutation({ to, args, id, database }: Planned): Promise<void> {
    const steps: JobSteps = {
      start: (transaction) => change(transaction, { id, database }, IN_PROGRESS),
      finish: (transaction) => void change(transaction, { id, database }, { kind: "success" }),
    };
    await run({ to, args }, { id, database, steps });
  }

  async function runAction({ to, args, id, database }: Planned): Promise<void> {
    const job = { id, database };
    if (!write((transaction) => change(transaction, job, IN_PROGRESS))) return;
    await run({ to, args }, job);
    complete(job, { kind: "success" });
  }

  const complete = (job: Job, state: JobState) =>
    void write((transaction) => change(transaction, job, state));

  const hasDue = () =>
    running.size > 0 || [...timers.keys()].some((id) => planned.get(id)!.time <= Date.now());

  return {
    /** The id of a job, whose row is written by the transaction and may never be committed. */
    schedule: (
      {
        to,
        args,
        time,
        database,
        parent,
      }: Due & { time: number; database: Database; parent: Job | undefined },
      transaction?: Transaction,
    ): string => {
      const [module = "", name = "default"] = to.path.replace(/\.js(?=:|$)/, "").split(":");
      // A row that is committed at once starts its timer at once: what it stands for is known before.
      const insert = (own: Transaction) => {
        // A job that was cancelled while it ran starts no others.
        const isCancelled = parent && kindOf(own.get(parent.database, parent.id)) === "canceled";
        const id = own.insert(database, SCHEDULED, {
          name: `${module}.js:${name}`,
          args: [valueOf(args)],
          scheduledTime: time,
          state: { kind: isCancelled ? "canceled" : "pending" },
          ...(isCancelled && { completedTime: Date.now() }),
        });
        planned.set(id, { to, args, id, database, time });
        return id;
      };
      return transaction ? insert(transaction) : write(insert);
    },
    cancel: (
      id: string,
      { database, transaction }: { database: Database; transaction?: Transaction },
    ) => {
      const cancel = (own: Transaction) => change(own, { id, database }, { kind: "canceled" });
      return transaction ? cancel(transaction) : write(cancel);
    },
    onCommit: (changes: readonly Change[]) => {
      for (const { table, old, next } of changes) {
        if (table !== SCHEDULED) continue;
        const id = (next ?? old)!._id;
        if (kindOf(next) === "pending") {
          if (!old) arm(id);
          continue;
        }
        clearTimeout(timers.get(id));
        timers.delete(id);
        planned.delete(id);
      }
    },
    /** What runs is lost: mutations run again, actions do not. */
    crash: () => void crashes++,
    /** Resolves once no job is due or runs. */
    settled: async (): Promise<void> => {
      while (hasDue()) await new Promise<void>((wake) => waiting.add(wake));
    },
  };
}

// --- internal ---

/** What a timer can hold. */
const MAX_DELAY_MS = 2 ** 31 - 1;
const IN_PROGRESS: JobState = { kind: "inProgress" };

/** Leaves a row alone that is gone, cancelled or done; one that is in progress is not begun again. */
function change(transaction: Transaction, { id, database }: Job, state: JobState): boolean {
  const kind = kindOf(transaction.get(database, id));
  if (kind !== "pending" && (kind !== "inProgress" || state.kind === "inProgress")) return false;
  const isOver = state.kind !== "pending" && state.kind !== "inProgress";
  transaction.replace(database, id, (old) => ({
    ...old,
    state,
    ...(isOver && { completedTime: Date.now() }),
  }));
  return true;
}

function kindOf(row: Doc | null | undefined): string | undefined {
  return (row?.state as { kind?: string } | undefined)?.kind; // rows are written here only
}

function unsupported(path: string, type: FunctionType | undefined): string {
  return type
    ? `Unsupported function type. ${path} is defined as a ${type}. Only Mutation and Action can be scheduled.`
    : `Could not find function for '${path}'.`;
}
