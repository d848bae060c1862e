// Every plugin of better-auth and of its own packages that has tables, as options: for tests that must hold
// for each of them, alone and all at once.
import type { BetterAuthOptions } from "better-auth";
import * as plugins from "better-auth/plugins";
import { apiKey } from "@better-auth/api-key";
import { i18n } from "@better-auth/i18n";
import { oauthProvider } from "@better-auth/oauth-provider";
import { passkey } from "@better-auth/passkey";
import { scim } from "@better-auth/scim";
import { sso } from "@better-auth/sso";
import { stripe } from "@better-auth/stripe";

type Plugin = NonNullable<BetterAuthOptions["plugins"]>[number];

/** Plugins by name. Those of better-auth that add nothing to the database stand in TABLELESS. */
export const PLUGINS: Readonly<Record<string, () => Plugin>> = {
  admin: () => plugins.admin(),
  anonymous: () => plugins.anonymous(),
  apiKey: () => apiKey(),
  deviceAuthorization: () => plugins.deviceAuthorization({}),
  jwt: () => plugins.jwt(),
  lastLoginMethod: () => plugins.lastLoginMethod({ storeInDatabase: true }),
  oauthProvider: () => oauthProvider({ loginPage: "/in", consentPage: "/consent" }),
  organization: () =>
    plugins.organization({ teams: { enabled: true }, dynamicAccessControl: { enabled: true } }),
  passkey: () => passkey(),
  phoneNumber: () => plugins.phoneNumber(),
  scim: () =>
    scim({
      connections: [],
      managedConnections: {
        credentialHashSecret: "0123456789abcdef0123456789abcdef",
        authorize: () => true,
      },
    } as unknown as Parameters<typeof scim>[0]), // only what decides the tables
  siwe: () =>
    plugins.siwe({ domain: "x", getNonce: async () => "", verifyMessage: async () => true }),
  sso: () => sso({ domainVerification: { enabled: true } }),
  stripe: () =>
    stripe({
      stripeClient: {},
      stripeWebhookSecret: "whsec",
      createCustomerOnSignUp: false,
      subscription: { enabled: true, plans: [] },
      organization: { enabled: true },
    } as unknown as Parameters<typeof stripe>[0]), // as above: Stripe itself is never called
  twoFactor: () => plugins.twoFactor(),
  username: () => plugins.username(),
};

/** Plugins that bring neither tables nor fields. */
export const TABLELESS: Readonly<Record<string, () => Plugin>> = {
  bearer: () => plugins.bearer(),
  captcha: () => plugins.captcha({ provider: "hcaptcha", secretKey: "x" }),
  customSession: () => plugins.customSession(async (session) => session),
  emailOTP: () => plugins.emailOTP({ sendVerificationOTP: async () => {} }),
  genericOAuth: () => plugins.genericOAuth({ config: [] }),
  i18n: () => i18n({ translations: { en: {} } }),
  haveIBeenPwned: () => plugins.haveIBeenPwned(),
  magicLink: () => plugins.magicLink({ sendMagicLink: async () => {} }),
  multiSession: () => plugins.multiSession(),
  oAuthProxy: () => plugins.oAuthProxy(),
  oauthPopup: () => plugins.oauthPopup(),
  oneTap: () => plugins.oneTap(),
  oneTimeToken: () => plugins.oneTimeToken(),
  openAPI: () => plugins.openAPI(),
};

/** The options of each case of the matrix: the core, each plugin alone, and all of them. */
export const MATRIX: Readonly<Record<string, BetterAuthOptions>> = {
  core: {},
  rateLimit: { rateLimit: { storage: "database" } },
  ...Object.fromEntries(
    Object.entries(PLUGINS).map(([name, make]) => [name, { plugins: [make()] }]),
  ),
  // organization before stripe, which extends its table.
  all: {
    rateLimit: { storage: "database" },
    plugins: [
      ...Object.values(PLUGINS).map((make) => make()),
      ...Object.values(TABLELESS).map((make) => make()),
    ],
  },
};
