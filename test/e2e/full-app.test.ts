// An app with many plugins, relations, triggers, procedures and a Hono router: types, and every way to write.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createAuthClient } from "better-auth/client";
import { organizationClient } from "better-auth/client/plugins";
import { ConvexHttpClient } from "convex/browser";
import { anyApi, type FunctionReference } from "convex/server";
import { isCRPCError } from "../../src/server/error.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startDeployment, type Deployment } from "../deployment/index.js";
import { succeeded } from "../support/commands.js";
import { createCookieJar } from "../support/cookie-fetch.js";
import { installApp, type PackedApp } from "../support/packed-app.js";

const PASSWORD = "correct horse battery";
const projects = anyApi["projects"]!; // the app's types are not ours

let app: PackedApp;
let deployment: Deployment;

beforeAll(async () => {
  app = await installApp({ from: "examples/full", name: "full" });
  deployment = await startDeployment();
  succeeded(await app.run(["kitcn", "add", "auth", "--yes"], deployment.cliEnv));
  await deploy();
}, 600_000);
afterAll(() => deployment?.stop());

test("type-checks, with plugin fields in hooks, auth.api, helpers and the ORM", async () => {
  succeeded(await app.run(["tsc", "-p", "convex"]));
}, 600_000);

test("a second run changes nothing, and finds nothing to say about triggers", async () => {
  const again = await app.run(["kitcn", "codegen", "--check"]);
  succeeded(again);
  expect(again.stdout).not.toContain("fires no triggers");
});

describe("schema triggers fire once for", () => {
  test("Better Auth over HTTP", async () => {
    await signedUp("http@kitcn.dev");
    expect(await linesOf("http@kitcn.dev")).toEqual([
      "user http@kitcn.dev pro",
      "create http@kitcn.dev",
    ]);
  });

  test("Better Auth in a mutation, whose ctx.db fires none twice", async () => {
    const client = new ConvexHttpClient(deployment.url);
    await client.mutation(reference("addUser"), { email: "mutation@x.dev", name: "M" });
    expect(await linesOf("mutation@x.dev")).toEqual([
      "user mutation@x.dev free",
      "create mutation@x.dev",
    ]);
  });

  test("Better Auth in an action", async () => {
    const client = new ConvexHttpClient(deployment.url);
    const credentials = { email: "action@x.dev", password: PASSWORD, name: "A" };
    await client.action(reference<"action">("signUpInAction"), credentials);
    expect(await linesOf("action@x.dev")).toEqual([
      "user action@x.dev free",
      "create action@x.dev",
    ]);
  });

  test("ctx.orm and ctx.db of the app's mutations", async () => {
    const client = new ConvexHttpClient(deployment.url);
    for (const email of ["orm@x.dev", "db@x.dev"]) {
      await client.mutation(reference(email === "orm@x.dev" ? "addByOrm" : "addByDb"), { email });
      expect(await linesOf(email)).toEqual([`user ${email} free`, `create ${email}`]);
      await client.mutation(reference("rename"), { email, name: "New" });
      expect((await linesOf(email)).at(-1)).toBe(`update ${email}`);
      await client.mutation(reference("addQuietly"), { email: `quiet-${email}` });
      expect(await linesOf(`quiet-${email}`)).toEqual([]);
    }
  });

  test("nothing that a trigger cancels: the whole mutation is undone", async () => {
    const client = new ConvexHttpClient(deployment.url);
    await client.mutation(reference("addByOrm"), { email: "kept@x.dev" });
    const before = await linesOf("kept@x.dev");
    const cancelled = client.mutation(reference("rename"), { email: "kept@x.dev", name: "" });
    await expect(cancelled).rejects.toMatchObject({ data: { code: "TRIGGER_CANCELLED" } });
    expect(await linesOf("kept@x.dev")).toEqual(before);
  });
});

test("procedures: who is signed in, checked input, typed errors, relations in the result", async () => {
  const { client, auth } = await signedUp("owner@x.dev");
  const { data: organization } = await auth.organization.create({ name: "Acme", slug: "acme" });
  const create = reference("create");
  const input = { organizationId: organization?.id, name: "Apollo" };
  const refused = (call: Promise<unknown>) =>
    call.then(
      () => undefined,
      (error: unknown) => (isCRPCError(error) ? error.data : error),
    );

  const stranger = new ConvexHttpClient(deployment.url);
  expect(await refused(stranger.mutation(create, input))).toMatchObject({ code: "UNAUTHORIZED" });
  expect(await refused(client.mutation(create, { ...input, name: "" }))).toMatchObject({
    code: "BAD_REQUEST",
    issues: [{ path: ["name"] }],
  });

  const project = await client.mutation(create, input);
  expect(project).toMatchObject({ name: "Apollo", openTasks: 0 });
  for (const title of ["one", "two"])
    await client.mutation(reference("addTask"), { projectId: project._id, title });
  const found = await client.query(reference<"query">("mine"), { cursor: null, limit: 5 });
  expect(found).toMatchObject({
    isDone: true,
    page: [
      { openTasks: 2, organization: { name: "Acme" }, tasks: [{ title: "one" }, { title: "two" }] },
    ],
  });
});

