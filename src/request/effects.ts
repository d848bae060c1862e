// Routes what a query or mutation may not do to the run it belongs to: fetch, timers, the clock, new keys. Patches
// globals once per isolate; outside a run, and outside an action that serves a request, they behave as before.
import { hexOf } from "../bytes.js";
import {
  answerOf,
  bindContext,
  currentRandom,
  currentRun,
  currentScope,
  enterScope,
  leaveToRuns,
  needsAction,
  type OpenAnswers,
} from "./scope.js";
import { answerRefused, currentInit } from "./init-scope.js";
import { fetchArguments, loadAnswer, toError } from "./answers.js";
import { noteCall } from "./background.js";
import { readJournal, type Entry, type FetchOptions } from "./journal.js";
import { loadRequest, toResponse } from "./message.js";
import { randomSource } from "./random.js";
import { bytesAnswer, bytesOf, cryptoQuestion, drawsRandomness, noteImport } from "./signatures.js";
import { never } from "./never.js";
import type { Replay, RequestRun } from "./run.js";

/** Calls `work` as part of a run: its fetches are asked of the action, its timers follow the run's clock. */
export function withinRun<T>(run: RequestRun, work: () => Promise<T>): Promise<T> {
  patchGlobals();
  return enterScope({ kind: "run", run }, work);
}

/** Calls `work` in an action that serves the request itself: what its runs have performed is not done again. */
export function withinAction<T>(
  {
    path,
    journal,
    replay,
    open,
    noteFailure,
    giveUp,
  }: {
    readonly path: string;
    readonly journal: readonly Entry[];
    readonly replay: Replay | undefined;
    readonly open?: OpenAnswers | undefined;
    readonly noteFailure: (error: unknown) => void;
    readonly giveUp?: (() => Promise<never>) | undefined;
  },
  work: () => Promise<T>,
): Promise<T> {
  patchGlobals();
  const random = replay && randomSource(new Uint8Array(replay.random));
  const scope = {
    kind: "action",
    path,
    journal: readJournal(journal, { isServing: true }),
    random,
    open,
    noteFailure,
    giveUp,
  } as const;
  return enterScope(scope, work);
}

/** Makes known to `withCalls` what is called. Does nothing the second time. */
export function patchForCalls(): void {
  replace(globalThis, "fetch", (real) => fetchOver(real as typeof fetch)); // the global of that name
  const { Convex } = globalThis as { Convex?: object };
  if (Convex) replace(Convex, "asyncSyscall", syscallOver);
}

/** Makes what `init` of a plugin fetches and logs known to `currentInit`. Does nothing the second time. */
export function patchForInit(): void {
  replace(globalThis, "fetch", (real) => fetchOver(real as typeof fetch)); // as above
  for (const name of ["error", "warn", "info", "log", "debug"] as const)
    replace(
      console,
      name,
      (real) =>
        (...args) =>
          currentInit()?.isQuiet() ? undefined : real(...args),
    );
}

// --- internal ---

type AnyFunction = (...args: unknown[]) => unknown;

/** Every replacement that is in use. */
const replacements = new WeakSet<object>();

/**
 * Replaces a function of a global object. Does nothing where it is replaced already; a test may have put something
 * else in its place since, which is replaced in turn.
 */
function replace(holder: object, name: string, make: (real: AnyFunction) => AnyFunction): void {
  const current: unknown = Reflect.get(holder, name);
  if (typeof current !== "function" || replacements.has(current)) return;
  // Checked to be callable above; methods keep the object they belong to.
  const replacement = make((...args) => Reflect.apply(current, holder, args) as unknown);
  replacements.add(replacement);
  Reflect.set(holder, name, replacement);
}

function patchGlobals(): void {
  patchForCalls();
  patchKept();
}

