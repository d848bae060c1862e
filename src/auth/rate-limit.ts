// Rate limits that count once. Better Auth decides which requests are limited; a try is taken before anything
// expensive, and stays taken whatever becomes of the request. Counts are rows of Better Auth's `rateLimit` model.
import type { BetterAuthOptions, DBAdapter } from "better-auth";
import { getIP } from "better-auth/api";
import type { LimitVerdict, Question } from "../request/journal.js";
import { currentRequest, currentScope } from "../request/scope.js";
import { DEFAULT_BASE_PATH, trimBasePath } from "./base-path.js";
import { ruleOfKind } from "./limit-kinds.js";
import { countsInDatabase, LIMITS_MODEL } from "./limit-storage.js";
import type { AuthOptions } from "./types.js";

export type RateLimiter = {
  /** The `rateLimit` option for Better Auth. */
  readonly options: NonNullable<BetterAuthOptions["rateLimit"]>;
  /** Takes one try. */
  readonly take: (limit: LimitQuestion) => Promise<LimitVerdict>;
  /** True where the counts are rows of the database, so that a try can be given back. */
  readonly isOwn: boolean;
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
  const rules = Object.entries({ ...rateLimit.customRules, [EVERY_PATH]: ofKinds(options) });
  return {
    take,
    isOwn: !foreign,
    options: {
      ...rateLimit,
      // A function keeps no memory between runs.
      storage: "database",
      customRules: Object.fromEntries(
        rules.map(([path, rule]) => [path, withAddress(rule, options)]),
      ),
      customStorage: {
        consume: (key, { window, max }) => take({ kind: "limit", key, windowSeconds: window, max }),
      },
    },
  };
}

/**
 * The rule of a request whose address nobody knows: Better Auth would count it together with all others of that kind.
 * Undefined for a request with an address, and for one that is not limited.
 */
export function ruleWithoutAddress(): LimitRule | undefined {
  const request = currentRequest();
  return request && withoutAddress.get(request);
}

// --- internal ---

/** Better Auth takes the first rule that matches, so that the user's own come first. */
const EVERY_PATH = "/**";

type LimitRule = Pick<LimitQuestion, "windowSeconds" | "max">;
type Rules = NonNullable<NonNullable<AuthOptions["rateLimit"]>["customRules"]>;
type Rule = Rules[string];

const withoutAddress = new WeakMap<object, LimitRule>();

/** The rule for requests with an address; of one without, it is remembered for `ruleWithoutAddress`. */
function withAddress(rule: Rule, options: AuthOptions): Rule {
  return async (request, current) => {
    const resolved = typeof rule === "function" ? await rule(request, current) : rule;
    const scope = currentRequest();
    // BetterAuthOptions have nothing more about addresses than these.
    const isAddressed = getIP(request, options as BetterAuthOptions) !== null;
    if (resolved === false || isAddressed || !scope) return resolved;
    const { window, max } = resolved ?? current;
    withoutAddress.set(scope, { windowSeconds: window, max });
    return false;
  };
}

/**
 * Where Better Auth has only its general rule, the kind of the endpoint decides; reads of no kind are not limited.
 * Then they stay queries.
 */
function ofKinds({ rateLimit = {}, basePath = DEFAULT_BASE_PATH }: AuthOptions): Rule {
  const { window = 10, max = 100, customRules } = rateLimit;
  const own = customRules?.[EVERY_PATH];
  return async (request, current) => {
    if (own !== undefined) return typeof own === "function" ? own(request, current) : own;
    if (current.window !== window || current.max !== max) return current;
    const path = new URL(request.url).pathname.slice(trimBasePath(basePath).length);
    const ofKind = ruleOfKind(path);
    // An app that allows fewer requests in general means these, too.
    if (ofKind) return ofKind.max / ofKind.window < max / window ? ofKind : current;
    return request.method === "GET" || request.method === "HEAD" ? false : current;
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

/** Of our own limits. Those of the options are kept as long, after their window is over. */
const LONGEST_SECONDS = 3600;

/** So few that no request pays for what a stranger has piled up, and more than one request adds. */
const DROPPED_AT_ONCE = 20;

/** Some of the rows that nobody counts on any more: the path is part of a key, and anybody may make paths up. */
async function dropOld(adapter: DBAdapter, before: number): Promise<void> {
  const cutoff = before - LONGEST_SECONDS * 1000;
  const old = await adapter.findMany<{ id: string }>({
    model: LIMITS_MODEL,
    where: [{ field: "lastRequest", operator: "lt", value: cutoff }],
    limit: DROPPED_AT_ONCE,
  });
  if (old.length === 0) return;
  await adapter.deleteMany({
    model: LIMITS_MODEL,
    where: [{ field: "id", operator: "in", value: old.map(({ id }) => id) }],
  });
}
