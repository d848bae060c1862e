// The endpoints of the OAuth provider that are called less often, and clients that sign an assertion or ask for a
// resource. Needs the fullest auth.ts (every-plugin.ts).
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { authorize, authorizeQuery, CALLBACK, VERIFIER } from "./packages.js";
import { cookiesOf, type RestFlow } from "./rest.js";
import { ORIGIN, PASSWORD, type Answer } from "./world.js";

const RESOURCE = "https://api.example.com";

export const OAUTH_FLOWS: readonly RestFlow[] = [
  {
    name: "OAuth clients: registering, changing a consent, signing out",
    async run({ call, signUp }) {
      const { token: as } = await signUp("grantee");
      await call("/oauth2/register", {
        as,
        body: { redirect_uris: [CALLBACK], client_name: "registered", scope: "openid" },
      });
      const { body: client } = await call("/oauth2/create-client", {
        as,
        body: { redirect_uris: [CALLBACK], scope: "openid profile offline_access" },
      });
      const id = String(client.client_id);
      const asked = await call(`/oauth2/authorize?${authorizeQuery(id).toString()}`);
      const page = new URL(asked.headers.get("location") ?? String(asked.body.url), ORIGIN);
      await call("/oauth2/public-client-prelogin", {
        body: { client_id: id, oauth_query: page.search.slice(1) },
      });
      await call("/oauth2/continue", {
        as,
        body: { created: true, oauth_query: page.search.slice(1) },
      });
      await authorize({ call, as, client: id });
      const { body: consents } = await call("/oauth2/get-consents", { as });
      const [consent] = consents as unknown as { id: string }[]; // a list
      await call("/oauth2/update-consent", {
        as,
        body: { id: consent?.id, update: { scopes: ["openid"] } },
      });
    },
  },
  {
    name: "a browser that ends its session at the OAuth provider",
    async run({ call, signUp }) {
      await signUp("leaver");
      const credentials = { email: "leaver@example.com", password: PASSWORD };
      const end = async (ask: (headers: Record<string, string>) => Promise<Answer>) => {
        const session = cookiesOf(await call("/sign-in/email", { body: credentials }));
        const page = await ask({ cookie: session, accept: "text/html" });
        await call("/oauth2/end-session/confirm", {
          headers: { cookie: `${session}; ${cookiesOf(page)}`, accept: "text/html" },
          form: { action: "confirm" },
        });
        const { body } = await call("/get-session", { headers: { cookie: session } });
        if ("session" in body) throw new Error("The session goes on after its end was confirmed.");
      };
      await end((headers) => call("/oauth2/end-session?state=one", { headers }));
      await end((headers) => call("/oauth2/end-session", { headers, form: { state: "two" } }));
    },
  },
  {
    name: "an OAuth client that signs an assertion",
    async run({ call, signUp }) {
      const { token: as } = await signUp("signer");
      const { publicKey, privateKey } = await generateKeyPair("ES256");
      const jwk = { ...(await exportJWK(publicKey)), kid: "one", alg: "ES256", use: "sig" };
      const { body: client } = await call("/oauth2/create-client", {
        as,
        body: {
          redirect_uris: [CALLBACK],
          scope: "openid profile offline_access",
          token_endpoint_auth_method: "private_key_jwt",
          jwks: { keys: [jwk] },
        },
      });
      const id = String(client.client_id);
      const signed = async (path: string) => ({
        client_id: id,
        client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        client_assertion: await new SignJWT({})
          .setProtectedHeader({ alg: "ES256", kid: "one" })
          .setIssuer(id)
          .setSubject(id)
          .setAudience(`${ORIGIN}/api/auth${path}`)
          .setJti(crypto.randomUUID())
          .setIssuedAt()
          .setExpirationTime("1m")
          .sign(privateKey),
      });
      const code = await authorize({ call, as, client: id });
      const { body: tokens } = await call("/oauth2/token", {
        form: {
          ...(await signed("/oauth2/token")),
          ...{ grant_type: "authorization_code", code },
          ...{ redirect_uri: CALLBACK, code_verifier: VERIFIER },
        },
      });
      const token = String(tokens.access_token);
      await call("/oauth2/introspect", {
        form: { ...(await signed("/oauth2/introspect")), token },
      });
      await call("/oauth2/revoke", {
        form: { ...(await signed("/oauth2/revoke")), token: String(tokens.refresh_token) },
      });
    },
  },
  {
    name: "a token for a resource",
    async run({ call, signUp }) {
      const { token: as } = await signUp("resourceful");
      const { body: client } = await call("/oauth2/create-client", {
        as,
        body: { redirect_uris: [CALLBACK], scope: "openid profile offline_access" },
      });
      const id = String(client.client_id);
      const basic = Buffer.from(`${id}:${String(client.client_secret)}`).toString("base64");
      const headers = { authorization: `Basic ${basic}` };
      const parameters = { resource: RESOURCE };
      const code = await authorize({ call, as, client: id, parameters });
      const { body: tokens } = await call("/oauth2/token", {
        headers,
        form: {
          ...{ grant_type: "authorization_code", code, resource: RESOURCE },
          ...{ redirect_uri: CALLBACK, code_verifier: VERIFIER },
        },
      });
      const token = String(tokens.access_token);
      await call("/oauth2/introspect", { headers, form: { token } });
      await call("/oauth2/userinfo", { headers: { authorization: `Bearer ${token}` } });
      await call("/oauth2/revoke", { headers, form: { token: String(tokens.refresh_token) } });
      await call("/oauth2/userinfo", {
        headers: { authorization: `Bearer ${token}` },
        form: { a: "" },
      });
      await call("/oauth2/authorize", {
        as,
        form: Object.fromEntries(authorizeQuery(id, parameters)),
      });
    },
  },
];
