// `kitcn/auth/start`: auth on a TanStack Start server. A route handler, and Convex calls as the request's user.
// Must not touch the request outside of functions.
import { DEFAULT_BASE_PATH } from "../auth/http/base-path.js";
import { forwardAuthRequest } from "../proxy/forward.js";
import { createServerClient, type ServerClient } from "../proxy/server-client.js";
import { loadServerToken } from "../proxy/token.js";
import { deploymentUrls } from "../proxy/urls.js";
import type { FrontProxy } from "../proxy/visitor.js";

export type StartAuthOptions = {
  /** Default: `VITE_CONVEX_URL`. Vite sets it on `import.meta.env` only: pass it from there. */
  convexUrl?: string | undefined;
  /** Default: `VITE_CONVEX_SITE_URL`, else what follows from a `.convex.cloud` URL. */
  convexSiteUrl?: string | undefined;
  /** As Better Auth's `basePath`. Default: `/api/auth`. */
  basePath?: string | undefined;
  /** Name of the session cookie, where `advanced.cookies.session_token.name` sets one. */
  sessionCookie?: string | undefined;
  /** What stands in front of this server and says where requests come from. Default: `"auto"`. */
  proxy?: FrontProxy | undefined;
};

export type StartRouteHandler = (input: { request: Request }) => Promise<Response>;

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] as const;

/** What the route `/api/auth/$` has as `server.handlers`. */
export type StartRouteHandlers = Readonly<Record<(typeof METHODS)[number], StartRouteHandler>>;

export type { ServerClient } from "../proxy/server-client.js";
export type { FrontProxy } from "../proxy/visitor.js";

export type StartAuth = ServerClient & {
  readonly handlers: StartRouteHandlers;
  /** The same for a request alone. */
  handler(request: Request): Promise<Response>;
};

/**
 * Auth on the server of a TanStack Start app.
 *
 * @throws KitcnError from its functions: `MISSING_CONVEX_URL`, `MISSING_CONVEX_SITE_URL`,
 *   `TOKEN_UNAVAILABLE`, `INVALID_PROXY`
 * @example
 * // src/lib/auth-server.ts
 * import { createStartAuth } from "kitcn/auth/start";
 *
 * export const { handlers, getToken, fetchAuthQuery } = createStartAuth({
 *   convexUrl: import.meta.env.VITE_CONVEX_URL,
 *   convexSiteUrl: import.meta.env.VITE_CONVEX_SITE_URL,
 * });
 * @example
 * // src/routes/api/auth/$.ts
 * import { createFileRoute } from "@tanstack/react-router";
 * import type {} from "@tanstack/react-start";
 * import { handlers } from "../../../lib/auth-server";
 *
 * export const Route = createFileRoute("/api/auth/$")({ server: { handlers } });
 */
export function createStartAuth(options: StartAuthOptions = {}): StartAuth {
  const urls = deploymentUrls({
    convexUrl: options.convexUrl ?? process.env.VITE_CONVEX_URL,
    convexSiteUrl: options.convexSiteUrl ?? process.env.VITE_CONVEX_SITE_URL,
    variables: { url: "VITE_CONVEX_URL", site: "VITE_CONVEX_SITE_URL" },
  });
  const getToken = oncePerRequest((request) =>
    loadServerToken(request.headers, {
      convexSiteUrl: urls.convexSiteUrl(),
      basePath: options.basePath ?? DEFAULT_BASE_PATH,
      sessionCookie: options.sessionCookie,
      proxy: options.proxy,
    }),
  );
  const handler = (request: Request) =>
    forwardAuthRequest(request, { convexSiteUrl: urls.convexSiteUrl(), proxy: options.proxy });
  const route: StartRouteHandler = ({ request }) => handler(request);
  return {
    ...createServerClient({ getToken, convexUrl: urls.convexUrl }),
    handler,
    // The list names every member of the record.
    handlers: Object.fromEntries(METHODS.map((method) => [method, route])) as StartRouteHandlers,
  };
}

// --- internal ---

const importStart = () => import("@tanstack/react-start/server");

let start: ReturnType<typeof importStart> | undefined;

/** Imported late, so that the handler works where Start's request APIs are absent. */
function loadStart(): ReturnType<typeof importStart> {
  start ??= importStart();
  return start;
}

/** One token request per incoming request. A failure is not kept. */
function oncePerRequest(
  load: (request: Request) => Promise<string | undefined>,
): () => Promise<string | undefined> {
  const tokens = new WeakMap<Request, Promise<string | undefined>>();
  return async () => {
    const { getRequest } = await loadStart();
    const request = getRequest();
    const known = tokens.get(request);
    if (known) return known;
    const token = load(request);
    tokens.set(request, token);
    token.catch(() => tokens.delete(request));
    return token;
  };
}
