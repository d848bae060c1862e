// The threads that run the app's code, and the limits they are held to. A function that uses up its CPU time,
// or all memory, ends its thread and nothing else. Must not know what jobs mean.
//
// Time is the user CPU time of the thread, as Linux counts it: waiting costs a function nothing. Loading modules counts,
// also those of the functions that it calls. Elsewhere it is the time the thread was busy, with ten times the limit,
// since that also counts what other processes took. A machine may be slower than Convex's, and a thread that shares its
// processor takes up to twice as long: limits are four times Convex's, whose own numbers the messages say.
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { Worker } from "node:worker_threads";
import type { FromThread, Job, Packages, ThreadData, Thrown, ToThread } from "./protocol.js";

export type Limit = { readonly cpuMs: number; readonly message: string };

export type Handlers = {
  readonly syscall: (op: string, args: Record<string, unknown>) => unknown;
  readonly log: (level: string, text: string) => void;
};

export type RunOptions = {
  readonly handlers?: Handlers;
  readonly limit?: Limit;
  /** Told the CPU time that the job took, with those inside it. */
  readonly onDone?: (cpuMs: number) => void;
  /** Aborted, the job is left to itself: nothing it asks is answered any more. */
  readonly signal?: AbortSignal;
};

export type Thread = {
  readonly run: (job: Job, options?: RunOptions) => Promise<unknown>;
  readonly isDead: () => boolean;
  readonly stop: () => void;
  readonly stopWhenIdle: () => void;
};

export type Threads = {
  /** Lends a thread that runs nothing else meanwhile. */
  readonly withThread: <T>(work: (thread: Thread) => Promise<T>) => Promise<T>;
  /** The thread of all actions. */
  readonly actions: () => Thread;
  /** Lets what runs come to its end. */
  readonly stop: () => void;
  /** Ends what runs. */
  readonly kill: () => void;
};

/** A thread ended, or what ran in it threw. */
export class ThreadError extends Error {
  constructor(readonly thrown: Thrown) {
    super(thrown.message);
  }
}

/** Of queries and mutations. */
export const FUNCTION_LIMIT: Limit = {
  cpuMs: 4000,
  message: "Function execution timed out (maximum duration: 1s)",
};
/** Of what runs before a function does. */
export const LOAD_LIMIT: Limit = {
  cpuMs: 16_000,
  message: "Function execution timed out (maximum duration: 4s) while its modules were loaded",
};
/** Without a word from any action: one that never yields would stop all others. */
const ACTION_LIMIT: Limit = {
  cpuMs: 30_000,
  message: "Function execution timed out (maximum duration: 30s without yielding)",
};
const STOPPED = "The deployment was restarted.";
const STALL_MS = 60_000;
const WATCH_MS = 50;
/** Of each thread: two halves and as much again, as V8 counts it. Holds the contexts of several runs. */
export const YOUNG_HEAP_MB = 192;
/** The real backend's is 64 MiB, without what Node itself keeps there. */
const MAX_HEAP_MB = 256;
/** For all actions that run at once, each with its own context and modules. */
const MAX_ACTIONS_HEAP_MB = 1024;

/** Threads for one state of the code. `size`: how many queries and mutations run at once, at most. */
export function createThreads(packages: Packages, size: number): Threads {
  const data = { packages, importedAt: Date.now(), importSeed: randomBytes(4).readUInt32LE() };
  const idle: Thread[] = [];
  const waiting: ((thread: Thread) => void)[] = [];
  const lent = new Set<Thread>();
  let actions: Thread | undefined;
  let isStopped = false;

  const lend = (thread: Thread) => {
    lent.add(thread);
    return thread;
  };
  const borrow = (): Promise<Thread> | Thread => {
    const free = idle.pop();
    if (!free && lent.size >= size) return new Promise((resolve) => waiting.push(resolve));
    return lend(free ?? startThread(data));
  };
  const giveBack = (thread: Thread) => {
    lent.delete(thread);
    const next = waiting.shift();
    if (next) return next(lend(thread.isDead() ? startThread(data) : thread));
    if (isStopped) thread.stop();
    else if (!thread.isDead()) idle.push(thread);
  };
  return {
    withThread: async (work) => {
      const thread = await borrow();
      try {
        return await work(thread);
      } finally {
        giveBack(thread);
      }
    },
    actions: () => {
      if (!actions || actions.isDead()) actions = startThread(data, ACTION_LIMIT);
      return actions;
    },
    stop: () => {
      isStopped = true;
      for (const thread of idle) thread.stop();
      actions?.stopWhenIdle();
    },
    kill: () => {
      for (const thread of lent) thread.stop();
      actions?.stop();
    },
  };
}

