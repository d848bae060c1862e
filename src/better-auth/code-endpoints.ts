// Lists the endpoints of Better Auth that check codes, and the members of a body that name the account.
// A test compares the table with the installed Better Auth, and fails if it has a new endpoint. Plain data only.

/**
 * Endpoints that compare a short code with a stored one, and the owner of the code: the member of the body with the
 * address or number, `challenge` for the account of a two-factor cookie, or `session` for the signed-in user.
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

/** Endpoints that check a password of a name, and the member of the body that is the name. */
export const PASSWORD_SIGN_INS: Readonly<Record<string, AccountName>> = {
  "/sign-in/email": "email",
  "/sign-in/username": "username",
  "/sign-in/phone-number": "phoneNumber",
};

export type CodeOwner = "challenge" | "session" | "email" | "newEmail" | "phoneNumber";

/** Members of a body that name an account. */
export const ACCOUNT_NAMES = ["email", "newEmail", "phoneNumber", "username"] as const;

export type AccountName = (typeof ACCOUNT_NAMES)[number];

/** True for an endpoint that signs somebody in with a name and a secret. */
export function isSignInPath(path: string | undefined): boolean {
  return path?.includes("/sign-in/") ?? false;
}
