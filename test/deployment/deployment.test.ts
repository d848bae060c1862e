// The stand-in, through the unmodified convex CLI and clients.
import { ConvexClient, ConvexHttpClient } from "convex/browser";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { action, createApp, DEPLOY, mutation, query, type App } from "./app.js";
import { startDeployment, type Deployment } from "./index.js";

const files: Record<string, string> = {
  "convex/schema.ts": `import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";
export default defineSchema({ items: defineTable({ name: v.string(), rank: v.optional(v.number()) }).index("by_rank", ["rank"]) });`,
  "convex/items.ts": `import { v } from "convex/values";
import { action, internalQuery, mutation, query } from "./_generated/server";
import { api, components, internal } from "./_generated/api";
export const list = query({ args: {}, handler: (ctx) => ctx.db.query("items").withIndex("by_rank").collect() });
export const add = mutation({ args: { name: v.string(), rank: v.optional(v.number()) }, handler: (ctx, args) => ctx.db.insert("items", args) });
export const addThenFail = mutation({ args: {}, handler: async (ctx) => { await ctx.db.insert("items", { name: "ghost" }); throw new Error("boom"); } });
export const addWrong = mutation({ args: {}, handler: (ctx) => ctx.db.insert("items", { name: 1 } as never) });
export const frozen = query({ args: {}, handler: async () => { const a = Date.now(); await Promise.resolve(); return a === Date.now(); } });
export const fetches = query({ args: {}, handler: async () => { await fetch("http://127.0.0.1"); } });
export const makesKey = mutation({ args: {}, handler: async () => { await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, true, ["encrypt"]); } });
export const says = query({ args: {}, handler: () => { console.log("a word for the logs"); } });
export const waits = mutation({ args: {}, handler: async () => { setTimeout(() => {}, 1); } });
export const page = query({ args: { cursor: v.union(v.string(), v.null()) }, handler: (ctx, { cursor }) => ctx.db.query("items").withIndex("by_rank", (q) => q.gte("rank", 100)).order("desc").paginate({ cursor, numItems: 2 }) });
export const later = mutation({ args: { name: v.string(), cancel: v.boolean(), fail: v.boolean() }, handler: async (ctx, { name, cancel, fail }) => {
  const id = await ctx.scheduler.runAfter(0, api.items.add, { name });
  if (cancel) await ctx.scheduler.cancel(id);
  if (fail) throw new Error("not scheduled");
  return id;
} });
export const scheduled = query({ args: { id: v.id("_scheduled_functions") }, handler: async (ctx, { id }) => (await ctx.db.system.get(id))?.state.kind });
export const hidden = internalQuery({ args: {}, handler: () => "secret" });
export const reveal = action({ args: {}, handler: (ctx): Promise<string> => ctx.runQuery(internal.items.hidden, {}) });
export const counted = mutation({ args: {}, handler: async (ctx): Promise<number> => ctx.runMutation(components.counter.count.up, {}) });
export const countThenFail = mutation({ args: {}, handler: async (ctx): Promise<number> => { await ctx.runMutation(components.counter.count.up, {}); throw new Error("after"); } });
export const scan = query({ args: {}, handler: async (ctx) => { for (let n = 0; n < 5000; n++) await ctx.db.query("items").first(); } });`,
  "convex/convex.config.ts": `import { defineApp } from "convex/server";
import counter from "../counter/convex.config";
const app = defineApp();
app.use(counter);
export default app;`,
  "counter/convex.config.ts": `import { defineComponent } from "convex/server";
export default defineComponent("counter");`,
  "counter/schema.ts": `import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";
export default defineSchema({ counts: defineTable({ n: v.number() }) });`,
  "counter/count.ts": `import { mutationGeneric as mutation } from "convex/server";
export const up = mutation({ args: {}, handler: async (ctx) => {
  const row = await ctx.db.query("counts").first();
  if (row) await ctx.db.patch(row._id, { n: row.n + 1 }); else await ctx.db.insert("counts", { n: 1 });
  return (row?.n ?? 0) + 1;
} });`,
  "convex/http.ts": `import { httpRouter } from "convex/server";
import { httpAction } from "./_generated/server";
const http = httpRouter();
http.route({ path: "/hello", method: "POST", handler: httpAction(async (_ctx, request) => {
  const headers = new Headers({ "x-echo": await request.text() });
  headers.append("set-cookie", "a=1");
  headers.append("set-cookie", "b=2");
  return new Response("hi", { status: 201, headers });
}) });
export default http;`,
};

