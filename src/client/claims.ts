// Reads the claims of a Convex token. Verifies nothing: that is Convex's business.
// Must stay free of React and of better-auth: the server-side clients use it too.

/** The claims that the clients look at; times are seconds since the epoch. */
export type TokenClaims = {
  /** The user's id. */
  readonly sub?: string | undefined;
  readonly sessionId?: string | undefined;
  readonly iat?: number | undefined;
  readonly exp?: number | undefined;
};

/**
 * The claims of a JWT, null where the text is no JWT. Claims may hold any Unicode text.
 *
 * @example
 * const userId = readClaims(token)?.sub;
 */
export function readClaims(token: string): TokenClaims | null {
  const payload = token.split(".")[1];
  if (!payload) return null;
  try {
    const value: unknown = JSON.parse(decodeBase64Url(payload));
    if (typeof value !== "object" || value === null) return null;
    const { sub, sessionId, iat, exp } = value as Record<string, unknown>; // any object may be read so
    return {
      sub: text(sub),
      sessionId: text(sessionId),
      iat: seconds(iat),
      exp: seconds(exp),
    };
  } catch {
    // Not base64url, not UTF-8 or not JSON: then it is no JWT, which null says.
    return null;
  }
}

// --- internal ---

/** `atob` gives one character per byte, so the bytes are decoded as UTF-8 afterwards. React Native has no TextDecoder. */
function decodeBase64Url(value: string): string {
  const binary = atob(value.replace(/-/g, "+").replace(/_/g, "/"));
  const escaped = binary.replace(
    /[^]/g,
    (byte) => `%${byte.charCodeAt(0).toString(16).padStart(2, "0")}`,
  );
  return decodeURIComponent(escaped);
}

function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function seconds(value: unknown): number | undefined {
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}
