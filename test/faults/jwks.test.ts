// Keys that Convex has to fetch, from an endpoint that is slow, fails or answers nonsense: nobody is taken for
// somebody, nobody is signed out for good, and once it recovers the same session goes on.
import { createServer, type ServerResponse } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { ConvexClient } from "convex/browser";
import { anyApi, type FunctionReference } from "convex/server";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { credentials, liveApp } from "../codegen/support/live-app.js";
import { startDeployment, type Deployment } from "../deployment/index.js";
import { listen } from "../deployment/http-server.js";
import { createCookieJar } from "../support/cookie-fetch.js";

// Every command is a process or two of its own, on a machine that may be busy.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 300_000 });

const whoami = anyApi.who!.am as FunctionReference<"query">; // the app's types are not ours
const jar = createCookieJar("http://localhost:3000");

let deployment: Deployment;
let keysUrl: string;
/** How the endpoint answers now. */
let answer: (response: ServerResponse) => Promise<void>;

const keys = async () => (await fetch(`${deployment.siteUrl}/api/auth/convex/jwks`)).text();
const well = async (response: ServerResponse) =>
  void response.setHeader("content-type", "application/json").end(await keys());
const endpoint = createServer((_, response) => void answer(response));

beforeAll(async () => {
  keysUrl = `http://127.0.0.1:${await listen(endpoint, 0)}`;
  deployment = await startDeployment({ env: { KEYS_URL: keysUrl } });
  for (const [name, value] of Object.entries(deployment.cliEnv)) vi.stubEnv(name, value);
  const app = liveApp({
    "convex/.env": `KEYS_URL=${keysUrl}\n`,
    "convex/auth.config.ts": `import { getAuthConfigProvider } from "kitcn/auth/config";
const provider = getAuthConfigProvider({ jwks: undefined });
export default { providers: [{ ...provider, jwks: process.env.KEYS_URL! }] };
`,
    "convex/who.ts": `import { query } from "./_generated/server";
export const am = query({ args: {}, handler: async (ctx) => (await ctx.auth.getUserIdentity())?.email ?? null });
`,
  });
  const added = await app.kitcn("add", "auth", "--yes");
  vi.unstubAllEnvs();
  expect(added, added.stdout + added.stderr).toMatchObject({ code: 0 });
  const { password, email, name } = credentials;
  const signUp = await jar.fetch(`${deployment.siteUrl}/api/auth/sign-up/email`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ password, email, name }),
  });
  expect(signUp.status).toBe(200);
});
afterAll(async () => {
  await deployment?.stop();
  endpoint.close();
});

const freshToken = async () => {
  const response = await jar.fetch(`${deployment.siteUrl}/api/auth/convex/token`);
  return ((await response.json()) as { token: string }).token;
};

/** Who Convex takes the signed-in browser for; null: for a visitor. */
async function seenAs(): Promise<unknown> {
  const token = await freshToken();
  const client = new ConvexClient(deployment.url);
  try {
    await new Promise<void>((done) =>
      client.setAuth(
        async () => token,
        () => done(),
      ),
    );
    return await client.query(whoami, {});
  } finally {
    await client.close();
  }
}

test("a slow endpoint only takes its time", async () => {
  answer = async (response) => {
    await pause(1500);
    await well(response);
  };
  expect(await seenAs()).toBe(credentials.email);
});

test.each<{ name: string; faulty: typeof answer }>([
  { name: "answers 500", faulty: async (response) => void response.writeHead(500).end("down") },
  { name: "hangs up", faulty: async (response) => void response.destroy() },
  { name: "answers a page", faulty: async (response) => void response.end("<html>") },
  { name: "has no keys", faulty: async (response) => void response.end('{"keys":[]}') },
])("one that $name: a visitor for the time being, the session goes on", async ({ faulty }) => {
  answer = faulty;
  expect(await seenAs()).toBeNull();
  const session = await jar.fetch(`${deployment.siteUrl}/api/auth/get-session`);
  expect(await session.json()).toMatchObject({ user: { email: credentials.email } });
  answer = well;
  expect(await seenAs()).toBe(credentials.email);
});
