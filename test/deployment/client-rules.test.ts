// The stand-in's rules for what clients see, one by one: pages that follow their data, errors through several calls,
// what crosses to and from components, logs. Each names the test of Convex's own that shows the rule
// (npm-packages/js-integration-tests).
import { ConvexClient, ConvexHttpClient } from "convex/browser";
import { ConvexError, type Value } from "convex/values";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { action, createApp, DEPLOY, mutation, query } from "./app.js";
import { startEmbedded, type Deployment } from "./index.js";

const files = {
  "convex/convex.config.ts": `import { defineApp } from "convex/server";
import child from "../child/convex.config";
const app = defineApp();
app.use(child, { httpPrefix: "/child", env: { LEVEL: "REPORT" } });
export default app;`,
  "child/http.ts": `import { httpActionGeneric as httpAction, httpRouter } from "convex/server";
const http = httpRouter();
const route = (path) => http.route({ path, method: "GET", handler: httpAction(async (ctx, request) => Response.json({ path, url: new URL(request.url).pathname, site: process.env.CONVEX_SITE_URL, level: process.env.LEVEL, identity: await ctx.auth.getUserIdentity() })) });
route("/here");
export default http;`,
  "child/convex.config.ts": `import { defineComponent } from "convex/server";
import { v } from "convex/values";
export default defineComponent("child", { env: { LEVEL: v.string() } });`,
  "child/schema.ts": `import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";
export default defineSchema({ notes: defineTable({ text: v.string() }) });`,
  "child/all.ts": `import { actionGeneric as action, createFunctionHandle, mutationGeneric as mutation, queryGeneric as query, makeFunctionReference } from "convex/server";
import { ConvexError, v } from "convex/values";
const ref = (name) => makeFunctionReference(name);
export const refuses = query({ args: {}, handler: () => { throw new ConvexError("refused"); } });
export const breaks = query({ args: {}, handler: () => { throw new Error("broken"); } });
export const add = mutation({ args: { text: v.string() }, handler: (ctx, { text }) => ctx.db.insert("notes", { text }) });
export const addThenFail = mutation({ args: { text: v.string() }, handler: async (ctx, { text }) => { await ctx.db.insert("notes", { text }); throw new Error("undo"); } });
export const texts = query({ args: {}, handler: async (ctx) => (await ctx.db.query("notes").collect()).map(({ text }) => text) });
export const plan = mutation({ args: { text: v.string() }, handler: (ctx, { text }) => ctx.scheduler.runAfter(0, ref("all:add"), { text }) });
export const state = query({ args: { id: v.string() }, handler: async (ctx, { id }) => (await ctx.db.system.get(id))?.state.kind ?? null });
export const sum = query({ args: { a: v.number(), b: v.number() }, handler: (_ctx, { a, b }) => a + b });
export const product = mutation({ args: { a: v.number(), b: v.number() }, handler: (_ctx, { a, b }) => a * b });
export const quotient = action({ args: { a: v.number(), b: v.number() }, handler: (_ctx, { a, b }) => a / b });
export const handleOf = query({ args: { name: v.string() }, handler: (_ctx, { name }) => createFunctionHandle(ref("all:" + name)) });
export const handleInAction = action({ args: { name: v.string() }, handler: (_ctx, { name }) => createFunctionHandle(ref("all:" + name)) });`,
  "convex/schema.ts": `import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";
export default defineSchema({
  lines: defineTable({ channel: v.string(), text: v.string() }).index("by_channel", ["channel"]),
  jobs: defineTable({ job: v.id("_scheduled_functions") }),
});`,
  "convex/pages.ts": `import { paginationOptsValidator } from "convex/server";
import { v } from "convex/values";
import { mutation, query } from "./_generated/server";
export const add = mutation({ args: { channel: v.string(), text: v.string() }, handler: (ctx, line) => ctx.db.insert("lines", line) });
export const remove = mutation({ args: { id: v.id("lines") }, handler: (ctx, { id }) => ctx.db.delete(id) });
export const clear = mutation({ args: {}, handler: async (ctx) => { for (const { _id } of await ctx.db.query("lines").collect()) await ctx.db.delete(_id); } });
export const byChannel = query({ args: { paginationOpts: paginationOptsValidator }, handler: (ctx, { paginationOpts }) => ctx.db.query("lines").withIndex("by_channel").paginate(paginationOpts) });
export const ofChannel = query({ args: { channel: v.string(), paginationOpts: paginationOptsValidator }, handler: (ctx, { channel, paginationOpts }) => ctx.db.query("lines").filter((q) => q.eq(q.field("channel"), channel)).paginate(paginationOpts) });`,
  "convex/errors.ts": `import { ConvexError } from "convex/values";
import { action, mutation, query } from "./_generated/server";
import { api, components } from "./_generated/api";
class OwnError extends ConvexError { name = "OwnError"; }
export const plain = query({ args: {}, handler: () => { throw new Error("plain"); } });
export const text = query({ args: {}, handler: () => { throw new ConvexError("refused"); } });
export const data = mutation({ args: {}, handler: () => { throw new ConvexError({ message: "refused", code: 123n }); } });
export const own = query({ args: {}, handler: () => { throw new OwnError({ message: "refused", code: 123n }); } });
export const inAction = action({ args: {}, handler: () => { throw new ConvexError("refused"); } });
export const actionAsks = action({ args: {}, handler: (ctx) => ctx.runQuery(api.errors.text, {}) });
export const actionAwaits = action({ args: {}, handler: async (ctx) => { await ctx.runQuery(api.errors.text, {}); } });
export const awaitsComponent = action({ args: {}, handler: async (ctx) => { await ctx.runQuery(components.child.all.refuses, {}); } });
export const actionAsksOwn = action({ args: {}, handler: (ctx) => ctx.runQuery(api.errors.own, {}) });
export const actionWrites = action({ args: {}, handler: (ctx) => ctx.runMutation(api.errors.data, {}) });
export const actionActs = action({ args: {}, handler: (ctx) => ctx.runAction(api.errors.inAction, {}) });
export const actionAsksComponent = action({ args: {}, handler: (ctx) => ctx.runQuery(components.child.all.refuses, {}) });
export const asksComponent = query({ args: {}, handler: (ctx) => ctx.runQuery(components.child.all.refuses, {}) });
export const asksBrokenComponent = query({ args: {}, handler: (ctx) => ctx.runQuery(components.child.all.breaks, {}) });
export const caught = action({ args: {}, handler: async (ctx) => { try { await ctx.runMutation(api.errors.data, {}); } catch (error) { return [error instanceof ConvexError, error.data.code]; } } });`,
  "convex/node.ts": `"use node";
import { createFunctionHandle } from "convex/server";
import { ConvexError } from "convex/values";
import { api, components } from "./_generated/api";
import { action } from "./_generated/server";
const { all } = components.child;
export const callsComponent = action({ args: {}, handler: async (ctx) => {
  await ctx.scheduler.runAfter(0, all.add, { text: "by node" });
  const args = { a: 1, b: 2 };
  return [await ctx.runQuery(all.sum, args), await ctx.runMutation(all.product, args), await ctx.runAction(all.quotient, args), await ctx.runQuery(await createFunctionHandle(all.sum), args)];
} });
export const awaits = action({ args: {}, handler: async (ctx) => { await ctx.runQuery(api.errors.text, {}); } });
export const refuses = action({ args: {}, handler: () => { throw new ConvexError("refused"); } });`,
  "convex/values.ts": `import { action, mutation, query } from "./_generated/server";
import { v } from "convex/values";
export const set = query({ args: {}, handler: () => new Set(["a", "b"]) });
export const map = mutation({ args: {}, handler: () => new Map([["a", "b"]]) });
export const setInAction = action({ args: {}, handler: () => new Set([1]) });
export const writes = mutation({ args: {}, handler: (ctx) => ctx.db.insert("lines", { channel: "c", text: new Set([1, 2]) }) });
export const bigint = action({ args: {}, handler: () => 1n });
export const bytes = mutation({ args: { bytes: v.bytes(), n: v.int64() }, handler: (_ctx, given) => given });
export const long = query({ args: { letters: v.number() }, handler: (_ctx, { letters }) => "€".repeat(letters) });
export const logs = query({ args: { fail: v.boolean() }, handler: (_ctx, { fail }) => { console.log("a line", { of: ["it's", 1n] }, Object.assign(new Error("no"), { state: "s" })); console.time("t"); console.timeLog("t", "x"); if (fail) throw new Error("after a line"); } });
export const lines = query({ args: { count: v.number() }, handler: (_ctx, { count }) => { for (let line = 0; line < count; line++) console.log(line); } });
export const longLines = query({ args: {}, handler: () => { console.warn("a".repeat(20_000), "b".repeat(20_000), "c"); console.log(process.env, "b"); } });`,
  "convex/calls.ts": `import { createFunctionHandle } from "convex/server";
import { v } from "convex/values";
import { action, mutation, query } from "./_generated/server";
import { api, components } from "./_generated/api";
const { child } = components;
export const rollsBack = mutation({ args: {}, handler: async (ctx) => {
  const fail = (text) => ctx.runMutation(child.all.addThenFail, { text }).catch(() => {});
  const seen = [];
  await fail("one");
  seen.push(await ctx.runQuery(child.all.texts, {}));
  await ctx.runMutation(child.all.add, { text: "kept" });
  await fail("two");
  seen.push(await ctx.runQuery(child.all.texts, {}));
  return seen;
} });
export const texts = query({ args: {}, handler: (ctx) => ctx.runQuery(child.all.texts, {}) });
export const logs = query({ args: { name: v.string(), given: v.any() }, handler: async (ctx, { name, given }) => {
  console.log("before");
  await ctx.runQuery(api.values[name], given).catch(() => {});
  console.log("after");
} });
export const handles = query({ args: {}, handler: async (ctx) => [await createFunctionHandle(api.calls.texts), await ctx.runQuery(child.all.handleOf, { name: "sum" })] });
export const handlesInAction = action({ args: {}, handler: async (ctx) => [await createFunctionHandle(api.calls.texts), await ctx.runAction(child.all.handleInAction, { name: "sum" })] });
export const callsInQuery = query({ args: {}, handler: async (ctx) => ctx.runQuery(await ctx.runQuery(child.all.handleOf, { name: "sum" }), { a: 1, b: 2 }) });
export const callsInMutation = mutation({ args: {}, handler: async (ctx) => ctx.runMutation(await ctx.runQuery(child.all.handleOf, { name: "product" }), { a: 1, b: 2 }) });
export const callsInAction = action({ args: {}, handler: async (ctx) => {
  const of = (name) => ctx.runQuery(child.all.handleOf, { name });
  return [await ctx.runQuery(await of("sum"), { a: 1, b: 2 }), await ctx.runMutation(await of("product"), { a: 1, b: 2 }), await ctx.runAction(await of("quotient"), { a: 1, b: 2 })];
} });
export const plansHandle = mutation({ args: { name: v.string() }, handler: async (ctx, { name }) => ctx.scheduler.runAfter(0, await ctx.runQuery(child.all.handleOf, { name }), { a: 1, b: 2 }) });
export const plansChild = mutation({ args: {}, handler: (ctx) => ctx.scheduler.runAfter(0, child.all.add, { text: "by the app" }) });
export const plansInChild = mutation({ args: {}, handler: (ctx) => ctx.runMutation(child.all.plan, { text: "by the child" }) });
export const stateHere = query({ args: { id: v.string() }, handler: async (ctx, { id }) => (await ctx.db.system.get(id))?.state.kind ?? null });
export const stateInChild = query({ args: { id: v.string() }, handler: (ctx, { id }) => ctx.runQuery(child.all.state, { id }) });
export const files = query({ args: {}, handler: (ctx) => ctx.db.system.query("_storage").collect() });
export const badSystem = query({ args: {}, handler: (ctx) => ctx.db.system.query("lines").collect() });
export const badUser = query({ args: {}, handler: (ctx) => ctx.db.query("_scheduled_functions").collect() });
export const badInsert = mutation({ args: {}, handler: (ctx) => ctx.db.insert("_scheduled_functions", { name: "x" }) });
export const writerMethods = mutation({ args: {}, handler: (ctx) => ["insert", "patch", "replace", "delete"].map((name) => typeof ctx.db.system[name]) });
export const keepsJob = mutation({ args: {}, handler: async (ctx) => ctx.db.insert("jobs", { job: await ctx.scheduler.runAfter(0, api.calls.nothing, {}) }) });
export const nothing = mutation({ args: {}, handler: () => {} });
export const upload = mutation({ args: {}, handler: (ctx) => ctx.storage.generateUploadUrl() });`,
  "convex/http.ts": `import { httpRouter } from "convex/server";
import { httpAction } from "./_generated/server";
import { ConvexError } from "convex/values";
const http = httpRouter();
const route = (path, method, handle) => http.route({ path, method, handler: httpAction(handle) });
route("/", "POST", async (_ctx, request) => new Response(await request.text()));
route("/header", "GET", async (ctx, request) => {
  const identity = await ctx.auth.getUserIdentity().catch(() => "error");
  return Response.json({ header: request.headers.get("authorization"), identity });
});
route("/child/here", "POST", async () => new Response("the app's"));
http.route({ pathPrefix: "/", method: "GET", handler: httpAction(async () => new Response("a shorter prefix")) });
http.route({ pathPrefix: "/child/deep/", method: "GET", handler: httpAction(async () => new Response("a longer prefix")) });
route("/refuses", "GET", async () => { throw new ConvexError("refused"); });
export default http;`,
};

