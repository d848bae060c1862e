// The app with every plugin of better-auth and its packages, as texts, and with what the less used endpoints need.
// Must not push or call it.
import { readFileSync } from "node:fs";
import { CONVEX_TSCONFIG } from "../packed-app.js";

/** By path below the app's folder. What a flow is sent comes into the table `sent`. */
export const EVERY_PLUGIN_FILES = {
  "convex/tsconfig.json": CONVEX_TSCONFIG,
  "convex/schema.ts": `import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";

export default defineSchema({ sent: defineTable({ text: v.string() }) });
`,
  "convex/sent.ts": `import { v } from "convex/values";
import { internalMutation, query } from "./_generated/server";

export const add = internalMutation({
  args: { text: v.string() },
  handler: async ({ db }, { text }) => void (await db.insert("sent", { text })),
});

export const last = query({
  args: {},
  handler: async ({ db }) => (await db.query("sent").order("desc").first())?.text ?? "",
});
`,
  "convex/me.ts": `import { getAuthUserId } from "kitcn/auth";
import { query } from "./_generated/server";

export const here = query({ args: {}, handler: (ctx) => getAuthUserId(ctx) });
`,
  "convex/roles.ts": readFileSync("test/support/flows/roles.ts", "utf8"),
  "convex/stripe.ts": readFileSync("test/support/flows/stripe.ts", "utf8"),
  "convex/auth.ts": `import { apiKey } from "@better-auth/api-key";
import { i18n } from "@better-auth/i18n";
import { de } from "@better-auth/i18n/locales";
import { oauthProvider } from "@better-auth/oauth-provider";
import { passkey } from "@better-auth/passkey";
import { scim } from "@better-auth/scim";
import { stripe } from "@better-auth/stripe";
import * as plugins from "better-auth/plugins";
import { convex } from "kitcn/auth";
import { internal } from "./_generated/api";
import authConfig from "./auth.config";
import { defineAuth } from "./generated/auth";
import { statements } from "./roles";
import { STRIPE } from "./stripe";

export default defineAuth((ctx) => {
  const send = async (text: string) => {
    if ("runMutation" in ctx) await ctx.runMutation(internal.sent.add, { text });
  };
  return {
    baseURL: process.env.SITE_URL,
    emailAndPassword: { enabled: true, sendResetPassword: ({ token }) => send(token) },
    emailVerification: { sendVerificationEmail: ({ token }) => send(token) },
    user: { deleteUser: { enabled: true }, changeEmail: { enabled: true } },
    rateLimit: {
      enabled: true,
      storage: "database",
      customRules: { "/**": { window: 10, max: 1000 } },
    },
    databaseHooks: {
      user: {
        create: {
          before: async (user) => ({
            data: {
              ...user,
              emailVerified: !user.email.startsWith("unverified"),
              ...(user.email.startsWith("root") && { role: "admin" }),
            },
          }),
        },
      },
    },
    plugins: [
      convex({ authConfig, jwks: process.env.JWKS }),
      plugins.admin(),
      plugins.anonymous(),
      plugins.bearer(),
      plugins.deviceAuthorization({}),
      plugins.emailOTP({ sendVerificationOTP: ({ otp }) => send(otp) }),
      plugins.jwt(),
      plugins.lastLoginMethod({ storeInDatabase: true }),
      plugins.magicLink({ sendMagicLink: ({ token }) => send(token) }),
      plugins.multiSession(),
      plugins.oneTimeToken(),
      plugins.organization({
        teams: { enabled: true },
        ac: plugins.createAccessControl(statements),
        dynamicAccessControl: { enabled: true },
      }),
      plugins.phoneNumber({
        sendOTP: ({ code }) => send(code),
        signUpOnVerification: { getTempEmail: (phone) => \`\${phone}@example.com\` },
      }),
      plugins.siwe({
        domain: "example.com",
        getNonce: async () => "abcdefgh12345678",
        verifyMessage: async () => true,
      }),
      plugins.twoFactor(),
      plugins.username(),
      apiKey(),
      i18n({ translations: { en: {}, de } }),
      oauthProvider({ loginPage: "/in", consentPage: "/consent" }),
      passkey(),
      scim({
        connections: [
          {
            id: "directory",
            credentials: [
              { type: "bearer", id: "main", token: "a-token-that-only-the-directory-knows-0123456789" },
            ],
          },
        ],
      }),
      stripe({
        stripeClient: STRIPE as never, // with what the flows call of it
        stripeWebhookSecret: "whsec",
        createCustomerOnSignUp: true,
        subscription: { enabled: true, plans: [{ name: "pro", priceId: "price_1" }] },
        organization: { enabled: true },
      }),
    ],
  };
});
`,
};

