// Lists the callbacks in Better Auth's options: those that send something, and those that run after a change.
// A test compares the tables with the installed Better Auth, and fails if it has a new callback. Plain data only.

/** Paths in Better Auth's own options, and by plugin id in the options of a plugin. */
export type CallbackTable = {
  readonly core: readonly (readonly string[])[];
  readonly plugins: { readonly [id: string]: readonly (readonly string[])[] };
};

/** Mails, codes and messages. They wait for the commit, and the response does not wait for them. */
export const SENDS: CallbackTable = {
  core: [
    ["emailAndPassword", "sendResetPassword"],
    // Called only if the account exists: waiting for it would reveal that.
    ["emailAndPassword", "onExistingUserSignUp"],
    ["emailVerification", "sendVerificationEmail"],
    ["user", "changeEmail", "sendChangeEmailConfirmation"],
    ["user", "deleteUser", "sendDeleteAccountVerification"],
  ],
  plugins: {
    "magic-link": [["sendMagicLink"]],
    // Both plugins copy their options when they are created: see COPYING.
    "email-otp": [["sendVerificationOTP"]],
    "phone-number": [["sendOTP"], ["sendPasswordResetOTP"]],
    "two-factor": [["otpOptions", "sendOTP"]],
    organization: [["sendInvitationEmail"]],
  },
};

/**
 * Plugins that copy their options, by id, with the export of better-auth/plugins that creates them. kitcn creates them
 * again with wrapped callbacks, so generated/auth.ts imports these exports for the plugins of auth.ts.
 */
export const COPYING: { readonly [id: string]: string } = {
  "email-otp": "emailOTP",
  "phone-number": "phoneNumber",
};

/** Callbacks that run after a change. The after-hooks of `databaseHooks` also belong here. */
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