let deployment: Deployment;
const http = () => new ConvexHttpClient(deployment.url);
const ask = (path: string, args: object = {}): Promise<unknown> =>
  http().query(query(path), args as never);
const write = (path: string, args: object = {}): Promise<unknown> =>
  http().mutation(mutation(path), args as never);
const act = (path: string, args: object = {}): Promise<unknown> =>
  http().action(action(path), args as never);

beforeAll(async () => {
  const app = await createApp(files);
  deployment = await startEmbedded();
  const pushed = await app.convex(deployment.cliEnv, ...DEPLOY);
  expect(pushed, pushed.text).toMatchObject({ code: 0 });
});
afterAll(() => deployment?.stop());

type Page = {
  page: { text: string; _id: string }[];
  isDone: boolean;
  continueCursor: string;
  splitCursor: string | null;
  pageStatus: string | null;
};
const textsOf = ({ page }: Page) => page.map(({ text }) => text);

// query.test.tsx; isolate/src/environment/udf/async_syscall.rs: read_page_from_query
describe("pages", () => {
  const add = (channel: string, text: string) => write("pages:add", { channel, text });
  const page = (path: string, paginationOpts: object, args: object = {}) =>
    ask(path, { paginationOpts: { cursor: null, ...paginationOpts }, ...args }) as Promise<Page>;

  async function whole(options: object): Promise<string[][]> {
    const pages: string[][] = [];
    for (let cursor: string | null = null; ;) {
      const { isDone, continueCursor, ...next } = await page(
        "pages:ofChannel",
        { cursor, ...options },
        { channel: "foo" },
      );
      pages.push(textsOf({ ...next } as Page));
      if (isDone) return pages;
      cursor = continueCursor;
    }
  }

  test("have a size, or a number of rows or bytes that may be read", async () => {
    await write("pages:clear");
    const channels = ["bar", "foo", "bar", "foo", "foo", "bar", "bar", "bar", "bar", "foo"];
    for (const [at, channel] of channels.entries()) await add(channel, String(at));
    expect(await whole({ numItems: 2 })).toEqual([["1", "3"], ["4", "9"], []]);
    expect(await whole({ numItems: 100, maximumRowsRead: 4 })).toEqual([["1", "3"], ["4"], ["9"]]);
    const byBytes = await whole({ numItems: 100, maximumBytesRead: 250 });
    expect(byBytes.flat()).toEqual(["1", "3", "4", "9"]);
    expect(byBytes.length).toBeGreaterThan(1);
  });

  test("say when they should be split, and where", async () => {
    await write("pages:clear");
    for (const channel of ["a", "b", "c"]) await add(channel, "x".repeat(1000));
    const read = (options: object) => page("pages:byChannel", options);
    const statusOf = async (options: object) => {
      const { page: rows, pageStatus } = await read(options);
      return [rows.length, pageStatus];
    };
    expect(await statusOf({ numItems: 1, maximumRowsRead: 3 })).toEqual([1, null]);
    expect(await statusOf({ numItems: 3, maximumRowsRead: 3 })).toEqual([3, "SplitRecommended"]);
    expect(await statusOf({ numItems: 3, maximumRowsRead: 2 })).toEqual([2, "SplitRequired"]);
    expect(await statusOf({ numItems: 3, maximumBytesRead: 3500 })).toEqual([
      3,
      "SplitRecommended",
    ]);
    expect(await statusOf({ numItems: 3, maximumBytesRead: 2000 })).toEqual([2, "SplitRequired"]);
    const { splitCursor, continueCursor } = await read({ numItems: 3 });
    expect((await read({ numItems: 2 })).splitCursor).toBeNull();
    const first = await read({ numItems: 1, endCursor: splitCursor });
    const second = await read({ numItems: 1, cursor: splitCursor, endCursor: continueCursor });
    expect([first.page.length, second.page.length]).toEqual([2, 1]);
    await expect(read({ numItems: 1, maximumRowsRead: 0 })).rejects.toThrow(
      "maximumRowsRead and maximumBytesRead must be greater than 0",
    );
  });

  test("that are subscribed to keep their ends: they grow and shrink", async () => {
    await write("pages:clear");
    const ids = [await add("a", "1"), await add("c", "2"), await add("d", "3")];
    const client = new ConvexClient(deployment.url);
    let latest: string[] | undefined;
    client.onUpdate(
      query("pages:byChannel"),
      { paginationOpts: { cursor: null, numItems: 2 } },
      (value) => (latest = textsOf(value as Page)),
    );
    const becomes = (want: string[]) => vi.waitFor(() => expect(latest).toEqual(want), 30_000);
    await becomes(["1", "2"]);
    await add("b", "between");
    await becomes(["1", "between", "2"]);
    await write("pages:remove", { id: ids[1] });
    await becomes(["1", "between"]);
    await client.close();
  });

  test("that were empty are subscribed to everything", async () => {
    await write("pages:clear");
    const client = new ConvexClient(deployment.url);
    let latest: string[] | undefined;
    client.onUpdate(
      query("pages:byChannel"),
      { paginationOpts: { cursor: null, numItems: 1 } },
      (value) => (latest = textsOf(value as Page)),
    );
    const becomes = (want: string[]) => vi.waitFor(() => expect(latest).toEqual(want), 30_000);
    await becomes([]);
    await add("a", "1");
    await add("b", "2");
    await becomes(["1", "2"]);
    await client.close();
  });
});

