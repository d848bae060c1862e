// What each operation costs on a deployment: function runs and documents read, exact.
// A run is a query or mutation that the HTTP action calls; runs inside those are counted as nested.
// Always on the embedded deployment, since that one counts.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ConvexHttpClient } from "convex/browser";
import { makeFunctionReference } from "convex/server";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startEmbedded, type Counters, type Deployment } from "../deployment/index.js";
import { createCookieJar, type CookieJar } from "../support/cookie-fetch.js";
import { installApp, type PackedApp } from "../support/packed-app.js";

const ORIGIN = "http://localhost:3000";
const user = { name: "Ada", email: "ada@example.com", password: "correct horse battery" };

/** What an app asks about its user, in queries. */
const QUERIES = `
import { getAuthUserId, getHeaders, getSession } from "kitcn/auth";
import { getAuth } from "./generated/auth";
import { query } from "./_generated/server";

export const userId = query({ args: {}, handler: (ctx) => getAuthUserId(ctx) });
export const currentUser = query({
  args: {},
  handler: async (ctx) => {
    const id = await getAuthUserId(ctx);
    return id && (await ctx.db.get(id));
  },
});
export const session = query({ args: {}, handler: (ctx) => getSession(ctx) });
export const apiSession = query({
  args: { token: v.string() },
  handler: async (ctx, { token }) => {
    const headers = new Headers({ authorization: \`Bearer \${token}\` });
    const found = await getAuth(ctx).api.getSession({ headers });
    return found?.user.email ?? null;
  },
});
export const headersAndSession = query({
  args: {},
  handler: async (ctx) => {
    const found = await getAuth(ctx).api.getSession({ headers: await getHeaders(ctx) });
    return found?.user.email ?? null;
  },
});
`;

let app: PackedApp;
let deployment: Deployment;
/** auth.ts as `kitcn add auth` writes it, with a rule of its own for sign-ins. */
let limited: string;

beforeAll(async () => {
  app = await installApp({ from: "examples/notes", name: "counts" });
  await writeFile(
    join(app.dir, "convex/counted.ts"),
    `import { v } from "convex/values";${QUERIES}`,
  );
  deployment = await startEmbedded();
  const added = await app.run(["kitcn", "add", "auth", "--yes"], deployment.cliEnv);
  expect(added, added.stdout + added.stderr).toMatchObject({ code: 0 });
  const file = join(app.dir, "convex/auth.ts");
  const written = await readFile(file, "utf8");
  const unlimited = written.replace(/ {2}rateLimit: .*\n/, "");
  expect(unlimited).not.toBe(written);
  // Better Auth's own rule allows as many, in a window that is too short for a busy machine.
  limited = written.replace(
    'storage: "database"',
    'storage: "database", customRules: { "/sign-in/email": { window: 3600, max: 3 } }',
  );
  expect(limited).not.toBe(written);
  await writeFile(file, unlimited);
  await push();
});
afterAll(() => deployment?.stop());

test("function runs and documents read of each operation", async () => {
  const jar = createCookieJar(ORIGIN);
  const costs: Record<string, string> = {};
  const measure = async (name: string, path: string, body?: object) => {
    const { cost, data } = await costOf(() => send(jar, path, body));
    costs[name] = cost;
    return data;
  };
  await measure("sign-up", "/sign-up/email", user);
  const found = await measure("get-session", "/get-session");
  const { token: sessionToken } = (found as { session: { token: string } }).session;
  const { token } = (await measure("token", "/convex/token")) as { token: string };
  await measure("list-sessions", "/list-sessions");

  const client = new ConvexHttpClient(deployment.url);
  client.setAuth(token);
  const ask = async (name: string, args: Record<string, string>, want: object | string) => {
    const reference = makeFunctionReference<"query">(`counted:${name}`);
    const { cost, data } = await costOf(() => client.query(reference, args));
    expect(data).toEqual(want);
    costs[`in a query: ${name}`] = cost;
  };
  await ask("userId", {}, expect.any(String) as string);
  await ask("currentUser", {}, expect.objectContaining({ email: user.email }) as object);
  await ask("session", {}, expect.objectContaining({ token: sessionToken }) as object);
  // The signed form, as the cookie has it: the bare token opens nothing.
  await ask(
    "apiSession",
    { token: jar.cookies.get("better-auth.session_token") ?? "" },
    user.email,
  );
  await ask("headersAndSession", {}, user.email);

  await measure("sign-out", "/sign-out", {});
  await measure("sign-in, wrong password", "/sign-in/email", {
    ...user,
    password: "wrong password",
  });
  await measure("sign-in", "/sign-in/email", user);
  expect(costs).toMatchInlineSnapshot(`
    {
      "get-session": "1 runs (0 nested), 2 documents",
      "in a query: apiSession": "1 runs (0 nested), 2 documents",
      "in a query: currentUser": "1 runs (0 nested), 1 documents",
      "in a query: headersAndSession": "1 runs (0 nested), 2 documents",
      "in a query: session": "1 runs (0 nested), 1 documents",
      "in a query: userId": "1 runs (0 nested), 0 documents",
      "list-sessions": "1 runs (0 nested), 3 documents",
      "sign-in": "2 runs (0 nested), 3 documents",
      "sign-in, wrong password": "2 runs (0 nested), 3 documents",
      "sign-out": "1 runs (0 nested), 2 documents",
      "sign-up": "2 runs (0 nested), 0 documents",
      "token": "1 runs (0 nested), 2 documents",
    }
  `);
});

