// Limits per account, beside those per address: wrong passwords and wrong codes, from wherever they come. A try is
// taken before the check, and given back in the transaction of a success. Must not decide what an address may do.
import type { BetterAuthPlugin, GenericEndpointContext } from "better-auth";
import { APIError, createAuthMiddleware, getSessionFromCtx, isAPIError } from "better-auth/api";
import {
  ACCOUNT_NAMES,
  CODE_ENDPOINTS,
  isSignInPath,
  PASSWORD_SIGN_INS,
  type AccountName,
  type CodeOwner,
} from "../../better-auth/code-endpoints.js";
import type { LimitVerdict } from "../../request/journal.js";
import { currentRequest, currentScope } from "../../request/scope.js";
import { digestOf } from "../keys/digest.js";
import { ruleWithoutAddress, type LimitQuestion, type RateLimiter } from "./rate-limit.js";

/** The limit of wrong passwords for the account with this password hash; undefined outside of a sign-in. */
export async function signInLimit(hash: string): Promise<LimitQuestion | undefined> {
  // Whoever has a session already is not locked out by what others guess.
  return isSignIn() ? limitOf("", hash) : undefined;
}

/**
 * The same for a name without an account, so that the answers do not tell the two apart. Better Auth hashes the
 * password of such a sign-in, and checks none. Only the name that the endpoint looks up counts. If others did, one that
 * has no tries left would be refused beside a name without an account, and not beside one with an account.
 */
export async function missingAccountLimits(): Promise<LimitQuestion[]> {
  const request = currentRequest();
  const names = request && isSignIn() ? tries.get(request)?.names : undefined;
  return Promise.all((names ?? []).map((name) => limitOf("name|", name)));
}

/** @throws APIError 429, as the rate limits of Better Auth */
export function assertAllowed({ allowed, retryAfter }: LimitVerdict, message: string): void {
  if (allowed) return;
  throw new APIError(
    "TOO_MANY_REQUESTS",
    { message },
    retryAfter === null ? {} : { "X-Retry-After": String(retryAfter) },
  );
}

/** The plugin that takes a try before a code is checked, and limits by name what has no address to be limited by. */
export function accountLimits(limiter: RateLimiter) {
  const takeCode = async (request: object, owner: string) => {
    const limit = await limitOf("code|", owner);
    const taken = await limiter.take(limit);
    assertAllowed(taken, "Too many wrong codes. Please try again later.");
    tries.set(request, { ...tries.get(request), taken });
  };
  return {
    id: "kitcn-account-limits",
    hooks: {
      before: [
        {
          matcher: ({ path }) => path !== undefined && currentRequest() !== undefined,
          handler: createAuthMiddleware(async (ctx) => {
            const { path, context } = ctx;
            const body: unknown = ctx.body;
            const request = currentRequest();
            if (!request) return;
            const names = namesIn(body);
            const rule = ruleWithoutAddress();
            if (rule)
              for (const name of names) {
                const key = `name|${await digestOf(name)}|${path}`;
                assertAllowed(await limiter.take({ kind: "limit", key, ...rule }), TOO_MANY);
              }
            const signIn = PASSWORD_SIGN_INS[path];
            const asked = signIn === undefined ? names : namesIn(body, [signIn]);
            if (asked.length > 0) tries.set(request, { ...tries.get(request), names: asked });
            const owner = limiter.isOwn ? CODE_ENDPOINTS[path] : undefined;
            if (owner === undefined) return;
            if (owner !== "challenge") {
              const value = await ownerOf(ctx, owner);
              if (value !== undefined) await takeCode(request, value.toLowerCase());
              return;
            }
            const { internalAdapter } = context;
            // Better Auth asks for the user behind a challenge, and for nobody where there is a session.
            const findUserById: typeof internalAdapter.findUserById = async (id) => {
              const user = await internalAdapter.findUserById(id);
              if (user && !tries.get(request)?.taken) await takeCode(request, id);
              return user;
            };
            return { context: { context: { internalAdapter: { findUserById } } } };
          }),
        },
      ],
      after: [
        {
          matcher: ({ path }) => path !== undefined && path in CODE_ENDPOINTS,
          handler: createAuthMiddleware(async ({ context }) => {
            const request = currentRequest();
            const taken = request && tries.get(request)?.taken;
            if (taken && !isAPIError(context.returned)) await limiter.giveBack(taken);
          }),
        },
      ],
    },
  } satisfies BetterAuthPlugin;
}

// --- internal ---

/** Wrong passwords and wrong codes for one account: as many as Convex Auth allows. */
const FAILED_TRIES = { windowSeconds: 3600, max: 10 };

const TOO_MANY = "Too many requests. Please try again later.";

type Try = {
  /** Whose account a sign-in asks for, as its body says. */
  readonly names?: readonly string[];
  readonly taken?: LimitVerdict;
};

/** By the run, or by the action that serves the request itself. */
const tries = new WeakMap<object, Try>();

function isSignIn(): boolean {
  const scope = currentScope();
  const path = scope?.kind === "run" ? scope.run.path : scope?.path;
  return isSignInPath(path);
}

/** Each of these members of the body, which name an account. */
function namesIn(body: unknown, members: readonly AccountName[] = ACCOUNT_NAMES): string[] {
  return members.flatMap((member) => {
    const value = memberOf(body, member);
    return value === undefined ? [] : [`${member}|${value.toLowerCase()}`];
  });
}

/** Whose code the request gives, by address or number; undefined for a request without one. */
async function ownerOf(
  ctx: GenericEndpointContext,
  owner: Exclude<CodeOwner, "challenge">,
): Promise<string | undefined> {
  const body: unknown = ctx.body;
  if (memberOf(body, "otp") === undefined && memberOf(body, "code") === undefined) return undefined;
  if (owner !== "session") return memberOf(body, owner);
  const session = await getSessionFromCtx(ctx, { disableRefresh: true });
  return session?.user.email;
}

function memberOf(body: unknown, member: string): string | undefined {
  if (typeof body !== "object" || body === null) return undefined;
  const value: unknown = Reflect.get(body, member);
  return typeof value === "string" ? value : undefined;
}

async function limitOf(kind: "" | "name|" | "code|", account: string): Promise<LimitQuestion> {
  return { kind: "limit", key: `account|${kind}${await digestOf(account)}`, ...FAILED_TRIES };
}
