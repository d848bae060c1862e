// Rate limits for endpoints for which neither Better Auth nor its plugins have a rule, grouped by what they do. Data
// only. A test compares the table with the installed Better Auth, and fails if it has a new endpoint.

/** At most `max` requests in `window` seconds. */
export type KindRule = { readonly window: number; readonly max: number };

type Kind = { readonly rule: KindRule; readonly paths: readonly string[] };

/** As strict as Better Auth's own rules for similar endpoints. */
export const LIMIT_KINDS: Readonly<Record<"guess" | "invite" | "begin", Kind>> = {
  /** Compares a password, a code or a token. Also with a session: a thief of a session may guess the password. */
  guess: {
    rule: { window: 10, max: 3 },
    paths: [
      "/verify-password",
      "/delete-user",
      "/delete-user/callback",
      "/reset-password",
      "/reset-password/:token",
      "/verify-email",
      "/one-time-token/verify",
      "/device/approve",
      "/device/deny",
    ],
  },
  /** Sends a mail to another person for a signed-in user. */
  invite: { rule: { window: 60, max: 20 }, paths: ["/organization/invite-member"] },
  /** Writes a row for a visitor: a challenge, a nonce, a client. */
  begin: {
    rule: { window: 10, max: 20 },
    paths: [
      "/passkey/generate-authenticate-options",
      "/oauth-popup/start",
      "/siwe/nonce",
      "/siwe/get-nonce",
      "/device/code",
      "/oauth2/register",
    ],
  },
};

/**
 * The rule for a path below the base path; undefined if no kind lists it.
 *
 * @example
 * ruleOfKind("/verify-password"); // { window: 10, max: 3 }
 */
export function ruleOfKind(path: string): KindRule | undefined {
  // With `advanced.skipTrailingSlashes`, Better Auth also serves the endpoint with slashes at the end.
  const segments = path.replace(/(?<=.)\/+$/, "").split("/");
  for (const { rule, paths } of Object.values(LIMIT_KINDS))
    if (paths.some((one) => isOf(one.split("/"), segments))) return rule;
  return undefined;
}

// --- internal ---

function isOf(pattern: readonly string[], segments: readonly string[]): boolean {
  return (
    pattern.length === segments.length &&
    pattern.every((one, at) => one.startsWith(":") || one === segments[at])
  );
}
