// The sentences of the auth pages about failures: what a code means depends on who answers with it.
import { expect, test } from "vitest";
import { describe, describeReturn } from "../../../templates/auth-page/parts/messages.js";

test.each<{ code: string; message?: string; status?: number; want: RegExp }>([
  { code: "INVALID_CODE", want: /^This code is wrong\.$/ },
  { code: "EMAIL_NOT_VERIFIED", status: 403, want: /^Confirm your email first, then sign in\.$/ },
  { code: "ERROR_PASSTHROUGH_SEE_CAUSE_PROPERTY", message: "Auth cancelled", want: /No passkey/ },
  { code: "ERROR_AUTHENTICATOR_PREVIOUSLY_REGISTERED", want: /has a passkey/ },
  { code: "TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE", want: /sign in again/ },
  { code: "ACCOUNT_TEMPORARILY_LOCKED", status: 429, want: /after 15 minutes/ },
  { code: "OTP_HAS_EXPIRED", want: /Request a new one/ },
  {
    code: "VALIDATION_ERROR",
    message: "[body.email] Invalid email address",
    want: /^This is not a valid email address\.$/,
  },
  {
    code: "VALIDATION_ERROR",
    message: "[body.newEmail] Invalid email address",
    want: /^This is not a valid email address\.$/,
  },
  { code: "VALIDATION_ERROR", message: "[body.otp] Invalid input", want: /^Check what you typed/ },
  { code: "UNKNOWN", message: "Of a hook.", want: /^Of a hook\.$/ },
])("a request fails with $code", ({ code, message, status = 400, want }) => {
  expect(describe({ code, message, status })).toMatch(want);
});

test.each([
  ["INVALID_TOKEN", /^This link is no longer valid/],
  ["LINK_NOT_REQUESTED_HERE", /did not ask for this link/],
  ["account_not_linked", /^An account with this email already exists/],
  ["account_already_linked_to_different_user", /linked to another user/],
  ["email_not_found", /did not get your email/],
  ["email_not_verified", /^Confirm your email first/],
  ["signup_disabled", /nobody can create one/],
  ["new_user_signup_disabled", /nobody can create one/],
  ["state_mismatch", /another browser/],
  ["invalid_code", /^The sign-in did not work/],
  ["access_denied", /^The sign-in did not work/],
  ["constructor", /^The sign-in did not work/],
])("a link or a provider returns with ?error=%s", (code, want) => {
  expect(describeReturn(code)).toMatch(want);
});
