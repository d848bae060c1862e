// `kitcn/auth/nextjs`: auth on a Next.js server. Route handlers, and Convex calls as the request's user.
// Must not touch the request outside of functions, nor configure routes: Next's cache components forbid it.
import * as React from "react";
import { DEFAULT_BASE_PATH } from "../auth/http/base-path.js";
import { forwardAuthRequest } from "../proxy/forward.js";
import { createServerClient, type ServerClient } from "../proxy/server-client.js";
import { loadServerToken } from "../proxy/token.js";
import { deploymentUrls, type DeploymentUrls } from "../proxy/urls.js";
import type { FrontProxy } from "../proxy/visitor.js";

export type NextAuthOptions = {
  /** Default: `NEXT_PUBLIC_CONVEX_URL`. */
  convexUrl?: string | undefined;
  /** Default: `NEXT_PUBLIC_CONVEX_SITE_URL`, else what follows from a `.convex.cloud` URL. */
  convexSiteUrl?: string | undefined;
  /** As Better Auth's `basePath`. Default: `/api/auth`. */
  basePath?: string | undefined;
  /** Name of the session cookie, where `advanced.cookies.session_token.name` sets one. */
  sessionCookie?: string | undefined;
  /** What stands in front of this server and says where requests come from. Default: `"auto"`. */
  proxy?: FrontProxy | undefined;
};

export type RouteHandler = (request: Request) => Promise<Response>;

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] as const;

/** What `app/api/auth/[...all]/route.ts` exports. */
export type RouteHandlers = Readonly<Record<(typeof METHODS)[number], RouteHandler>>;

export type { ServerClient } from "../proxy/server-client.js";
export type { FrontProxy } from "../proxy/visitor.js";

export type NextAuth = ServerClient & { readonly handlers: RouteHandlers };

/**
 * Auth on the server of a Next.js app. Nothing is read before a function is called, so a page that awaits
 * none of them stays static.
 *
 * @throws KitcnError from its functions: `MISSING_CONVEX_URL`, `MISSING_CONVEX_SITE_URL`,
 *   `TOKEN_UNAVAILABLE`, `INVALID_PROXY`
 * @example
 * // lib/auth-server.ts
 * import { createNextAuth } from "kitcn/auth/nextjs";
 *
 * export const { handlers, getToken, isAuthenticated, fetchAuthQuery, preloadAuthQuery } =
 *   createNextAuth();
 * @example
 * // app/api/auth/[...all]/route.ts
 * import { handlers } from "../../../../lib/auth-server";
 *
 * export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = handlers;
 */
export function createNextAuth(options: NextAuthOptions = {}): NextAuth {
  const urls = urlsOf(options);
  const getToken = oncePerRender(async () =>
    loadServerToken(await requestHeaders(), {
      convexSiteUrl: urls.convexSiteUrl(),
      basePath: options.basePath ?? DEFAULT_BASE_PATH,
      sessionCookie: options.sessionCookie,
      proxy: options.proxy,
    }),
  );
  return {
    ...createServerClient({ getToken, convexUrl: urls.convexUrl }),
    handlers: handlersFor(urls, options.proxy),
  };
}

/**
 * Only the route handlers.
 *
 * @throws KitcnError `MISSING_CONVEX_SITE_URL` when a request comes
 * @example
 * import { nextAuthHandlers } from "kitcn/auth/nextjs";
 *
 * export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = nextAuthHandlers();
 */
export function nextAuthHandlers(
  options: Pick<NextAuthOptions, "convexUrl" | "convexSiteUrl" | "proxy"> = {},
): RouteHandlers {
  return handlersFor(urlsOf(options), options.proxy);
}

// --- internal ---

function urlsOf({ convexUrl, convexSiteUrl }: NextAuthOptions): DeploymentUrls {
  return deploymentUrls({
    convexUrl: convexUrl ?? process.env.NEXT_PUBLIC_CONVEX_URL,
    convexSiteUrl: convexSiteUrl ?? process.env.NEXT_PUBLIC_CONVEX_SITE_URL,
    variables: { url: "NEXT_PUBLIC_CONVEX_URL", site: "NEXT_PUBLIC_CONVEX_SITE_URL" },
  });
}

function handlersFor(urls: DeploymentUrls, proxy: FrontProxy | undefined): RouteHandlers {
  const handler: RouteHandler = (request) =>
    forwardAuthRequest(request, {
      convexSiteUrl: urls.convexSiteUrl(),
      proxy,
      // Next's bundler has the app's `basePath` here. A route handler sees a URL without it.
      below: process.env.__NEXT_ROUTER_BASEPATH,
    });
  // The list names every member of the record.
  return Object.fromEntries(METHODS.map((method) => [method, handler])) as RouteHandlers;
}

/** Imported late, so that the handlers work where Next's request APIs are absent. */
async function requestHeaders(): Promise<Headers> {
  const { headers } = await import("next/headers.js");
  return headers();
}

/** One token request per render of a page. React's `cache` exists on the server of React 19 only. */
function oncePerRender<T>(load: () => Promise<T>): () => Promise<T> {
  const { cache } = React as { cache?: (load: () => Promise<T>) => () => Promise<T> }; // absent in React 18
  return cache ? cache(load) : load;
}
