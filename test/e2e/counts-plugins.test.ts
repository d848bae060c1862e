// What signing in costs with plugins on, and what a session costs that is refreshed, cached, one of several or
// impersonated: function runs and documents read, exact. The app without plugins is measured in counts.test.ts.
import { afterAll, beforeAll, expect, test } from "vitest";
import { startAuthApp, type AuthApp, type Browser } from "../faults/support/auth-app.js";

const AUTH = `import { admin, multiSession, organization, twoFactor, username } from "better-auth/plugins";
import { convex } from "kitcn/auth";
import authConfig from "./auth.config";
import { defineAuth } from "./generated/auth";

const mode = process.env.MODE ?? "";

export default defineAuth(() => ({
  baseURL: process.env.SITE_URL,
  emailAndPassword: { enabled: true },
  session: {
    updateAge: mode === "refresh" ? 0 : 86400,
    cookieCache: { enabled: mode === "cookie cache" },
  },
  rateLimit: {
    enabled: mode === "" || mode === "rate limits",
    storage: "database" as const,
    // As many as Better Auth allows, in a window that is long enough for a busy machine.
    customRules: { "/sign-in/email": { window: 3600, max: 3 } },
  },
  plugins: [
    convex({ authConfig, jwks: process.env.JWKS }),
    organization(),
    admin({ defaultRole: "admin" }),
    twoFactor(),
    username(),
    ...(mode === "multi-session" ? [multiSession()] : []),
  ],
}));
`;

const PASSWORD = "correct horse battery";

let app: AuthApp;
let users = 0;

beforeAll(async () => {
  app = await startAuthApp("split", AUTH);
});
afterAll(() => app?.stop());

test("sign-in with organization, admin, two-factor and username", async () => {
  await set("plain");
  expect(await signIns()).toMatchInlineSnapshot(`
    {
      "sign-in": "2 runs, 3 documents",
      "sign-in by username": "2 runs, 3 documents",
      "sign-in, wrong password": "2 runs, 3 documents",
    }
  `);
});

test("the same with rate limits", async () => {
  await set("rate limits");
  expect(await signIns()).toMatchInlineSnapshot(`
    {
      "sign-in": "2 runs, 3 documents",
      "sign-in by username": "2 runs, 4 documents",
      "sign-in, wrong password": "2 runs, 5 documents",
    }
  `);
});

test("a session that is refreshed, kept in a cookie, one of several, or impersonated", async () => {
  const costs: Record<string, string> = {};
  const measure = async (name: string, call: () => Promise<Response>) => {
    costs[name] = await costOf(call);
  };
  await set("plain");
  const { browser } = await signedUp();
  await measure("get-session", () => browser.get("/get-session"));
  const other = await signedUp();
  const body = { userId: other.userId };
  // Admins are not impersonated.
  const { status } = await browser.post("/admin/set-role", { ...body, role: "user" });
  expect(status).toBe(200);
  await measure("impersonate-user", () => browser.post("/admin/impersonate-user", body));
  await measure("get-session, impersonated", () => browser.get("/get-session"));
  await measure("stop-impersonating", () => browser.post("/admin/stop-impersonating"));

  await set("refresh");
  await measure("get-session, refreshed", () => browser.get("/get-session"));
  await measure("token, refreshed", () => browser.get("/convex/token"));

  await set("cookie cache");
  const cached = await signedUp();
  await measure("get-session, in a cookie", () => cached.browser.get("/get-session"));
  await measure("token, in a cookie", () => cached.browser.get("/convex/token"));

  await set("multi-session");
  const several = await signedUp();
  await measure("sign-in, several sessions", () =>
    several.browser.post("/sign-in/email", { email: other.email, password: PASSWORD }),
  );
  await measure("get-session, several", () => several.browser.get("/get-session"));
  await measure("list-device-sessions, two", () =>
    several.browser.get("/multi-session/list-device-sessions"),
  );
  expect(costs).toMatchInlineSnapshot(`
    {
      "get-session": "1 runs, 2 documents",
      "get-session, impersonated": "1 runs, 2 documents",
      "get-session, in a cookie": "0 runs, 0 documents",
      "get-session, refreshed": "2 runs, 5 documents",
      "get-session, several": "1 runs, 2 documents",
      "impersonate-user": "1 runs, 3 documents",
      "list-device-sessions, two": "1 runs, 4 documents",
      "sign-in, several sessions": "2 runs, 5 documents",
      "stop-impersonating": "1 runs, 5 documents",
      "token, in a cookie": "0 runs, 0 documents",
      "token, refreshed": "2 runs, 5 documents",
    }
  `);
});

async function signIns(): Promise<Record<string, string>> {
  const { browser, email, username } = await signedUp();
  const wrong = { email, password: "wrong password" };
  return {
    "sign-in": await costOf(() => browser.post("/sign-in/email", { email, password: PASSWORD })),
    "sign-in by username": await costOf(() =>
      browser.post("/sign-in/username", { username, password: PASSWORD }),
    ),
    "sign-in, wrong password": await costOf(() => browser.post("/sign-in/email", wrong), 401),
  };
}

async function signedUp() {
  const browser: Browser = app.browser();
  const username = `user${users++}`;
  const email = `${username}@example.com`;
  const body = { name: "Ada", email, username, password: PASSWORD };
  const response = await browser.post("/sign-up/email", body);
  expect(response.status).toBe(200);
  const { user } = (await response.json()) as { user: { id: string } };
  return { browser, email, username, userId: user.id };
}

async function costOf(call: () => Promise<Response>, status = 200): Promise<string> {
  await app.deployment.resetCounters();
  const response = await call();
  expect(response.status, await response.clone().text()).toBe(status);
  const { queries, mutations, nested, documentsRead } = await app.deployment.counters();
  return `${queries + mutations - nested} runs, ${documentsRead} documents`;
}

async function set(mode: string): Promise<void> {
  const { url, adminKey } = app.deployment;
  const response = await fetch(`${url}/api/update_environment_variables`, {
    method: "POST",
    headers: { authorization: `Convex ${adminKey}` },
    body: JSON.stringify({ changes: [{ name: "MODE", value: mode }] }),
  });
  expect(response.status).toBe(200);
}
