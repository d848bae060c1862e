// The HTTP action's side of a request: starts runs in a query or a mutation, answers what they ask, and serves the
// request itself where no single transaction can. Every write of a served request is in one mutation: if the action
// is killed at any moment, all of the writes are there, or none.
//
// | a run ends with                           | in a query           | in a mutation (its writes roll back) |
// | ----------------------------------------- | -------------------- | ------------------------------------ |
// | a response (5xx rolls back as well)       | the response         | commits, then the response           |
// | a pure question (hash, verify)            | answered, next run   | answered, next run                   |
// | an effect (fetch, runAction) that cannot  | performed, next run  | performed, next run                  |
// |   know a row the run created              |                      |                                      |
// | an effect that may know one, 1st time     |                      | next run                             |
// | the same effect as in the run before      |                      | performed, next run                  |
// | one that comes while another, performed   | next run; if asked   | next run; if asked again: performed, |
// |   effect was not asked for again          | again: performed     | next run                             |
// | one that differs in four runs in a row,   | has that answer      | has that answer                      |
// |   at the address of such an effect        |                      |                                      |
// | one that differs, or names a created row: |                      |                                      |
// |   asked by an after-hook                  |                      | hook waits for the commit, next run  |
// |   asked by anything else                  |                      | the action serves                    |
// | `init` of a plugin wants it all (init.ts) | next run             | next run                             |
// | escalate                                  | mutation, or action  | the action serves                    |
//
// Every performed question stays in the journal, also when the action serves: it is never performed twice.
import { ConvexError, type Value } from "convex/values";
import type { KitcnError } from "../errors/error.js";
import { payloadTooLarge, tooManyConflicts } from "../errors/refusals.js";
import { hookNeedsDb, requestNeverSettles } from "../errors/request.js";
import type { Memory } from "../store/memory.js";
import { isConflict } from "../store/conflicts.js";
import {
  hasSameAddress,
  isEffect,
  isSameQuestion,
  nameOf,
  type Answer,
  type Entry,
  type Question,
} from "./journal.js";
import { loadRequest, toRequest, toResponse, type RequestMessage } from "./message.js";
import type { DeferredCallback, HookCall, Outcome, Replay } from "./run.js";
import type { OpenAnswers } from "./scope.js";
import { seal, SEAL_KEY_BYTES, unseal } from "./seal.js";
import { createWaiting, untilTime, type Waiting } from "./waiting.js";

/** What a run is called with. */
export type RequestCall = {
  readonly request: RequestMessage;
  readonly journal: readonly Entry[];
  readonly putOff: readonly HookCall[];
  /** What the run before has read, see `RunEnd`. */
  readonly memory?: Memory;
  /** Not in a query's first run: it would make every call of the query another one for Convex's cache. */
  readonly replay?: Replay;
  /** Seals what a mutation throws. Never given to a query, which throws no outcome. */
  readonly key?: ArrayBuffer;
};

export type Driver = {
  /** True for a request that the action had better serve itself. */
  readonly isForAction: (request: RequestMessage) => boolean | Promise<boolean>;
  /** Runs the request in a query or a mutation. May throw what `rolledBack` made. */
  readonly call: (context: "query" | "mutation", call: RequestCall) => Promise<Outcome>;
  /** Performs a question. */
  readonly answer: (question: Question, signal?: AbortSignal) => Promise<Answer>;
  /** Runs an after-hook that was put off until after the commit, with what runs have performed for it. */
  readonly callHook: (
    hook: DeferredCallback,
    played: { readonly journal: readonly Entry[]; readonly open: OpenAnswers },
  ) => Promise<void>;
  /** Serves the request in the action, one store call after the other, with what its runs have performed. */
  readonly serveInAction: (
    request: Request,
    played: {
      readonly journal: readonly Entry[];
      readonly replay: Replay;
      readonly open: OpenAnswers;
    },
  ) => Promise<Response>;
  /** The same for a request that `isForAction`; undefined, with nothing done, where runs serve it better after all. */
  readonly tryInAction: (request: Request, replay: Replay) => Promise<Response | undefined>;
};

/** A document takes 1 MiB, so nothing of such a body could be kept; Convex would fail on it. */
const MAX_BODY_BYTES = 1_000_000;

/** Of the seed of random.ts: a key of ChaCha20. */
const SEED_BYTES = 32;

/** What other requests write may change a question once or twice. More often, the code itself does. */
const MAX_CHANGES = 3;

/** More than nearly any flow asks for; one that never settles must not begin again forever. */
const MAX_RUNS = 32;

/**
 * Serves one request, in a query if it only reads, else in one mutation, else in the action.
 *
 * @throws whatever the handler throws; KitcnError `REQUEST_NEVER_SETTLES`, `HOOK_NEEDS_DB`
 */
