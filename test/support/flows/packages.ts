// What users do with Better Auth's own packages (OAuth provider, SSO, SCIM, Stripe), call by call.
import { createHash } from "node:crypto";
import { oauthProvider } from "@better-auth/oauth-provider";
import { scim } from "@better-auth/scim";
import { sso } from "@better-auth/sso";
import { stripe } from "@better-auth/stripe";
import { jwt, organization } from "better-auth/plugins";
import { STRIPE, SUBSCRIPTION } from "./stripe.js";
import { ORIGIN, type Flow, type World } from "./world.js";

export const CALLBACK = "https://app.example.com/callback";
export const VERIFIER = "a-code-verifier-that-is-long-enough-for-the-rule-of-43";

/** Flows of the packages beside better-auth. */
export const PACKAGE_FLOWS: readonly Flow[] = [
  {
    name: "OAuth provider",
    options: () => ({
      plugins: [jwt(), oauthProvider({ loginPage: "/in", consentPage: "/consent" })],
      session: { storeSessionInDatabase: true },
    }),
    queries: ["oauthClient", "oauthConsent", "oauthAccessToken", "oauthRefreshToken"],
    async run({ call, signUp }) {
      const { token: as } = await signUp("grantor");
      const { body: client } = await call("/oauth2/create-client", {
        as,
        body: { redirect_uris: [CALLBACK], scope: "openid profile offline_access" },
      });
      const id = String(client.client_id);
      await call(`/oauth2/get-client?client_id=${id}`, { as });
      await call("/oauth2/get-clients", { as });
      await call(`/oauth2/public-client?client_id=${id}`, { as });
      await call("/oauth2/update-client", {
        as,
        body: { client_id: id, update: { client_name: "The app" } },
      });
      const { body: rotated } = await call("/oauth2/client/rotate-secret", {
        as,
        body: { client_id: id },
      });
      const basic = Buffer.from(`${id}:${String(rotated.client_secret)}`).toString("base64");
      const headers = { authorization: `Basic ${basic}` };

      const code = await authorize({ call, as, client: id });
      const { body: tokens } = await call("/oauth2/token", {
        headers,
        form: {
          grant_type: "authorization_code",
          code,
          redirect_uri: CALLBACK,
          code_verifier: VERIFIER,
        },
      });
      const access = String(tokens.access_token);
      const form = { token: access };
      await call("/oauth2/introspect", { headers, form });
      await call("/oauth2/userinfo", { headers: { authorization: `Bearer ${access}` } });
      const { body: refreshed } = await call("/oauth2/token", {
        headers,
        form: { grant_type: "refresh_token", refresh_token: String(tokens.refresh_token) },
      });
      await call("/oauth2/revoke", { headers, form: { token: String(refreshed.refresh_token) } });
      const { body: consents } = await call("/oauth2/get-consents", { as });
      const [consent] = consents as unknown as { id: string }[]; // a list
      await call(`/oauth2/get-consent?id=${consent?.id}`, { as });
      await call("/oauth2/delete-consent", { as, body: { id: consent?.id } });
      await call("/oauth2/delete-client", { as, body: { client_id: id } });
    },
  },
  {
    name: "SSO",
    options: () => ({ plugins: [organization(), sso({ domainVerification: { enabled: false } })] }),
    queries: ["ssoProvider", "member"],
    async run({ call, signUp }) {
      const { token: as } = await signUp("admin");
      const { body: org } = await call("/organization/create", {
        as,
        body: { name: "Acme", slug: "acme" },
      });
      const own = { ...PROVIDER, providerId: "own", domain: "own.example.com" };
      await call("/sso/register", { as, body: own });
      await call("/sso/register", { as, body: { ...PROVIDER, organizationId: org.id } });
      await call("/sso/providers", { as });
      await call(`/sso/get-provider?providerId=${PROVIDER.providerId}`, { as });
      await call("/sso/update-provider", {
        as,
        body: { providerId: PROVIDER.providerId, domain: "new.example.com" },
      });
      const callbackURL = "/home";
      const byEmail = { email: "bob@new.example.com", callbackURL };
      await call("/sign-in/sso", { body: byEmail });
      await call("/sign-in/sso", { body: { providerId: "own", callbackURL } });
      await call("/sign-in/sso", { body: { organizationSlug: "acme", callbackURL } });
      await call("/sso/delete-provider", { as, body: { providerId: PROVIDER.providerId } });
    },
  },
  {
    name: "SCIM",
    options: () => ({ plugins: [scim(SCIM_OPTIONS)] }),
    queries: ["scimUser", "scimGroup", "scimGroupMember"],
    async run({ call }) {
      const headers = {
        authorization: `Bearer ${SCIM_TOKEN}`,
        "content-type": "application/scim+json",
      };
      const send = (path: string, body?: Record<string, unknown>, method?: string) =>
        call(`/scim/v2/${path}`, { headers, ...(body && { body }), ...(method && { method }) });
      const ada = {
        schemas: ["urn:ietf:params:scim:schemas:core:2.0:User"],
        userName: "lovelace@example.com",
        externalId: "1",
        name: { formatted: "Ada" },
        emails: [{ value: "lovelace@example.com", primary: true }],
      };
      const { body: user } = await send("Users", ada);
      const id = String(user.id);
      await send(`Users/${id}`);
      await send("Users?startIndex=1&count=10");
      await send(`Users?filter=${encodeURIComponent('userName eq "lovelace@example.com"')}`);
      await send(`Users?filter=${encodeURIComponent('externalId eq "1"')}`);
      await send(`Users/${id}`, { ...ada, name: { formatted: "Ada L" } }, "PUT");
      const patch = (operation: object) => ({
        schemas: ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        Operations: [operation],
      });
      const off = { op: "replace", path: "active", value: false };
      await send(`Users/${id}`, patch(off), "PATCH");
      await send(`Users/${id}`, patch({ ...off, value: true }), "PATCH");
      const { body: group } = await send("Groups", {
        schemas: ["urn:ietf:params:scim:schemas:core:2.0:Group"],
        displayName: "Engineers",
        externalId: "g1",
        members: [{ value: id }],
      });
      await send(`Groups/${String(group.id)}`);
      await send("Groups?startIndex=1&count=10");
      await send(`Groups?filter=${encodeURIComponent('displayName eq "Engineers"')}`);
      const gone = { op: "remove", path: `members[value eq "${id}"]` };
      await send(`Groups/${String(group.id)}`, patch(gone), "PATCH");
      await send(`Groups/${String(group.id)}`, undefined, "DELETE");
      await send(`Users/${id}`, undefined, "DELETE");
    },
  },
  {
    name: "Stripe",
    options: () => ({ plugins: [organization(), stripe(STRIPE_OPTIONS)] }),
    queries: ["subscription", "user", "organization"],
    async run({ call, signUp }) {
      const { token: as } = await signUp("buyer");
      await call("/organization/create", { as, body: { name: "Acme", slug: "acme" } });
      const urls = { successUrl: "/ok", cancelUrl: "/no", disableRedirect: true };
      const { body: checkout } = await call("/subscription/upgrade", {
        as,
        body: { plan: "pro", ...urls },
      });
      const metadata = checkout.metadata;
      const webhook = (type: string, object: object) =>
        call("/stripe/webhook", {
          headers: { "stripe-signature": "signed" },
          body: { type, data: { object } },
        });
      const session = { mode: "subscription", subscription: SUBSCRIPTION.id, metadata };
      await webhook("checkout.session.completed", session);
      await call("/subscription/list", { as });
      await webhook("customer.subscription.updated", SUBSCRIPTION);
      await webhook("customer.subscription.created", { ...SUBSCRIPTION, id: "sub_2" });
      const ending = { ...SUBSCRIPTION, cancel_at_period_end: true };
      await webhook("customer.subscription.updated", ending);
      await call("/subscription/restore", { as, body: {} });
      await call("/subscription/billing-portal", {
        as,
        body: { returnUrl: "/", disableRedirect: true },
      });
      await call("/subscription/cancel", { as, body: { returnUrl: "/", disableRedirect: true } });
      await webhook("customer.subscription.deleted", SUBSCRIPTION);
    },
  },
];

