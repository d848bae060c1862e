// How many bytes of code each kind of function loads: Convex evaluates a function's modules afresh for every run, and
// for every call inside of one. Measured on the bundle that the unmodified convex CLI makes; no time is.
import { ConvexHttpClient } from "convex/browser";
import { makeFunctionReference } from "convex/server";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { liveApp, signUp } from "../codegen/support/live-app.js";
import type { CliApp } from "../codegen/support/cli.js";
import { startEmbedded, type Deployment } from "../deployment/index.js";
import { loadBundle, type Modules, type PushedBundle } from "../support/pushed-bundle.js";

vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

let deployment: Deployment;
let app: CliApp;
let bundle: PushedBundle;

const useDeployment = () =>
  Object.entries(deployment.cliEnv).forEach(([name, value]) => vi.stubEnv(name, value));

const FILES = {
  "convex/plain.ts": `import { query } from "./_generated/server";
export const now = query({ args: {}, handler: async ({ db }) => (await db.query("messages").collect()).length });
`,
  "convex/userId.ts": `import { getAuthUserId } from "kitcn/auth";
import { query } from "./_generated/server";
export const get = query({ args: {}, handler: (ctx) => getAuthUserId(ctx) });
`,
  "convex/session.ts": `import { getHeaders, getSession } from "kitcn/auth";
import { query } from "./_generated/server";
export const get = query({
  args: {},
  handler: async (ctx) => [(await getSession(ctx))?._id ?? null, [...(await getHeaders(ctx)).keys()].length],
});
`,
  "convex/written.ts": `import { mutation } from "./generated/server";
export const add = mutation({ args: {}, handler: async ({ orm }) => orm.insert("messages", { body: "x", author: "x" }) });
`,
  "convex/profile.ts": `import { getHeaders } from "kitcn/auth";
import { query } from "./_generated/server";
import { getAuth } from "./generated/auth";
export const get = query({
  args: {},
  handler: async (ctx): Promise<string | null> =>
    (await getAuth(ctx).api.getSession({ headers: await getHeaders(ctx) }))?.user.name ?? null,
});
`,
};

async function startApp(files: Readonly<Record<string, string>>, placement: string) {
  deployment = await startEmbedded();
  useDeployment();
  app = liveApp({ ...FILES, ...files });
  const added = await app.kitcn("add", "auth", "--yes", "--placement", placement);
  expect(added, added.stderr).toMatchObject({ code: 0 });
  bundle = await loadBundle(app);
}

const loadsBetterAuth = (modules: Modules, module: string) =>
  [...modules.closureOf(module).values()].some((text) => text.includes("better-auth/dist/"));

/** Above what a query of Convex alone evaluates. In KB. */
const BUDGETS = { "the component's store": 46, "the app's store": 100 } as const;

/** The modules whose functions are called inside of others: kitcn calls no other there. */
function assertNestedCalls() {
  const [component] = bundle.components.values();
  if (!component) throw new Error("the app has no component");
  const nested = [
    { title: "the component's store", modules: component, module: "store.js" },
    { title: "the app's store", modules: bundle, module: "generated/store.js" },
  ] as const;
  for (const { title, modules, module } of nested) {
    const more = modules.bytesOf(module) - bundle.bytesOf("plain.js");
    expect(more, title).toBeGreaterThan(0);
    expect(more, title).toBeLessThanOrEqual(BUDGETS[title] * 1024);
    expect(loadsBetterAuth(modules, module), title).toBe(false);
  }
  for (const entry of component.entries)
    expect(loadsBetterAuth(component, entry), entry).toBe(false);
}

afterEach(() => vi.unstubAllEnvs());

describe("placement split", () => {
  beforeAll(() => startApp({}, "split"));
  afterAll(() => deployment?.stop());
  beforeEach(useDeployment);

  /** Above what a query of Convex alone evaluates. */
  const ABOVE_PLAIN: readonly (readonly [module: string, kilobytes: number])[] = [
    ["userId.js", 10],
    ["session.js", 10],
    ["http.js", 34],
    ["generated/routes.js", 34],
    ["written.js", 60],
    ["generated/store.js", 100],
  ];

  test.each(ABOVE_PLAIN)("%s: at most %i KB more than a plain query", (module, kilobytes) => {
    const more = bundle.bytesOf(module) - bundle.bytesOf("plain.js");
    expect(more).toBeGreaterThan(0);
    expect(more).toBeLessThanOrEqual(kilobytes * 1024);
  });

  test("http.ts: at most 120 KB until the action itself has to serve, auth.config.ts: 12 KB", () => {
    expect(bundle.bytesOf("http.js")).toBeLessThanOrEqual(120_000);
    expect(bundle.bytesOf("auth.config.js")).toBeLessThanOrEqual(12 * 1024);
  });

  test("what these modules load has no Better Auth in it, which generated/auth.ts has", () => {
    for (const [module] of ABOVE_PLAIN) expect(loadsBetterAuth(bundle, module), module).toBe(false);
    expect(loadsBetterAuth(bundle, "generated/auth.js")).toBe(true);
    expect(loadsBetterAuth(bundle, "profile.js")).toBe(true);
  });

  test("calls inside of other functions load no Better Auth", assertNestedCalls);
});