/** Replaces what code can keep when its module loads. */
function patchKept(): void {
  patchForInit();
  for (const name of ["setTimeout", "setInterval"] as const)
    replace(globalThis, name, (real) => timerOver(real, { repeats: name === "setInterval" }));
  for (const name of ["clearTimeout", "clearInterval"] as const)
    replace(globalThis, name, clearOver);
  replaceTimeoutSignal();
  replaceDate();
  // Older platforms have none. Its zero is the request's beginning, the same in each run.
  const { performance } = globalThis as { performance?: object };
  if (performance)
    replace(performance, "now", (real) => () => currentRun()?.clock.elapsedMs() ?? real());
  replaceRandomness();
  for (const name of SUBTLE_METHODS) replace(crypto.subtle, name, (real) => subtleOver(real, name));
}

function fetchOver(realFetch: typeof fetch): AnyFunction {
  const over: typeof fetch = async (input, init) => {
    const scope = currentScope();
    const initial = currentInit();
    const leave = initial ? undefined : leaveToRuns();
    if (leave) return leave();
    const isFirstTime = scope?.kind === "action" && scope.journal.isEmpty();
    if (!initial && (!scope || isFirstTime)) return realFetch(input, init);
    // As fetch does: what is aborted already is not sent. Convex ends a function that reads `redirect` of a Request.
    const signal = init?.signal ?? (input instanceof Request ? input.signal : undefined);
    if (signal?.aborted) throw signal.reason as Error; // whatever the caller of abort() gave
    // Convex's Request does not tell how to redirect: its fetch reads that from the second argument only.
    const options: FetchOptions = init?.redirect ? { redirect: init.redirect } : {};
    const request = await loadRequest(new Request(input, init));
    const question = { kind: "fetch", request, options } as const;
    const perform = () =>
      loadAnswer(() => realFetch(...fetchArguments({ request, options }, signal)));
    const asked = initial
      ? initial.fetch(question, perform)
      : (answerRefused(question) ?? answerOf(question, perform, signal));
    const answer = await untilAborted(asked, signal);
    if (answer.kind === "response") return toResponse(answer.response);
    throw toError(answer);
  };
  const noted: typeof fetch = (input, init) => {
    const answer = over(input, init);
    if (!currentRun()) noteCall(answer);
    return answer;
  };
  return noted as AnyFunction; // its callers know its arguments
}

/** As fetch: an aborted signal rejects with its reason. */
function untilAborted<T>(work: Promise<T>, signal: AbortSignal | null | undefined): Promise<T> {
  if (!signal) return work;
  const aborted = new Promise<never>((_resolve, reject) => {
    // A reason is whatever the caller of abort() gave.
    const give = () => reject(signal.reason as Error);
    if (signal.aborted) give();
    else signal.addEventListener("abort", give);
  });
  return Promise.race([work, aborted]);
}

function timerOver(real: AnyFunction, { repeats }: { repeats: boolean }): AnyFunction {
  return (callback, ms, ...args) => {
    const run = currentRun();
    if (!run || typeof callback !== "function") return real(callback, ms, ...args);
    const call = bindContext(() => void Reflect.apply(callback, undefined, args));
    return run.clock.setTimer(call, Number(ms ?? 0), { repeats });
  };
}

/** In a run, an id that is no timer's is one that has fired or was never set: there is nothing to take back. */
function clearOver(real: AnyFunction): AnyFunction {
  return (id) => {
    const run = currentRun();
    // Node's own timers are objects; a query or a mutation of Convex refuses to be asked for any.
    if (!run || (typeof id === "object" && id !== null)) real(id);
    else if (typeof id === "number") run.clock.clearTimer(id);
  };
}

function replaceTimeoutSignal(): void {
  const current = Reflect.get(AbortSignal, "timeout") as AnyFunction | undefined; // older platforms have none
  if (current && replacements.has(current)) return;
  const timeout: AnyFunction = (ms) => {
    if (!currentRun() && current) return Reflect.apply(current, AbortSignal, [ms]) as unknown;
    const controller = new AbortController();
    const reason = new DOMException("The operation was aborted due to timeout", "TimeoutError");
    setTimeout(() => controller.abort(reason), Number(ms));
    return controller.signal;
  };
  replacements.add(timeout);
  Reflect.set(AbortSignal, "timeout", timeout);
}

