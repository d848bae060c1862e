// Decides which features the auth pages of an app have, from its options and plugins. Pure; prints no text.
// To add a feature, name it here and in a template below templates/auth-page.

import { pluginOf, valueAt } from "../load/options.js";

/** Names that templates use with `@if`. */
export type Feature =
  /** Sign-in with a password. */
  | "password"
  | "sign-up"
  /** A link to confirm the address is sent at sign-up. */
  | "sign-up-mail"
  /** Mailed links confirm addresses. */
  | "confirmation"
  /** A mail for users who forgot their password. */
  | "reset"
  /** Addresses have to be confirmed before the first sign-in. */
  | "verification"
  /** Addresses are confirmed with a mailed code, not a link. */
  | "verification-code"
  /** Whoever is signed in may ask for the mail that confirms the address. */
  | "verification-here"
  /** Either of the two views that ask for it. */
  | "verify-email"
  | "username"
  | "two-factor"
  /** The second step may be a code of an authenticator app. */
  | "two-factor-app"
  /** The same, and the page can draw its key as a QR code. */
  | "qr-code"
  /** Codes of the second step that are sent. */
  | "two-factor-mail"
  /** Users without a password may set up a second step, too. */
  | "two-factor-passwordless"
  | "magic-link"
  | "email-otp"
  /** Mailed links that sign users in. */
  | "mailed-session"
  /** Mailed links that bring something to a phone. */
  | "mailed-link"
  | "passkey"
  | "social"
  /** Users may change their address. */
  | "change-email"
  /** Users may delete their account. */
  | "delete-user"
  /** The same, without a mail to confirm it. */
  | "delete-user-here"
  | "organization"
  /** Users may create organizations. */
  | "organization-create"
  /** Invitations are sent. */
  | "organization-mail"
  /** Guests, who may still sign up or in. */
  | "anonymous"
  /** Any way to sign in without a password. */
  | "ways"
  /** Any view besides sign-in and sign-up. */
  | "views"
  /** More than one view. */
  | "moves"
  /** A link to another view, of visitors or of who is signed in. */
  | "links"
  /** Parts for who is signed in, beside the session. */
  | "sections";

export type Features = ReadonlySet<Feature>;

/** Numbers that the pages say, by the name of the constant in the template. */
export type Limits = Readonly<
  Record<"PASSWORD_LENGTH" | "USERNAME_LENGTH" | "LOCK_MINUTES", number>
>;

/**
 * Returns the features of an app's pages.
 *
 * @param input.options those of auth.ts; undefined if it cannot run yet: then those that `add auth` writes
 * @param input.clients ids of the plugins whose client plugin is in the app's auth client
 * @param input.drawsCodes true if the pages can draw QR codes
 * @example
 * featuresOf({ options: { emailAndPassword: { enabled: true } }, clients: [] }).has("sign-up"); // true
 */