/** What a client asks a browser to open. */
export function authorizeQuery(client: string, more: Record<string, string> = {}): URLSearchParams {
  return new URLSearchParams({
    response_type: "code",
    client_id: client,
    redirect_uri: CALLBACK,
    scope: "openid profile offline_access",
    state: "the-state",
    code_challenge: createHash("sha256").update(VERIFIER).digest("base64url"),
    code_challenge_method: "S256",
    ...more,
  });
}

/** Asks for a code, and consents. */
export async function authorize(input: {
  readonly call: World["call"];
  readonly as: string;
  readonly client: string;
  /** Beside the usual ones. */
  readonly parameters?: Record<string, string>;
}): Promise<string> {
  const { call, as, client, parameters } = input;
  const query = authorizeQuery(client, parameters);
  const asked = await call(`/oauth2/authorize?${query.toString()}`, { as });
  const page = new URL(asked.headers.get("location") ?? String(asked.body.url), ORIGIN);
  const agreed = await call("/oauth2/consent", {
    as,
    body: { accept: true, oauth_query: page.search.slice(1) },
  });
  const back = new URL(String(agreed.body.url ?? agreed.body.redirect_uri));
  return back.searchParams.get("code") ?? "";
}

// --- internal ---

const SCIM_TOKEN = "a-token-that-only-the-directory-knows-0123456789";

const IDP = "https://idp.example.com";
const PROVIDER = {
  providerId: "acme",
  issuer: IDP,
  domain: "acme.example.com",
  oidcConfig: {
    clientId: "client",
    clientSecret: "secret",
    skipDiscovery: true,
    authorizationEndpoint: `${IDP}/authorize`,
    tokenEndpoint: `${IDP}/token`,
    jwksEndpoint: `${IDP}/jwks`,
  },
};

const SCIM_OPTIONS: Parameters<typeof scim>[0] = {
  connections: [
    { id: "directory", credentials: [{ type: "bearer", id: "main", token: SCIM_TOKEN }] },
  ],
};

const STRIPE_OPTIONS = {
  stripeClient: STRIPE,
  stripeWebhookSecret: "whsec",
  createCustomerOnSignUp: true,
  subscription: { enabled: true, plans: [{ name: "pro", priceId: "price_1" }] },
  organization: { enabled: true },
} as unknown as Parameters<typeof stripe>[0]; // a client with what is called of it
