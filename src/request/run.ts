// One run of a request inside a query or a mutation. What such a function may not do (fetch, hash a password, run an
// action) is asked of the HTTP action: the run stops, and starts again with the answer in its journal.
// Must not know Better Auth.
import type { Memory } from "../store/memory.js";
import { createClock, type Clock } from "./clock.js";
import {
  fingerprintOf,
  mentionsAny,
  readJournal,
  type Answer,
  type Entry,
  type Question,
} from "./journal.js";
import type { ResponseMessage } from "./message.js";
import { never } from "./never.js";
import { enterScope } from "./scope.js";
import { randomSource, type RandomSource } from "./random.js";

/** A user's callback that waits for the commit. `args` is JSON, see arguments.ts. */
export type DeferredCallback = { readonly path: readonly string[]; readonly args: string };

/** An after-hook that waits for the commit. */
export type DeferredHook = DeferredCallback & { readonly call: HookCall };

/** One call of an after-hook: its path in the options, and the how manyth call of that hook it is. */
export type HookCall = string;

/** How a run ended, and which tries it took from rate limits. */
export type Outcome = RunEnd & {
  /** Taken in this run. They stay taken, whatever becomes of the run: see `driveRequest`. */
  readonly limits: readonly Entry[];
};

/** Only `response` may leave anything behind in the database, except what was taken from rate limits. */
export type RunEnd =
  | {
      readonly kind: "response";
      readonly response: ResponseMessage;
      /** After-hooks that were put off: the action runs them now that the rows are there. */
      readonly hooks: readonly DeferredHook[];
      /** The response may not leave earlier than this many ms after the request began. */
      readonly delayMs: number;
      /** Positions of the journal entries that this run used. */
      readonly used: readonly number[];
    }
  | {
      readonly kind: "ask";
      readonly question: Question;
      /** The after-hook that asked, if one did. */
      readonly hook?: HookCall;
      /** What the run has read until it asked to check a password. */
      readonly memory?: Memory;
      /** What the question has to do with rows that this run created, and that are rolled back now. */
      readonly rows: FreshRows;
      /** Positions of the journal entries that this run used. */
      readonly used: readonly number[];
      /** True if that hook was handed ctx.db or ctx.orm, which an action does not have. */
      readonly needsDb: boolean;
      /** True if the journal says that the question is under way. */
      readonly isWaiting: boolean;
      /** How many ms after the request began the run asked, by its clock. */
      readonly atMs: number;
      /** When the run's next timer is due. Default: it has none. */
      readonly timerMs?: number;
    }
  /** This kind of function cannot serve the request. */
  | { readonly kind: "escalate"; readonly to: "mutation" | "action"; readonly reason: string };

/**
 * `none`: the run had created no row. `named`: the question says the id of one. `possible`: it does not say one as
 * text, but may be derived from one.
 */
export type FreshRows = "none" | "possible" | "named";

export type RequestRun = {
  readonly context: "query" | "mutation";
  /** The path of the request's URL. */
  readonly path: string;
  /** True for GET and HEAD: what the request reads need not be one transaction with what it writes. */
  readonly isRead: boolean;
  readonly clock: Clock;
  /** Bytes that every run of the request reads in the same order; undefined where nothing is replayed. */
  readonly random: RandomSource | undefined;
  /** True once something may have been written; such a run must be rolled back unless it answers. */
  readonly isDirty: () => boolean;
  readonly markDirty: () => void;
  /** A row was created; without an id it is not known yet. */
  readonly noteCreated: (id?: string) => void;
  /** True once user code was handed ctx.db, orm or scheduler: cached reads may be stale from then on. */
  readonly isShared: () => boolean;
  readonly markShared: () => void;
  /** The after-hook was handed ctx.db or ctx.orm. */
  readonly noteDb: (hook: HookCall) => void;
  /** A trigger, or a transaction of Better Auth, failed after a write: answer, but keep nothing. */
  readonly mustRollBack: () => boolean;
  readonly markFailed: (error: unknown) => void;
  /** The first error that `markFailed` was given. */
  readonly failedBy: () => unknown;
  /** The first error that must not become an ordinary answer, whatever Better Auth makes of it. */
  readonly failure: () => unknown;
  readonly noteFailure: (error: unknown) => void;
  /** True once the run has asked or escalated: it may neither read nor write any more. */
  readonly isStopped: () => boolean;
  /** What the run before has read, if that may be used. */
  readonly memory: Memory | undefined;
  /** Says how to get what this run has read. */
  readonly keepMemory: (take: () => Memory | undefined) => void;
  /** What was asked and answered before this run. */
  readonly journal: readonly Entry[];
  /** The journal's answer, if it has one. */
  readonly recall: (question: Question) => Answer | undefined;
  /** True if the journal has an answer that this run has not used yet. */
  readonly knows: (question: Question) => boolean;
  /** `init` of a plugin was refused this; `answer` gets the answer where the request asks again. */
  readonly noteRefused: (question: Question, answer: () => Promise<Answer>) => void;
  readonly refused: (question: Question) => (() => Promise<Answer>) | undefined;
  /** `check` is called when the response looks as if something were missing. It may ask, and then never returns. */
  readonly whenMissing: (check: () => Promise<void>) => void;
  readonly checkMissing: () => Promise<void>;
  /** Is called in the mutation that commits, before it does. A query that has such work moves to a mutation. */
  readonly beforeCommit: (work: () => Promise<void>) => void;
  readonly commitWork: () => readonly (() => Promise<void>)[];
  /** A try that this run took from a rate limit itself. */
  readonly noteLimit: (question: Question, answer: Answer) => void;
  /** The journal's answer, or a promise that never settles while the run is being stopped. */
  readonly ask: (question: Question, hook?: HookCall, signal?: AbortSignal) => Promise<Answer>;
  readonly escalate: (to: "mutation" | "action", reason: string) => Promise<never>;
  /** Puts a callback into the outbox, which the mutation schedules when it commits. */
  readonly defer: (callback: DeferredCallback) => void;
  /** The next call of the after-hook at this path. */
  readonly nextCallOf: (path: string) => HookCall;
  readonly isPutOff: (call: HookCall) => boolean;
  readonly putOff: (hook: DeferredHook) => void;
  /** Counts work that the run waits for, so that its clock does not jump meanwhile. */
  readonly busyWith: <T>(work: Promise<T>) => Promise<T>;
};

