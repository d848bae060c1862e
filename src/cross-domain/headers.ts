// Headers in and out of the auth handler: a cross-domain client's cookies, and a response with more headers.
// Must not read what cookies mean.
import { COOKIE_HEADER, SET_COOKIE_HEADER } from "./set-cookie.js";

/** True for a request of `crossDomainClient()`. */
export function isCrossDomain(headers: Headers | undefined): boolean {
  return headers?.has(COOKIE_HEADER) ?? false;
}

/** A cross-domain client's cookies are those it sent by header; what its browser added does not count. */
export function withCookies(request: Request): Request {
  const cookies = request.headers.get(COOKIE_HEADER);
  if (cookies === null) return request;
  try {
    setCookies(request.headers, cookies);
    return request;
  } catch {
    // The headers of a request that a server's fetch layer made may be closed to changes.
    const headers = new Headers(request.headers);
    setCookies(headers, cookies);
    return new Request(request, { headers });
  }
}

/** The cookies of a response, for a cross-domain client. */
export function copiedCookies(headers: Headers): Record<string, string> {
  return {
    [SET_COOKIE_HEADER]: headers.getSetCookie().join(", "),
    "Access-Control-Expose-Headers": exposing(headers),
  };
}

/** The response with headers replaced: in place where it can be, so that later plugins see it too. */
export function answered(
  response: Response,
  headers: Record<string, string>,
): { response: Response } | undefined {
  if (Object.keys(headers).length === 0) return undefined;
  try {
    for (const [name, value] of Object.entries(headers)) response.headers.set(name, value);
    return undefined;
  } catch {
    // The headers of a redirect made by Response.redirect cannot be changed.
    const copy = new Response(response.body, response);
    for (const [name, value] of Object.entries(headers)) copy.headers.set(name, value);
    return { response: copy };
  }
}

// --- internal ---

function setCookies(headers: Headers, cookies: string): void {
  if (cookies === "") headers.delete("cookie");
  else headers.set("cookie", cookies);
}

function exposing(headers: Headers): string {
  const names = (headers.get("Access-Control-Expose-Headers") ?? "")
    .split(",")
    .map((name) => name.trim())
    .filter(Boolean);
  return [...new Set([...names, SET_COOKIE_HEADER])].join(", ");
}