export async function driveRequest(request: Request, driver: Driver): Promise<Response> {
  const waiting = createWaiting((question, signal) => driver.answer(question, signal));
  try {
    return await drive(request, { driver, waiting });
  } finally {
    waiting.end();
  }
}

async function drive(
  request: Request,
  { driver, waiting }: { readonly driver: Driver; readonly waiting: Waiting },
): Promise<Response> {
  const message = await loadRequest(request);
  if ((message.body?.byteLength ?? 0) > MAX_BODY_BYTES)
    return refusal(payloadTooLarge({ bytes: MAX_BODY_BYTES }), { status: 413 });
  const key = randomBytes(SEAL_KEY_BYTES);
  const replay: Replay = { startedAt: Date.now(), random: randomBytes(SEED_BYTES) };
  const journal: Entry[] = [];
  const putOff: HookCall[] = [];
  const serveInAction = () =>
    driver.serveInAction(toRequest(message), { journal, replay, open: waiting.open });
  if (await driver.isForAction(message)) {
    const response = await driver.tryInAction(toRequest(message), replay);
    if (response) return response;
  }
  let context: "query" | "mutation" = isRead(message) ? "query" : "mutation";
  let unconfirmed: Question | undefined;
  /** How many runs in a row have asked for something else than the run before. */
  let changes = 0;
  /** Positions of performed effects that no run asks for any more. */
  const strays = new Set<number>();
  let isReplaying = false;
  let memory: Memory | undefined;
  let unused = 0; // entries of the journal that the last run left

  for (let run = 0; run < MAX_RUNS; run++) {
    isReplaying ||= context === "mutation";
    const call: RequestCall = {
      ...{ request: message, journal, putOff },
      ...(isReplaying && { replay }),
      ...(context === "mutation" && { key }),
      ...(memory && { memory }),
    };
    memory = undefined;
    const ended = await outcomeOf(driver.call(context, call), key);
    // Convex gave up: too many requests want to change the same row. Nothing was written.
    if (ended === "conflict")
      return refusal(tooManyConflicts(), { status: 429, headers: { "X-Retry-After": "1" } });
    const { outcome, isRolledBack } = ended;
    const taken = await takenTries(outcome, { driver, isRolledBack });
    journal.push(...taken);
    // Others have taken the last try meanwhile: the run went on where the next one is refused.
    if (isRolledBack && taken.some(({ answer }) => isRefused(answer))) continue;
    if (outcome.kind === "response")
      return finish({ outcome, driver, journal, open: waiting.open, startedAt: replay.startedAt });
    if (outcome.kind === "escalate") {
      if (outcome.to === "action") return serveInAction();
      context = "mutation";
      continue;
    }
    const { question, hook, rows, isWaiting } = outcome;
    if (!isReplaying) {
      // From now on each run sees the same random bytes and the same time.
      isReplaying = true;
      if (isEffect(question)) continue;
    }
    const passed =
      isEffect(question) && !isWaiting ? straysIn(journal, { outcome, putOff, known: strays }) : [];
    const isConfirmed = unconfirmed !== undefined && isSameQuestion(unconfirmed, question);
    const isLike = (other: Question) => hasSameAddress(other, question);
    const isChanged = unconfirmed && !isConfirmed && rows !== "named" && isLike(unconfirmed);
    // Positions of the journal.
    const like = isChanged ? passed.find((at) => isLike(journal[at]!.question)) : undefined;
    if (like !== undefined && ++changes < MAX_CHANGES) {
      unconfirmed = question;
      continue;
    }
    if (like !== undefined) {
      // The same call in other words each time. It must not happen twice.
      journal[like] = { ...journal[like]!, isLoose: true }; // as above
      console.warn(`${nameOf(question)} differs from run to run. It was performed once.`);
      unconfirmed = undefined;
      continue;
    }
    // An effect must not tell the outside of rows that are rolled back. One that may know such a row is only
    // performed once two runs asked for the very same thing. So is one after another that was not asked again.
    const isDoubtful = rows !== "none" || passed.length > 0;
    if (isEffect(question) && isDoubtful && !isConfirmed && !isWaiting) {
      if (rows !== "named" && !unconfirmed) {
        unconfirmed = question;
        continue;
      }
      if (hook === undefined) return serveInAction();
      // An action has no database: there the hook would leave out what it wrote here, or fail after the response.
      if (outcome.needsDb) throw hookNeedsDb({ hook: hook.replace(/#.*/, "") });
      putOff.push(hook);
      unconfirmed = undefined;
      continue;
    }
    for (const at of passed) strays.add(at);
    unconfirmed = undefined;
    changes = 0;
    const { answer, elapsedMs } = await waiting.answer(outcome, replay.startedAt);
    // What is under way under another name is also answered under it.
    const isLoose =
      isWaiting && journal.some((one) => one.isLoose && isSameQuestion(one.question, question));
    journal.push({
      ...{ question, answer, elapsedMs },
      ...(hook !== undefined && { hook }),
      ...(isLoose && { isLoose }),
    });
    ({ memory } = outcome);
    unused = journal.length - 1 - outcome.used.length;
  }
  // It makes many calls, one after the other.
  if (unused * 2 < journal.length) return serveInAction();
  const path = new URL(message.url).pathname;
  throw requestNeverSettles({ method: message.method, path, runs: MAX_RUNS });
}

/** True for a request that asks, and changes nothing by itself. */
export function isRead({ method }: RequestMessage): boolean {
  return method === "GET" || method === "HEAD";
}

/** The error by which a mutation reports an outcome and undoes its writes. Nobody but the action can read it. */
export async function rolledBack(outcome: Outcome, key: ArrayBuffer): Promise<ConvexError<Value>> {
  // An outcome is plain data, but its types have no index signature.
  const sealed = await seal(outcome as unknown as Value, key);
  // Convex would put the data into the message.
  return Object.assign(new ConvexError<Value>({ kitcnOutcome: sealed }), {
    message:
      "The request starts again: what it needs next can only be done outside of a transaction.",
  });
}

// --- internal ---

function randomBytes(count: number): ArrayBuffer {
  return crypto.getRandomValues(new Uint8Array(count)).buffer;
}

/** As Better Auth's own errors, with a hint. */
function refusal({ code, hint, data }: KitcnError, init: ResponseInit): Response {
  return Response.json({ code, message: data.message, hint }, init);
}

async function outcomeOf(
  call: Promise<Outcome>,
  key: ArrayBuffer,
): Promise<{ outcome: Outcome; isRolledBack: boolean } | "conflict"> {
  try {
    return { outcome: await call, isRolledBack: false };
  } catch (error) {
    const data: unknown = error instanceof ConvexError ? error.data : undefined;
    if (typeof data === "object" && data !== null && "kitcnOutcome" in data) {
      // Made by rolledBack, the only writer of this member.
      const outcome = (await unseal(data.kitcnOutcome as ArrayBuffer, key)) as unknown as Outcome;
      return { outcome, isRolledBack: true };
    }
    if (isConflict(error)) return "conflict";
    throw error;
  }
}

/** Where the journal has effects that the run has passed without asking for them. */
function straysIn(
  journal: readonly Entry[],
  {
    outcome: { used },
    putOff,
    known,
  }: {
    readonly outcome: { readonly used: readonly number[] };
    readonly putOff: readonly HookCall[];
    readonly known: ReadonlySet<number>;
  },
): number[] {
  return journal.flatMap(({ question, hook }, at) => {
    const isOver = hook !== undefined && putOff.includes(hook);
    return isEffect(question) && !isOver && !used.includes(at) && !known.has(at) ? [at] : [];
  });
}

/** A try counts once, also when its run rolls back: then it is taken again, by itself. */
async function takenTries(
  { limits }: Outcome,
  { driver, isRolledBack }: { readonly driver: Driver; readonly isRolledBack: boolean },
): Promise<Entry[]> {
  const taken: Entry[] = [];
  for (const { question, answer: before } of limits) {
    const answer = isRolledBack ? await driver.answer(question) : before;
    taken.push({ question, answer, elapsedMs: 0 });
    if (isRefused(answer)) break;
  }
  return taken;
}

function isRefused(answer: Answer): boolean {
  return answer.kind === "verdict" && !answer.verdict.allowed;
}

async function finish({
  outcome,
  driver,
  journal,
  open,
  startedAt,
}: {
  outcome: Extract<Outcome, { kind: "response" }>;
  driver: Driver;
  journal: readonly Entry[];
  open: OpenAnswers;
  startedAt: number;
}): Promise<Response> {
  const left = journal.filter((_entry, at) => !outcome.used.includes(at));
  const { hooks } = outcome;
  for (const { call, ...hook } of hooks)
    // The action draws other random bytes.
    await driver.callHook(hook, {
      journal: left
        .filter((entry) => entry.hook === call)
        .map((entry) => ({ ...entry, isLoose: true })),
      open,
    });
  for (const { question, answer, hook } of left) {
    if (!isEffect(question) || answer.kind === "pending" || hooks.some(({ call }) => call === hook))
      continue;
    console.warn(
      `${nameOf(question)} was performed, and the run that was kept did not ask for it.`,
    );
  }
  const isOver = ({ question, answer, hook }: Entry) =>
    answer.kind !== "pending" ||
    hooks.some(({ call }) => call === hook) ||
    journal.some((one) => one.answer.kind !== "pending" && isSameQuestion(one.question, question));
  const unanswered = journal.filter((entry) => !isOver(entry));
  for (const name of new Set(unanswered.map(({ question }) => nameOf(question))))
    console.warn(`${name} had not answered when its request ended, and was given up.`);
  if (outcome.delayMs > 0) await untilTime(startedAt + outcome.delayMs);
  return toResponse(outcome.response);
}