/** What every run of one request is given. */
export type RunInput = {
  readonly context: RequestRun["context"];
  /** Default: "/". */
  readonly path?: string;
  /** Default: false. */
  readonly isRead?: boolean;
  readonly journal: readonly Entry[];
  readonly memory?: Memory | undefined;
  /** After-hooks that this run must not call. Default: none. */
  readonly putOff?: readonly HookCall[] | undefined;
  /** The request's beginning (ms since the epoch) and random bytes, the same for each of its runs. */
  readonly replay?: Replay | undefined;
  /** Resolves when Convex has nothing left to do for this function. Default: at once. */
  readonly settle?: (() => Promise<unknown>) | undefined;
};

export type Replay = { readonly startedAt: number; readonly random: ArrayBuffer };

/**
 * Runs `handler` until it answers, asks something new, or turns out to need another kind of function.
 *
 * @example
 * const { outcome, run, outbox } = await runHandler({ context: "mutation", journal, handler });
 */
export async function runHandler({
  handler,
  ...input
}: RunInput & {
  readonly handler: (run: RequestRun) => Promise<ResponseMessage>;
}): Promise<{ outcome: Outcome; run: RequestRun; outbox: readonly DeferredCallback[] }> {
  const { run, stopped, outbox, hooks, limits, used, noteAnswered } = createRun(input);
  const answer = handler(run).then((response): RunEnd => {
    if (!run.isStopped()) noteAnswered();
    return { kind: "response", response, hooks, delayMs: run.clock.elapsedMs(), used: used() };
  });
  // The handler of a stopped run is left hanging: its stores neither answer nor write any more.
  answer.catch(() => {});
  const end = await Promise.race([stopped, answer]);
  return { outcome: { ...end, limits }, run, outbox };
}

// --- internal ---

