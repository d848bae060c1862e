// `kitcn/auth/web`: auth on a web server of any framework, such as SvelteKit, Nuxt or SolidStart. Uses the standard
// Request and Response. Must not import a framework, nor React.
import { DEFAULT_BASE_PATH } from "../auth/http/base-path.js";
import { createServerCalls, type ServerCalls } from "../proxy/calls.js";
import { forwardAuthRequest } from "../proxy/forward.js";
import { loadServerToken } from "../proxy/token.js";
import { deploymentUrls } from "../proxy/urls.js";
import type { FrontProxy } from "../proxy/visitor.js";

export type WebAuthOptions = {
  /** Default: the variable `CONVEX_URL`. If your framework bundles variables, pass the value yourself. */
  convexUrl?: string | undefined;
  /** Default: the variable `CONVEX_SITE_URL`, else the site of a `.convex.cloud` URL. */
  convexSiteUrl?: string | undefined;
  /** The same as Better Auth's `basePath`. Default: `/api/auth`. */
  basePath?: string | undefined;
  /** The name of the session cookie, if you set `advanced.cookies.session_token.name`. */
  sessionCookie?: string | undefined;
  /** The proxy in front of this server, which adds the address of the visitor. Default: `"auto"`. */
  proxy?: FrontProxy | undefined;
};

/** What the server knows about the visitor, besides the request. */
export type WebVisitor = {
  /**
   * The address of the visitor, as the framework reports it. A client's `x-forwarded-for` does not replace it. Behind
   * proxies it may be that of the nearest one: then name them in the option `proxy`.
   */
  readonly ip?: string | undefined;
};

export type { ServerCalls } from "../proxy/calls.js";
export type { FrontProxy } from "../proxy/visitor.js";
export { keepPrivate, privateResponse, type AnswerHeaders } from "./private.js";

export type WebAuth = {
  /** Forwards a request below `/api/auth` to the Convex site, and returns its response. */
  handler(request: Request, visitor?: WebVisitor): Promise<Response>;
  /**
   * Returns functions that call Convex as the user of a request. Reads only its headers. All calls with the same object
   * share one token.
   */
  forRequest(request: { readonly headers: Headers }): ServerCalls;
  /**
   * True once `forRequest` got a user's token for this request. The answer may then contain what only that user may
   * see: send it with `privateResponse()` or `keepPrivate()`.
   */
  isPersonal(request: { readonly headers: Headers }): boolean;
};

/**
 * Creates auth for a server whose framework has no entry in kitcn.
 *
 * @throws KitcnError from its functions: `MISSING_CONVEX_URL`, `MISSING_CONVEX_SITE_URL`,
 *   `TOKEN_UNAVAILABLE`, `INVALID_PROXY`
 * @example
 * import { createWebAuth } from "kitcn/auth/web";
 *
 * const auth = createWebAuth({ convexUrl: "https://happy-animal-123.convex.cloud" });
 *
 * export async function answer(request: Request): Promise<Response> {
 *   const { pathname } = new URL(request.url);
 *   if (pathname.startsWith("/api/auth/")) return auth.handler(request);
 *   const isUser = await auth.forRequest(request).isAuthenticated();
 *   return new Response(isUser ? "Welcome back" : "Sign in first");
 * }
 */
export function createWebAuth(options: WebAuthOptions = {}): WebAuth {
  const urls = deploymentUrls({
    convexUrl: options.convexUrl ?? fromProcess("CONVEX_URL"),
    convexSiteUrl: options.convexSiteUrl ?? fromProcess("CONVEX_SITE_URL"),
    variables: { url: "CONVEX_URL", site: "CONVEX_SITE_URL" },
  });
  const known = new WeakMap<object, ServerCalls>();
  const personal = new WeakSet<object>();
  const load = (headers: Headers) =>
    loadServerToken(headers, {
      convexSiteUrl: urls.convexSiteUrl(),
      basePath: options.basePath ?? DEFAULT_BASE_PATH,
      sessionCookie: options.sessionCookie,
      proxy: options.proxy,
    });
  return {
    handler: (request, visitor = {}) =>
      forwardAuthRequest(request, {
        convexSiteUrl: urls.convexSiteUrl(),
        proxy: options.proxy,
        ip: visitor.ip,
      }),
    forRequest(request) {
      const calls =
        known.get(request) ??
        createServerCalls({
          getToken: once(async () => {
            const token = await load(request.headers);
            if (token !== undefined) personal.add(request);
            return token;
          }),
          convexUrl: urls.convexUrl,
        });
      known.set(request, calls);
      return calls;
    },
    isPersonal: (request) => personal.has(request),
  };
}

// --- internal ---

/** Edge runtimes may have no `process`. */
function fromProcess(name: "CONVEX_URL" | "CONVEX_SITE_URL"): string | undefined {
  return typeof process === "undefined" ? undefined : process.env[name];
}

/** Calls `load` once for all callers. After a failure, the next caller tries again. */
function once<T>(load: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined;
  return () => {
    if (answer) return answer;
    const asked = load();
    answer = asked;
    asked.catch(() => (answer = undefined));
    return asked;
  };
}
