// What the code that runs now belongs to: a run of a request, the action that serves one, or neither.
// Must not patch or perform anything.
import { isEffect } from "./is-effect.js";
import type { Answer, JournalReader, Question } from "./journal.js";
import type { RandomSource } from "./random.js";
import type { HookCall, RequestRun } from "./run.js";

/** A run in a query or mutation, or a request that the action serves with the journal of its runs. */
export type RequestScope =
  | {
      readonly kind: "run";
      readonly run: RequestRun;
      readonly hook?: HookCall;
      /** Set while code of a plugin works whose `init` was refused something: it may not act on the outside. */
      readonly wantsInit?: () => Promise<never>;
    }
  | {
      readonly kind: "action";
      /** The path of the request's URL. */
      readonly path: string;
      readonly journal: JournalReader;
      /** The after-hook that the current code belongs to. */
      readonly hook?: HookCall;
      /** The answer to come of a question that is under way. */
      readonly open?: OpenAnswers | undefined;
      readonly random: RandomSource | undefined;
      /** As `RequestRun.noteFailure`. */
      readonly noteFailure: (error: unknown) => void;
      /**
       * Leaves the request to its runs: called before anything is written, and before anything outside is called. Set
       * for a request that a cookie may answer.
       */
      readonly giveUp?: (() => Promise<never>) | undefined;
    };

export type OpenAnswers = (question: Question) => Promise<Answer> | undefined;

/** What belongs to an asynchronous call chain. */
export type ScopeStorage<Scope> = {
  getStore(): Scope | undefined;
  run<T>(scope: Scope | undefined, work: () => T): T;
};

/** The scope of the current asynchronous call chain, if any. */
export function currentScope(): RequestScope | undefined {
  return scopes.getStore();
}

/** What stands for the request that is served: one object per run, or one for the action that serves it. */
export function currentRequest(): object | undefined {
  const scope = currentScope();
  return scope?.kind === "run" ? scope.run : scope;
}

/** The run of the current asynchronous call chain, if any. */
export function currentRun(): RequestRun | undefined {
  const scope = currentScope();
  return scope?.kind === "run" ? scope.run : undefined;
}

/** What random bytes are drawn from, where they are the same in each run of a request. */
export function currentRandom(): RandomSource | undefined {
  const scope = currentScope();
  return scope?.kind === "run" ? scope.run.random : scope?.random;
}

/** Leaves the request to its runs; undefined where that cannot be, or can no longer be. */
export function leaveToRuns(): (() => Promise<never>) | undefined {
  const scope = currentScope();
  return scope?.kind === "action" ? scope.giveUp : undefined;
}

/** Calls `work` as part of a scope; with undefined, as part of none. */
export function enterScope<T>(scope: RequestScope | undefined, work: () => T): T {
  return scopes.run(scope, work);
}

/** Calls `work` as one call of an after-hook: what it asks is known to come from there. */
export function withinHook<T>(hook: HookCall, work: () => T): T {
  const scope = currentScope();
  // Of nested hooks the outer one is put off, and the inner one with it.
  if (!scope || scope.hook !== undefined) return work();
  return enterScope({ ...scope, hook }, work);
}

/** Calls `work` as no part of an after-hook: what it does works in the action, too. */
export function withoutHook<T>(work: () => T): T {
  const scope = currentScope();
  if (scope?.hook === undefined) return work();
  const { hook: _hook, ...others } = scope;
  return enterScope(others, work);
}

/** Calls `work` as code of a plugin whose `init` is not complete: before it acts on the outside, `wantsInit` is called. */
export function withoutInit<T>(wantsInit: () => Promise<never>, work: () => T): T {
  const scope = currentScope();
  return scope?.kind === "run" ? enterScope({ ...scope, wantsInit }, work) : work();
}

/** The callback, bound to the scope and to every other asynchronous context that it was made in. */
export function bindContext(callback: () => void): () => void {
  const { bind } = AsyncStorage ?? {};
  return bind ? bind.call(AsyncStorage, callback) : callback;
}

/**
 * Gets an answer from the journal of the current scope. A run asks the action for what the journal lacks; an
 * action, and code outside every request, performs it.
 */
export async function answerOf(
  question: Question,
  perform: () => Promise<Answer>,
  signal?: AbortSignal,
): Promise<Answer> {
  const scope = currentScope();
  if (scope?.kind === "run") {
    if (scope.wantsInit && isEffect(question)) return scope.wantsInit();
    return scope.run.ask(question, scope.hook, signal);
  }
  let underWay: Question | undefined;
  for (;;) {
    const known = scope?.journal.recall(question, scope.hook);
    if (!known) return (underWay && scope?.open?.(underWay)) ?? perform();
    if (known.answer.kind !== "pending") return known.answer;
    underWay = known.question;
  }
}

/**
 * For what only an action may do, and whose result cannot travel: moves the request of the current run
 * there, and never returns. Outside a run it does nothing.
 */
export async function needsAction(reason: string): Promise<void> {
  await currentRun()?.escalate("action", reason);
}

/** A storage of its own, which knows nothing of the others; undefined on a platform that has none. */
export function scopeStorage<Scope>(): ScopeStorage<Scope> | undefined {
  // A new storage holds whatever its only user puts into it.
  return AsyncStorage && (new AsyncStorage() as ScopeStorage<Scope>);
}

// --- internal ---

type StorageClass = (new () => ScopeStorage<unknown>) & {
  bind?: (work: () => void) => () => void;
};

const AsyncStorage = findAsyncLocalStorage();
const scopes = scopeStorage<RequestScope>() ?? singleScopeStorage();

/** Convex has AsyncLocalStorage as a global since 1.39; under Node (tests) it is a builtin module. */
function findAsyncLocalStorage(): StorageClass | undefined {
  const host = globalThis as {
    AsyncLocalStorage?: StorageClass;
    process?: { getBuiltinModule?: (id: string) => { AsyncLocalStorage: StorageClass } };
  };
  return (
    host.AsyncLocalStorage ?? host.process?.getBuiltinModule?.("node:async_hooks").AsyncLocalStorage
  );
}

/** Right wherever an isolate serves one query or mutation at a time. */
function singleScopeStorage(): ScopeStorage<RequestScope> {
  let current: RequestScope | undefined;
  return {
    getStore: () => current,
    run: (scope, work) => {
      current = scope;
      return work();
    },
  };
}