// custom_errors.test.ts
describe("errors", () => {
  const DATA = { message: "refused", code: 123n };
  const JSON_DATA = '{"message":"refused","code":"123n"}';
  test.for<[() => Promise<unknown>, Value | undefined, string]>([
    [() => ask("errors:plain"), undefined, "Uncaught Error: plain"],
    [() => ask("errors:text"), "refused", "Uncaught ConvexError: refused"],
    [() => write("errors:data"), DATA, `Uncaught ConvexError: ${JSON_DATA}`],
    [() => ask("errors:own"), DATA, `Uncaught OwnError: ${JSON_DATA}`],
    [() => act("errors:inAction"), "refused", "Uncaught ConvexError: refused"],
    [() => act("node:refuses"), "refused", "Uncaught ConvexError: refused"],
    [
      () => act("errors:actionAsks"),
      "refused",
      "Uncaught ConvexError: Uncaught ConvexError: refused",
    ],
    [
      () => act("errors:actionAsksOwn"),
      DATA,
      `Uncaught ConvexError: Uncaught OwnError: ${JSON_DATA}`,
    ],
    [
      () => act("errors:actionWrites"),
      DATA,
      `Uncaught ConvexError: Uncaught ConvexError: ${JSON_DATA}`,
    ],
    [
      () => act("errors:actionActs"),
      "refused",
      "Uncaught ConvexError: Uncaught ConvexError: refused",
    ],
    [
      () => act("errors:actionAsksComponent"),
      "refused",
      "Uncaught ConvexError: Uncaught ConvexError: refused",
    ],
    [
      () => ask("errors:asksComponent"),
      "refused",
      "Uncaught ConvexError: Uncaught ConvexError: refused",
    ],
    [() => ask("errors:asksBrokenComponent"), undefined, "Uncaught Error: Uncaught Error: broken"],
  ])("%s", async ([call, data, text]) => {
    const error: unknown = await call().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(data === undefined ? Error : ConvexError);
    const { message } = error as Error; // just looked at
    expect(message).toMatch(/^\[Request ID: [0-9a-f]{16}\] Server Error\n/);
    expect(message.split("\n")[1]).toBe(text);
    expect((error as { data?: unknown }).data).toEqual(data);
  });

  test.for<[() => Promise<unknown>, string[]]>([
    [() => ask("errors:plain"), ["    at handler (../convex/errors.ts)"]],
    [() => act("node:refuses"), ["    at handler (../convex/node.ts)"]],
    [
      () => act("errors:actionAwaits"),
      ["    at handler (../convex/errors.ts)", "", "    at async handler (../convex/errors.ts)"],
    ],
    [
      () => act("errors:awaitsComponent"),
      ["    at handler (../child/all.ts)", "", "    at async handler (../convex/errors.ts)"],
    ],
    [
      () => act("node:awaits"),
      ["    at handler (../convex/errors.ts)", "", "    at async handler (../convex/node.ts)"],
    ],
  ])("%s: frames name the app's own files and functions", async ([call, frames]) => {
    const { message } = await call().then(
      () => new Error("nothing thrown"),
      (thrown: unknown) => thrown as Error, // clients throw errors
    );
    const [, , ...lines] = message.trimEnd().split("\n");
    expect(lines.map((line) => line.replace(/:\d+:\d+\)$/, ")"))).toEqual(frames);
  });

  test("a scheduled action catches a ConvexError with its data", async () => {
    expect(await act("errors:caught")).toEqual([true, 123n]);
  });

  test("an HTTP action's ConvexError is told with its text and data", async () => {
    const response = await fetch(`${deployment.siteUrl}/refuses`);
    expect([response.status, await response.json()]).toEqual([
      500,
      {
        code: expect.stringMatching(
          /^\[Request ID: [0-9a-f]{16}\] Server Error: Uncaught ConvexError: refused$/,
        ) as string,
        trace: expect.stringMatching(/^Uncaught ConvexError: refused\n/) as string,
        data: "refused",
      },
    ]);
  });
});