/** `silence`: how much CPU time may pass between two messages of the thread. */
export function startThread(data: ThreadData = noCode(), silence?: Limit): Thread {
  const worker = new Worker(new URL("./thread.mjs", import.meta.url), {
    workerData: data,
    resourceLimits: {
      maxYoungGenerationSizeMb: YOUNG_HEAP_MB,
      maxOldGenerationSizeMb: silence ? MAX_ACTIONS_HEAP_MB : MAX_HEAP_MB,
    },
  });
  worker.unref();
  const jobs = new Map<number, Running>();
  const cpu = { file: undefined as string | undefined, scale: 10, atMessage: 0 };
  let nextId = 0;
  let isDead = false;
  let isLast = false;
  let watch: ReturnType<typeof setInterval> | undefined;
  const say = (message: ToThread) => worker.postMessage(message);
  const cpuMs = () =>
    cpu.file ? userTimeOf(cpu.file) : worker.performance.eventLoopUtilization().active / cpu.scale;

  function die(message: string): void {
    if (isDead) return;
    isDead = true;
    clearInterval(watch);
    void worker.terminate();
    for (const { reject } of jobs.values())
      reject(new ThreadError({ name: "", message, at: [], code: "ThreadEnded" }));
    jobs.clear();
  }

  function check(): void {
    const used = cpuMs();
    if (silence && used - cpu.atMessage > silence.cpuMs) return die(silence.message);
    for (const job of jobs.values()) {
      const { limit } = job;
      if (limit && used - job.cpuAtStart > limit.cpuMs) return die(limit.message);
      if (job.limit && used > job.lastCpu) Object.assign(job, { lastCpu: used, since: Date.now() });
      if (job.limit && job.calls === 0 && Date.now() - job.since > STALL_MS)
        return die("The function waits for something that never happens.");
    }
  }

  function settle(id: number): Running | undefined {
    const job = jobs.get(id);
    jobs.delete(id);
    if (job?.onDone) job.onDone(cpuMs() - job.cpuAtStart);
    if (jobs.size === 0) watch = void clearInterval(watch);
    if (jobs.size === 0 && isLast) die(STOPPED);
    return job;
  }

  async function serve({ id, call, op, args }: MessageOf<"syscall">): Promise<void> {
    const job = jobs.get(id);
    // What a function left behind after it returned reaches nothing any more.
    if (!job?.handlers) return;
    job.calls++;
    try {
      const value = await job.handlers.syscall(op, args);
      if (call !== undefined && jobs.has(id)) say({ kind: "reply", call, value: value as never }); // JSON by contract
    } catch (error) {
      const { message, data } = error as Error & { data?: never };
      if (call !== undefined && jobs.has(id))
        say({ kind: "refusal", call, message, ...(data !== undefined && { data }) });
    } finally {
      job.calls--;
      job.since = Date.now();
    }
  }

  worker.on("message", (message: FromThread) => {
    cpu.atMessage = silence ? cpuMs() : 0;
    switch (message.kind) {
      case "ready":
        cpu.file = message.stat;
        return;
      case "done":
        return settle(message.id)?.resolve(message.value);
      case "failed":
        return settle(message.id)?.reject(new ThreadError(message.error));
      case "log":
        return jobs.get(message.id)?.handlers?.log(message.level, message.text);
      case "syscall":
        return void serve(message);
    }
  });
  worker.on("error", (error: NodeJS.ErrnoException) =>
    die(
      error.code === "ERR_WORKER_OUT_OF_MEMORY"
        ? "JavaScript execution ran out of memory (maximum memory usage: 64 MB)"
        : (error.stack ?? error.message),
    ),
  );
  worker.on("exit", () => die("The thread of this function ended."));

  return {
    run: (job, { handlers, limit, onDone, signal } = {}) =>
      new Promise((resolve, reject) => {
        if (isDead) return reject(new Error("This thread has ended."));
        const id = nextId++;
        const cpuAtStart = cpuMs();
        jobs.set(id, {
          resolve,
          reject,
          handlers,
          limit,
          onDone,
          cpuAtStart,
          lastCpu: cpuAtStart,
          since: Date.now(),
          calls: 0,
        });
        signal?.addEventListener("abort", () => {
          const running = settle(id);
          if (!running) return;
          say({ kind: "abandon", id });
          running.reject(signal.reason as Error); // an Error by contract
        });
        say({ kind: "job", id, job });
        watch ??= setInterval(check, WATCH_MS);
      }),
    isDead: () => isDead,
    stop: () => die(STOPPED),
    stopWhenIdle: () => {
      isLast = true;
      if (jobs.size === 0) die(STOPPED);
    },
  };
}

// --- internal ---

type MessageOf<Kind extends FromThread["kind"]> = Extract<FromThread, { kind: Kind }>;
type Running = {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly handlers: Handlers | undefined;
  readonly limit: Limit | undefined;
  readonly onDone: RunOptions["onDone"];
  readonly cpuAtStart: number;
  lastCpu: number;
  /** When it last used CPU time or called, in ms. */
  since: number;
  /** How many syscalls it waits for. */
  calls: number;
};

function noCode(): ThreadData {
  return { packages: new Map(), importedAt: Date.now(), importSeed: 0 };
}

/** Milliseconds, from the 14th field; the name of the thread may hold spaces, but is in parentheses. */
function userTimeOf(statFile: string): number {
  let text: string;
  try {
    text = readFileSync(statFile, "utf8");
  } catch {
    return 0; // The thread has just ended, and its `exit` is on the way.
  }
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const TICK_MS = 10;
  return Number(fields[11]) * TICK_MS;
}