test("with a session in a cookie, nothing is read", async () => {
  const file = join(app.dir, "convex/auth.ts");
  const text = await readFile(file, "utf8");
  const cached = text.replace(
    "emailAndPassword:",
    "session: { cookieCache: { enabled: true } },\n  emailAndPassword:",
  );
  expect(cached).not.toBe(text);
  await writeFile(file, cached);
  await push();
  const jar = createCookieJar(ORIGIN);
  await send(jar, "/sign-in/email", user);
  const costs = [];
  for (const path of ["/get-session", "/convex/token"]) {
    const { cost, data } = await costOf(() => send(jar, path));
    expect(data).not.toBeNull();
    costs.push(`${path}: ${cost}`);
  }
  expect(costs).toEqual([
    "/get-session: 0 runs (0 nested), 0 documents",
    "/convex/token: 0 runs (0 nested), 0 documents",
  ]);
});

test("with rate limits, reads cost the same", async () => {
  await writeFile(join(app.dir, "convex/auth.ts"), limited);
  await push();
  const jar = createCookieJar(ORIGIN);
  await send(jar, "/sign-up/email", { ...user, email: "bea@example.com" });
  const costs: Record<string, string> = {};
  for (const path of ["/get-session", "/convex/token", "/list-sessions"])
    costs[path] = (await costOf(() => send(jar, path))).cost;
  expect(costs).toEqual({
    "/get-session": "1 runs (0 nested), 2 documents",
    "/convex/token": "1 runs (0 nested), 2 documents",
    "/list-sessions": "1 runs (0 nested), 3 documents",
  });
});

test("with rate limits, a try costs at most two documents more, and no run", async () => {
  const email = "cyd@example.com";
  const costs: Record<string, string> = {};
  const measure = async (name: string, path: string, body: object, address: string) => {
    const jar = createCookieJar(ORIGIN);
    const { cost } = await costOf(() => send(jar, path, body, { "x-forwarded-for": address }));
    costs[name] = cost.replace(/ \(\d+ nested\)/, "");
  };
  const right = { ...user, email };
  const wrong = { email, password: "wrong password" };
  await measure("sign-up", "/sign-up/email", right, "10.1.0.1");
  await measure("sign-in", "/sign-in/email", right, "10.1.0.1");
  await measure("sign-in, again", "/sign-in/email", right, "10.1.0.1");
  await measure("sign-in, the third", "/sign-in/email", right, "10.1.0.1");
  await measure("sign-in, too many", "/sign-in/email", right, "10.1.0.1");
  await measure("wrong password", "/sign-in/email", wrong, "10.1.0.2");
  await measure("wrong password, again", "/sign-in/email", wrong, "10.1.0.2");
  await measure("wrong password, the third", "/sign-in/email", wrong, "10.1.0.2");
  await measure("sign-in, from elsewhere", "/sign-in/email", right, "10.1.0.3");
  expect(costs).toEqual({
    "sign-up": "2 runs, 0 documents",
    "sign-in": "2 runs, 3 documents",
    "sign-in, again": "2 runs, 5 documents",
    "sign-in, the third": "2 runs, 5 documents",
    "sign-in, too many": "1 runs, 1 documents",
    "wrong password": "2 runs, 4 documents",
    "wrong password, again": "2 runs, 5 documents",
    "wrong password, the third": "2 runs, 5 documents",
    "sign-in, from elsewhere": "2 runs, 4 documents",
  });
});

async function push(): Promise<void> {
  // Counted, not compiled: the types of such functions are what placements.test.ts checks.
  const command = ["convex", "deploy", "--yes", "--typecheck", "disable"];
  const pushed = await app.run(command, deployment.cliEnv);
  expect(pushed, pushed.stdout + pushed.stderr).toMatchObject({ code: 0 });
}

async function send(
  jar: CookieJar,
  path: string,
  body?: object,
  headers: Readonly<Record<string, string>> = {},
): Promise<unknown> {
  const response = await jar.fetch(`${deployment.siteUrl}/api/auth${path}`, {
    method: body ? "POST" : "GET",
    headers: { ...headers, "content-type": "application/json" },
    ...(body && { body: JSON.stringify(body) }),
  });
  return JSON.parse(await response.text());
}

async function costOf(work: () => Promise<unknown>): Promise<{ cost: string; data: unknown }> {
  await deployment.resetCounters();
  const data = await work();
  return { cost: printCost(await deployment.counters()), data };
}

function printCost({ queries, mutations, nested, documentsRead }: Counters): string {
  return `${queries + mutations - nested} runs (${nested} nested), ${documentsRead} documents`;
}