// mapsAndSets.test.ts, basic.test.ts, largeResponse.test.ts, actions.test.ts
describe("values", () => {
  test("a Set or Map is named where it cannot cross", async () => {
    await expect(ask("values:set")).rejects.toThrow('Set["a","b"] is not a supported Convex type');
    await expect(write("values:map")).rejects.toThrow(
      'Map[["a","b"]] is not a supported Convex type',
    );
    await expect(act("values:setInAction")).rejects.toThrow(
      "Set[1] is not a supported Convex type",
    );
    await expect(write("values:writes")).rejects.toThrow("Set[1,2] is not a supported Convex type");
  });

  test("bigints and bytes arrive as they were sent", async () => {
    expect(await act("values:bigint")).toBe(1n);
    const bytes = new Uint8Array([1, 2, 3]).buffer;
    expect(await write("values:bytes", { bytes, n: 5n })).toEqual({ bytes, n: 5n });
  });

  test("an answer of more than 5 MiB reaches a WebSocket client whole", async () => {
    const client = new ConvexClient(deployment.url);
    const text = (await client.query(query("values:long"), { letters: 2_000_000 })) as string;
    expect(text).toHaveLength(2_000_000);
    await client.close();
  });

  const linesOf = async (path: string, args: object) => {
    const response = await fetch(`${deployment.url}/api/query`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ path, args, format: "json" }),
    });
    return ((await response.json()) as { logLines: string[] }).logLines;
  };

  // udf-tests: logging.ts
  test("the log has the lines of the functions that a query calls, also of those that fail", async () => {
    for (const fail of [false, true])
      expect(await linesOf("calls:logs", { name: "logs", given: { fail } })).toEqual([
        "[LOG] 'before'",
        expect.stringMatching(/^\[LOG\] 'a line' /),
        expect.stringMatching(/^\[INFO\] t: /),
        "[LOG] 'after'",
      ]);
  });

  // udf-tests: adversarial.ts
  const overflow = "[ERROR] Log overflow (maximum 256). Remaining log lines omitted.";
  test.each([
    { count: 255, last: "[LOG] 254" },
    { count: 256, last: overflow },
    { count: 1000, last: overflow },
  ])("of $count lines, a log has 255 and says that more were left out", async ({ count, last }) => {
    const lines = await linesOf("values:lines", { count });
    expect(lines).toHaveLength(Math.min(count, 256));
    expect(lines.slice(0, 255).at(-1)).toBe("[LOG] 254");
    expect(lines.at(-1)).toBe(last);
  });

  test("lines of called functions count as well", async () => {
    const lines = await linesOf("calls:logs", { name: "lines", given: { count: 255 } });
    expect(lines).toHaveLength(256);
    expect(lines.slice(0, 2)).toEqual(["[LOG] 'before'", "[LOG] 0"]);
    expect(lines.slice(-2)).toEqual(["[LOG] 253", overflow]);
  });

  test("a line of more than 32 KiB is cut, and process.env shows no variable", async () => {
    const [long = "", environment] = await linesOf("values:longLines", {});
    expect(long).toMatch(/^\[WARN\] 'a{20000}' 'b{12000,12766} \(truncated due to length\)$/);
    expect(environment).toBe("[LOG] [process.env] 'b'");
  });

  // logging.test.ts
  test("a client is told what a function logged, also where it failed", async () => {
    for (const fail of [false, true]) {
      const response = await fetch(`${deployment.url}/api/query`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ path: "values:logs", args: { fail }, format: "json" }),
      });
      const { status, logLines } = (await response.json()) as {
        status: string;
        logLines: string[];
      };
      expect([status, logLines]).toEqual([
        fail ? "error" : "success",
        [
          "[LOG] 'a line' {\n  of: [ 'it\\'s', 1n ]\n} { [Error: no] state: 's' }",
          expect.stringMatching(/^\[INFO\] t: \d+ms 'x'$/),
        ],
      ]);
    }
  });
});

