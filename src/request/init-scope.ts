// What the code that runs now has to do with `init` of a plugin: which call of it, and what it may fetch there.
// http.ts loads it for every request, so what keeps track of the calls is in init.ts.
import type { Answer, Question } from "./journal.js";
import type { RandomSource } from "./random.js";
import { currentScope, scopeStorage } from "./scope.js";

export type FetchQuestion = Extract<Question, { kind: "fetch" }>;

/** Answers what `init` fetches once it has to be answered. Throws where it cannot be. */
export type AnswerInit = (
  question: FetchQuestion,
  perform: () => Promise<Answer>,
) => Promise<Answer>;

/** One call of one plugin's `init`. */
export type InitScope = {
  readonly fetch: AnswerInit;
  /** A write was only pretended. */
  readonly notePretended: () => void;
  /** True once what is logged is about something that was refused on purpose. */
  readonly isQuiet: () => boolean;
  /** Its own: how many bytes `init` draws depends on what it is answered. Undefined where nothing is drawn again. */
  readonly random?: RandomSource | undefined;
};

/** The call of `init` that the current code belongs to, if any. */
export function currentInit(): InitScope | undefined {
  return storage?.getStore();
}

/** Calls what makes an instance besides plugins: functions of the options. They are answered at once. */
export function withinInstance<T>(answer: AnswerInit, work: () => T): T {
  const scope: InitScope = { fetch: answer, notePretended: () => {}, isQuiet: () => false };
  return withinInit(scope, work);
}

/** Calls `work` as part of a call of `init`; as ever where the platform cannot tell what belongs to it. */
export function withinInit<T>(scope: InitScope, work: () => T): T {
  return storage ? storage.run(scope, work) : work();
}

/** True if what belongs to a call of `init` is known on this platform. */
export function canScopeInit(): boolean {
  return storage !== undefined;
}

/** The answer to what code of a plugin asks again after its `init` was refused it; undefined for all else. */
export function answerRefused(question: FetchQuestion): Promise<Answer> | undefined {
  const scope = currentScope();
  return scope?.kind === "run" && scope.wantsInit ? scope.run.refused(question)?.() : undefined;
}

// --- internal ---

const storage = scopeStorage<InitScope>();