let app: App;
let deployment: Deployment;
const convex = (...args: string[]) => app.convex(deployment.cliEnv, ...args);

beforeAll(async () => {
  app = await createApp(files);
  deployment = await startDeployment();
  const pushed = await convex(...DEPLOY);
  expect(pushed, pushed.text).toMatchObject({ code: 0 });
});
afterAll(() => deployment?.stop());

describe("the convex CLI", () => {
  test("sets, lists, gets and removes variables", async () => {
    expect((await convex("env", "set", "WORD", "hello world")).code).toBe(0);
    expect((await convex("env", "get", "WORD")).stdout).toContain("hello world");
    expect((await convex("env", "list", "--include-values")).stdout).toContain("WORD=hello world");
    expect((await convex("env", "remove", "WORD")).code).toBe(0);
    expect((await convex("env", "list", "--include-values")).stdout).not.toContain("WORD");
  });

  test("refuses a value that is too large", async () => {
    const { code, text } = await convex("env", "set", "BIG", "x".repeat(8193));
    expect(code).not.toBe(0);
    expect(text).toContain("8192");
  });

  test("runs functions, internal ones too", async () => {
    expect((await convex("run", "items:hidden")).stdout).toContain("secret");
    expect((await convex("run", "items:nothing")).code).not.toBe(0);
  });

  test("shows tables, documents, functions and logs", async () => {
    await new ConvexHttpClient(deployment.url).mutation(mutation("items:add"), { name: "shown" });
    expect((await convex("data")).stdout).toBe("items");
    expect((await convex("data", "items", "--format", "jsonl")).stdout).toContain('"shown"');
    expect((await convex("data", "--component", "counter")).stdout).toBe("counts");
    expect((await convex("function-spec")).stdout).toContain('"items.js:addThenFail"');
    await convex("run", "items:says");
    const logs = app.start(deployment.cliEnv, "logs", "--history", "10");
    for await (const line of logs) if (line.includes("a word for the logs")) break;
    logs.kill();
  });

  test("pushes with dev --once and generates code", async () => {
    const developed = await convex("dev", "--once", "--typecheck", "disable");
    expect(developed.code, developed.text).toBe(0);
    const generated = await convex("codegen", "--typecheck", "disable");
    expect(generated.code, generated.text).toBe(0);
  });

  test("auth.config may not read an unset variable, and env changes that break it are refused", async () => {
    const config = (jwks: string) =>
      `export default { providers: [{ type: "customJwt", issuer: "https://a.example.com", applicationID: "convex", algorithm: "RS256", jwks: ${jwks} }] };`;
    await app.write("convex/auth.config.ts", config("process.env.KEYS"));
    const refused = await convex(...DEPLOY);
    expect(refused.code).not.toBe(0);
    expect(refused.text).toContain("KEYS");
    await convex("env", "set", "KEYS", "https://a.example.com/jwks");
    expect((await convex(...DEPLOY)).code).toBe(0);
    expect((await convex("env", "remove", "KEYS")).code).not.toBe(0);
    await app.write(
      "convex/auth.config.ts",
      config("'KEYS' in process.env ? 'a' : 'https://a.example.com/jwks'"),
    );
    expect((await convex(...DEPLOY)).code).toBe(0);
  });
});

