// Reads of a request that are too long for one transaction: its run asks the action, which reads in pages.
// Only requests that read do that. One that writes needs what it read to be part of its transaction.
import { convexToJson, jsonToConvex, type Value } from "convex/values";
import { toError } from "../request/answers.js";
import type { Answer, Question } from "../request/journal.js";
import { never } from "../request/never.js";
import type { RequestRun } from "../request/run.js";
import { TRY_BUDGET } from "../store/budgets.js";
import { isTooLong, readInPages, type LongRead } from "../store/pages.js";
import { packed, unpacked } from "../store/pieces.js";
import type { Store } from "../store/store.js";

export type ReadQuestion = Extract<Question, { kind: "read" }>;

/** The same store, which asks for what it cannot read by itself. For a run of a request that reads. */
export function askingStore(store: Store, run: RequestRun): Store {
  const budget = TRY_BUDGET;
  const totals = totalsOf(run);
  const ask = askWhenIdle(run);
  const whole = async <Result>(read: LongRead, call: () => Promise<Result>): Promise<Result> => {
    const question: ReadQuestion = { kind: "read", read: plain(read) };
    const known = run.recall(question);
    if (known) return resultOf(known).result as Result; // what the method of that name gives
    const done = ask.begin();
    try {
      return await call();
    } catch (error) {
      if (!isTooLong(error)) throw error;
      return await ask.later(question);
    } finally {
      done();
    }
  };
  return {
    ...store,
    count: async (input) => {
      const read = { kind: "count", input } as const;
      return totals.get(keyOf(read)) ?? whole(read, () => store.count({ ...input, budget }));
    },
    findMany: (input) =>
      whole({ kind: "findMany", input }, () => store.findMany({ ...input, budget })),
    findOne: (input) =>
      whole({ kind: "findOne", input }, () => store.findOne({ ...input, budget })),
  };
}

/** Performs what a run asked. */
export async function answerRead(store: Store, { read }: ReadQuestion): Promise<Answer> {
  const { result, total = null } = await readInPages(store, read);
  return { kind: "value", value: packed([result, total]) as Value };
}

// --- internal ---

/** How many documents match, by what was asked: a list that was ordered in memory has looked at all of them. */
function totalsOf({ journal }: RequestRun): ReadonlyMap<string, number> {
  const totals = new Map<string, number>();
  for (const { question, answer } of journal) {
    if (question.kind !== "read" || answer.kind !== "value") continue;
    const { total } = resultOf(answer);
    if (typeof total === "number") totals.set(keyOf(question.read), total);
  }
  return totals;
}

/**
 * Asks once all reads that were begun have ended, or are too long as well. A list is asked for first, since the total
 * beside it may come along.
 */
function askWhenIdle(run: RequestRun) {
  let open = 0;
  const waiting: ReadQuestion[] = [];
  const askIfIdle = () => {
    if (waiting.length < open) return;
    const first = waiting.find(({ read }) => read.kind !== "count") ?? waiting[0];
    if (first) void run.ask(first);
  };
  return {
    begin: () => {
      open++;
      return () => {
        open--;
        askIfIdle();
      };
    },
    /** Never settles: the run ends with the question. */
    later: (question: ReadQuestion): Promise<never> => {
      waiting.push(question);
      askIfIdle();
      return never();
    },
  };
}

/** What answerRead made. @throws the error that the action met */
function resultOf(answer: Answer): { result: unknown; total: unknown } {
  if (answer.kind !== "value") throw toError(answer);
  const [result, total] = unpacked(answer.value as unknown[]); // made by answerRead
  return { result, total };
}

/** As it comes back from the action: without members that are undefined. */
function plain(read: LongRead): LongRead {
  const value = read as unknown as Value; // operations are Convex values
  return jsonToConvex(convexToJson(value)) as unknown as LongRead;
}

function keyOf({ input: { model, where } }: LongRead): string {
  return JSON.stringify(convexToJson({ model, where } as unknown as Value)); // as above
}
