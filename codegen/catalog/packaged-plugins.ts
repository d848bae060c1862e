// The plugins of Better Auth's own packages, which are released beside it. Data, as plugins.ts, which lists them.
// Makes no text and no edit.
import type { PluginEntry } from "./types.js";

export const PACKAGED_PLUGINS: readonly PluginEntry[] = [
  {
    name: "passkey",
    summary: "sign-in with a fingerprint, a face or a security key",
    id: "passkey",
    packages: ["@better-auth/passkey"],
    server: {
      source: "@better-auth/passkey",
      name: "passkey",
      crossDomainArgs: `{
        rpID: new URL(env("SITE_URL")).hostname,
        origin: env("SITE_URL"),
      }`,
    },
    client: { source: "@better-auth/passkey/client", name: "passkeyClient" },
    docs: "plugins/passkey",
  },
  {
    name: "api-key",
    summary: "keys with which programs act for a user, with limits and permissions",
    id: "api-key",
    packages: ["@better-auth/api-key"],
    server: { source: "@better-auth/api-key", name: "apiKey" },
    client: { source: "@better-auth/api-key/client", name: "apiKeyClient" },
    docs: "plugins/api-key",
  },
  {
    name: "oauth-provider",
    summary: "lets other apps sign users in with the accounts of your app",
    id: "oauth-provider",
    packages: ["@better-auth/oauth-provider"],
    needs: ["jwt"],
    server: {
      source: "@better-auth/oauth-provider",
      name: "oauthProvider",
      args: `{
        loginPage: page("/auth"),
        // TODO(kitcn): write the page that asks the user for consent.
        consentPage: page("/consent"),
      }`,
      crossDomainArgs: `{
        loginPage: new URL(page("/auth"), env("SITE_URL")).href,
        // TODO(kitcn): write the page that asks the user for consent.
        consentPage: new URL(page("/consent"), env("SITE_URL")).href,
      }`,
    },
    client: { source: "@better-auth/oauth-provider/client", name: "oauthProviderClient" },
    docs: "plugins/oauth-provider",
  },
  {
    name: "stripe",
    summary: "customers and subscriptions of Stripe",
    id: "stripe",
    packages: ["@better-auth/stripe", "stripe@^22.0.0"],
    server: {
      source: "@better-auth/stripe",
      name: "stripe",
      uses: { source: "stripe", name: "Stripe" },
      args: `{
        stripeClient: new Stripe(env("STRIPE_SECRET_KEY", "not-set")),
        stripeWebhookSecret: env("STRIPE_WEBHOOK_SECRET"),
        // TODO(kitcn): list your plans here, each with the id of its price.
        subscription: { enabled: true, plans: [] },
      }`,
    },
    client: {
      source: "@better-auth/stripe/client",
      name: "stripeClient",
      args: "{ subscription: true }",
    },
    docs: "plugins/stripe",
    after: "Register the webhook /api/auth/stripe/webhook in Stripe.",
  },
  {
    name: "scim",
    summary: "users that a company's directory creates and removes",
    id: "scim",
    packages: ["@better-auth/scim"],
    server: {
      source: "@better-auth/scim",
      name: "scim",
      // A token that nobody knows: an empty one is refused, and a fixed one would let everybody in.
      args: `{
        connections: [
          // TODO(kitcn): one entry for each directory, with its own token.
          {
            id: "directory",
            credentials: [
              { type: "bearer", id: "main", token: env("SCIM_TOKEN", crypto.randomUUID()) },
            ],
          },
        ],
      }`,
    },
    docs: "plugins/scim",
  },
  {
    name: "i18n",
    summary: "messages of errors in the language of the browser",
    id: "i18n",
    packages: ["@better-auth/i18n"],
    server: {
      source: "@better-auth/i18n",
      name: "i18n",
      args: `{
        // TODO(kitcn): add your languages, as { en: {}, de, fr } with de and fr of "@better-auth/i18n/locales".
        translations: { en: {} },
      }`,
    },
    client: { source: "@better-auth/i18n/client", name: "i18nClient" },
    docs: "plugins/i18n",
  },
  {
    name: "sso",
    summary: "sign-in through a company's identity provider",
    id: "sso",
    packages: ["@better-auth/sso"],
    server: { source: "@better-auth/sso", name: "sso" },
    client: { source: "@better-auth/sso/client", name: "ssoClient" },
    docs: "plugins/sso",
    refused: {
      why: "@better-auth/sso imports modules of Node, which Convex functions that serve HTTP do not have.",
      instead: "generic-oauth",
    },
  },
];
