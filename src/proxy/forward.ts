// Forwards a request for an auth route from a web server to the Convex site, and the answer back.
// Must not know any framework; must not read what is in the messages.
import { convexSiteUnreachable, invalidConvexSiteUrl } from "../errors/proxy.js";
import { forwardedOf, isClaim, type FrontProxy } from "./visitor.js";

export type ForwardOptions = {
  /** Origin of the Convex site, as `https://happy-animal-123.convex.site`. */
  convexSiteUrl: string;
  /** What stands in front of this server and says where requests come from. Default: `"auto"`. */
  proxy?: FrontProxy | undefined;
  /**
   * The address of the connection, where the server tells it apart from the request. `x-forwarded-for` replaces it only
   * where `proxy` names hops.
   */
  ip?: string | undefined;
  /** The path below which the app is served, where its framework has taken it off the URL. */
  below?: string | undefined;
  /** For tests and instrumented runtimes. Default: the global fetch. */
  fetch?: typeof fetch | undefined;
};

/**
 * The Convex site's answer to this request. Bodies are buffered, redirects and every cookie are passed on;
 * headers that belong to one connection or to an encoding that fetch already undid are not. Of the headers that say
 * where a request comes from, only what stands in front of this server wrote is passed on. When the site cannot be
 * reached the answer is a 502, which auth clients retry.
 *
 * @throws KitcnError `INVALID_CONVEX_SITE_URL`, `INVALID_PROXY`
 * @example
 * export const POST = (request: Request) => forwardAuthRequest(request, { convexSiteUrl });
 */
export async function forwardAuthRequest(
  request: Request,
  { convexSiteUrl, proxy, ip, below = "", fetch: send = fetch }: ForwardOptions,
): Promise<Response> {
  const requested = new URL(request.url);
  if (!requested.pathname.startsWith(`${below}/`)) requested.pathname = below + requested.pathname;
  // `trailingSlash` of Next.js redirects to a URL with one. No route of Better Auth has one.
  requested.pathname = requested.pathname.replace(/(?<!\/)\/+$/, "");
  const target = siteTarget(convexSiteUrl, requested.href);
  const headers = forwardedHeaders(request, proxy, ip);
  const body = hasBody(request.method) ? await request.arrayBuffer() : undefined;
  try {
    const response = await send(target, {
      method: request.method,
      headers,
      redirect: "manual",
      cache: "no-store",
      ...(body && body.byteLength > 0 ? { body } : {}),
    });
    return await returned(response, request.method);
  } catch (error) {
    console.error(`kitcn: the Convex site at ${target.origin} cannot be reached.`, error);
    const { code, message, hint } = convexSiteUnreachable().data;
    return Response.json({ code, message, hint }, { status: 502 });
  }
}

/**
 * The place on the Convex site for a path and query.
 *
 * @throws KitcnError `INVALID_CONVEX_SITE_URL`
 */
export function siteTarget(convexSiteUrl: string, requested: string): URL {
  if (!URL.canParse(convexSiteUrl) || !/^https?:$/.test(new URL(convexSiteUrl).protocol))
    throw invalidConvexSiteUrl({ url: convexSiteUrl });
  const site = new URL(convexSiteUrl);
  const { pathname, search } = new URL(requested, site);
  site.pathname = `${site.pathname.replace(/\/+$/, "")}${pathname}`;
  site.search = search;
  return site;
}

// --- internal ---

/** Headers of one connection (RFC 9110, 7.6.1), and what fetch sets by itself. */
const CONNECTION_HEADERS = [
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
] as const;

/** Also left out of requests: fetch undoes an encoding only when it asked for it itself. */
const REQUEST_ONLY = ["host", "content-length", "accept-encoding", "expect"] as const;

/**
 * Also left out of responses. `fetch` has decoded the body, so its encoding and length are no longer right. The others
 * are rules of the Convex host, which a browser would apply to the app's host.
 */
const RESPONSE_ONLY = [
  "content-encoding",
  "content-length",
  "alt-svc",
  "strict-transport-security",
  "nel",
  "report-to",
] as const;

function forwardedHeaders(
  request: Request,
  proxy: FrontProxy | undefined,
  address: string | undefined,
): Headers {
  const headers = without(request.headers, REQUEST_ONLY);
  for (const name of [...headers.keys()]) if (isClaim(name)) headers.delete(name);
  const { ip } = request as { ip?: unknown }; // srvx, the server of TanStack Start, adds the connection's
  const visit = {
    headers: request.headers,
    url: request.url,
    ip: address ?? (typeof ip === "string" ? ip : undefined),
    isIpPassed: address !== undefined,
  };
  for (const [name, value] of Object.entries(forwardedOf(visit, proxy))) headers.set(name, value);
  return headers;
}

async function returned(response: Response, method: string): Promise<Response> {
  const isEmpty = method === "HEAD" || [101, 204, 205, 304].includes(response.status);
  const body = isEmpty ? null : await response.arrayBuffer();
  return new Response(body, {
    status: response.status,
    statusText: response.statusText,
    headers: without(response.headers, RESPONSE_ONLY),
  });
}

/** A copy without connection headers, those that `Connection` names, and the given ones. */
function without(headers: Headers, names: readonly string[]): Headers {
  const named = (headers.get("connection") ?? "").split(",").map((name) => name.trim());
  const dropped = new Set(
    [...CONNECTION_HEADERS, ...names, ...named].map((name) => name.toLowerCase()),
  );
  const kept = new Headers();
  headers.forEach((value, name) => {
    if (name !== "set-cookie" && !dropped.has(name)) kept.append(name, value);
  });
  // One line each: joined, a browser would take them for one cookie.
  for (const cookie of headers.getSetCookie()) kept.append("set-cookie", cookie);
  return kept;
}

function hasBody(method: string): boolean {
  return method !== "GET" && method !== "HEAD";
}
