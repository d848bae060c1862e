// A Convex token for the user of an incoming request, got by the cookies the request came with.
// Must not cache across requests: a token belongs to one user.
import { trimBasePath } from "../auth/http/base-path.js";
import { tokenUnavailable } from "../errors/proxy.js";
import { siteTarget } from "./forward.js";
import { forwardedOf, type FrontProxy } from "./visitor.js";

export type LoadTokenOptions = {
  convexSiteUrl: string;
  /** As Better Auth's `basePath`. */
  basePath: string;
  /** Name of the session cookie, where `advanced.cookies.session_token.name` sets one. */
  sessionCookie?: string | undefined;
  /** As in ForwardOptions. */
  proxy?: FrontProxy | undefined;
  fetch?: typeof fetch | undefined;
};

/**
 * The token, undefined for a visitor. Without a session cookie nothing is asked.
 *
 * @throws KitcnError `TOKEN_UNAVAILABLE` when there is no answer: a visitor must not be made of a user
 *   because a server was down.
 */
export async function loadServerToken(
  headers: Headers,
  options: LoadTokenOptions,
): Promise<string | undefined> {
  const cookie = headers.get("cookie") ?? "";
  if (!hasSessionCookie(cookie, options.sessionCookie)) return undefined;
  const target = siteTarget(
    options.convexSiteUrl,
    // The cookie of a renewed session would be lost here: the browser renews it when it looks the session up.
    `${trimBasePath(options.basePath)}/convex/token?disableRefresh=true`,
  );
  const request = tokenRequest(headers, cookie, options.proxy);
  const first = await ask(target, request, options.fetch);
  const answer = first.kind === "failed" ? await ask(target, request, options.fetch) : first;
  if (answer.kind !== "failed") return answer.token;
  throw tokenUnavailable({ url: target.href, reason: answer.reason });
}

// --- internal ---

type Answer = { kind: "answered"; token: string | undefined } | { kind: "failed"; reason: string };

/** Better Auth's cookie names end so, whatever the prefix. */
const SESSION_COOKIE_SUFFIX = "session_token";

function hasSessionCookie(cookie: string, name: string = SESSION_COOKIE_SUFFIX): boolean {
  return cookie
    .split(";")
    .some((pair) => (pair.split("=")[0] ?? "").trim().endsWith(name) && pair.includes("="));
}

/** The cookies, and what Better Auth may look at of the visitor; nothing else of the page's request. */
function tokenRequest(
  headers: Headers,
  cookie: string,
  proxy: FrontProxy | undefined,
): RequestInit {
  const sent = new Headers({
    cookie,
    accept: "application/json",
    ...forwardedOf({ headers }, proxy),
  });
  const agent = headers.get("user-agent");
  if (agent !== null) sent.set("user-agent", agent);
  return { headers: sent, redirect: "manual", cache: "no-store" };
}

async function ask(target: URL, request: RequestInit, send = fetch): Promise<Answer> {
  try {
    const response = await send(target, request);
    if (response.status === 401) return { kind: "answered", token: undefined };
    if (!response.ok) return { kind: "failed", reason: `status ${response.status}` };
    const { token } = (await response.json()) as { token?: unknown }; // checked in the next line
    if (typeof token === "string") return { kind: "answered", token };
    return { kind: "failed", reason: "the answer has no token" };
  } catch (error) {
    return { kind: "failed", reason: error instanceof Error ? error.message : String(error) };
  }
}
