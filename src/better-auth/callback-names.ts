// The callbacks that Better Auth documents, by their place in the options: those that send something, and those that
// run after a change. A test compares the tables with the installed Better Auth, so that a new one is noticed.

/** Paths in Better Auth's own options, and by plugin id in the options that a plugin was made with. */
export type CallbackTable = {
  readonly core: readonly (readonly string[])[];
  readonly plugins: { readonly [id: string]: readonly (readonly string[])[] };
};

/** Mails, codes and messages. They wait for the commit, and the response does not wait for them. */
export const SENDS: CallbackTable = {
  core: [
    ["emailAndPassword", "sendResetPassword"],
    // Called only if the account exists, so waiting for it would tell.
    ["emailAndPassword", "onExistingUserSignUp"],
    ["emailVerification", "sendVerificationEmail"],
    ["user", "changeEmail", "sendChangeEmailConfirmation"],
    ["user", "deleteUser", "sendDeleteAccountVerification"],
  ],
  plugins: {
    "magic-link": [["sendMagicLink"]],
    // Both copy their options when they are made: see COPYING.
    "email-otp": [["sendVerificationOTP"]],
    "phone-number": [["sendOTP"], ["sendPasswordResetOTP"]],
    "two-factor": [["otpOptions", "sendOTP"]],
    organization: [["sendInvitationEmail"]],
  },
};

/**
 * Plugins that copy the options they are made with, by id, and the export of better-auth/plugins that makes them. They
 * are made again with wrapped callbacks, so generated/auth.ts imports what makes those that auth.ts uses.
 */
export const COPYING: { readonly [id: string]: string } = {
  "email-otp": "emailOTP",
  "phone-number": "phoneNumber",
};

/** What runs after a change. The after-hooks of `databaseHooks` belong here, too. */
export const AFTER_HOOKS: CallbackTable = {
  core: [
    ["emailAndPassword", "onPasswordReset"],
    ["emailVerification", "afterEmailVerification"],
    ["user", "deleteUser", "afterDelete"],
  ],
  plugins: {
    anonymous: [["onLinkAccount"]],
    organization: [
      ["organizationHooks", "afterCreateOrganization"],
      ["organizationHooks", "afterUpdateOrganization"],
      ["organizationHooks", "afterDeleteOrganization"],
      ["organizationHooks", "afterAddMember"],
      ["organizationHooks", "afterRemoveMember"],
      ["organizationHooks", "afterUpdateMemberRole"],
      ["organizationHooks", "afterCreateInvitation"],
      ["organizationHooks", "afterAcceptInvitation"],
      ["organizationHooks", "afterRejectInvitation"],
      ["organizationHooks", "afterCancelInvitation"],
      ["organizationHooks", "afterCreateTeam"],
      ["organizationHooks", "afterUpdateTeam"],
      ["organizationHooks", "afterDeleteTeam"],
      ["organizationHooks", "afterAddTeamMember"],
      ["organizationHooks", "afterRemoveTeamMember"],
    ],
    stripe: [
      ["onCustomerCreate"],
      ["onEvent"],
      ["subscription", "onSubscriptionComplete"],
      ["subscription", "onSubscriptionCreated"],
      ["subscription", "onSubscriptionUpdate"],
      ["subscription", "onSubscriptionCancel"],
      ["subscription", "onSubscriptionDeleted"],
    ],
  },
};

export const DATABASE_OPERATIONS = ["create", "update", "delete"] as const;
