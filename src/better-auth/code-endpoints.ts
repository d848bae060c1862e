// Where Better Auth compares secrets of an account: which endpoints check codes, and how a body names the account. A test
// compares the table with the installed Better Auth, so that a new endpoint is noticed. Plain data only.

/**
 * Endpoints that compare a short code with a stored one, and whose code it is: the member of the body that names the
 * address or number; `challenge` for the account that a two-factor cookie is about; `session` for the user signed in.
 */
export const CODE_ENDPOINTS: Readonly<Record<string, CodeOwner>> = {
  "/two-factor/verify-totp": "challenge",
  "/two-factor/verify-otp": "challenge",
  "/two-factor/verify-backup-code": "challenge",
  "/sign-in/email-otp": "email",
  "/email-otp/check-verification-otp": "email",
  "/email-otp/verify-email": "email",
  "/email-otp/reset-password": "email",
  "/email-otp/change-email": "newEmail",
  "/email-otp/request-email-change": "session",
  "/phone-number/verify": "phoneNumber",
  "/phone-number/reset-password": "phoneNumber",
};

export type CodeOwner = "challenge" | "session" | "email" | "newEmail" | "phoneNumber";

/** Members of a body that name an account. */
export const ACCOUNT_NAMES = ["email", "newEmail", "phoneNumber", "username"] as const;

/** True for an endpoint that signs somebody in with a name and a secret. */
export function isSignInPath(path: string | undefined): boolean {
  return path?.includes("/sign-in/") ?? false;
}
