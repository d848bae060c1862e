// Rate limits that count once. Better Auth decides which requests are limited; a try is taken before anything
// expensive, and stays taken whatever becomes of the request. Counts are rows of Better Auth's `rateLimit` model.
import type { BetterAuthOptions } from "better-auth";
import { getIP } from "better-auth/api";
import type { LimitVerdict, Question } from "../../request/journal.js";
import { currentRequest, currentRun, currentScope } from "../../request/scope.js";
import type { LimitInput, LimitResult } from "../../store/limit.js";
import { DEFAULT_BASE_PATH, trimBasePath } from "../http/base-path.js";
import { digestOf } from "../keys/digest.js";
import type { AuthOptions } from "../types.js";
import { ruleOfKind } from "../../better-auth/limit-kinds.js";
import type { DropLater } from "./drop-later.js";
import { countsInDatabase, LIMITS_MODEL } from "./limit-storage.js";

export type RateLimiter = {
  /** The `rateLimit` option for Better Auth. */
  readonly options: NonNullable<BetterAuthOptions["rateLimit"]>;
  /** Takes one try. */
  readonly take: (limit: LimitQuestion) => Promise<LimitVerdict>;
  /** Gives a try that was taken back, in the transaction of what succeeded. Does nothing unless the limits are own. */
  readonly giveBack: (taken: LimitVerdict) => Promise<void>;
  /** True where the counts are rows of the database, so that a try can be given back. */
  readonly isOwn: boolean;
};

export type LimitQuestion = Extract<Question, { kind: "limit" }>;

/** Where the counts are. */
export type LimitCounts = {
  /** Takes a try or gives one back, in one transaction: that of the request, or in an action one of its own. */
  readonly perform: (input: LimitInput) => Promise<LimitResult>;
  /** Has rows that are older than `before` dropped after a while. Undefined where nothing can be scheduled. */
  readonly dropLater?: DropLater | undefined;
};

/** Makes the limiter of one instance; undefined where the options switch limits off. */
export function createRateLimiter(
  options: AuthOptions,
  counts: LimitCounts,
): RateLimiter | undefined {
  const { rateLimit } = options;
  const foreign = rateLimit?.customStorage;
  // Better Auth counts in a secondary storage itself, where nothing of ours is rolled back.
  if (!rateLimit?.enabled || !(foreign || countsInDatabase(options))) return undefined;
  const keptSeconds = keptSecondsOf(options);
  const perform = async (question: LimitQuestion): Promise<LimitVerdict> => {
    const { key, windowSeconds, max } = question;
    if (foreign) return foreign.consume(key, { window: windowSeconds, max });
    return takeRow(counts, question, keptSeconds);
  };
  const take = (question: LimitQuestion) => takeOnce(question, { perform, isOwn: !foreign });
  const rules = Object.entries({ ...rateLimit.customRules, [EVERY_PATH]: ofKinds(options) });
  return {
    take,
    giveBack: async ({ row }) => {
      if (!row) return;
      // A run that goes on to ask something is made again, and gives the try back again.
      currentRun()?.markDirty();
      await counts.perform({ model: LIMITS_MODEL, giveBack: row });
    },
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

async function takeRow(
  { perform, dropLater }: LimitCounts,
  { key, windowSeconds, max }: LimitQuestion,
  keptSeconds: number,
): Promise<LimitVerdict> {
  const now = Date.now();
  const take = { key: await shortKey(key), windowMs: windowSeconds * 1000, max, now };
  const result = await perform({ model: LIMITS_MODEL, take });
  if ("retryAfterMs" in result)
    return { allowed: false, retryAfter: Math.ceil(result.retryAfterMs / 1000) };
  if (now % DROPS_EVERY_MS === DROPS_AT_MS)
    await dropLater?.({ ...OLD_COUNTS, before: now, afterMs: keptSeconds * 1000 });
  return { allowed: true, retryAfter: null, row: result.row };
}

/**
 * A stranger chooses the path that is part of a key. What drops old rows drops many in one transaction, which long rows
 * would not fit into, then or ever.
 */
async function shortKey(key: string): Promise<string> {
  return key.length <= MAX_KEY_LETTERS ? key : `${key.slice(0, 100)}~${await digestOf(key)}`;
}

const MAX_KEY_LETTERS = 200;

/**
 * About one try in as many has old rows dropped. Not at random: a run would draw other bytes than the run before it.
 */
const DROPS_EVERY_MS = 211;
const DROPS_AT_MS = 97;

const OLD_COUNTS = { model: LIMITS_MODEL, field: "lastRequest" };

/** How long rows are kept: as long as the longest window there is, which for a rule that is a function is a guess. */
function keptSecondsOf({ rateLimit = {}, plugins = [] }: AuthOptions): number {
  const { window = 10, customRules = {} } = rateLimit;
  const rules = [
    ...Object.values(customRules),
    ...plugins.flatMap(({ rateLimit: ofPlugin = [] }) => ofPlugin),
  ];
  const windows = rules.map((rule) =>
    typeof rule === "function" ? A_DAY : rule === false ? 0 : rule.window,
  );
  return Math.max(AN_HOUR, window, ...windows);
}

/** As long as our own limits by account. */
const AN_HOUR = 3600;
const A_DAY = 24 * AN_HOUR;
