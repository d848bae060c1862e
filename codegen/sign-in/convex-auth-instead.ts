// What an author writes in auth.ts in the place of an option of Convex Auth that kitcn cannot carry over. Texts alone;
// every piece of code in them compiles in an app with kitcn. Pure.
import type { Node } from "@babel/types";
import type { Module } from "../edit/index.js";

/** A part of `convexAuth()` that kitcn cannot carry over. */
export type Refusal = {
  /** A part of a sentence. */
  readonly what: string;
  /** Where it is, and what takes its place; undefined where that is said elsewhere. */
  readonly at?: { readonly module: Module; readonly node: Node; readonly name: string };
  readonly instead?: string | undefined;
};

/** By the option's name, as `callbacks.redirect`. */
export const OPTION_INSTEAD: Readonly<Record<string, string>> = {
  "callbacks.redirect":
    '`trustedOrigins: ["https://example.com"]`, with every site that a sign-in may lead to',
  "callbacks.createOrUpdateUser":
    "`triggers: { user: { create: { before: (user) => ({ data: { name: user.name } }), after: async (user, ctx) => { console.log(user._id, ctx.db) } } } }`, with your own lines: `before` says what a new user has, `after` runs in the same transaction",
  "callbacks.afterUserCreatedOrUpdated":
    "`triggers: { user: { create: { after: async (user, ctx) => { console.log(user._id, ctx.db) } } } }`, with your own lines, and `update` beside `create` for users that exist",
  "callbacks.beforeSessionCreation":
    "`triggers: { session: { create: { before: (session) => { console.log(session.userId) } } } }`, with your own lines: what it throws undoes the sign-in",
  "signIn.maxFailedAttempsPerHour":
    '`rateLimit: { customRules: { "/sign-in/email": { window: 60 * 60, max: 10 } } }`, which counts every attempt of one address of the network',
  "jwt.customClaims":
    "`convex({ authConfig, jwt: { definePayload: ({ user }) => ({ email: user.email }) } })` among the plugins, with your own claims",
  "session.totalDurationMs":
    "`session: { expiresIn: 60 * 60 * 24 * 30, disableSessionRefresh: true }` for the time after which everybody signs in again, in seconds",
  "session.inactiveDurationMs":
    "`session: { expiresIn: 60 * 60 * 24 * 30 }` for the time without use after which a session ends, in seconds",
  theme: "nothing: your own functions write the mails",
};

/** By the option of `Password()`; a profile is said with its fields. */
export const PASSWORD_INSTEAD: Readonly<Record<string, string>> = {
  crypto:
    "`emailAndPassword: { enabled: true, password: { hash: (password) => hashSecret(password), verify: ({ hash, password }) => verifySecret(password, hash) } }`, with your own hashSecret and verifySecret",
  validatePasswordRequirements:
    '`hooks: { before: createAuthMiddleware(async ({ path, body }) => { if (path === "/sign-up/email") checkPassword(body.password) }) }`, with createAuthMiddleware of better-auth/api and your own checkPassword',
  id: "nothing: passwords have no name",
};

/** Fields of a profile that Better Auth does not have by itself. */
export function profileInstead(fields: readonly string[]): string {
  const given = fields.filter((one) => one !== "name" && one !== "email" && one !== "image");
  if (given.length === 0)
    return "`triggers: { user: { create: { before: (user) => ({ data: { name: user.name.trim() } }) } } }`, with your own lines: they say what a new user has, and refuse one by what they throw";
  const list = given.map((one) => `${one}: { type: "string", required: false }`).join(", ");
  return `\`user: { additionalFields: { ${list} } }\`, with the type of each field. A form gives them to \`authClient.signUp.email()\``;
}

/** By the option of a social provider. */
export function socialInstead(id: string, option: string): string | undefined {
  const client = `clientId: "...", clientSecret: "..."`;
  const say = (more: string) => `\`socialProviders: { ${id}: { ${client}, ${more} } }\``;
  switch (option) {
    case "profile":
      return `${say("mapProfileToUser: () => ({ emailVerified: true })")}, with the fields that you set`;
    case "authorization":
      return `${say('scope: ["email"]')}, with your own scopes`;
    case "allowDangerousEmailAccountLinking":
      return `\`account: { accountLinking: { trustedProviders: ["${id}"] } }\``;
    default:
      return undefined;
  }
}

/** By the name of a provider, as its module calls it. */
export const PROVIDER_INSTEAD: Readonly<Record<string, string>> = {
  Phone:
    "`npx kitcn add plugin phone-number`, which adds `phoneNumber()` with a function that sends the code",
  ConvexCredentials:
    "a plugin of yours with `createAuthEndpoint()` of better-auth/api, which makes the session by `ctx.context.internalAdapter.createSession(user.id)` and `setSessionCookie()` of better-auth/cookies",
  "Anonymous.profile": '`anonymous({ generateName: () => "Guest" })` among the plugins',
};