// component.test.ts, scheduler.test.ts
describe("components", () => {
  test("a failed call is undone alone, and seen so by its caller", async () => {
    expect(await write("calls:rollsBack")).toEqual([[], ["kept"]]);
    expect(await ask("calls:texts")).toEqual(["kept"]);
  });

  test("a handle is the same from queries and actions, and calls what it names", async () => {
    const handles = (await ask("calls:handles")) as string[];
    expect(handles).toEqual([expect.any(String), expect.any(String)]);
    expect(await act("calls:handlesInAction")).toEqual(handles);
    expect(await ask("calls:callsInQuery")).toBe(3);
    expect(await write("calls:callsInMutation")).toBe(2);
    expect(await act("calls:callsInAction")).toEqual([3, 2, 0.5]);
  });

  test.for(["sum", "product", "quotient"])("a handle of %s can be scheduled", async (name) => {
    const id = await write("calls:plansHandle", { name });
    await deployment.settled();
    // Only what a job of a query comes to differs: a query cannot run as a job.
    expect(await ask("calls:stateHere", { id })).toBe(name === "sum" ? "failed" : "success");
  });

  // componentFunctionsInNodeActions.test.ts
  test("a Node action calls functions of components, by name and by handle", async () => {
    expect(await act("node:callsComponent")).toEqual([3, 2, 0.5, 3]);
    await deployment.settled();
    expect(await ask("calls:texts")).toContain("by node");
  });

  test("a job is of who scheduled it, and another component does not see it", async () => {
    const ofApp = await write("calls:plansChild");
    const ofChild = await write("calls:plansInChild");
    await deployment.settled();
    const states = async (id: unknown) => [
      await ask("calls:stateHere", { id }),
      await ask("calls:stateInChild", { id }),
    ];
    expect(await states(ofApp)).toEqual(["success", null]);
    expect(await states(ofChild)).toEqual([null, "success"]);
    expect(await ask("calls:texts")).toEqual(
      expect.arrayContaining(["by the app", "by the child"]),
    );
  });
});