function createRun({
  context,
  path = "/",
  isRead = false,
  journal,
  memory,
  putOff = [],
  replay,
  settle = () => Promise.resolve(),
}: RunInput) {
  let stop: (end: RunEnd) => void = () => {};
  const stopped = new Promise<RunEnd>((resolve) => (stop = resolve));
  const state = {
    created: false,
    dirty: false,
    shared: false,
    failed: undefined as { readonly error: unknown } | undefined,
    stopped: false,
    answered: false,
    failure: undefined as unknown,
    takeMemory: undefined as (() => Memory | undefined) | undefined,
  };
  const outbox: DeferredCallback[] = [];
  const hooks: DeferredHook[] = [];
  const limits: Entry[] = [];
  const calls = new Map<string, number>();
  const ids = new Set<string>();
  const withDb = new Set<HookCall>();
  const refused = new Map<string, () => Promise<Answer>>();
  const checks: (() => Promise<void>)[] = [];
  const commitWork: (() => Promise<void>)[] = [];
  const reader = readJournal(journal);
  // What asks whether the run is idle is no part of the run.
  const work = createWorkCounter(() => enterScope(undefined, settle));
  const clock = createClock({
    startedAt: replay?.startedAt ?? Date.now(),
    idle: work.idle,
    isStopped: () => state.stopped || state.answered,
  });
  const end = (how: RunEnd): Promise<never> => {
    // What goes on in the background must not stop a run that has answered: it still has to commit.
    if (state.answered) return never();
    state.stopped = true;
    stop(how);
    return never();
  };

  const asked = (question: Question, hook: HookCall | undefined, isWaiting: boolean): RunEnd => {
    const isFresh = state.created || state.shared;
    const rows = mentionsAny(question, ids) ? "named" : isFresh ? "possible" : "none";
    const isCarried = question.kind === "verifyPassword" && !state.dirty && !state.shared;
    const read = isCarried ? state.takeMemory?.() : undefined;
    const canWait = question.kind === "fetch" || question.kind === "runAction";
    const timerMs = canWait ? clock.nextMs({ passing: isWaiting }) : undefined;
    return {
      ...{ kind: "ask", question, rows, isWaiting, used: reader.used(), atMs: clock.elapsedMs() },
      needsDb: hook !== undefined && withDb.has(hook),
      ...(hook !== undefined && { hook }),
      ...(read && { memory: read }),
      ...(timerMs !== undefined && { timerMs }),
    };
  };

  const run: RequestRun = {
    context,
    path,
    isRead,
    clock,
    random: replay && randomSource(new Uint8Array(replay.random)),
    isDirty: () => state.dirty,
    markDirty: () => void (state.dirty = true),
    noteCreated: (id) => {
      state.created = true;
      if (id !== undefined) ids.add(id);
    },
    isShared: () => state.shared,
    markShared: () => void (state.shared = true),
    noteDb: (hook) => void withDb.add(hook),
    mustRollBack: () => state.failed !== undefined || state.failure !== undefined,
    markFailed: (error) => void (state.failed ??= { error }),
    failedBy: () => state.failed?.error,
    failure: () => state.failure,
    noteFailure: (error) => void Object.assign(state, { failure: state.failure ?? error }),
    isStopped: () => state.stopped,
    memory,
    keepMemory: (take) => void (state.takeMemory = take),
    journal,
    recall: (question) => reader.recall(question)?.answer,
    knows: (question) => reader.knows(question),
    noteRefused: (question, answer) => void refused.set(fingerprintOf(question), answer),
    refused: (question) => refused.get(fingerprintOf(question)),
    whenMissing: (check) => void checks.push(check),
    checkMissing: async () => {
      for (const check of checks) await check();
    },
    beforeCommit: (work) => void commitWork.push(work),
    commitWork: () => commitWork,
    noteLimit: (question, answer) => void limits.push({ question, answer, elapsedMs: 0 }),
    ask: async (question, hook, signal) => {
      let underWay: Question | undefined;
      for (;;) {
        if (state.stopped || signal?.aborted) return never();
        const known = reader.recall(question);
        if (!known) return end(asked(underWay ?? question, hook, underWay !== undefined));
        // The answer took this long, so a shorter deadline around the question wins.
        if (takesTime(known, clock)) await clock.pass(known.elapsedMs);
        if (known.answer.kind !== "pending") return known.answer;
        underWay = known.question;
      }
    },
    escalate: (to, reason) => (state.stopped ? never() : end({ kind: "escalate", to, reason })),
    defer: (callback) => void outbox.push(callback),
    nextCallOf: (path) => {
      const count = calls.get(path) ?? 0;
      calls.set(path, count + 1);
      return `${path}#${count}`;
    },
    isPutOff: (call) => putOff.includes(call),
    putOff: (hook) => void hooks.push(hook),
    busyWith: work.busyWith,
  };
  const noteAnswered = () => void (state.answered = true);
  return { run, stopped, outbox, hooks, limits, used: reader.used, noteAnswered };
}

/**
 * False for what `init` fetched, where no deadline would end it: most runs go on without it, and what a request has said
 * to the outside at some time must not differ in one that has it.
 */
function takesTime({ question, answer, elapsedMs }: Entry, clock: Clock): boolean {
  const isOfInit = question.kind === "fetch" && question.isOfInit && answer.kind !== "pending";
  if (!isOfInit) return elapsedMs > 0;
  return (clock.nextMs({ passing: false }) ?? Infinity) <= elapsedMs;
}

/** Where a syscall is answered at once, as in convex-test, only an answer from outside of JavaScript comes last. */
async function turn(): Promise<void> {
  await enterScope(undefined, () => crypto.subtle.digest("SHA-256", new Uint8Array()));
}

/** Knows when a run waits for nothing that it started. */
function createWorkCounter(settle: () => Promise<unknown>) {
  let open = 0;
  let seen = 0;
  let whenNone: (() => void)[] = [];
  const busyWith = async <T>(work: Promise<T>): Promise<T> => {
    open++;
    seen++;
    try {
      return await work;
    } finally {
      if (--open === 0) {
        whenNone.forEach((wake) => wake());
        whenNone = [];
      }
    }
  };
  const idle = async (): Promise<void> => {
    for (;;) {
      if (open > 0) await new Promise<void>((resolve) => whenNone.push(resolve));
      const before = seen;
      await settle();
      await turn();
      if (open === 0 && seen === before) return;
    }
  };
  return { busyWith, idle };
}
