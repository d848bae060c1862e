// One run of a request inside a query or a mutation. What such a function may not do (fetch, hash a
// password for long, wait) is asked of the HTTP action: the run stops, and is started again with answers.
// Must not know Better Auth.
import type { RequestMessage, ResponseMessage } from "./message.js";

/** Something only an action can find out. Equal questions have equal answers. */
export type Question =
  | (OfPassword & { readonly kind: "hashPassword"; readonly password: string })
  | (OfPassword & {
      readonly kind: "verifyPassword";
      readonly hash: string;
      readonly password: string;
    })
  | { readonly kind: "fetch"; readonly request: RequestMessage };

/** `isCustom`: auth.ts has a function of its own for it. */
type OfPassword = { readonly isCustom?: true };

export type Answer =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "flag"; readonly flag: boolean }
  | { readonly kind: "response"; readonly response: ResponseMessage }
  | { readonly kind: "failure"; readonly message: string };

export type Answered = { readonly question: Question; readonly answer: Answer };

/** A user's callback (an email, usually) that waits for the commit. `args` is JSON, see callbacks.ts. */
export type DeferredCallback = { readonly path: readonly string[]; readonly args: string };

/** How a run ended. Only `response` may leave anything behind in the database. */
export type Outcome =
  | {
      readonly kind: "response";
      readonly response: ResponseMessage;
      readonly callbacks: readonly DeferredCallback[];
      /** How long the answer has to be held back, in ms: a timing floor the handler asked for. */
      readonly delayMs: number;
    }
  /** `at`: how many answers the run had used before. */
  | { readonly kind: "ask"; readonly at: number; readonly question: Question }
  /** This kind of function cannot serve the request. */
  | { readonly kind: "escalate"; readonly to: "mutation" | "action"; readonly reason: string };

export type RequestRun = {
  readonly context: "query" | "mutation";
  /** True once something may have been written; such a run must be rolled back unless it answers. */
  readonly isDirty: () => boolean;
  readonly markDirty: () => void;
  /** True once user code holds a way to write that nobody sees: what was read before may have changed. */
  readonly isShared: () => boolean;
  readonly markShared: () => void;
  /** A transaction of Better Auth failed after a write: answer, but keep nothing. */
  readonly mustRollBack: () => boolean;
  readonly markFailed: () => void;
  /** Answers from an earlier run, or a promise that never settles while the run is being stopped. */
  readonly ask: (question: Question) => Promise<Answer>;
  readonly escalate: (to: "mutation" | "action", reason: string) => Promise<never>;
  readonly defer: (callback: DeferredCallback) => void;
  readonly delay: (ms: number) => void;
};

/**
 * Runs `handler` until it answers, asks something new, or turns out to need another kind of function.
 *
 * @example
 * const { outcome, run } = await runHandler({ context: "mutation", answered, handler });
 */
export async function runHandler({
  context,
  answered,
  handler,
}: {
  context: RequestRun["context"];
  answered: readonly Answered[];
  handler: (run: RequestRun) => Promise<ResponseMessage>;
}): Promise<{ outcome: Outcome; run: RequestRun }> {
  const { run, stopped, callbacks, delayMs } = createRun(context, answered);
  const answer = handler(run).then((response): Outcome => ({
    kind: "response",
    response,
    callbacks,
    delayMs: delayMs(),
  }));
  // The handler of a stopped run is left hanging, so it can neither log nor write any further.
  return { outcome: await Promise.race([stopped, answer]), run };
}

// --- internal ---

function createRun(context: RequestRun["context"], answered: readonly Answered[]) {
  let stop: (outcome: Outcome) => void = () => {};
  const stopped = new Promise<Outcome>((resolve) => (stop = resolve));
  const state = { dirty: false, shared: false, failed: false, asked: 0, delayMs: 0 };
  const callbacks: DeferredCallback[] = [];
  const never = new Promise<never>(() => {});

  const run: RequestRun = {
    context,
    isDirty: () => state.dirty,
    markDirty: () => void (state.dirty = true),
    isShared: () => state.shared,
    markShared: () => void (state.shared = true),
    mustRollBack: () => state.failed,
    markFailed: () => void (state.failed = true),
    ask: (question) => {
      const at = state.asked++;
      const known = answered[at];
      if (known && isSameQuestion(known.question, question)) return Promise.resolve(known.answer);
      stop({ kind: "ask", at, question });
      return never;
    },
    escalate: (to, reason) => {
      stop({ kind: "escalate", to, reason });
      return never;
    },
    defer: (callback) => void callbacks.push(callback),
    delay: (ms) => void (state.delayMs = Math.max(state.delayMs, ms)),
  };
  return { run, stopped, callbacks, delayMs: () => state.delayMs };
}

/** Two questions are the same when all they say is the same, whatever order it is said in. */
export function isSameQuestion(one: Question, other: Question): boolean {
  return fingerprint(one) === fingerprint(other);
}

function fingerprint(question: Question): string {
  // Convex sorts the members of what it passes on, so their order says nothing.
  if (question.kind !== "fetch") return JSON.stringify(Object.entries(question).sort());
  const { url, method, headers, body } = question.request;
  const bytes = body ? [...new Uint8Array(body)].join(",") : "";
  const sorted = headers.map((line) => line.join(":")).sort();
  return JSON.stringify([method, url, sorted, bytes]);
}