test("http routes of the router, beside the auth routes", async () => {
  const url = (path: string) => `${deployment.siteUrl}${path}`;
  const post = (path: string, body: object) =>
    fetch(url(path), {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
  expect(await (await fetch(url("/api/health"))).json()).toEqual({ ok: true });
  expect(await (await post("/api/echo/2", { text: "ab" })).json()).toEqual({ text: "abab" });
  const refused = await post("/api/echo/9", { text: "ab" });
  expect([refused.status, await refused.json()]).toMatchObject([400, { code: "BAD_REQUEST" }]);
  expect((await fetch(url("/api/auth/ok"))).status).toBe(200);
  expect((await fetch(url("/api/authors"))).status).toBe(404);
});

describe.each([
  [
    "a plain httpRouter",
    `import { httpRouter } from "convex/server";
import { registerRoutes } from "kitcn/auth/http";
import { httpAction } from "./_generated/server";
import { getAuth } from "./generated/auth";

const http = httpRouter();
registerRoutes(http, getAuth);
http.route({
  path: "/api/health",
  method: "GET",
  handler: httpAction(async () => new Response("plain")),
});

export default http;
`,
  ],
  [
    "HttpRouterWithHono",
    `import { Hono } from "hono";
import { registerRoutes } from "kitcn/auth/http";
import { HttpRouterWithHono, type HonoEnv } from "kitcn/server";
import { getAuth } from "./generated/auth";
import type { ActionCtx } from "./generated/server";

const app = new Hono<HonoEnv<ActionCtx>>();
app.get("/api/health", (c) => c.text("plain"));

const http = new HttpRouterWithHono(app);
registerRoutes(http, getAuth);

export default http;
`,
  ],
])("http.ts as %s", (title, text) => {
  beforeAll(async () => {
    await writeFile(join(app.dir, "convex/http.ts"), text);
    await deploy();
  }, 300_000);

  test("serves the app's routes and Better Auth's", async () => {
    const at = (path: string) => fetch(`${deployment.siteUrl}${path}`);
    expect(await (await at("/api/health")).text()).toBe("plain");
    const email = `${title.replace(/\W/g, "-").toLowerCase()}@x.dev`;
    const { auth } = await signedUp(email);
    expect((await auth.getSession()).data?.user.email).toBe(email);
    expect((await at("/api/authors")).status).toBe(404);
  });
});

test("createEnv: auth.config.ts pushes with variables unset, a function names all of them", async () => {
  const files = {
    "env.ts": `import { createEnv } from "kitcn/server";
import { z } from "zod";

export const getAuthEnv = createEnv({ server: { JWKS: z.string().optional() } });
export const getEnv = createEnv({ server: { STRIPE_KEY: z.string(), MAIL_KEY: z.string() } });
`,
    "auth.config.ts": `import { getAuthConfigProvider } from "kitcn/auth/config";
import { getAuthEnv } from "./env";

export default { providers: [getAuthConfigProvider({ jwks: getAuthEnv().JWKS })] };
`,
    "billing.ts": `import { query } from "./generated/server";
import { getEnv } from "./env";

export const key = query({ args: {}, handler: () => getEnv().STRIPE_KEY });
`,
  };
  for (const [name, text] of Object.entries(files))
    await writeFile(join(app.dir, "convex", name), text);
  await deploy();
  const client = new ConvexHttpClient(deployment.url);
  const key = client.query(anyApi["billing"]!["key"] as FunctionReference<"query">, {}); // as above
  await expect(key).rejects.toMatchObject({
    data: {
      code: "INVALID_ENV",
      message: expect.stringMatching(/STRIPE_KEY, MAIL_KEY/) as unknown,
    },
  });
}, 300_000);

// --- internal ---

async function deploy(): Promise<void> {
  const command = ["convex", "deploy", "--yes", "--typecheck", "disable"];
  succeeded(await app.run(command, deployment.cliEnv));
}

function reference<Type extends "query" | "mutation" | "action" = "mutation">(name: string) {
  return projects[name] as unknown as FunctionReference<Type>; // as above
}

/** What triggers wrote down about a user. */
async function linesOf(email: string): Promise<string[]> {
  const client = new ConvexHttpClient(deployment.url);
  const lines: string[] = await client.query(reference<"query">("activity"), {});
  return lines.filter((line) => line.split(" ").includes(email));
}

async function signedUp(email: string) {
  const jar = createCookieJar("http://localhost:3000");
  const auth = createAuthClient({
    baseURL: deployment.siteUrl,
    plugins: [organizationClient()],
    fetchOptions: { customFetchImpl: jar.fetch },
  });
  expect((await auth.signUp.email({ email, password: PASSWORD, name: "Ada" })).error).toBeNull();
  const response = await jar.fetch(`${deployment.siteUrl}/api/auth/convex/token`);
  const { token } = (await response.json()) as { token: string };
  const client = new ConvexHttpClient(deployment.url);
  client.setAuth(token);
  return { auth, client };
}
