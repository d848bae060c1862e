// Better Auth binds an OAuth flow to the browser by a signed state cookie. A cross-domain app's browser
// has no such cookie at the callback; here the binding is checked when the session is handed over.
// Must not weaken flows of other clients: theirs keep Better Auth's own check.
import type { GenericEndpointContext } from "better-auth";
import { addOAuthServerContext } from "better-auth/api";
import { expireCookie, setRequestCookie } from "better-auth/cookies";
import { makeSignature } from "better-auth/crypto";

/** Marks the OAuth flow that this request may begin as one of a cross-domain client. */
export async function markCrossDomainFlow(): Promise<void> {
  await addOAuthServerContext({ [MARK]: true });
}

/** At a callback of a marked flow: the state cookie that the client holds in its own storage. */
export async function withStateCookie(
  ctx: GenericEndpointContext,
): Promise<{ context: { headers: Headers } } | undefined> {
  const { state } = ctx.query as Record<string, unknown>; // the hook's matcher saw a query
  if (typeof state !== "string" || !(await isMarked(ctx, state))) return undefined;
  const signature = await makeSignature(state, ctx.context.secret);
  const headers = new Headers(ctx.headers);
  setRequestCookie(headers, stateCookie(ctx).name, `${state}.${signature}`);
  return { context: { headers } };
}

/**
 * True where the caller began the flow: it sends the state cookie it was given then. Without this, a
 * link prepared by an attacker would sign a victim in as the attacker.
 */
export async function isFlowOfCaller(
  ctx: GenericEndpointContext,
  state: string | undefined,
): Promise<boolean> {
  if (state === undefined) return true;
  const cookie = stateCookie(ctx);
  const own = await ctx.getSignedCookie(cookie.name, ctx.context.secret);
  expireCookie(ctx, cookie);
  return own === state;
}

// --- internal ---

/** The row of `verification` that holds a state. Written out: older versions of Better Auth 1.7 export no such name. */
function stateIdentifier(state: string): string {
  return `auth-state:${state}`;
}

const MARK = "kitcnCrossDomain";

function stateCookie({ context }: GenericEndpointContext) {
  return context.createAuthCookie("state");
}

async function isMarked({ context }: GenericEndpointContext, state: string): Promise<boolean> {
  const identifier = stateIdentifier(state);
  const row = await context.internalAdapter.findVerificationValue(identifier);
  if (!row) return false;
  try {
    const { serverContext } = JSON.parse(row.value) as {
      serverContext?: Record<string, unknown> | undefined; // as Better Auth writes it
    };
    return serverContext?.[MARK] === true;
  } catch {
    // Not a state row of this Better Auth: then it is no flow of ours, and gets the ordinary check.
    return false;
  }
}
