// The plugins that `kitcn add plugin` knows, as data: those in better-auth, and those that are separate packages.
// A test holds this table against the installed packages. Makes no text and no edit.
import { PACKAGED_PLUGINS } from "./packaged-plugins.js";
import type { PluginEntry, PluginHalf } from "./types.js";

/** The plugin of links that sign in, which an app with mailed links of another library gets, too. */
export const MAGIC_LINK: PluginEntry = {
  name: "magic-link",
  summary: "sign-in with a link that is sent by mail",
  id: "magic-link",
  server: {
    ...server("magicLink", "magic-link"),
    args: `{
        // TODO(kitcn): send this link by mail, with npx kitcn add email. Until then it is in the function's log.
        sendMagicLink: async ({ email, url }) => {
          console.log(\`Sign-in link for \${email}: \${url}\`);
        },
      }`,
  },
  client: client("magicLinkClient"),
  docs: "plugins/magic-link",
};

/** The plugin of codes, which an app with mailed codes of another library gets, too. */
export const EMAIL_OTP: PluginEntry = {
  name: "email-otp",
  summary: "sign-in, verification and new passwords with codes that are sent by mail",
  id: "email-otp",
  server: {
    ...server("emailOTP", "email-otp"),
    args: `{
        // TODO(kitcn): send this code by mail, with npx kitcn add email. Until then it is in the function's log.
        sendVerificationOTP: async ({ email, otp, type }) => {
          console.log(\`Code (\${type}) for \${email}: \${otp}\`);
        },
      }`,
  },
  client: client("emailOTPClient"),
  docs: "plugins/email-otp",
};

/** Guests, who have no address and no password. */
export const ANONYMOUS: PluginEntry = {
  name: "anonymous",
  summary: "guests without an address, whom a new user replaces when they sign up",
  id: "anonymous",
  server: {
    ...server("anonymous"),
    args: `{
        // TODO(kitcn): give what the guest has made to the new user. After this, the guest is deleted.
        onLinkAccount: async ({ anonymousUser, newUser }) => {
          console.log(\`Guest \${anonymousUser.user.id} is now \${newUser.user.id}\`);
        },
      }`,
  },
  client: client("anonymousClient"),
  docs: "plugins/anonymous",
};

