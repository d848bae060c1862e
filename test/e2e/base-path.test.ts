// An app whose auth routes are elsewhere than /api/auth: every endpoint moves along, and Convex takes its tokens,
// with keys in JWKS and with keys that it has to fetch.
import { createAuthClient } from "better-auth/client";
import { ConvexClient } from "convex/browser";
import { anyApi, type FunctionReference } from "convex/server";
import { createRemoteJWKSet, jwtVerify } from "jose";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { loadProject } from "../../codegen/disk/project.js";
import { openConvexCli, type ConvexCli } from "../../codegen/env/convex-cli.js";
import type { CliApp } from "../codegen/support/cli.js";
import { credentials, liveApp } from "../codegen/support/live-app.js";
import { startDeployment, type Deployment } from "../deployment/index.js";
import { createCookieJar } from "../support/cookie-fetch.js";

// Every command is a process or two of its own, on a machine that may be busy.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

const BASE = "/custom/auth";
const whoami = anyApi.who!.am as FunctionReference<"query">; // the app's types are not ours

let deployment: Deployment;
let app: CliApp;
let convex: ConvexCli;

const useDeployment = () =>
  Object.entries(deployment.cliEnv).forEach(([name, value]) => vi.stubEnv(name, value));

beforeAll(async () => {
  deployment = await startDeployment();
  useDeployment();
  app = liveApp({
    "convex/auth.config.ts": `import { getAuthConfigProvider } from "kitcn/auth/config";
export default { providers: [getAuthConfigProvider({ basePath: "${BASE}" })] };
`,
    "convex/auth.ts": `import { convex } from "kitcn/auth";
import authConfig from "./auth.config";
import { defineAuth } from "./generated/auth";
export default defineAuth(() => ({
  baseURL: process.env.SITE_URL,
  basePath: "${BASE}",
  emailAndPassword: { enabled: true },
  plugins: [convex({ authConfig, jwks: process.env.JWKS })],
}));
`,
    "convex/http.ts": `import { httpRouter } from "convex/server";
import { registerRoutes } from "kitcn/auth/http";
import { authRoutes } from "./generated/routes";
const http = httpRouter();
registerRoutes(http, authRoutes);
export default http;
`,
    "convex/who.ts": `import { query } from "./_generated/server";
export const am = query({ args: {}, handler: (ctx) => ctx.auth.getUserIdentity() });
`,
  });
  convex = openConvexCli(loadProject(app.root));
  const added = await app.kitcn("add", "auth", "--yes");
  expect(added, added.stderr).toMatchObject({ code: 0 });
});
afterAll(() => deployment?.stop());
beforeEach(useDeployment);
afterEach(() => vi.unstubAllEnvs());

async function identityOf(token: string): Promise<unknown> {
  const client = new ConvexClient(deployment.url);
  client.setAuth(async () => token);
  try {
    return await client.query(whoami, {});
  } finally {
    await client.close();
  }
}

test.each(["with keys in JWKS", "with keys that Convex fetches"])("%s", async (keys) => {
  const isFetched = keys.endsWith("fetches");
  if (isFetched) await convex.setEnv({ JWKS: "" });
  const url = deployment.siteUrl + BASE;
  const jar = createCookieJar("http://localhost:3000");
  const client = createAuthClient({ baseURL: url, fetchOptions: { customFetchImpl: jar.fetch } });
  const { password } = credentials;
  const email = isFetched ? "bo@example.com" : credentials.email;
  expect((await client.signUp.email({ ...credentials, email })).error).toBeNull();
  expect((await client.signOut()).error).toBeNull();
  const signedIn = await client.signIn.email({ email, password });
  expect(signedIn.error).toBeNull();

  const discovered = await fetch(`${url}/convex/.well-known/openid-configuration`);
  const { issuer, jwks_uri } = (await discovered.json()) as { issuer: string; jwks_uri: string };
  expect(jwks_uri).toBe(`${url}/convex/jwks`);
  const { token } = (await (await jar.fetch(`${url}/convex/token`)).json()) as { token: string };
  const { payload } = await jwtVerify(token, createRemoteJWKSet(new URL(jwks_uri)), {
    issuer,
    audience: "convex",
  });
  expect(payload.sub).toBe(signedIn.data?.user.id);
  expect(await identityOf(token)).toMatchObject({ subject: payload.sub, email });
});

test("nothing is left at /api/auth, and doctor finds nothing wrong", async () => {
  for (const path of ["/get-session", "/convex/jwks", "/convex/.well-known/openid-configuration"])
    expect((await fetch(`${deployment.siteUrl}/api/auth${path}`)).status, path).toBe(404);
  const { stdout } = await app.kitcn("doctor", "--json");
  const { findings } = JSON.parse(stdout) as { findings: { level: string }[] };
  expect(findings.filter(({ level }) => level === "error")).toEqual([]);
});
