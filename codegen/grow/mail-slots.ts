// The callbacks of Better Auth that send mail, as data: where each is in the options, and which mail it sends.
// Makes no edit. A test holds this table against the callbacks that the runtime knows as sending.
import { pluginOf } from "../load/options.js";
import type { MailName } from "../print/mail-modules.js";

/** Names of the app, for the code of a callback. */
export type MailNames = {
  readonly send: string;
  readonly ctx: string;
  /** The function that makes the mail. */
  readonly mail: string;
};

export type MailSlot = {
  /** Of the table of plugins; undefined for an option of Better Auth's own. */
  readonly plugin?: string;
  /** In the options, or in those of the plugin. */
  readonly path: readonly string[];
  readonly mail: MailName;
  readonly print: (names: MailNames) => string;
  /** An option to write beside the callback where the object with both is missing. */
  readonly beside?: string;
  /** Whether an app with these options sends this mail. Default: it does. */
  readonly isWanted?: (options: unknown) => boolean;
  /** Page of Better Auth's documentation, below its `docs/`. */
  readonly docs: string;
};

/** Every callback that sends mail, in the order in which it is reported. */
export const MAIL_SLOTS: readonly MailSlot[] = [
  {
    path: ["emailVerification", "sendVerificationEmail"],
    mail: "verificationMail",
    print: ({ send, ctx, mail }) =>
      `({ user, url }) => ${send}(${ctx}, { to: user.email, ...${mail}(url) })`,
    beside: "sendOnSignUp: true",
    isWanted: (options) =>
      !verifiesByCode(options) &&
      (isOn(options, ["emailAndPassword", "enabled"]) ||
        isOn(options, ["user", "changeEmail", "enabled"]) ||
        valueAt(options, ["emailVerification"]) !== undefined),
    docs: "concepts/email",
  },
  {
    path: ["emailAndPassword", "sendResetPassword"],
    mail: "resetPasswordMail",
    print: ({ send, ctx, mail }) =>
      `({ user, url }) => ${send}(${ctx}, { to: user.email, ...${mail}(url) })`,
    isWanted: (options) => isOn(options, ["emailAndPassword", "enabled"]),
    docs: "authentication/email-password",
  },
  {
    path: ["user", "changeEmail", "sendChangeEmailConfirmation"],
    mail: "changeEmailMail",
    print: ({ send, ctx, mail }) =>
      `({ user, newEmail, url }) => ${send}(${ctx}, { to: user.email, ...${mail}({ url, newEmail }) })`,
    isWanted: (options) => isOn(options, ["user", "changeEmail", "enabled"]),
    docs: "concepts/users-accounts",
  },
  {
    path: ["user", "deleteUser", "sendDeleteAccountVerification"],
    mail: "deleteAccountMail",
    print: ({ send, ctx, mail }) =>
      `({ user, url }) => ${send}(${ctx}, { to: user.email, ...${mail}(url) })`,
    isWanted: (options) => isOn(options, ["user", "deleteUser", "enabled"]),
    docs: "concepts/users-accounts",
  },
  {
    plugin: "magic-link",
    path: ["sendMagicLink"],
    mail: "magicLinkMail",
    print: ({ send, ctx, mail }) =>
      `({ email, url }) => ${send}(${ctx}, { to: email, ...${mail}(url) })`,
    docs: "plugins/magic-link",
  },
  {
    plugin: "email-otp",
    path: ["sendVerificationOTP"],
    mail: "codeMail",
    print: ({ send, ctx, mail }) =>
      `({ email, otp }) => ${send}(${ctx}, { to: email, ...${mail}(otp) })`,
    docs: "plugins/email-otp",
  },
  {
    plugin: "two-factor",
    path: ["otpOptions", "sendOTP"],
    mail: "codeMail",
    print: ({ send, ctx, mail }) =>
      `({ user, otp }) => ${send}(${ctx}, { to: user.email, ...${mail}(otp) })`,
    docs: "plugins/2fa",
  },
  {
    plugin: "organization",
    path: ["sendInvitationEmail"],
    mail: "invitationMail",
    print: ({ send, ctx, mail }) => `({ id, email, organization, inviter }) =>
      ${send}(${ctx}, {
        to: email,
        ...${mail}({ id, organization: organization.name, inviter: inviter.user.name }),
      })`,
    docs: "plugins/organization",
  },
];

/** What options hold at a path; undefined where they do not go that far. */
export function valueAt(options: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined,
    options,
  );
}

// --- internal ---

/** The plugin sends codes in the place of links, but Better Auth prefers a callback of the options to the plugin's. */
function verifiesByCode(options: unknown): boolean {
  const plugin = pluginOf(options, "email-otp");
  return isOn(plugin, ["options", "overrideDefaultEmailVerification"]);
}

function isOn(options: unknown, path: readonly string[]): boolean {
  return valueAt(options, path) === true;
}
