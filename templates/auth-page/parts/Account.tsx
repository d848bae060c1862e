"use client";

// The account of the signed-in user, at /auth#account.
// @if change-email
import { ChangeEmail } from "./ChangeEmail.js";
// @end
// @if password
import { ChangePassword } from "./ChangePassword.js";
// @end
// @if delete-user
import { DeleteAccount } from "./DeleteAccount.js";
// @end
// @if social
import { LinkedAccounts } from "./LinkedAccounts.js";
// @end
// @if passkey
import { Passkeys } from "./Passkeys.js";
// @end
import { Profile } from "./Profile.js";
import { Sessions } from "./Sessions.js";
// @if two-factor
import { TwoFactorSettings } from "./TwoFactorSettings.js";
// @end

export function Account() {
  return (
    <>
      <Profile />
      {/* @if change-email */}
      <ChangeEmail />
      {/* @end */}
      {/* @if password */}
      <ChangePassword />
      {/* @end */}
      {/* @if two-factor */}
      <TwoFactorSettings />
      {/* @end */}
      {/* @if passkey */}
      <Passkeys />
      {/* @end */}
      {/* @if social */}
      <LinkedAccounts />
      {/* @end */}
      <Sessions />
      {/* @if delete-user */}
      <DeleteAccount />
      {/* @end */}
    </>
  );
}
