// Rate limits that count once. Better Auth decides which requests are limited; a try is taken before anything
// expensive, and stays taken whatever becomes of the request. Counts are rows of Better Auth's `rateLimit` model.
import type { BetterAuthOptions, DBAdapter } from "better-auth";
import type { LimitVerdict, Question } from "../request/journal.js";
import { currentScope } from "../request/scope.js";
import { countsInDatabase, LIMITS_MODEL } from "./limit-storage.js";
import type { AuthOptions } from "./types.js";

/** Wrong passwords for one account, from wherever they come: as many as Convex Auth allows. */
const FAILED_SIGN_INS = { windowSeconds: 3600, max: 10 };

export type RateLimiter = {
  /** The `rateLimit` option for Better Auth. */
  readonly options: NonNullable<BetterAuthOptions["rateLimit"]>;
  /** Takes one try. */
  readonly take: (limit: LimitQuestion) => Promise<LimitVerdict>;
};

export type LimitQuestion = Extract<Question, { kind: "limit" }>;

/**
 * Makes the limiter of one instance; undefined where the options switch limits off.
 *
 * @param adapter Better Auth's adapter of this instance
 */
export function createRateLimiter(
  options: AuthOptions,
  adapter: () => Promise<DBAdapter>,
): RateLimiter | undefined {
  const { rateLimit } = options;
  const foreign = rateLimit?.customStorage;
  // Better Auth counts in a secondary storage itself, where nothing of ours is rolled back.
  if (!rateLimit?.enabled || !(foreign || countsInDatabase(options))) return undefined;
  const perform = async ({ key, windowSeconds, max }: LimitQuestion): Promise<LimitVerdict> =>
    foreign
      ? foreign.consume(key, { window: windowSeconds, max })
      : takeRow(await adapter(), { key, windowSeconds, max });
  const take = (question: LimitQuestion) => takeOnce(question, { perform, isOwn: !foreign });
  return {
    take,
    options: {
      ...rateLimit,
      // A function keeps no memory between runs.
      storage: "database",
      customRules: { ...rateLimit.customRules, [EVERY_PATH]: exceptReads(rateLimit) },
      customStorage: {
        consume: (key, { window, max }) => take({ kind: "limit", key, windowSeconds: window, max }),
      },
    },
  };
}

/** The limit of wrong passwords for the account with this password hash; undefined outside of a sign-in. */
export async function signInLimit(hash: string): Promise<LimitQuestion | undefined> {
  const scope = currentScope();
  const path = scope?.kind === "run" ? scope.run.path : scope?.path;
  // Whoever has a session already is not locked out by what others guess.
  if (!path?.includes("/sign-in/")) return undefined;
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(hash));
  const account = [...new Uint8Array(digest.slice(0, 16))]
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("");
  return { kind: "limit", key: `account|${account}`, ...FAILED_SIGN_INS };
}

/** Gives one try back, in the transaction of the sign-in that succeeded. */
export async function giveBack(adapter: DBAdapter, { key }: LimitQuestion): Promise<void> {
  await adapter.incrementOne({
    model: LIMITS_MODEL,
    where: [
      { field: "key", value: key },
      { field: "count", operator: "gt", value: 0 },
    ],
    increment: { count: -1 },
  });
}

// --- internal ---

/** Better Auth takes the first rule that matches, so that the user's own come first. */
const EVERY_PATH = "/**";

/** Reads are not limited unless a rule names them: then they stay queries. */
function exceptReads({
  window = 10,
  max = 100,
  customRules,
}: NonNullable<AuthOptions["rateLimit"]>) {
  const own = customRules?.[EVERY_PATH];
  return async (request: Request, current: { window: number; max: number }) => {
    if (own !== undefined) return typeof own === "function" ? own(request, current) : own;
    const isRead = request.method === "GET" || request.method === "HEAD";
    const isDefault = current.window === window && current.max === max;
    return isRead && isDefault ? false : current;
  };
}

async function takeOnce(
  question: LimitQuestion,
  input: {
    readonly perform: (question: LimitQuestion) => Promise<LimitVerdict>;
    readonly isOwn: boolean;
  },
): Promise<LimitVerdict> {
  const scope = currentScope();
  if (scope?.kind !== "run") {
    const known = scope?.journal.recall(question)?.answer;
    return known?.kind === "verdict" ? known.verdict : input.perform(question);
  }
  const { run } = scope;
  const known = run.recall(question);
  if (known?.kind === "verdict") return known.verdict;
  if (run.context === "query") return run.escalate("mutation", "a rate limit counts");
  if (!input.isOwn || run.isDirty()) {
    // What is written after something else goes away with it: the action takes the try, by itself.
    const answer = await run.ask(question);
    return answer.kind === "verdict" ? answer.verdict : { allowed: false, retryAfter: null };
  }
  const verdict = await input.perform(question);
  run.noteLimit(question, { kind: "verdict", verdict });
  return verdict;
}

type LimitRow = { readonly count: number; readonly lastRequest: number };

/** Takes a try in steps that hold under concurrency: each write names what it expects to find. */
async function takeRow(
  adapter: DBAdapter,
  { key, windowSeconds, max }: { key: string; windowSeconds: number; max: number },
): Promise<LimitVerdict> {
  const ofKey = { field: "key", value: key };
  for (;;) {
    const row = await adapter.findOne<LimitRow>({ model: LIMITS_MODEL, where: [ofKey] });
    const now = Date.now();
    if (!row) {
      if (await isCreated(adapter, { key, count: 1, lastRequest: now })) return ALLOWED;
      continue;
    }
    const isOver = now - row.lastRequest >= windowSeconds * 1000;
    if (!isOver && row.count >= max)
      return {
        allowed: false,
        retryAfter: Math.ceil((row.lastRequest + windowSeconds * 1000 - now) / 1000),
      };
    const taken = await adapter.incrementOne({
      model: LIMITS_MODEL,
      where: [
        ofKey,
        { field: "count", value: row.count },
        { field: "lastRequest", value: row.lastRequest },
      ],
      increment: isOver ? {} : { count: 1 },
      set: isOver ? { count: 1, lastRequest: now } : { lastRequest: now },
    });
    if (!taken) continue;
    if (isOver) await dropOld(adapter, now - windowSeconds * 1000);
    return ALLOWED;
  }
}

const ALLOWED: LimitVerdict = { allowed: true, retryAfter: null };

/** False if another request made the row in between. */
async function isCreated(adapter: DBAdapter, data: LimitRow & { key: string }): Promise<boolean> {
  try {
    await adapter.create({ model: LIMITS_MODEL, data });
    return true;
  } catch (error) {
    const where = [{ field: "key", value: data.key }];
    if (await adapter.findOne({ model: LIMITS_MODEL, where })) return false;
    throw error;
  }
}

/** Some of the rows that nobody counts on any more. */
async function dropOld(adapter: DBAdapter, before: number): Promise<void> {
  const cutoff = before - FAILED_SIGN_INS.windowSeconds * 1000;
  await adapter.deleteMany({
    model: LIMITS_MODEL,
    where: [{ field: "lastRequest", operator: "lt", value: cutoff }],
  });
}