export function featuresOf(input: {
  readonly options: object | undefined;
  readonly clients: readonly string[];
  readonly drawsCodes?: boolean;
}): Features {
  const { options = { emailAndPassword: { enabled: true } }, clients } = input;
  const password = valueAt(options, "emailAndPassword");
  const hasPassword = valueAt(password, "enabled") === true;
  const plugin = (id: string) => (clients.includes(id) ? pluginOf(options, id) : undefined);
  const providers = valueAt(options, "socialProviders");
  const sends = (value: unknown, name: string) => typeof valueAt(value, name) === "function";
  const confirming = valueAt(options, "emailVerification");
  const isConfirmed = hasPassword && valueAt(password, "requireEmailVerification") === true;
  const sendsLink = sends(confirming, "sendVerificationEmail");
  const isOn: Partial<Record<Feature, boolean>> = {
    "magic-link": plugin("magic-link") !== undefined,
    "email-otp": plugin("email-otp") !== undefined,
    passkey: plugin("passkey") !== undefined,
    social: typeof providers === "object" && Object.keys(providers ?? {}).length > 0,
  };
  const sendsMail = sendsLink || isOn["email-otp"] === true;
  const hasWays = Object.values(isOn).includes(true);
  // Without any way to sign in, show the password form: the server's error tells more than an empty page.
  const showsPassword = hasPassword || !hasWays;
  const organization = plugin("organization");
  const ofOrganization = valueAt(organization, "options");
  const twoFactor = showsPassword ? plugin("two-factor") : undefined;
  const ofTwoFactor = valueAt(twoFactor, "options");
  const sendsCode = sends(valueAt(ofTwoFactor, "otpOptions"), "sendOTP");
  const hasNoApp = valueAt(valueAt(ofTwoFactor, "totpOptions"), "disable") === true;
  const user = valueAt(options, "user");
  const allows = (name: string) => valueAt(valueAt(user, name), "enabled") === true;
  Object.assign(isOn, {
    "change-email": allows("changeEmail"),
    "delete-user": allows("deleteUser"),
    "delete-user-here":
      allows("deleteUser") && !sends(valueAt(user, "deleteUser"), "sendDeleteAccountVerification"),
    password: showsPassword,
    "sign-up": showsPassword && valueAt(password, "disableSignUp") !== true,
    reset: hasPassword && sends(password, "sendResetPassword"),
    confirmation: sendsLink,
    "sign-up-mail": sendsLink && (valueAt(confirming, "sendOnSignUp") ?? isConfirmed) === true,
    verification: isConfirmed && sendsMail,
    "verification-here": organization !== undefined && sendsMail,
    anonymous: plugin("anonymous") !== undefined,
    username: showsPassword && plugin("username") !== undefined,
    "two-factor": twoFactor !== undefined,
    // Without either, the server's error tells more than a second step that is not there.
    "two-factor-app": twoFactor !== undefined && !(sendsCode && hasNoApp),
    "two-factor-mail": sendsCode,
    "two-factor-passwordless": valueAt(ofTwoFactor, "allowPasswordless") === true,
    organization: organization !== undefined,
    "organization-create":
      organization !== undefined &&
      valueAt(ofOrganization, "allowUserToCreateOrganization") !== false,
    "organization-mail": sends(ofOrganization, "sendInvitationEmail"),
    ways: hasWays,
  } satisfies Partial<Record<Feature, boolean>>);
  isOn["qr-code"] = isOn["two-factor-app"] === true && input.drawsCodes === true;
  isOn["verify-email"] = isOn.verification === true || isOn["verification-here"] === true;
  isOn["verification-code"] = isOn["verify-email"] && !sendsLink;
  isOn["mailed-session"] = isOn["magic-link"] === true || (isOn["verify-email"] && sendsLink);
  isOn["mailed-link"] = isOn["mailed-session"] || isOn.reset === true;
  isOn.sections = SECTIONS.some((name) => isOn[name]);
  isOn.views = VIEWS.some((name) => isOn[name]);
  isOn.moves = isOn.views || isOn["sign-up"] === true;
  isOn.links = isOn.moves || isOn.organization === true;
  const names = Object.keys(isOn) as Feature[]; // the keys were written above
  return new Set(names.filter((name) => isOn[name]));
}

/**
 * The roles that somebody is invited with: those of auth.ts but the one of an organization's creator.
 *
 * @param options as auth.ts makes them; undefined while nobody can run it
 */
export function rolesOf(options: object | undefined): readonly string[] {
  const roles = valueAt(organizationOptions(options), "roles");
  const all = typeof roles === "object" && roles !== null ? Object.keys(roles) : DEFAULT_ROLES;
  return all.filter((role) => role !== creatorRoleOf(options));
}

/** The role of an organization's creator. */
export function creatorRoleOf(options: object | undefined): string {
  const role = valueAt(organizationOptions(options), "creatorRole");
  return typeof role === "string" ? role : "owner";
}

/** The numbers of auth.ts that the pages say, or Better Auth's own where auth.ts has none. */
export function limitsOf(options: object | undefined = {}): Limits {
  const of = (id: string) => valueAt(pluginOf(options, id), "options");
  const number = (value: unknown, usual: number) => (typeof value === "number" ? value : usual);
  const password = valueAt(valueAt(options, "emailAndPassword"), "minPasswordLength");
  const locked = valueAt(valueAt(of("two-factor"), "accountLockout"), "durationSeconds");
  return {
    PASSWORD_LENGTH: number(password, 8),
    USERNAME_LENGTH: number(valueAt(of("username"), "minUsernameLength"), 3),
    LOCK_MINUTES: Math.ceil(number(locked, 900) / 60),
  };
}

/** Ids of plugins of auth.ts that the pages would have parts for, had the auth client their client half. */
export function unshownPlugins(input: Parameters<typeof featuresOf>[0]): string[] {
  const { options = {}, clients } = input;
  return WITH_PARTS.filter((id) => !clients.includes(id) && pluginOf(options, id) !== undefined);
}

/**
 * What the page of an Expo app has no parts for, in words.
 *
 * @example
 * partsExpoLacks(new Set(["password", "delete-user"])); // ["deleting the account after a mail"]
 */
export function partsExpoLacks(features: Features): string[] {
  const isMailed = features.has("delete-user") && !features.has("delete-user-here");
  return isMailed ? ["deleting the account after a mail"] : [];
}

// --- internal ---

/** Better Auth's, the first one as what most are invited with. */
const DEFAULT_ROLES = ["member", "admin", "owner"];

const WITH_PARTS = [
  "username",
  "two-factor",
  "magic-link",
  "email-otp",
  "passkey",
  "organization",
  "anonymous",
] as const;

const VIEWS = ["reset", "verification", "two-factor", "magic-link", "email-otp"] as const;

const SECTIONS = [
  "two-factor",
  "change-email",
  "passkey",
  "delete-user-here",
  "organization",
] as const;

function organizationOptions(options: object | undefined): unknown {
  return valueAt(pluginOf(options ?? {}, "organization"), "options");
}
