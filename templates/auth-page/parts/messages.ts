// The messages of the auth pages about failures, by Better Auth's code. You can change or translate them.
// RETURNS has those of social providers, whose codes may be the same words for something else.
import { LOCK_MINUTES, PASSWORD_LENGTH, USERNAME_LENGTH } from "./limits.js";

/** The error of Better Auth's client for a failed request. */
export type Failure = { code?: string | undefined; message?: string | undefined; status: number };

export const UNREACHABLE = "The server cannot be reached. Check your connection and try again.";

const MESSAGES: Record<string, string> = {
  INVALID_EMAIL_OR_PASSWORD: "Email or password is wrong.",
  INVALID_USERNAME_OR_PASSWORD: "User name or password is wrong.",
  INVALID_EMAIL: "This is not a valid email address.",
  INVALID_PASSWORD: "The password is wrong.",
  USER_ALREADY_EXISTS: "An account with this email already exists. Sign in instead.",
  USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL:
    "An account with this email already exists. Sign in instead.",
  USERNAME_IS_ALREADY_TAKEN: "This user name is taken. Choose another one.",
  USERNAME_TOO_SHORT: `The user name is too short: use at least ${USERNAME_LENGTH} characters.`,
  USERNAME_TOO_LONG: "The user name is too long.",
  INVALID_USERNAME: "The user name has a character that is not allowed in it.",
  PASSWORD_TOO_SHORT: `The password is too short: use at least ${PASSWORD_LENGTH} characters.`,
  PASSWORD_TOO_LONG: "The password is too long.",
  EMAIL_NOT_VERIFIED: "Confirm your email first, then sign in.",
  PROVIDER_NOT_CONFIGURED: "This sign-in is not set up yet. Choose another way to sign in.",
  INVALID_TOKEN: "This link is no longer valid. Request a new one.",
  TOKEN_EXPIRED: "This link is no longer valid. Request a new one.",
  EXPIRED_TOKEN: "This link is no longer valid. Request a new one.",
  LINK_NOT_REQUESTED_HERE:
    "This device did not ask for this link. Open it where you asked for it, or request a new one here.",
  INVALID_OTP: "This code is wrong.",
  OTP_EXPIRED: "This code is no longer valid. Request a new one.",
  INVALID_CODE: "This code is wrong.",
  INVALID_BACKUP_CODE: "This backup code is wrong, or was used before.",
  TOO_MANY_ATTEMPTS: "Too many attempts. Request a new code.",
  TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE: "Too many attempts. Go back, and sign in again.",
  ACCOUNT_TEMPORARILY_LOCKED: `Too many wrong codes. Sign in again after ${LOCK_MINUTES} minutes.`,
  OTP_HAS_EXPIRED: "This code is no longer valid. Request a new one.",
  INVALID_TWO_FACTOR_COOKIE: "That took too long. Sign in again.",
  SESSION_NOT_FRESH: "This needs a recent sign-in. Sign out, sign in, and try again.",
  INVITATION_NOT_FOUND: "This invitation is no longer valid. Ask for a new one.",
  YOU_ARE_NOT_THE_RECIPIENT_OF_THE_INVITATION:
    "This invitation is for another email. Sign out, and sign in with that one.",
  EMAIL_VERIFICATION_REQUIRED_FOR_INVITATION: "Confirm your email first, then open the link again.",
  EMAIL_VERIFICATION_REQUIRED_BEFORE_ACCEPTING_OR_REJECTING_INVITATION:
    "Confirm your email first, then open the link again.",
  INVITER_IS_NO_LONGER_A_MEMBER_OF_THE_ORGANIZATION:
    "This invitation is no longer valid. Ask for a new one.",
  USER_IS_ALREADY_INVITED_TO_THIS_ORGANIZATION: "This email is invited already.",
  USER_IS_ALREADY_A_MEMBER_OF_THIS_ORGANIZATION: "Somebody with this email is a member already.",
  YOU_CANNOT_LEAVE_THE_ORGANIZATION_AS_THE_ONLY_OWNER:
    "You are the only owner. Give somebody else that role before you leave.",
  YOU_CANNOT_LEAVE_THE_ORGANIZATION_WITHOUT_AN_OWNER:
    "You are the only owner. Give somebody else that role first.",
  YOU_ARE_NOT_ALLOWED_TO_UPDATE_THIS_MEMBER: "You may not change the role of this member.",
  YOU_ARE_NOT_ALLOWED_TO_DELETE_THIS_MEMBER: "You may not remove this member.",
  AUTH_CANCELLED: "No passkey was used. Try again, or choose another way.",
  ERROR_CEREMONY_ABORTED: "No passkey was used. Try again, or choose another way.",
  // Its message is a text of the device for programmers.
  ERROR_PASSTHROUGH_SEE_CAUSE_PROPERTY: "No passkey was used. Try again, or choose another way.",
  ERROR_AUTHENTICATOR_PREVIOUSLY_REGISTERED: "This device has a passkey for your account already.",
  SESSION_EXPIRED: "This needs a recent sign-in. Sign out, sign in, and try again.",
};

const SIGN_UP_DISABLED = "There is no account with this email, and nobody can create one here.";

const RETURNS = new Map([
  ["account_not_linked", "An account with this email already exists. Sign in as you did before."],
  ["account_already_linked_to_different_user", "This account is linked to another user."],
  ["email_does_not_match", "The email of this account is not yours, so it cannot be linked."],
  ["unable_to_link_account", "This account cannot be linked. Try again."],
  ["email_not_found", "We did not get your email from there. Allow it, or choose another way."],
  ["email_not_verified", "Confirm your email first, then sign in."],
  ["signup_disabled", SIGN_UP_DISABLED],
  ["new_user_signup_disabled", SIGN_UP_DISABLED],
  ["state_mismatch", "That took too long, or began in another browser. Try again."],
  ["state_not_found", "That took too long, or began in another browser. Try again."],
]);

/** A sentence about a failure. */
export function describe({ code, message, status }: Failure): string {
  const known = code && MESSAGES[code];
  if (known) return known;
  if (code === "VALIDATION_ERROR") return describeInput(message);
  if (status === 429) return "Too many attempts. Wait a moment and try again.";
  if (status === 0 || status >= 500) return UNREACHABLE;
  return message || "That did not work. Try again.";
}

/** A sentence about the `?error=` that a link or an identity provider added to the address. */
export function describeReturn(code: string): string {
  const known = RETURNS.get(code) ?? (code === code.toUpperCase() ? MESSAGES[code] : undefined);
  return known ?? "The sign-in did not work. Try again, or choose another way.";
}

/** A sentence about a request with a field that the server cannot read, which the message begins with. */
function describeInput(message = ""): string {
  const isEmail = /^\[body\.(email|newEmail)\]/.test(message);
  return isEmail ? "This is not a valid email address." : "Check what you typed, and try again.";
}