/** What the app imports, beside kitcn and convex. */
export const EVERY_PLUGIN_PACKAGES = [
  "better-auth",
  "stripe",
  ...["api-key", "i18n", "oauth-provider", "passkey", "scim", "stripe"].map(
    (name) => `@better-auth/${name}`,
  ),
];

/** auth.ts with more: providers, captcha, resources, keys of organizations, and what answers only when configured. */
export const FULLEST_AUTH = [
  [
    "plugins.twoFactor(),",
    "plugins.twoFactor({ otpOptions: { sendOTP: ({ otp }) => send(otp) } }),",
  ],
  [
    "apiKey(),",
    `apiKey([
        { configId: "default" },
        { configId: "organization", references: "organization" },
      ]),`,
  ],
  [
    "plugins.emailOTP({ sendVerificationOTP: ({ otp }) => send(otp) }),",
    "plugins.emailOTP({ changeEmail: { enabled: true }, sendVerificationOTP: ({ otp }) => send(otp) }),",
  ],
  [
    "plugins.phoneNumber({",
    `plugins.phoneNumber({
        sendPasswordResetOTP: ({ code }) => send(code),`,
  ],
  [
    `oauthProvider({ loginPage: "/in", consentPage: "/consent" }),`,
    `oauthProvider({
        loginPage: "/in",
        consentPage: "/consent",
        allowDynamicClientRegistration: true,
        allowPublicClientPrelogin: true,
        resources: ["https://api.example.com"],
        enforcePerClientResources: false,
      }),
      plugins.captcha({
        provider: "cloudflare-turnstile",
        secretKey: "secret",
        siteVerifyURLOverride: outside + "/siteverify",
        endpoints: ["/sign-in/social"],
      }),
      plugins.customSession(async (session) => session),
      plugins.oAuthProxy({
        currentURL: process.env.SITE_URL,
        productionURL: process.env.CONVEX_SITE_URL,
      }),
      plugins.oauthPopup(),
      plugins.oneTap({ clientId: "client" }),
      plugins.openAPI(),
      plugins.genericOAuth({
        config: [
          {
            providerId: "outside",
            clientId: "client",
            clientSecret: "secret",
            authorizationUrl: outside + "/authorize",
            tokenUrl: outside + "/token",
            userInfoUrl: outside + "/userinfo",
            scopes: ["openid"],
          },
        ],
      }),`,
  ],
  // Hundreds of passwords are hashed here; how well is not what is tested.
  [
    "emailAndPassword: { enabled: true,",
    `emailAndPassword: {
      enabled: true,
      password: {
        hash: async (password) => "hash of " + password,
        verify: async ({ hash, password }) => hash === "hash of " + password,
      },`,
  ],
  [
    "deleteUser: { enabled: true }, changeEmail",
    "deleteUser: { enabled: true, sendDeleteAccountVerification: ({ token }) => send(token) }, changeEmail",
  ],
  [
    "    databaseHooks: {",
    `    session: { additionalFields: { theme: { type: "string", required: false } } },
    account: { accountLinking: { trustedProviders: ["outside"], allowDifferentEmails: true } },
    databaseHooks: {`,
  ],
  [
    "export default defineAuth(",
    `const outside = process.env.OUTSIDE_URL ?? "http://127.0.0.1";

export default defineAuth(`,
  ],
].reduce((text, [from = "", to = ""]) => {
  if (!text.includes(from)) throw new Error(`auth.ts of every plugin has no ${from}`);
  return text.replace(from, () => to);
}, EVERY_PLUGIN_FILES["convex/auth.ts"]);
