// The server half: lets a browser app on another origin keep its session without third-party cookies.
// Copies cookies to and from headers at the edge of the handler; must not change any plugin's cookies.
import type { AuthContext, BetterAuthPlugin, GenericEndpointContext } from "better-auth";
import { createAuthEndpoint, createAuthMiddleware } from "better-auth/api";
import { expireCookie, setSessionCookie } from "better-auth/cookies";
import * as z from "zod";
import { isCallback, isProxied } from "../better-auth/paths.js";
import { cookieState, invalidSiteUrl } from "../errors/cross-domain.js";
import { absoluteCallbacks, clientCallbacks, hasRelativeCallback, parseUrl } from "./callbacks.js";
import { handOver, type Asked } from "./hand-over.js";
import { isCrossDomain, withCookies } from "./headers.js";
import {
  holdBack,
  holdsCookie,
  linkNoLongerValid,
  markCrossDomainFlow,
  withoutMarkedFlows,
} from "./oauth-flow.js";
import { openCallback } from "./sealed.js";
import { EXCHANGE_PATH } from "./set-cookie.js";
import { consumeTicket } from "./ticket.js";
import type { CrossDomainOptions } from "./index.js";

type Made = ReturnType<typeof makePlugin>;

/** What `crossDomain` of `kitcn/auth/plugin` makes. An interface, so that an app with `declaration: true` can name it without zod. */
// eslint-disable-next-line @typescript-eslint/no-empty-object-type -- a type alias has no name in declarations
export interface CrossDomainPlugin extends Made {}

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
export function crossDomain(options: CrossDomainOptions): CrossDomainPlugin {
  return makePlugin(options);
}

// --- internal ---

function makePlugin(options: CrossDomainOptions) {
  const { siteUrl } = options;
  /** The request being answered, by the context Better Auth makes for it. */
  const requests = new WeakMap<AuthContext, Asked>();

  return {
    id: "cross-domain",
    options,
    init: (ctx) => {
      if (ctx.oauthConfig.storeStateStrategy === "cookie") throw cookieState();
      return { options: { trustedOrigins: [originOf(siteUrl)] } };
    },
    onRequest: async (request, ctx) => {
      const asked = await askedOf(request, ctx);
      requests.set(ctx, asked);
      return { request: asked.request };
    },
    onResponse: async (response, ctx) => {
      const asked = requests.get(ctx);
      return asked && handOver({ ...asked, response, ctx }, originOf(siteUrl));
    },
    hooks: {
      before: [
        {
          matcher: ({ path, query }) => query?.state !== undefined && isCallback(path),
          handler: createAuthMiddleware(async (ctx) => {
            // A provider's form post has more in its body; Better Auth makes a GET of it.
            if (ctx.method === "GET") await holdBack(ctx);
          }),
        },
        {
          matcher: ({ path }) => isProxied(path),
          handler: createAuthMiddleware(async (ctx) => withoutMarkedFlows(ctx)),
        },
        {
          matcher: ({ body, query, headers }) =>
            isCrossDomain(headers) || hasRelativeCallback(body) || hasRelativeCallback(query),
          handler: createAuthMiddleware(async (ctx) => {
            const base = appOriginOf(ctx, siteUrl);
            if (!isCrossDomain(ctx.headers)) return { context: absoluteCallbacks(ctx, base) };
            await markCrossDomainFlow();
            return { context: clientCallbacks(ctx, base) };
          }),
        },
      ],
    },
    endpoints: {
      exchangeCrossDomainToken: exchangeEndpoint(),
    },
  } satisfies BetterAuthPlugin;
}

/** Gives the session behind a one-time token to the browser it is meant for. */
function exchangeEndpoint() {
  return createAuthEndpoint(
    EXCHANGE_PATH,
    { method: "POST", body: z.object({ token: z.string().min(1) }), requireHeaders: true },
    async (ctx) => {
      // Any other caller would be given the session as a cookie of the auth routes' own host.
      if (!isCrossDomain(ctx.headers)) throw linkNoLongerValid();
      const ticket = await consumeTicket(ctx.context, ctx.body.token);
      const isTheirs = ticket && (await isOfCaller(ctx, ticket.state));
      const session =
        ticket && isTheirs
          ? await ctx.context.internalAdapter.findSession(ticket.sessionToken)
          : null;
      if (!session || session.session.expiresAt.getTime() <= Date.now()) throw linkNoLongerValid();
      await setSessionCookie(ctx, session);
      return ctx.json<Exchanged>(session);
    },
  );
}

type SignedIn = NonNullable<Awaited<ReturnType<AuthContext["internalAdapter"]["findSession"]>>>;

/** The session of a mailed link; or, after a provider, where Better Auth sends the browser. */
type Exchanged = SignedIn | { url: string; redirect: false };

/** True where the caller began the flow: a SAML flow is proved by its relay state. */
async function isOfCaller(
  ctx: GenericEndpointContext,
  state: string | undefined,
): Promise<boolean> {
  if (state === undefined) return true;
  const isTheirs = await holdsCookie(ctx, "relay_state", state);
  expireCookie(ctx, ctx.context.createAuthCookie("relay_state"));
  return isTheirs;
}

/** The request to answer: a sealed callback is Better Auth's own callback, with the client's cookies. */
async function askedOf(given: Request, ctx: AuthContext): Promise<Asked> {
  const request = withCookies(given);
  const plain = { request, isExchange: false, relayState: await relayStateOf(request) };
  const { pathname } = new URL(request.url);
  if (!isCrossDomain(request.headers) || !pathname.endsWith(EXCHANGE_PATH)) return plain;
  const origin = request.headers.get("origin");
  // Better Auth refuses the request as it is.
  if (origin !== null && !ctx.isTrustedOrigin(origin)) return plain;
  const callback = await openCallback(ctx, await tokenOf(request));
  if (callback === null) return plain;
  const headers = new Headers(request.headers);
  for (const name of ["content-type", "content-length"]) headers.delete(name);
  return {
    request: new Request(new URL(callback, request.url), { headers }),
    isExchange: true,
    relayState: undefined,
  };
}

async function tokenOf(request: Request): Promise<string> {
  try {
    const { token } = (await request.clone().json()) as { token?: unknown }; // checked in the next line
    return typeof token === "string" ? token : "";
  } catch {
    // No JSON: the endpoint says so.
    return "";
  }
}

/** SAML's answer is a form post, with the flow it belongs to. */
async function relayStateOf(request: Request): Promise<string | undefined> {
  const type = request.headers.get("content-type") ?? "";
  if (request.method !== "POST" || !type.startsWith("application/x-www-form-urlencoded"))
    return undefined;
  const form = new URLSearchParams(await request.clone().text());
  return form.has("SAMLResponse") ? (form.get("RelayState") ?? undefined) : undefined;
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
  throw invalidSiteUrl({ url: siteUrl });
}
