// What answers gain on their way out: cookies as a header for a cross-domain client, a one-time token for a link
// that ends in such an app. Must not decide who may sign in: Better Auth has.
import type { AuthContext } from "better-auth";
import { generateRandomString } from "better-auth/crypto";
import { isCallback, isProxied } from "../better-auth/paths.js";
import { parseUrl, unmarked } from "./callbacks.js";
import { answered, copiedCookies, isCrossDomain } from "./headers.js";
import { ONE_TIME_TOKEN_PARAM, parseSetCookie } from "./set-cookie.js";
import { createTicket } from "./ticket.js";

/** A request as it came in. */
export type Asked = {
  readonly request: Request;
  /** True where it was a sealed callback, sent to the exchange. */
  readonly isExchange: boolean;
  /** The SAML flow that the request ends. */
  readonly relayState: string | undefined;
};

type Scope = Asked & { readonly response: Response; readonly ctx: AuthContext };

/** The answer to give instead; undefined where it is right as it is, or was changed in place. */
export async function handOver(
  scope: Scope,
  siteOrigin: string,
): Promise<{ response: Response } | undefined> {
  if (isCrossDomain(scope.request.headers)) return toClient(scope);
  const { response, ctx } = scope;
  const location = response.headers.get("location");
  if (location === null) return undefined;
  const { target, isMarked } = unmarked(location);
  const sessionToken = sessionTokenOf(response.headers.getSetCookie(), ctx);
  const { pathname } = new URL(scope.request.url);
  // An OAuth flow that ends here is not a cross-domain client's, so nothing of it is for the app's browser. Whoever
  // began the flow chose its callbackURL, and may have written the mark into it. The ticket of a SAML flow is bound.
  const isFlow = scope.relayState === undefined && (isCallback(pathname) || isProxied(pathname));
  if (sessionToken && isForeignApp(target, ctx) && !isFlow) {
    if (isMarked) return toMarkedLink(scope, { target, sessionToken });
    // A link that a server asked for, with the app's own address.
    if (parseUrl(target)?.origin === siteOrigin)
      return answered(response, { location: await withTicket(scope, { target, sessionToken }) });
  }
  return isMarked ? answered(response, { location: target }) : undefined;
}

// --- internal ---

type Arrival = { readonly target: string; readonly sessionToken: string };

/** The session is the client's alone: the browser at the auth routes' own host gets no cookie. */
async function toMarkedLink(scope: Scope, arrival: Arrival): Promise<{ response: Response }> {
  const headers = new Headers(scope.response.headers);
  headers.delete("set-cookie");
  headers.set("location", await withTicket(scope, arrival));
  return { response: new Response(null, { status: scope.response.status, headers }) };
}

async function withTicket(
  { ctx, relayState }: Scope,
  { target, sessionToken }: Arrival,
): Promise<string> {
  const token = generateRandomString(32);
  await createTicket(ctx, { token, sessionToken, state: relayState });
  const url = new URL(target);
  url.searchParams.set(ONE_TIME_TOKEN_PARAM, token);
  return url.toString();
}

/** An answer to a cross-domain client: cookies by header, and redirects as data, which fetch cannot see. */
async function toClient({
  response,
  isExchange,
}: Scope): Promise<{ response: Response } | undefined> {
  const cookies = response.headers.getSetCookie().length > 0 ? copiedCookies(response.headers) : {};
  const location = response.headers.get("location");
  if (!isExchange || location === null) return cleaned(response, cookies);
  const headers = new Headers(response.headers);
  headers.delete("location");
  for (const [name, value] of Object.entries(cookies)) headers.set(name, value);
  const { target } = unmarked(location);
  return { response: Response.json({ url: target, redirect: false }, { headers }) };
}

/** Where an answer names the place to go to next, it is the one that the client gave. */
async function cleaned(
  response: Response,
  cookies: Record<string, string>,
): Promise<{ response: Response } | undefined> {
  const isJson = response.headers.get("content-type")?.includes("application/json") ?? false;
  if (!isJson || response.bodyUsed) return answered(response, cookies);
  const text = await response.clone().text();
  if (!text.includes(`${ONE_TIME_TOKEN_PARAM}=`)) return answered(response, cookies);
  const { status, headers } = response;
  const next = new Response(withoutMark(text), { status, headers });
  return answered(next, cookies) ?? { response: next };
}

function withoutMark(text: string): string {
  const answer = JSON.parse(text) as { url?: unknown } | null; // any JSON; read with care below
  if (typeof answer !== "object" || typeof answer?.url !== "string") return text;
  return JSON.stringify({ ...answer, url: unmarked(answer.url).target });
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
