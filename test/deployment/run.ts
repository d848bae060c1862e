// One run of a function: what it waits for, when it is over and how. Holds Convex's order of things: all JavaScript
// that can run does, then one batch of syscalls, and so on until nothing is left to do.
// Must not know contexts, modules or what a syscall means.
import type { FunctionKind } from "./isolate.js";

export type Answer = { value: unknown } | { message: string; data?: unknown };
export type Settle = (answer: Answer) => void;

export type Run = {
  readonly kind: FunctionKind;
  readonly isOver: () => boolean;
  /** Modules are loaded, the function itself begins. */
  readonly begin: () => void;
  readonly isRunning: () => boolean;
  readonly ask: (op: string, args: Record<string, unknown>, settle: Settle) => void;
  /** Something outside that the run waits for; the result ends it. */
  readonly startOperation: () => () => void;
  /** A promise of the run was rejected, and nobody handles it. */
  readonly onUnhandled: (reason: unknown) => void;
  /** Ends the run with this error, whatever its code does. */
  readonly terminate: (message: string) => void;
  /** What the handler comes to, once everything that it left behind is done. */
  readonly until: <T>(handler: PromiseLike<T>) => Promise<T>;
  /** Called when the run is over. */
  readonly onEnd: (stop: () => void) => void;
};

/** What an action comes to that waits for nothing: what Convex says when its time is over. */
export type Never = {
  readonly message: string;
  /** Whether something may still happen that the run was told nothing of. */
  readonly isBusy?: () => boolean;
};

type Call = { op: string; args: Record<string, unknown>; settle: Settle };
type Outcome = { error: unknown } | { value: unknown };

const NEVER = "Returned promise will never resolve";
const LOOK_MS = 100;
/** What Convex comes to after half an hour. */
const ACTION_NEVER = "Function execution timed out (maximum duration: 1800s)";
/** Convex executes these together, anything else one after the other. */
const BATCHED = new Set(["1.0/get", "1.0/queryStreamNext"]);

export function createRun(
  kind: FunctionKind,
  send: (op: string, args: Record<string, unknown>) => Promise<Answer>,
  never: Never = { message: ACTION_NEVER },
): Run {
  const isAction = kind === "action" || kind === "httpAction";
  const queue: Call[] = [];
  const stops: (() => void)[] = [];
  let operations = 0;
  let isRunning = false;
  let isPlanned = false;
  let handler: Outcome | undefined;
  let over: Outcome | undefined;
  let finish: (() => void) | undefined;

  function end(outcome: Outcome): void {
    if (over) return;
    over = outcome;
    queue.length = 0;
    for (const stop of stops) stop();
    finish?.();
  }

  /** Once all JavaScript that can run has run. */
  function plan(): void {
    if (isPlanned || over) return;
    isPlanned = true;
    setImmediate(() => {
      isPlanned = false;
      step();
    });
  }

  function step(): void {
    if (over) return;
    if (handler && "error" in handler) return end(handler);
    if (isAction && handler) return end(handler);
    if (operations > 0) return;
    if (queue.length > 0) return void sendBatch();
    if (handler) return end(handler);
    if (!finish) return;
    if (isAction && never.isBusy?.()) return void setTimeout(plan, LOOK_MS).unref();
    end({ error: new Error(isAction ? never.message : NEVER) });
  }

  async function sendBatch(): Promise<void> {
    const isRead = BATCHED.has(queue[0]!.op);
    let count = 1;
    while (isRead && queue[count] && BATCHED.has(queue[count]!.op)) count++;
    const batch = queue.splice(0, count);
    const done = startOperation();
    const answers = await Promise.all(batch.map(({ op, args }) => send(op, args)));
    if (over) return;
    batch.forEach(({ settle }, at) => settle(answers[at]!));
    done();
  }

  function startOperation(): () => void {
    operations++;
    let isDone = false;
    return () => {
      if (isDone) return;
      isDone = true;
      operations--;
      plan();
    };
  }

  return {
    kind,
    isOver: () => over !== undefined,
    begin: () => {
      isRunning = true;
    },
    isRunning: () => isRunning,
    ask: (op, args, settle) => {
      if (over) return;
      if (!isAction) {
        queue.push({ op, args, settle });
        return plan();
      }
      const done = startOperation();
      void send(op, args).then((answer) => {
        if (over) return;
        settle(answer);
        done();
      });
    },
    startOperation,
    onUnhandled: (error) => end({ error }),
    terminate: (message) => end({ error: new Error(message) }),
    until: async (promise) => {
      promise.then(
        (value) => {
          handler = { value };
          plan();
        },
        (error: unknown) => {
          handler = { error };
          plan();
        },
      );
      await new Promise<void>((resolve) => {
        finish = resolve;
        if (over) resolve();
        else plan();
      });
      if (!over || "error" in over) throw over?.error;
      return over.value as never; // what the handler came to
    },
    onEnd: (stop) => void stops.push(stop),
  };
}
