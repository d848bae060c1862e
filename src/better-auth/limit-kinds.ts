// What an endpoint does that has to be limited, where neither Better Auth nor its plugins have a rule of their own for
// it. A test compares the table with the installed Better Auth, so that a new endpoint is noticed. Plain data only.

/** So many requests in so many seconds. */
export type KindRule = { readonly window: number; readonly max: number };

type Kind = { readonly rule: KindRule; readonly paths: readonly string[] };

/** As strict as Better Auth's own rules of the same kind. */
export const LIMIT_KINDS: Readonly<Record<"guess" | "invite" | "begin", Kind>> = {
  /** Compares a password, a code or a token, also with a session: whoever stole one wants the password, too. */
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
  /** Sends a mail to somebody else, for a user who has a session. */
  invite: { rule: { window: 60, max: 20 }, paths: ["/organization/invite-member"] },
  /** Writes rows for anybody: a challenge, a nonce, a client. */
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
 * The rule of a path below the base path; undefined for one that is of no kind.
 *
 * @example
 * ruleOfKind("/verify-password"); // { window: 10, max: 3 }
 */
export function ruleOfKind(path: string): KindRule | undefined {
  // With `advanced.skipTrailingSlashes` the same endpoint is served with slashes at the end, too.
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
