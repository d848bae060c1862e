// The OAuth flows of cross-domain clients. Their state cookie is in the client's own storage, so a browser that
// arrives at the callback proves nothing: the callback only passes on what the provider said, sealed, and runs
// when the client sends it together with that cookie. Must not weaken any check of Better Auth.
import type { GenericEndpointContext } from "better-auth";
import { addOAuthServerContext, APIError } from "better-auth/api";
import { flowIdentifier } from "../better-auth/rows.js";
import { isCrossDomain } from "./headers.js";
import { sealCallback } from "./sealed.js";
import { ONE_TIME_TOKEN_PARAM } from "./set-cookie.js";

/** Marks the OAuth flow that this request may begin as one of a cross-domain client. */
export async function markCrossDomainFlow(): Promise<void> {
  await addOAuthServerContext({ [MARK]: true });
}

/**
 * A callback of a marked flow that a browser opens does nothing but lead back to the app. One that a
 * cross-domain client sends is Better Auth's, where the client holds the flow's state cookie.
 *
 * @throws APIError the redirect, or `UNAUTHORIZED`
 */
export async function holdBack(ctx: GenericEndpointContext): Promise<void> {
  const { state } = ctx.query as Record<string, unknown>; // the hook's matcher saw a query
  if (typeof state !== "string") return;
  const flow = await loadFlow(ctx, state);
  if (isCrossDomain(ctx.headers)) {
    // Checked here as well: `account.skipStateCookieCheck` must not open these flows.
    if (flow && (await holdsCookie(ctx, "state", state))) return;
    throw linkNoLongerValid();
  }
  if (!flow?.isMarked || !ctx.request) return;
  // Trusted when the flow began; where it is not any more, Better Auth refuses the state.
  if (!ctx.context.isTrustedOrigin(flow.callbackURL)) return;
  const target = new URL(flow.callbackURL);
  const sealed = await sealCallback(ctx.context, new URL(ctx.request.url));
  target.searchParams.set(ONE_TIME_TOKEN_PARAM, sealed);
  throw ctx.redirect(target.toString());
}

/**
 * What to change where `oAuthProxy()` ends a flow: Better Auth asks for no state cookie there, so whoever opens the
 * link would finish it. A marked flow is not found; its client cannot send its cookie to that place.
 */
export function withoutMarkedFlows({ context: { internalAdapter } }: GenericEndpointContext) {
  const findVerificationValue: typeof internalAdapter.findVerificationValue = async (id) => {
    const row = await internalAdapter.findVerificationValue(id);
    const isMarked = row && id.startsWith(flowIdentifier("")) && isMarkedState(row.value);
    return isMarked ? null : row;
  };
  return { context: { context: { internalAdapter: { findVerificationValue } } } };
}

/** True where the caller sends the signed cookie of a flow: it is the client that began it. */
export async function holdsCookie(
  ctx: GenericEndpointContext,
  name: "state" | "relay_state",
  state: string,
): Promise<boolean> {
  const cookie = ctx.context.createAuthCookie(name);
  return (await ctx.getSignedCookie(cookie.name, ctx.context.secret)) === state;
}

/** What a client is told of a flow it did not begin, of a token used before, and of one made up. */
export function linkNoLongerValid(): APIError {
  return new APIError("UNAUTHORIZED", { message: "This sign-in link is no longer valid." });
}

// --- internal ---

const MARK = "kitcnCrossDomain";

type Flow = { readonly callbackURL: string; readonly isMarked: boolean };

async function loadFlow({ context }: GenericEndpointContext, state: string): Promise<Flow | null> {
  const identifier = flowIdentifier(state);
  const row = await context.internalAdapter.findVerificationValue(identifier);
  if (!row) return null;
  const { callbackURL, serverContext } = parseState(row.value);
  // Better Auth checked the place when the flow began, and it is absolute there: see callbacks.ts.
  const isMarked = serverContext?.[MARK] === true && typeof callbackURL === "string";
  return isMarked ? { callbackURL, isMarked } : { callbackURL: "", isMarked: false };
}

function isMarkedState(value: string): boolean {
  return parseState(value).serverContext?.[MARK] === true;
}

type State = { callbackURL?: unknown; serverContext?: Record<string, unknown> | undefined };

function parseState(value: string): State {
  try {
    return JSON.parse(value) as State; // as Better Auth writes it
  } catch {
    // Not a state row of this Better Auth: then it is no flow of ours, and gets the ordinary check.
    return {};
  }
}