describe("placement component, with triggers, and http.ts with getAuth", () => {
  const files = {
    "convex/http.ts": `import { httpRouter } from "convex/server";
import { registerRoutes } from "kitcn/auth/http";
import { getAuth } from "./generated/auth";
const http = httpRouter();
registerRoutes(http, getAuth);
export default http;
`,
    "convex/auth.ts": `import { convex } from "kitcn/auth";
import authConfig from "./auth.config";
import { defineAuth } from "./generated/auth";

export default defineAuth(() => ({
  baseURL: process.env.SITE_URL,
  emailAndPassword: { enabled: true },
  plugins: [convex({ authConfig, jwks: process.env.JWKS })],
  triggers: {
    user: {
      create: {
        before: ({ name }) => ({ data: { name: \`\${name}!\` } }),
        after: async ({ name }, { orm }) => void (await orm.insert("messages", { body: name, author: "user" })),
      },
    },
    account: { create: { before: () => undefined } },
    session: {
      change: async ({ operation }, { db }) => void (await db.insert("messages", { body: operation, author: "session" })),
    },
  },
}));
`,
    "convex/lines.ts": `import { query } from "./_generated/server";
export const all = query({ args: {}, handler: async ({ db }) => (await db.query("messages").collect()).map(({ author, body }) => \`\${author} \${body}\`) });
`,
    "convex/guarded.ts": `import { requireOrganization, requireRole } from "kitcn/auth";
import { query } from "./_generated/server";
export const get = query({
  args: {},
  handler: async (ctx) => [(await requireRole(ctx, "admin")).roles, (await requireOrganization(ctx)).roles],
});
`,
    "convex/mine.ts": `import { getSession } from "kitcn/auth";
import { query } from "./_generated/server";
export const get = query({ args: {}, handler: async (ctx) => (await getSession(ctx))?.userId ?? null });
`,
  };

  beforeAll(() => startApp(files, "component"));
  afterAll(() => deployment?.stop());
  beforeEach(useDeployment);

  test("calls inside of other functions load no Better Auth", () => {
    assertNestedCalls();
    expect(loadsBetterAuth(bundle, "http.js")).toBe(true);
    expect(loadsBetterAuth(bundle, "mine.js")).toBe(false);
    expect(loadsBetterAuth(bundle, "guarded.js")).toBe(false);
    // The guards add less than 2 KB to what getSession takes.
    const more = bundle.bytesOf("guarded.js") - bundle.bytesOf("plain.js");
    expect(more).toBeLessThanOrEqual(12 * 1024);
  });

  const callsOf = async (work: () => Promise<unknown>) => {
    const before = await deployment.counters();
    await work();
    return (await deployment.counters()).nested - before.nested;
  };
  const query = (name: string, token?: string) => {
    const client = new ConvexHttpClient(deployment.url);
    if (token !== undefined) client.setAuth(token);
    return client.query(makeFunctionReference<"query">(name), {});
  };

  test("triggers and getSession call the stores, and never what loads Better Auth", async () => {
    let signedUp: Awaited<ReturnType<typeof signUp>> | undefined;
    // Both runs look for the user, then three rows are written.
    expect(await callsOf(async () => (signedUp = await signUp(deployment.siteUrl)))).toBe(5);
    expect(await query("lines:all")).toEqual(["user Ada!", "session create"]);
    const token = await signedUp?.token();
    // The app's store, which calls the component's.
    expect(await callsOf(() => query("mine:get", token))).toBe(2);
    expect(await query("mine:get", token)).toEqual(expect.any(String));
    // getHeaders as above, and the component's session with its user.
    expect(await callsOf(() => query("profile:get", token))).toBe(3);
    expect(await query("profile:get", token)).toBe("Ada!");
  });
});
