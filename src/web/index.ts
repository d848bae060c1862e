// `kitcn/auth/web`: auth on a web server of any framework: SvelteKit, Nuxt, SolidStart. Requests and responses are those
// of the web standard. Must not import a framework, nor React.
import { DEFAULT_BASE_PATH } from "../auth/http/base-path.js";
import { createServerCalls, type ServerCalls } from "../proxy/calls.js";
import { forwardAuthRequest } from "../proxy/forward.js";
import { loadServerToken } from "../proxy/token.js";
import { deploymentUrls } from "../proxy/urls.js";
import type { FrontProxy } from "../proxy/visitor.js";

export type WebAuthOptions = {
  /** Default: `CONVEX_URL`. Frameworks that bundle variables set them elsewhere: pass it from there. */
  convexUrl?: string | undefined;
  /** Default: `CONVEX_SITE_URL`, else what follows from a `.convex.cloud` URL. */
  convexSiteUrl?: string | undefined;
  /** As Better Auth's `basePath`. Default: `/api/auth`. */
  basePath?: string | undefined;
  /** Name of the session cookie, where `advanced.cookies.session_token.name` sets one. */
  sessionCookie?: string | undefined;
  /** What stands in front of this server and says where requests come from. Default: `"auto"`. */
  proxy?: FrontProxy | undefined;
};

/** What the server knows of a request beside the request itself. */
export type WebVisitor = {
  /** The address of the connection, as the framework tells it. */
  readonly ip?: string | undefined;
};

export type { ServerCalls } from "../proxy/calls.js";
export type { FrontProxy } from "../proxy/visitor.js";

export type WebAuth = {
  /** The answer of the Convex site to a request below `/api/auth`. */
  handler(request: Request, visitor?: WebVisitor): Promise<Response>;
  /**
   * Convex as the user of an incoming request; only its headers are read. However often it is called with one object,
   * the token is asked for once.
   */
  forRequest(request: { readonly headers: Headers }): ServerCalls;
};

/**
 * Auth on the server of an app that has no entry for its framework.
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
          getToken: once(async () => load(request.headers)),
          convexUrl: urls.convexUrl,
        });
      known.set(request, calls);
      return calls;
    },
  };
}

// --- internal ---

/** Edge runtimes may have no `process`. */
function fromProcess(name: "CONVEX_URL" | "CONVEX_SITE_URL"): string | undefined {
  return typeof process === "undefined" ? undefined : process.env[name];
}

/** One call, whose answer all share. A failure is not kept. */
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
