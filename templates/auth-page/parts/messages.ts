// What the auth pages say about a failure, by Better Auth's code. Change the words, or translate them.

/** What Better Auth's client gives for a request that failed. */
export type Failure = { code?: string; message?: string; status: number };

export const UNREACHABLE = "The server cannot be reached. Check your connection and try again.";

const MESSAGES: Record<string, string> = {
  INVALID_EMAIL_OR_PASSWORD: "Email or password is wrong.",
  INVALID_USERNAME_OR_PASSWORD: "User name or password is wrong.",
  INVALID_EMAIL: "That is not an email address.",
  INVALID_PASSWORD: "The password is wrong.",
  USER_ALREADY_EXISTS: "There is an account with this email already. Sign in instead.",
  USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL:
    "There is an account with this email already. Sign in instead.",
  USERNAME_IS_ALREADY_TAKEN: "Somebody has this user name already. Choose another one.",
  PASSWORD_TOO_SHORT: "The password is too short: use at least 8 characters.",
  PASSWORD_TOO_LONG: "The password is too long.",
  EMAIL_NOT_VERIFIED: "Confirm your email first: we sent you a link.",
  PROVIDER_NOT_CONFIGURED: "Signing in there is not set up yet. Choose another way.",
  INVALID_TOKEN: "This link works no more. Ask for a new one.",
  TOKEN_EXPIRED: "This link works no more. Ask for a new one.",
  EXPIRED_TOKEN: "This link works no more. Ask for a new one.",
  INVALID_OTP: "This code is wrong.",
  OTP_EXPIRED: "This code works no more. Ask for a new one.",
  INVALID_CODE: "This code is wrong.",
  INVALID_BACKUP_CODE: "This backup code is wrong, or was used before.",
  TOO_MANY_ATTEMPTS: "Too many attempts. Ask for a new code.",
  INVALID_TWO_FACTOR_COOKIE: "That took too long. Sign in again.",
  SESSION_NOT_FRESH:
    "You signed in some time ago. Sign out, sign in again, and then try once more.",
  AUTH_CANCELLED: "No passkey was used. Try again, or choose another way.",
  ERROR_CEREMONY_ABORTED: "No passkey was used. Try again, or choose another way.",
};

/** A sentence about a failure. */
export function describe({ code, message, status }: Failure): string {
  const known = code && MESSAGES[code];
  if (known) return known;
  if (status === 429) return "Too many attempts. Wait a moment and try again.";
  if (status === 0 || status >= 500) return UNREACHABLE;
  return message || "That did not work. Try again.";
}

/** About the `?error=` with which a link or an identity provider sent the browser back. */
export function describeReturn(code: string): string {
  return (
    MESSAGES[code.toUpperCase()] ??
    "Signing in there did not work. Try again, or choose another way."
  );
}
