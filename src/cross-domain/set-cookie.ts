// Cookies as text, for both halves of the cross-domain plugin: no cookie is given meaning here.
// Must stay free of better-auth and of browser globals: the client half ships it to browsers.

/** A `Set-Cookie` line, of which only what a cookie jar needs is read. */
export type SetCookie = {
  readonly name: string;
  /** As sent, still encoded. */
  readonly value: string;
  /** Ms since the epoch; undefined where the cookie lasts as long as the browser. */
  readonly expiresAt: number | undefined;
};

/** Request header with the cookies of a cross-domain client; present, even if empty, on each of its requests. */
export const COOKIE_HEADER = "Better-Auth-Cookie";

/** Response header with the `Set-Cookie` lines, joined by commas. */
export const SET_COOKIE_HEADER = "Set-Better-Auth-Cookie";

/** Query parameter of a redirect back to the app: a token to exchange for the session, once. */
export const ONE_TIME_TOKEN_PARAM = "ott";

/** Path of the exchange, under Better Auth's base path. */
export const EXCHANGE_PATH = "/cross-domain/exchange";

/**
 * Splits joined `Set-Cookie` lines. A comma ends a line only where a new cookie begins: dates have commas.
 *
 * @example
 * splitSetCookies("a=1; Expires=Wed, 21 Oct 2026 07:28:00 GMT, b=2") // two lines
 */
export function splitSetCookies(header: string): string[] {
  return header
    .split(/,(?=\s*[^\s;,="]+=)/)
    .map((line) => line.trim())
    .filter(Boolean);
}

/** Reads one line; null where it is no cookie. `now` is ms since the epoch. */
export function parseSetCookie(line: string, now: number): SetCookie | null {
  const [pair = "", ...attributes] = line.split(";");
  const equals = pair.indexOf("=");
  const name = pair.slice(0, Math.max(0, equals)).trim();
  if (name === "") return null;
  return {
    name,
    value: pair.slice(equals + 1).trim(),
    expiresAt: expiryOf(attributes, now),
  };
}

// --- internal ---

/** Max-Age wins over Expires, as in browsers. */
function expiryOf(attributes: readonly string[], now: number): number | undefined {
  const values = new Map(
    attributes.map((attribute) => {
      const [name = "", ...value] = attribute.split("=");
      return [name.trim().toLowerCase(), value.join("=").trim()];
    }),
  );
  const maxAge = values.get("max-age");
  if (maxAge !== undefined && /^-?\d+$/.test(maxAge)) return now + Number(maxAge) * 1000;
  const expires = Date.parse(values.get("expires") ?? "");
  return Number.isNaN(expires) ? undefined : expires;
}
