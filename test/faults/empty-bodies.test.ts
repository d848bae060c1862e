// A POST without content is answered as Better Auth answers it in memory: an empty form is a form, and a request that
// names no content type has no body. Both go to the same plugins, ours over HTTP on a deployment.
import { oauthProvider } from "@better-auth/oauth-provider";
import { betterAuth, type BetterAuthOptions } from "better-auth";
import { memoryAdapter } from "better-auth/adapters/memory";
import { getAuthTables } from "better-auth/db";
import { deviceAuthorization, jwt, magicLink, organization, username } from "better-auth/plugins";
import { afterAll, beforeAll, expect, test } from "vitest";
import { endpointsOf } from "../support/endpoints.js";
import { ORIGIN, SECRET, startAuthApp, type AuthApp } from "./support/auth-app.js";

const AUTH = `import { oauthProvider } from "@better-auth/oauth-provider";
import { deviceAuthorization, jwt, magicLink, organization, username } from "better-auth/plugins";
import { convex } from "kitcn/auth";
import authConfig from "./auth.config";
import { defineAuth } from "./generated/auth";

export default defineAuth(() => ({
  baseURL: process.env.SITE_URL,
  emailAndPassword: { enabled: true },
  plugins: [
    convex({ authConfig, jwks: process.env.JWKS }),
    jwt(),
    oauthProvider({ loginPage: "/in", consentPage: "/consent", silenceWarnings: { oauthAuthServerConfig: true } }),
    username(),
    organization(),
    deviceAuthorization({}),
    magicLink({ sendMagicLink: async () => {} }),
  ],
  telemetry: { enabled: false },
}));
`;

const OPTIONS = {
  baseURL: ORIGIN,
  secret: SECRET,
  emailAndPassword: { enabled: true },
  plugins: [
    jwt(),
    oauthProvider({
      loginPage: "/in",
      consentPage: "/consent",
      silenceWarnings: { oauthAuthServerConfig: true },
    }),
    username(),
    organization(),
    deviceAuthorization({}),
    magicLink({ sendMagicLink: async () => {} }),
  ],
  telemetry: { enabled: false },
  logger: { disabled: true },
} satisfies BetterAuthOptions;

/** Node's fetch says how it fetches, as a browser does. */
const BROWSER = { origin: ORIGIN, "sec-fetch-mode": "cors" };

type Sent = { readonly headers: Record<string, string>; readonly body?: string };

const KINDS: readonly (readonly [title: string, sent: Sent])[] = [
  ["an empty form", { headers: { "content-type": "application/x-www-form-urlencoded" }, body: "" }],
  [
    "a multipart form without parts",
    { headers: { "content-type": "multipart/form-data; boundary=x" }, body: "--x--\r\n" },
  ],
  [
    "an empty multipart form",
    { headers: { "content-type": "multipart/form-data; boundary=x" }, body: "" },
  ],
  ["an empty text", { headers: { "content-type": "text/plain" }, body: "" }],
  ["neither content nor a content type", { headers: {} }],
];

let app: AuthApp;

const tables = Object.values(getAuthTables(OPTIONS)).map(({ modelName }) => modelName);
const database = memoryAdapter(Object.fromEntries(tables.map((name) => [name, []])));
const auth = betterAuth({ ...OPTIONS, database });
const paths = endpointsOf(auth.api)
  .served.filter((endpoint) => endpoint.startsWith("POST "))
  .map((endpoint) => `/api/auth${endpoint.slice("POST ".length).replace(/:\w+/g, "nothing")}`);

beforeAll(async () => {
  app = await startAuthApp("split", AUTH, { packages: ["@better-auth/oauth-provider"] });
});
afterAll(() => app?.stop());

test.each(KINDS)("%s", async (_title, { headers, body }) => {
  // Bytes bring no content type with them.
  const content = body === undefined ? {} : { body: new TextEncoder().encode(body) };
  const init = { method: "POST", headers: { ...BROWSER, ...headers }, ...content };
  const compare = async (path: string) => {
    const [ours, theirs] = await Promise.all([
      fetch(app.deployment.siteUrl + path, { ...init, redirect: "manual" }),
      auth.handler(new Request(ORIGIN + path, init)),
    ]);
    const text = await ours.text();
    if (theirs.status < 500)
      expect(`${path} ${ours.status}`, text).toBe(`${path} ${theirs.status}`);
    // A hook of username() reads the body before it has looked for one.
    else expect(`${path} ${ours.status}`, text).toMatch(/ 4\d\d$/);
  };
  for (let at = 0; at < paths.length; at += 8)
    await Promise.all(paths.slice(at, at + 8).map(compare));
});