// system_tables.test.ts
describe("system tables", () => {
  test("are read through db.system, and written by nobody", async () => {
    expect(await ask("calls:files")).toEqual([]);
    await expect(ask("calls:badSystem")).rejects.toThrow(/./);
    await expect(ask("calls:badUser")).rejects.toThrow(/./);
    await expect(write("calls:badInsert")).rejects.toThrow(/./);
    expect(await write("calls:writerMethods")).toEqual(Array(4).fill("undefined"));
  });

  test("a document may refer to a job", async () => {
    expect(await write("calls:keepsJob")).toEqual(expect.any(String));
  });

  // fileStorage.test.ts is what this deployment does not hold.
  test("file storage is refused by name", async () => {
    await expect(write("calls:upload")).rejects.toThrow(/storage/i);
  });
});

// http.test.ts
describe("HTTP actions", () => {
  test("the root path can be routed", async () => {
    const response = await fetch(`${deployment.siteUrl}/`, { method: "POST", body: "hello" });
    expect(await response.text()).toBe("hello");
  });

  // application/src/application_function_runner/http_routing.rs, isolate/src/environment/action/phase.rs
  test("a component's are below its httpPrefix, where http.ts has nothing closer", async () => {
    const site = deployment.siteUrl;
    const text = async (path: string, method = "GET") =>
      (await fetch(`${site}${path}`, { method, headers: { authorization: "a" } })).text();
    expect(JSON.parse(await text("/child/here"))).toEqual({
      ...{
        path: "/here",
        url: "/child/here",
        site: `${site}/child`,
        level: "REPORT",
        identity: null,
      },
    });
    expect(await text("/child/here", "POST")).toBe("the app's");
    expect(await text("/child/deep/down")).toBe("a longer prefix");
    expect(await text("/chill")).toBe("a shorter prefix");
    expect(await text("/child/nothing")).toBe("No matching routes found");
  });

  test.for(["Bearer helloworld", "a"])("an Authorization of %s is passed on", async (header) => {
    const headers = { authorization: header };
    const response = await fetch(`${deployment.siteUrl}/header`, { headers });
    expect(await response.json()).toEqual({ header, identity: "error" });
  });
});
