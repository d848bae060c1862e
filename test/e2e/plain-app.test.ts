// A plain Convex app goes from no auth to a signed-in user: packed kitcn, real convex CLI, real clients.
import { randomUUID } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createAuthClient } from "better-auth/client";
import { ConvexClient, ConvexHttpClient } from "convex/browser";
import { anyApi, type FunctionReference } from "convex/server";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { startDeployment, type Deployment } from "../deployment/index.js";
import { createCookieJar } from "../support/cookie-fetch.js";
import { openPage } from "../support/react-page.js";
import { installApp, siblingApp, snapshotOf, type PackedApp } from "../support/packed-app.js";

const ORIGIN = "http://localhost:3000";
const PASSWORD = "correct horse battery";
// The apps' types are not ours.
const whoami = anyApi.notes!.whoami as FunctionReference<
  "query",
  "public",
  Record<string, never>,
  { email?: string } | null
>;
const byEmail = anyApi.users!.byEmail as FunctionReference<"query">;

const notes = `import { query } from "./_generated/server";

export const whoami = query({
  args: {},
  handler: (ctx) => ctx.auth.getUserIdentity(),
});
`;
const users = `import { v } from "convex/values";
import { query } from "./_generated/server";

// The auth tables are the app's own: indexed, typed, joined like any other.
export const byEmail = query({
  args: { email: v.string() },
  handler: (ctx, { email }) =>
    ctx.db
      .query("user")
      .withIndex("by_email", (q) => q.eq("email", email))
      .unique(),
});
`;
const schema = `import { defineSchema, defineTable } from 'convex/server'
import { v } from 'convex/values'

// the user's own words
export default defineSchema({
  posts: defineTable({ title: v.string() }), // keep me
})
`;

let installed: PackedApp;

beforeAll(async () => {
  installed = await installApp({ from: "examples/notes", name: "e2e" });
});

