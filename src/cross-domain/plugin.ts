// The server half: lets a browser app on another origin keep its session without third-party cookies.
// Copies cookies to and from headers at the edge of the handler; must not change any plugin's cookies.
import type { AuthContext, BetterAuthPlugin, GenericEndpointContext } from "better-auth";
import { createAuthEndpoint, createAuthMiddleware } from "better-auth/api";
import { setSessionCookie } from "better-auth/cookies";
import { generateRandomString } from "better-auth/crypto";
import * as z from "zod";
import { KitcnError } from "../errors.js";
import type { CrossDomainOptions } from "./index.js";
import { absoluteCallbacks, comingBack, hasRelativeCallback } from "./callbacks.js";
import { isFlowOfCaller, markCrossDomainFlow, withStateCookie } from "./oauth-state.js";
import { answered, copiedCookies, isCrossDomain, withCookies } from "./headers.js";
import { EXCHANGE_PATH, ONE_TIME_TOKEN_PARAM, parseSetCookie } from "./set-cookie.js";
import { consumeTicket, createTicket } from "./ticket.js";

/** The built plugin. */
export type CrossDomainPlugin = ReturnType<typeof crossDomain>;

/**
 * The same plugin as `crossDomain` of `kitcn/auth`, with its endpoint and its hooks: for instances that you make
 * yourself. `defineAuth` takes either.
 *
 * @throws KitcnError `INVALID_SITE_URL` when the first request is served
 * @example
 * import { crossDomain } from "kitcn/auth/plugin";
 *
 * export const plugins = [crossDomain({ siteUrl: "https://app.example.com" })];
 */
export function crossDomain(options: CrossDomainOptions) {
  const { siteUrl } = options;
  /** The request being answered, by the context Better Auth makes for it. */
  const requests = new WeakMap<AuthContext, Request>();

  return {
    id: "cross-domain",
    options,
    init: (ctx) => {
      if (ctx.oauthConfig.storeStateStrategy === "cookie") throw cookieStateError();
      return { options: { trustedOrigins: [originOf(siteUrl)] } };
    },
    onRequest: async (request, ctx) => {
      const next = withCookies(request);
      requests.set(ctx, next);
      return { request: next };
    },
    onResponse: async (response, ctx) => {
      const request = requests.get(ctx);
      if (!request) return;
      return answered(response, await headersFor({ request, response, ctx }));
    },
    hooks: {
      before: [
        {
          matcher: ({ path, query }) => query?.state !== undefined && isCallback(path),
          handler: createAuthMiddleware(withStateCookie),
        },
        {
          matcher: ({ body, query, headers }) =>
            isCrossDomain(headers) || hasRelativeCallback(body) || hasRelativeCallback(query),
          handler: createAuthMiddleware(async (ctx) => {
            const base = appOriginOf(ctx, siteUrl);
            if (!isCrossDomain(ctx.headers)) return { context: absoluteCallbacks(ctx, base) };
            await markCrossDomainFlow();
            return { context: absoluteCallbacks(comingBack(ctx), base) };
          }),
        },
      ],
    },
    endpoints: {
      exchangeCrossDomainToken: exchangeEndpoint(),
    },
  } satisfies BetterAuthPlugin;
}

// --- internal ---

/** Gives the session behind a one-time token to the browser it is meant for. */
function exchangeEndpoint() {
  return createAuthEndpoint(
    EXCHANGE_PATH,
    { method: "POST", body: z.object({ token: z.string().min(1) }), requireHeaders: true },
    async (ctx) => {
      const ticket = await consumeTicket(ctx.context, ctx.body.token);
      const isTheirs = ticket && (await isFlowOfCaller(ctx, ticket.state));
      const session =
        ticket && isTheirs
          ? await ctx.context.internalAdapter.findSession(ticket.sessionToken)
          : null;
      if (!session || session.session.expiresAt.getTime() <= Date.now())
        throw ctx.error("UNAUTHORIZED", { message: "This sign-in link is no longer valid." });
      await setSessionCookie(ctx, session);
      return ctx.json(session);
    },
  );
}

/** The headers an answer gains: cookies for a cross-domain client, a token for a redirect to the app. */
async function headersFor({
  request,
  response,
  ctx,
}: {
  request: Request;
  response: Response;
  ctx: AuthContext;
}): Promise<Record<string, string>> {
  const lines = response.headers.getSetCookie();
  if (lines.length === 0) return {};
  if (isCrossDomain(request.headers)) return copiedCookies(response.headers);
  const location = response.headers.get("location");
  const sessionToken = sessionTokenOf(lines, ctx);
  if (!location || !sessionToken || !isForeignApp(location, ctx)) return {};
  const token = generateRandomString(32);
  await createTicket(ctx, { token, sessionToken, state: flowOf(request) });
  const target = new URL(location);
  target.searchParams.set(ONE_TIME_TOKEN_PARAM, token);
  return { location: target.toString() };
}

/** Where identity providers send the browser back to: `/callback/:id`, `/oauth2/callback/:id`. */
function isCallback(path: string | undefined): boolean {
  return path?.split("/").includes("callback") ?? false;
}

/** The OAuth flow that a request ends, by its state. */
function flowOf(request: Request): string | undefined {
  const { pathname, searchParams } = new URL(request.url);
  return isCallback(pathname) ? (searchParams.get("state") ?? undefined) : undefined;
}

/** The token of the session that an answer begins, out of its signed cookie. */
function sessionTokenOf(lines: readonly string[], ctx: AuthContext): string | undefined {
  const { name } = ctx.authCookies.sessionToken;
  const cookies = lines.map((line) => parseSetCookie(line, Date.now()));
  const cookie = cookies.findLast((candidate) => candidate?.name === name);
  if (!cookie || cookie.value === "" || (cookie.expiresAt ?? Infinity) <= Date.now())
    return undefined;
  return decodeURIComponent(cookie.value).split(".")[0];
}

/** A trusted place that is not served by the auth routes' own origin. */
function isForeignApp(location: string, ctx: AuthContext): boolean {
  const url = parseUrl(location);
  if (!url || !ctx.isTrustedOrigin(location)) return false;
  return url.origin !== new URL(ctx.baseURL).origin;
}

/** The origin that asked where it is trusted (a preview deployment), else the site. */
function appOriginOf(ctx: GenericEndpointContext, siteUrl: string): string {
  const origin = isCrossDomain(ctx.headers) ? ctx.headers?.get("origin") : undefined;
  return origin && ctx.context.isTrustedOrigin(origin) ? origin : originOf(siteUrl);
}

function originOf(siteUrl: string): string {
  const url = parseUrl(siteUrl);
  // "localhost:5173" parses too: as a scheme.
  if (url && /^https?:$/.test(url.protocol)) return url.origin;
  throw new KitcnError({
    code: "INVALID_SITE_URL",
    message: `crossDomain({ siteUrl }) got "${siteUrl}", which is no http(s) URL.`,
    hint: "Give scheme and host of the app, as https://app.example.com; usually the SITE_URL variable of the deployment.",
  });
}

/** Null where the text is no absolute URL. `URL.canParse` is younger than some runtimes this runs in. */
function parseUrl(text: string): URL | null {
  try {
    return new URL(text);
  } catch {
    return null;
  }
}

function cookieStateError(): KitcnError {
  return new KitcnError({
    code: "CROSS_DOMAIN_COOKIE_STATE",
    message: 'crossDomain() cannot work with account.storeStateStrategy "cookie".',
    hint: 'Leave the option out, or set it to "database": an identity provider\'s callback has no cookies of the app.',
  });
}
