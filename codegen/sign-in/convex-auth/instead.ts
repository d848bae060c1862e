// What an author writes in auth.ts in the place of an option of Convex Auth that kitcn cannot carry over. Texts alone;
// every piece of code in them compiles in an app with kitcn. Pure.
import type { Node } from "@babel/types";
import type { Module } from "../../edit/index.js";
import { NEW_PASSWORD } from "./password-hook.js";

/** A part of `convexAuth()` that kitcn cannot carry over. */
export type Refusal = {
  /** A part of a sentence. */
  readonly what: string;
  /** Where it is, and what takes its place; undefined where that is said elsewhere. */
  readonly at?: { readonly module: Module; readonly node: Node; readonly name: string };
  readonly instead?: string | undefined;
};

/**
 * Those that need one option of defineAuth(), such as `triggers`: from the second one on, each says that the option is
 * written once.
 */
export function withSharedOptions(refusals: readonly Refusal[]): Refusal[] {
  const first = new Map<string, string>();
  return refusals.map((one) => {
    const { instead = "" } = one;
    // What needs nothing may still name an option, to warn of it.
    const option = instead.startsWith("nothing")
      ? undefined
      : /`(account|hooks|triggers|user): /.exec(instead)?.[1];
    const name = one.at?.name;
    if (option === undefined || name === undefined) return one;
    const other = first.get(option);
    if (other === undefined) {
      first.set(option, name);
      return one;
    }
    const once = `Write ${option} once, with what ${other} needs beside this`;
    return { ...one, instead: `${instead}. ${once}` };
  });
}

/** By the option's name, as `callbacks.redirect`. */
export const OPTION_INSTEAD: Readonly<Record<string, string>> = {
  "callbacks.redirect":
    '`trustedOrigins: ["https://example.com"]`, with every site that a sign-in may lead to. Add them to the list if there is one',
  "callbacks.createOrUpdateUser":
    "`triggers: { user: { create: { before: (user) => ({ data: { name: user.name } }), after: async (user, ctx) => { console.log(user._id, ctx.db) } } } }`, with your own lines: `before` says what a new user has, `after` runs in the same transaction",
  "callbacks.afterUserCreatedOrUpdated":
    "`triggers: { user: { create: { after: async (user, ctx) => { console.log(user._id, ctx.db) } } } }`, with your own lines, and `update` beside `create` for users that exist",
  "callbacks.beforeSessionCreation":
    "`triggers: { session: { create: { before: (session) => { console.log(session.userId) } } } }`, with your own lines: what it throws undoes the sign-in",
  "signIn.maxFailedAttempsPerHour":
    '`rateLimit: { enabled: true, storage: "database", customRules: { "/sign-in/email": { window: 60 * 60, max: 10 } } }` in the place of the line rateLimit. It counts every attempt of one address of the network',
  "jwt.customClaims":
    "`convex({ authConfig, jwt: { definePayload: ({ user }) => ({ email: user.email }) } })`: give this jwt, with your own claims, to convex() among the plugins, beside what it has",
  "jwt.durationMs":
    "`convex({ authConfig, jwt: { expirationSeconds: 60 * 15 } })`: give this jwt, with the time in seconds that a token lasts, to convex() among the plugins, beside what it has",
  "session.totalDurationMs":
    "`session: { expiresIn: 60 * 60 * 24 * 30, disableSessionRefresh: true }` in the place of the line session, with the time in seconds after which everybody signs in again, at most 400 days. Better Auth has one duration: with this line, only that one counts",
  "session.inactiveDurationMs":
    "`session: { expiresIn: 60 * 60 * 24 * 30 }` in the place of the line session, with the time in seconds without use after which a session ends, at most 400 days. Better Auth has one duration: with this line, a session that is used never ends",
  theme: "nothing: your own functions write the mails",
};

/** By the option of `Password()`; a profile is said with its fields. */
export const PASSWORD_INSTEAD: Readonly<Record<string, string>> = {
  crypto:
    "`password: { hash: (password) => hashSecret(password), verify: ({ hash, password }) => verifySecret(password, hash) }` in emailAndPassword, with your own hashSecret and verifySecret",
  validatePasswordRequirements: `\`hooks: { before: createAuthMiddleware(async ({ path, body }) => { const password = ${NEW_PASSWORD}; if (typeof password === "string") checkPassword(password) }) }\`, with createAuthMiddleware of better-auth/api and your own checkPassword, which throws an APIError of better-auth/api`,
  id: 'nothing, because passwords have no name. In your forms, call `signIn("password", formData)` instead of signIn with that name',
};

/** A field of a profile; `isGiven` where it is made of what the form sends. */
export type ProfileField = { readonly name: string; readonly isGiven: boolean };

/** Fields of a profile that Better Auth does not have by itself. */
export function profileInstead(fields: readonly ProfileField[]): string {
  const own = fields.filter(({ name }) => !["name", "email", "image"].includes(name));
  if (own.length === 0)
    return "`triggers: { user: { create: { before: (user) => ({ data: { name: user.name.trim() } }) } } }`, with your own lines: they say what a new user has, and refuse one by what they throw";
  const print = ({ name, isGiven }: ProfileField) =>
    `${name}: { type: "string", required: false${isGiven ? "" : ", input: false"} }`;
  const said = [
    ...(own.some(({ isGiven }) => isGiven)
      ? [
          "A form gives them to `authClient.signUp.email()`, and users can change them. Where they must not, add `input: false`",
        ]
      : []),
    ...(own.some(({ isGiven }) => !isGiven)
      ? ["Nobody can send a field with `input: false`. Give it its value with `defaultValue`"]
      : []),
  ];
  return `\`user: { additionalFields: { ${own.map(print).join(", ")} } }\`, with the type of each field. ${said.join(". ")}`;
}

/**
 * By the option of a social provider.
 *
 * @param value what it is set to, as code
 */
export function socialInstead(id: string, option: string, value: string): string | undefined {
  const say = (more: string) => `\`${more}\` in the entry ${id} of socialProviders`;
  switch (option) {
    case "profile":
      return `${say("mapProfileToUser: (profile) => ({ name: profile.name })")}, with your own fields, but never emailVerified: the provider says that`;
    case "authorization":
      return `${say('scope: ["email"]')}, with your own scopes`;
    case "allowDangerousEmailAccountLinking":
      return linkingInstead(id, value);
    default:
      return undefined;
  }
}

/** Convex Auth links accounts by address unless the option is false; it takes every address for verified. */
function linkingInstead(id: string, value: string): string {
  const never =
    "`account: { accountLinking: { disableImplicitLinking: true } }`, which holds for all providers. A signed-in user links an account by `authClient.linkSocial()`";
  const always = `nothing, because Better Auth links accounts by addresses that the provider has verified. \`account: { accountLinking: { trustedProviders: ["${id}"] } }\` would link by every address, as before: then whoever types a user's address at an account there becomes that user`;
  if (value === "false") return never;
  return value === "true" ? always : `if it is false: ${never}. If it is true: ${always}`;
}

/** By the name of a provider, as its module calls it. */
export const PROVIDER_INSTEAD: Readonly<Record<string, string>> = {
  Phone:
    "`npx kitcn add plugin phone-number`, which adds `phoneNumber()` with a function that sends the code",
  ConvexCredentials:
    "a plugin of yours with `createAuthEndpoint()` of better-auth/api, which makes the session by `ctx.context.internalAdapter.createSession(user.id)` and `setSessionCookie()` of better-auth/cookies",
  "Anonymous.profile":
    '`anonymous({ disableDeleteAnonymousUser: true, generateName: () => "Guest" })` in the place of anonymous() among the plugins',
};