test("the package has the pages that messages send their readers to", async () => {
  const sources = await readdir("codegen", { recursive: true });
  const texts = await Promise.all(
    sources
      .filter((name) => name.endsWith(".ts"))
      .map((name) => readFile(join("codegen", name), "utf8")),
  );
  const pages = new Set(texts.join("").match(/node_modules\/kitcn\/docs\/\w+\.md/g));
  expect(pages.size).toBeGreaterThan(1);
  for (const page of pages)
    await expect(readFile(join(installed.dir, page), "utf8")).resolves.toMatch(/^# /);
});

const layouts: [string, { functions: string; files: Record<string, string> }][] = [
  ["flat convex/", { functions: "convex", files: {} }],
  [
    "convex/functions",
    {
      functions: "convex/functions",
      files: { "convex.json": JSON.stringify({ functions: "convex/functions" }) },
    },
  ],
];

describe.each(layouts)("kitcn add auth on %s", (_title, { functions, files }) => {
  let app: PackedApp;
  let deployment: Deployment;

  beforeAll(async () => {
    app = await siblingApp(installed, {
      name: functions.replace("/", "-"),
      files: {
        ...files,
        [`${functions}/schema.ts`]: schema,
        [`${functions}/notes.ts`]: notes,
        [`${functions}/users.ts`]: users,
      },
    });
    deployment = await startDeployment();
    const added = await app.run(["kitcn", "add", "auth", "--yes"], deployment.cliEnv);
    expect(added, added.stdout + added.stderr).toMatchObject({ code: 0 });
    const pushed = await app.run(["convex", "deploy", "--yes"], deployment.cliEnv);
    expect(pushed, pushed.stdout + pushed.stderr).toMatchObject({ code: 0 });
  });
  afterAll(() => deployment?.stop());

  test("the user's schema lines are still there, and the auth tables beside them", async () => {
    const after = (await snapshotOf(app))[`${functions}/schema.ts`] ?? "";
    for (const line of [
      "// the user's own words",
      "posts: defineTable({ title: v.string() }), // keep me",
    ]) {
      expect(after).toContain(line);
    }
    expect(after).toContain("export const userTable = defineTable({");
  });

  test("a second run changes nothing", async () => {
    const before = await snapshotOf(app);
    const again = await app.run(["kitcn", "add", "auth", "--yes"], deployment.cliEnv);
    expect(again, again.stdout + again.stderr).toMatchObject({ code: 0 });
    expect(await snapshotOf(app)).toEqual(before);
    const checked = await app.run(["kitcn", "add", "auth", "--schema", "--check"]);
    expect(checked, checked.stdout + checked.stderr).toMatchObject({ code: 0 });
  });

  test("sign-up, sign-in, token, identity over HTTP and WebSocket, sign-out", async () => {
    const user = newUser();
    const jar = createCookieJar(ORIGIN);
    const client = createAuthClient({
      baseURL: deployment.siteUrl,
      fetchOptions: { customFetchImpl: jar.fetch },
    });
    expect((await client.signUp.email(user)).error).toBeNull();
    expect((await client.signUp.email(user)).error).toMatchObject({ status: 422 });
    // Convex refuses to store half of a surrogate pair.
    const half = await fetch(`${deployment.siteUrl}/api/auth/sign-up/email`, {
      method: "POST",
      headers: { "content-type": "application/json", origin: ORIGIN },
      body: JSON.stringify({ ...newUser(), name: "Ada \ud83c" }),
    });
    expect(await half.json()).toMatchObject({ user: { name: "Ada \ufffd" } });
    await client.signOut();
    expect(
      (await client.signIn.email({ ...user, password: "wrong password" })).error,
    ).toMatchObject({
      status: 401,
    });
    expect((await client.signIn.email(user)).error).toBeNull();
    const session = (await client.getSession()).data;
    expect(session?.user).toMatchObject({ email: user.email, name: user.name });

    const response = await jar.fetch(`${deployment.siteUrl}/api/auth/convex/token`);
    const { token } = (await response.json()) as { token: string };
    const http = new ConvexHttpClient(deployment.url);
    expect(await http.query(whoami, {})).toBeNull();
    http.setAuth(token);
    const identity = {
      subject: session?.user.id,
      email: user.email,
      sessionId: session?.session.id,
    };
    expect(await http.query(whoami, {})).toMatchObject(identity);
    expect(await http.query(byEmail, { email: user.email })).toMatchObject({
      _id: session?.user.id,
      email: user.email,
    });

    const live = new ConvexClient(deployment.url);
    live.setAuth(async () => token);
    try {
      expect(await live.query(whoami, {})).toMatchObject(identity);
    } finally {
      await live.close();
    }

    expect((await client.signOut()).error).toBeNull();
    expect((await client.getSession()).data).toBeNull();
  });

  test("a React page on the deployment knows who signs in and out, as it happens", async () => {
    const user = newUser();
    const { url, siteUrl } = deployment;
    const page = await openPage({ url, siteUrl, jar: createCookieJar(ORIGIN), whoami });
    const shows = (text: string) =>
      vi.waitFor(() => expect(page.text()).toBe(text), { timeout: 30_000, interval: 50 });
    try {
      await shows("nobody");
      expect((await page.auth.signUp.email(user)).error).toBeNull();
      await shows(user.email);
      expect((await page.auth.signOut()).error).toBeNull();
      await shows("nobody");
      expect((await page.auth.signIn.email(user)).error).toBeNull();
      await shows(user.email);
    } finally {
      await page.close();
    }
  });
});

describe("kitcn add auth --preset convex", () => {
  const PRESET = ["kitcn", "add", "auth", "--preset", "convex", "--yes"];
  let app: PackedApp;
  let deployment: Deployment;
  const succeeds = async (command: readonly string[]) => {
    const ran = await app.run(command, deployment.cliEnv);
    expect(ran, ran.stdout + ran.stderr).toMatchObject({ code: 0 });
  };

  beforeAll(async () => {
    app = await siblingApp(installed, {
      name: "preset-convex",
      files: { "convex/schema.ts": schema, "convex/notes.ts": notes, "convex/users.ts": users },
    });
    deployment = await startDeployment();
    await succeeds(PRESET);
    await succeeds(["convex", "deploy", "--yes"]);
  });
  afterAll(() => deployment?.stop());

  test("signs up and in, with a session, a token and the app's own tables", async () => {
    const user = newUser();
    const jar = createCookieJar(ORIGIN);
    const client = createAuthClient({
      baseURL: deployment.siteUrl,
      fetchOptions: { customFetchImpl: jar.fetch },
    });
    expect((await client.signUp.email(user)).error).toBeNull();
    await client.signOut();
    expect((await client.signIn.email(user)).error).toBeNull();
    const session = (await client.getSession()).data;
    expect(session?.user).toMatchObject({ email: user.email });
    const response = await jar.fetch(`${deployment.siteUrl}/api/auth/convex/token`);
    const { token } = (await response.json()) as { token: string };
    const http = new ConvexHttpClient(deployment.url);
    http.setAuth(token);
    expect(await http.query(whoami, {})).toMatchObject({ subject: session?.user.id });
    expect(await http.query(byEmail, { email: user.email })).toMatchObject({
      _id: session?.user.id,
    });
  });

  test("again it changes nothing; after a plugin more it brings the tables, and the app pushes", async () => {
    const before = await snapshotOf(app);
    await succeeds(PRESET);
    expect(await snapshotOf(app)).toEqual(before);
    const auth = join(app.dir, "convex/auth.ts");
    const text = (before["convex/auth.ts"] ?? "").replace(
      "plugins: [",
      "plugins: [organization(), ",
    );
    await writeFile(auth, `import { organization } from "better-auth/plugins";\n${text}`);
    await succeeds(PRESET);
    const after = await snapshotOf(app);
    expect(after["convex/authSchema.ts"]).toContain("  member: memberTable,");
    expect(after["convex/schema.ts"]).toBe(before["convex/schema.ts"]);
    await succeeds(["convex", "deploy", "--yes"]);
  });
});

// --- internal ---

/** Somebody who never signed up before, on a deployment that may have been used before. */
function newUser() {
  return { name: "Ada Łovelace", email: `ada-${randomUUID()}@example.com`, password: PASSWORD };
}