/** `Date.now()` and `new Date()` follow the clock of a run; everything else of Date stays. */
function replaceDate(): void {
  const RealDate = globalThis.Date;
  if (replacements.has(RealDate)) return;
  const now = () => currentRun()?.clock.now() ?? RealDate.now();
  const RunDate: DateConstructor = new Proxy(RealDate, {
    get: (target, name, receiver) =>
      name === "now" ? now : (Reflect.get(target, name, receiver) as unknown),
    apply: () => new RealDate(now()).toString(),
    construct: (target, args: unknown[], maker) =>
      Reflect.construct(
        target,
        args.length === 0 ? [now()] : args,
        maker === RunDate ? target : maker,
      ) as Date, // made by Date itself
  });
  replacements.add(RunDate);
  globalThis.Date = RunDate;
  RealDate.prototype.constructor = RunDate;
}

function replaceRandomness(): void {
  const fill = (bytes: Uint8Array): boolean => {
    const source = currentInit()?.random ?? currentRandom();
    source?.fill(bytes);
    return source !== undefined;
  };
  replace(crypto, "getRandomValues", (real) => (view) => {
    if (!ArrayBuffer.isView(view)) return real(view);
    const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
    return fill(bytes) ? view : real(view);
  });
  replace(crypto, "randomUUID", (real) => (...args) => {
    const bytes = new Uint8Array(16);
    return fill(bytes) ? uuidOf(bytes) : real(...args);
  });
  replace(Math, "random", (real) => () => {
    const bytes = new Uint8Array(4);
    return fill(bytes) ? new DataView(bytes.buffer).getUint32(0) / 2 ** 32 : real();
  });
}

/** RFC 9562, version 4. */
function uuidOf(bytes: Uint8Array): string {
  const marked = bytes.map((byte, at) =>
    at === 6 ? (byte & 15) | 64 : at === 8 ? (byte & 63) | 128 : byte,
  );
  return hexOf(marked).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

const SUBTLE_METHODS = [
  ...["generateKey", "importKey", "exportKey", "deriveBits", "deriveKey", "digest"],
  ...["encrypt", "decrypt", "sign", "verify", "wrapKey", "unwrapKey"],
];

/** Only an action may make a key, or sign with random bytes; the clock of a run waits for everything else. */
function subtleOver(real: AnyFunction, method: string): AnyFunction {
  // Every method of SubtleCrypto is asynchronous.
  const call = (args: unknown[]) => real(...args) as Promise<unknown>;
  return async (...args) => {
    if (method === "generateKey") await needsAction("a key is generated");
    if (currentScope() && drawsRandomness(method, args[0])) {
      const question = cryptoQuestion(method, args);
      if (question) return bytesOf(await answerOf(question, () => bytesAnswer(call(args))));
      await needsAction("a key that was not imported signs or encrypts");
    }
    const run = currentRun();
    const result = await (run ? run.busyWith(call(args)) : call(args));
    if (method === "importKey") noteImport(result, args);
    return result;
  };
}

/**
 * Everything a function asks of Convex passes here. A run's clock waits for it, and a stopped run gets no answer
 * any more: a branch that goes on in parallel can neither read nor write.
 */
function syscallOver(real: AnyFunction): AnyFunction {
  return (...args) => {
    const run = currentRun();
    if (run?.isStopped()) return never();
    const work = real(...args) as Promise<unknown>; // asynchronous, as its name says
    if (run) return run.busyWith(work);
    noteCall(work);
    return work;
  };
}

// A client that auth.ts makes beside its options, as of Stripe, keeps the `fetch` and the timers that it finds then. It is
// made after this module, and before the first run.
if ("Convex" in globalThis) patchKept();