describe("clients", () => {
  const http = () => new ConvexHttpClient(deployment.url);
  const add = (item: { name: string; rank?: number }) =>
    http().mutation(mutation("items:add"), item);

  test("queries and mutations, with validators on", async () => {
    await http().mutation(mutation("items:add"), { name: "b", rank: 2 });
    await http().mutation(mutation("items:add"), { name: "a" });
    const names = ((await http().query(query("items:list"), {})) as { name: string }[]).map(
      ({ name }) => name,
    );
    expect(names.filter((name) => name.length === 1)).toEqual(["a", "b"]);
    await expect(http().mutation(mutation("items:add"), { name: 1 })).rejects.toThrow("validator");
    await expect(http().mutation(mutation("items:addWrong"), {})).rejects.toThrow(
      "does not match the schema",
    );
  });

  test("a mutation that throws leaves nothing", async () => {
    await expect(http().mutation(mutation("items:addThenFail"), {})).rejects.toThrow("boom");
    expect(JSON.stringify(await http().query(query("items:list"), {}))).not.toContain("ghost");
  });

  test("a component has its own tables, in the same transaction", async () => {
    expect(await http().mutation(mutation("items:counted"), {})).toBe(1);
    await expect(http().mutation(mutation("items:countThenFail"), {})).rejects.toThrow("after");
    expect(await http().mutation(mutation("items:counted"), {})).toBe(2);
  });

  test("internal functions answer functions, never clients", async () => {
    await expect(http().query(query("items:hidden"), {})).rejects.toThrow(
      "Could not find public function",
    );
    expect(await http().action(action("items:reveal"), {})).toBe("secret");
  });

  test("queries and mutations are deterministic", async () => {
    expect(await http().query(query("items:frozen"), {})).toBe(true);
    await expect(http().query(query("items:fetches"), {})).rejects.toThrow("fetch()");
    await expect(http().mutation(mutation("items:waits"), {})).rejects.toThrow("setTimeout");
    await expect(http().mutation(mutation("items:makesKey"), {})).rejects.toThrow(
      "cryptographic randomness",
    );
  });

  test("limits are Convex's", async () => {
    await expect(http().query(query("items:scan"), {})).rejects.toThrow("4096");
  });

  test("pages come one after the other, whatever is added before them", async () => {
    for (const rank of [100, 101, 102]) await add({ name: `page ${rank}`, rank });
    const read = async (cursor: string | null) =>
      (await http().query(query("items:page"), { cursor })) as {
        page: { rank: number }[];
        continueCursor: string;
        isDone: boolean;
      };
    const first = await read(null);
    await add({ name: "late", rank: 103 });
    const second = await read(first.continueCursor);
    expect([first, second].map(({ page }) => page.map(({ rank }) => rank))).toEqual([
      [102, 101],
      [100],
    ]);
    expect(second.isDone).toBe(true);
  });

  test("a function is scheduled with the commit, and can be cancelled", async () => {
    const schedule = (name: string, how: { cancel?: boolean; fail?: boolean } = {}) =>
      http().mutation(mutation("items:later"), { name, cancel: false, fail: false, ...how });
    const state = (id: unknown) => http().query(query("items:scheduled"), { id });
    await expect(schedule("never", { fail: true })).rejects.toThrow("not scheduled");
    const cancelled = await schedule("never", { cancel: true });
    const id = await schedule("in time");
    await vi.waitFor(async () => expect(await state(id)).toBe("success"), { timeout: 20_000 });
    expect(await state(cancelled)).toBe("canceled");
    const names = JSON.stringify(await http().query(query("items:list"), {}));
    expect(names).toContain("in time");
    expect(names).not.toContain("never");
  });

  test("a token that no provider signed is refused", async () => {
    const client = http();
    client.setAuth("not.a.token");
    await expect(client.query(query("items:list"), {})).rejects.toThrow("InvalidAuthHeader");
  });

  test("a subscription sees what another client writes", async () => {
    const client = new ConvexClient(deployment.url);
    try {
      const seen = new Promise<void>((done) => {
        client.onUpdate(query("items:list"), {}, (rows) => {
          if (JSON.stringify(rows).includes("live")) done();
        });
      });
      await http().mutation(mutation("items:add"), { name: "live", rank: 9 });
      await seen;
    } finally {
      await client.close();
    }
  });

  test("HTTP actions answer on the site port, cookies apart", async () => {
    const response = await fetch(`${deployment.siteUrl}/hello`, { method: "POST", body: "echo" });
    expect([response.status, await response.text(), response.headers.get("x-echo")]).toEqual([
      201,
      "hi",
      "echo",
    ]);
    expect(response.headers.getSetCookie()).toEqual(["a=1", "b=2"]);
    expect((await fetch(`${deployment.siteUrl}/nothing`)).status).toBe(404);
  });
});