/** Every plugin, in the order in which it is listed. */
export const PLUGINS: readonly PluginEntry[] = [
  {
    name: "two-factor",
    aliases: ["2fa"],
    summary: "a second step at sign-in: codes of an authenticator app, backup codes",
    id: "two-factor",
    server: server("twoFactor", "two-factor"),
    client: client("twoFactorClient"),
    // For the QR code of an authenticator's key.
    onPages: ["uqr@^0.1.3"],
    docs: "plugins/2fa",
    after: "Authenticator apps show the `appName` of auth.ts. Without one, they show Better Auth.",
  },
  {
    name: "organization",
    summary: "organizations with members, roles and invitations",
    id: "organization",
    server: server("organization"),
    client: client("organizationClient"),
    docs: "plugins/organization",
    after: "`npx kitcn add email` sends the invitations.",
  },
  {
    name: "admin",
    summary: "roles, bans and impersonation, for administrators",
    id: "admin",
    server: server("admin"),
    client: client("adminClient"),
    docs: "plugins/admin",
    after: "Make somebody an administrator: set `role` of the user to `admin`.",
  },
  {
    name: "username",
    summary: "sign-in with a user name instead of an email address",
    id: "username",
    server: server("username"),
    client: client("usernameClient"),
    docs: "plugins/username",
  },
  MAGIC_LINK,
  EMAIL_OTP,
  {
    name: "phone-number",
    summary: "sign-in with codes that are sent to a phone",
    id: "phone-number",
    server: {
      ...server("phoneNumber", "phone-number"),
      args: `{
        // TODO(kitcn): send this code by SMS. Until then it is in the function's log.
        sendOTP: async ({ phoneNumber, code }) => {
          console.log(\`Code for \${phoneNumber}: \${code}\`);
        },
      }`,
    },
    client: client("phoneNumberClient"),
    docs: "plugins/phone-number",
  },
  ANONYMOUS,
  {
    name: "one-tap",
    summary: "Google's One Tap prompt",
    id: "one-tap",
    server: {
      ...server("oneTap", "one-tap"),
      args: `{ clientId: env("GOOGLE_CLIENT_ID") }`,
    },
    client: { ...client("oneTapClient"), args: `{ clientId: env("GOOGLE_CLIENT_ID") }` },
    docs: "plugins/one-tap",
  },
  {
    name: "generic-oauth",
    summary: "sign-in with any provider of OAuth 2 or OpenID Connect",
    id: "generic-oauth",
    server: {
      ...server("genericOAuth", "generic-oauth"),
      args: `{
        config: [
          // TODO(kitcn): add your provider here.
          // { providerId: "my-provider", discoveryUrl: "https://...", clientId: "...", clientSecret: "..." },
        ],
      }`,
    },
    docs: "plugins/generic-oauth",
    after:
      'Your provider sends users back to /api/auth/callback/<providerId>: register that URL there. Once it is in `config`, `npx kitcn add auth --yes` gives the page of kitcn its button. Other pages call `authClient.signIn.social({ provider: "<providerId>" })`.',
  },
  {
    name: "siwe",
    aliases: ["ethereum"],
    summary: "sign-in with an Ethereum wallet",
    id: "siwe",
    server: {
      ...server("siwe"),
      args: `{
        domain: new URL(env("SITE_URL")).host,
        getNonce: async () => crypto.randomUUID().replaceAll("-", ""),
        // TODO(kitcn): check the signature, as with verifyMessage of viem. Until then nobody signs in.
        verifyMessage: async () => false,
      }`,
    },
    client: client("siweClient"),
    docs: "plugins/siwe",
  },
  {
    name: "device-authorization",
    summary: "sign-in on a TV or in a terminal, with a code that is typed elsewhere",
    id: "device-authorization",
    server: {
      ...server("deviceAuthorization", "device-authorization"),
      crossDomainArgs: `{ verificationUri: new URL(page("/device"), env("SITE_URL")).href }`,
    },
    client: client("deviceAuthorizationClient"),
    docs: "plugins/device-authorization",
    after: "Your app needs a page at /device that asks for the code.",
  },
  {
    name: "multi-session",
    summary: "several accounts signed in at once",
    id: "multi-session",
    server: server("multiSession", "multi-session"),
    client: client("multiSessionClient"),
    docs: "plugins/multi-session",
  },
  {
    name: "last-login-method",
    summary: "which way to sign in was used last",
    id: "last-login-method",
    server: server("lastLoginMethod"),
    client: client("lastLoginMethodClient"),
    onPhones: [
      'import { lastLoginMethodClient as onPhones } from "@better-auth/expo/plugins";',
      "",
      'Platform.OS === "web" ? lastLoginMethodClient() : onPhones({ storage: SecureStore }),',
    ],
    docs: "plugins/last-login-method",
  },
  {
    name: "captcha",
    summary: "a captcha at sign-up and sign-in",
    id: "captcha",
    server: {
      ...server("captcha"),
      args: `{
        // TODO(kitcn): name your provider, and send its answer in the header x-captcha-response.
        provider: "cloudflare-turnstile",
        secretKey: env("TURNSTILE_SECRET_KEY"),
      }`,
    },
    docs: "plugins/captcha",
    after: "Sign-up and sign-in are refused until your page sends the header x-captcha-response.",
  },
  {
    name: "have-i-been-pwned",
    aliases: ["haveibeenpwned"],
    summary: "refuses passwords that are known from leaks",
    id: "have-i-been-pwned",
    server: server("haveIBeenPwned", "haveibeenpwned"),
    docs: "plugins/have-i-been-pwned",
  },
  {
    name: "bearer",
    summary: "sessions in the header Authorization, for apps without cookies",
    id: "bearer",
    server: server("bearer"),
    docs: "plugins/bearer",
  },
  {
    name: "jwt",
    summary: "tokens for other services, signed with keys that they can look up",
    id: "jwt",
    server: server("jwt"),
    client: client("jwtClient"),
    docs: "plugins/jwt",
  },
  {
    name: "one-time-token",
    summary: "a token that brings a session to another place once",
    id: "one-time-token",
    server: server("oneTimeToken", "one-time-token"),
    client: client("oneTimeTokenClient"),
    docs: "plugins/one-time-token",
  },
  {
    name: "custom-session",
    summary: "a session with fields that you compute",
    id: "custom-session",
    server: {
      ...server("customSession", "custom-session"),
      args: `async ({ user, session }) => {
        // TODO(kitcn): add what the session of your app has besides.
        return { user, session };
      }`,
    },
    client: { ...client("customSessionClient"), takesAuthType: true },
    docs: "concepts/session-management",
  },
  {
    name: "oauth-proxy",
    summary: "social sign-in on preview deployments, through one registered address",
    id: "oauth-proxy",
    server: {
      ...server("oAuthProxy", "oauth-proxy"),
      args: `{
        // TODO(kitcn): write the address of production here: the one that providers know.
        productionURL: "https://your.site",
        currentURL: env("SITE_URL"),
        secret: env("OAUTH_PROXY_SECRET"),
      }`,
      crossDomainArgs: `{
        // TODO(kitcn): write the address of production's auth routes here: the one that providers know.
        productionURL: "https://your-deployment.convex.site",
        currentURL: process.env.CONVEX_SITE_URL,
        secret: env("OAUTH_PROXY_SECRET"),
      }`,
    },
    docs: "plugins/oauth-proxy",
    after:
      "OAUTH_PROXY_SECRET has to be the same on production and on every deployment that signs in through it. node_modules/kitcn/docs/previews.md explains the security cost.",
  },
  {
    name: "oauth-popup",
    summary: "social sign-in in a separate window",
    id: "oauth-popup",
    server: server("oauthPopup"),
    client: client("oauthPopupClient"),
    docs: "plugins/oauth-popup",
  },
  {
    name: "open-api",
    aliases: ["openapi"],
    summary: "a reference of the auth routes, at /api/auth/reference",
    id: "open-api",
    server: server("openAPI", "open-api"),
    docs: "plugins/open-api",
  },
  ...PACKAGED_PLUGINS,
];

/** Exports of better-auth/plugins that make a plugin, and that are not for apps. */
export const NOT_FOR_APPS: Readonly<Record<string, string>> = {
  testUtils: "for tests of Better Auth itself",
};

// --- internal ---

/** @param entry its folder below better-auth/plugins, where it can be imported alone */
function server(name: string, entry: string = name): PluginHalf {
  return { source: "better-auth/plugins", name, alsoIn: [`better-auth/plugins/${entry}`] };
}

function client(name: string): PluginHalf {
  return { source: "better-auth/client/plugins", name };
}
