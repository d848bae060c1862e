// The stand-in's rules for data, one by one, on a small app: what may cross a call, what may be written, which
// tables are whose. Each test names the file of Convex's backend that its rule is read from.
import { ConvexHttpClient } from "convex/browser";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { action, createApp, DEPLOY, mutation, query } from "./app.js";
import { newId } from "./ids.js";
import { startEmbedded, type Deployment } from "./index.js";

const MAKE = `export function make(kind, n) {
  switch (kind) {
    case "array": return Array.from({ length: n }, () => 0);
    case "fields": return Object.fromEntries(Array.from({ length: n }, (_, at) => ["f" + at, 0]));
    case "nested": { let value = 0; for (let at = 0; at < n; at++) value = [value]; return value; }
    case "text": return "x".repeat(n);
    case "half": return "\\ud83c...";
    case "backslash": return "\\\\ud83c \\\\\\\\ud83c \\ud83c\\udf8c";
  }
}`;

const files = {
  "convex/convex.config.ts": `import { defineApp } from "convex/server";
import child from "../child/convex.config";
const app = defineApp();
app.use(child);
export default app;`,
  "child/convex.config.ts": `import { defineComponent } from "convex/server";
export default defineComponent("child");`,
  "child/make.ts": MAKE,
  "child/all.ts": `import { queryGeneric as query } from "convex/server";
import { v } from "convex/values";
import { make } from "./make";
export const answer = query({ args: { kind: v.string(), n: v.number() }, handler: (_ctx, { kind, n }) => make(kind, n) });
export const take = query({ args: { value: v.any() }, handler: () => null });
export const pages = query({ args: {}, handler: (ctx) => ctx.db.query("none").paginate({ cursor: null, numItems: 1 }) });`,
  "convex/make.ts": MAKE,
  "convex/schema.ts": `import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";
export default defineSchema({
  notes: defineTable({ text: v.string(), more: v.optional(v.any()) }).index("by_text", ["text"]).index("later", { fields: ["more"], staged: true }).index("by_both", ["text", "more"]),
  users: defineTable({ name: v.string() }),
});`,
  "convex/rules.ts": `import { v } from "convex/values";
import { action, mutation, query } from "./_generated/server";
import { api, components } from "./_generated/api";
import { make } from "./make";
const made = { kind: v.string(), n: v.number() };
export const answer = query({ args: made, handler: (_ctx, { kind, n }) => make(kind, n) });
export const take = query({ args: { value: v.any() }, handler: () => null });
export const actionAsks = action({ args: made, handler: async (ctx, args) => { await ctx.runQuery(api.rules.answer, args); } });
export const actionSends = action({ args: made, handler: async (ctx, { kind, n }) => { await ctx.runQuery(api.rules.take, { value: make(kind, n) }); } });
export const componentAnswers = query({ args: made, handler: async (ctx, args) => { await ctx.runQuery(components.child.all.answer, args); } });
export const componentTakes = mutation({ args: made, handler: async (ctx, { kind, n }) => { await ctx.runQuery(components.child.all.take, { value: make(kind, n) }); } });
export const range = query({ args: { steps: v.array(v.any()) }, handler: async (ctx, { steps }) => {
  const found = await ctx.db.query("notes").withIndex("by_both", (q: any) => steps.reduce((at: any, [name, ...args]: any) => at[name](...args), q)).collect();
  return found.map(({ more }) => more);
} });
export const metrics = mutation({ args: {}, handler: async (ctx) => {
  const now = () => ctx.meta.getTransactionMetrics();
  const before = await now();
  const id = await ctx.db.insert("users", { name: "ada" });
  const wrote = await now();
  await ctx.db.get(id);
  const read = await now();
  await ctx.db.system.query("_scheduled_functions").first();
  return { before, wrote, read, system: await now() };
} });
export const componentPages = query({ args: {}, handler: async (ctx) => { await ctx.runQuery(components.child.all.pages, {}); } });
export const insert = mutation({ args: { document: v.any() }, handler: (ctx, { document }) => ctx.db.insert("notes", document) });
export const insertMade = mutation({ args: made, handler: (ctx, { kind, n }) => ctx.db.insert("notes", { text: "", more: make(kind, n) }) });
export const patch = mutation({ args: { patch: v.any(), times: v.number() }, handler: async (ctx, { patch, times }) => {
  const id = await ctx.db.insert("notes", { text: "" });
  for (let n = 0; n < times; n++) await ctx.db.patch(id, patch);
} });
export const patchMade = mutation({ args: made, handler: async (ctx, { kind, n }) => {
  const id = await ctx.db.insert("notes", { text: "" });
  await ctx.db.patch(id, { more: make(kind, n) });
} });
export const fill = mutation({ args: { count: v.number(), bytes: v.number() }, handler: async (ctx, { count, bytes }) => {
  const text = "x".repeat(bytes);
  for (let n = 0; n < count; n++) await ctx.db.insert("notes", { text });
} });
const undone = (ctx) => ctx.runMutation(api.rules.fillThenFail, {}).catch(() => {});
export const fillThenFail = mutation({ args: {}, handler: async (ctx) => { await ctx.runMutation(api.rules.fill, { count: 9, bytes: 1_000_000 }); throw new Error("undo"); } });
export const fillTwice = mutation({ args: {}, handler: async (ctx) => { await undone(ctx); await ctx.runMutation(api.rules.fill, { count: 9, bytes: 1_000_000 }); } });
export const schedule = mutation({ args: { count: v.number(), bytes: v.number() }, handler: async (ctx, { count, bytes }) => {
  let id;
  for (let n = 0; n < count; n++) id = await ctx.scheduler.runAfter(3_600_000, api.rules.insert, { document: { text: "x".repeat(bytes) } });
  return id;
} });
export const deep = mutation({ args: { levels: v.number() }, handler: async (ctx, { levels }) => { if (levels > 0) await ctx.runMutation(api.rules.deep, { levels: levels - 1 }); } });
export const dbGet = query({ args: { id: v.string() }, handler: (ctx, { id }) => ctx.db.get(id) });
export const dbGetNote = query({ args: { id: v.string() }, handler: (ctx, { id }) => ctx.db.get("notes", id) });
export const dbSystemGet = query({ args: { id: v.string() }, handler: (ctx, { id }) => ctx.db.system.get(id) });
export const dbPatch = mutation({ args: { id: v.string() }, handler: (ctx, { id }) => ctx.db.patch(id, {}) });
export const dbReplace = mutation({ args: { id: v.string() }, handler: (ctx, { id }) => ctx.db.replace(id, { text: "" }) });
export const dbDelete = mutation({ args: { id: v.string() }, handler: (ctx, { id }) => ctx.db.delete(id) });
export const jobs = query({ args: {}, handler: async (ctx) => (await ctx.db.system.query("_scheduled_functions").collect()).length });
export const user = mutation({ args: {}, handler: (ctx) => ctx.db.insert("users", { name: "" }) });
export const takesNote = query({ args: { id: v.id("notes") }, handler: () => null });
export const staged = query({ args: {}, handler: (ctx) => ctx.db.query("notes").withIndex("later").first() });
export const unknown = query({ args: {}, handler: (ctx) => ctx.db.query("notes").withIndex("by_nothing").first() });
export const page = query({ args: { cursor: v.union(v.string(), v.null()), end: v.optional(v.string()), n: v.number(), text: v.string() }, handler: (ctx, { cursor, end, n, text }) =>
  ctx.db.query("notes").withIndex("by_text", (q) => q.eq("text", text)).paginate({ cursor, numItems: n, ...(end && { endCursor: end }) }) });
export const twoPages = query({ args: {}, handler: async (ctx) => { for (const n of [1, 2]) await ctx.db.query("notes").paginate({ cursor: null, numItems: n }); } });`,
};

let deployment: Deployment;
const client = () => new ConvexHttpClient(deployment.url);
type Kind = "query" | "mutation" | "action";
const call = (kind: Kind, name: string, args: object = {}): Promise<unknown> => {
  const path = `rules:${name}`;
  if (kind === "query") return client().query(query(path), args as never);
  return kind === "mutation"
    ? client().mutation(mutation(path), args as never)
    : client().action(action(path), args as never);
};

beforeAll(async () => {
  const app = await createApp(files);
  deployment = await startEmbedded();
  const pushed = await app.convex(deployment.cliEnv, ...DEPLOY);
  expect(pushed, pushed.text).toMatchObject({ code: 0 });
});
afterAll(() => deployment?.stop());

// udf/src/helpers.rs, isolate/src/helpers.rs, value/src
describe("what crosses a call has the limits of values", () => {
  const TOO_MUCH: [string, number, RegExp][] = [
    ["array", 8193, /Array length is too long \(8193 > maximum length 8192\)/],
    ["fields", 1025, /Object has too many fields \(1025 > maximum number 1024\)/],
    ["nested", 65, /Value is too nested/],
    ["text", 17 * 2 ** 20, /too large \(actual: 17 MiB, limit: 16 MiB\)/],
  ];
  const WAYS: [string, Kind, string, RegExp][] = [
    [
      "a function's answer to a client",
      "query",
      "answer",
      /Function rules\.js:answer return value/,
    ],
    ["an action's arguments to a function", "action", "actionSends", /rguments for rules\.js:take/],
    ["a function's answer to an action", "action", "actionAsks", /rules\.js:answer return value/],
    [
      "the app's arguments to a component",
      "mutation",
      "componentTakes",
      /rguments for all\.js:take/,
    ],
    ["a component's answer", "query", "componentAnswers", /Function all\.js:answer return value/],
  ];
  const CASES = WAYS.flatMap(([way, ...rest]) =>
    TOO_MUCH.map(([what, n, why]) => [way, what, { n, why }, ...rest] as const),
  );
  test.for(CASES)("%s: %s", async ([, what, { n, why }, kind, name, where]) => {
    const error: unknown = await call(kind, name, { kind: what, n }).catch(String);
    expect(error).toMatch(where);
    expect(error).toMatch(why);
  });

  test("a client's arguments", async () => {
    const send = (value: unknown) => call("query", "take", { value });
    await expect(send(Array.from({ length: 8192 }, () => 0))).resolves.toBeNull();
    await expect(send(Array.from({ length: 8193 }, () => 0))).rejects.toThrow(
      "Invalid arguments for rules.js:take: Array length is too long",
    );
    await expect(send("x".repeat(17 * 2 ** 20))).rejects.toThrow(
      "Arguments for rules.js:take are too large (actual: 17 MiB, limit: 16 MiB)",
    );
  });
});

describe("what is written", () => {
  const INSERT = /Invalid argument `value` for `db\.insert`: /;
  test.for<[string, string, string, object, RegExp]>([
    [
      "a document has the limits of values",
      "isolate/src/environment/udf/async_syscall.rs",
      "insertMade",
      { kind: "array", n: 8193 },
      new RegExp(`${INSERT.source}Array length is too long`),
    ],
    [
      "a patch has the limits of values",
      "isolate/src/environment/udf/async_syscall.rs",
      "patchMade",
      { kind: "fields", n: 1025 },
      /Invalid argument `value` for `db\.patch`: Object has too many fields/,
    ],
    [
      "a document is 16 levels deep at most",
      "common/src/document.rs",
      "insertMade",
      { kind: "nested", n: 16 },
      /isn't a valid document: Document is too nested \(nested 17 levels deep > maximum nesting 16\)/,
    ],
    [
      "a document has 1 MiB at most",
      "common/src/document.rs",
      "insertMade",
      { kind: "text", n: 2 ** 20 },
      /Value is too large \(1 MiB > maximum size 1 MiB\)/,
    ],
    [
      "fields with an underscore are Convex's own",
      "common/src/document.rs",
      "insert",
      { document: { text: "", _mine: 1 } },
      /Field '_mine' starts with an underscore, which is only allowed for system fields like '_id'/,
    ],
    [
      "an id is not chosen",
      "common/src/document.rs",
      "insert",
      { document: { text: "", _id: "mine" } },
      /Provided document ID "\w+" doesn't match '_id' field "mine"/,
    ],
    [
      "a document fits its table's schema, and the message shows it",
      "common/src/schemas/mod.rs",
      "insert",
      { document: { text: 1 } },
      /Failed to insert or update a document in table "notes" because it does not match the schema: Value does not match validator\.\nPath: \.text\nValue: 1\.0\nValidator: v\.string\(\)/,
    ],
    [
      "a transaction writes 16 MiB at most",
      "database/src/writes.rs",
      "fill",
      { count: 17, bytes: 1_000_000 },
      /Too many bytes written in a single function execution \(limit: 16 MiB\)/,
    ],
    [
      "a transaction writes 16,000 documents at most",
      "database/src/writes.rs",
      "fill",
      { count: 16_001, bytes: 0 },
      /Too many writes in a single function execution \(limit: 16000\)/,
    ],
    [
      "a mutation schedules 1,000 functions at most",
      "model/src/scheduled_jobs/mod.rs",
      "schedule",
      { count: 1001, bytes: 0 },
      /Too many functions scheduled by this mutation \(limit: 1000\)/,
    ],
    [
      "a mutation schedules functions with 16 MiB of arguments at most",
      "model/src/scheduled_jobs/mod.rs",
      "schedule",
      { count: 17, bytes: 1_000_000 },
      /Too large total size of the arguments of scheduled functions from this mutation \(limit: 16777216 bytes\)/,
    ],
    [
      "calls are eight levels deep at most",
      "isolate/src/environment/udf/async_syscall.rs",
      "deep",
      { levels: 9 },
      /Cross component call depth limit exceeded\. Do you have an infinite loop in your app\?/,
    ],
  ])("%s (%s)", async ([, , name, args, want]) => {
    await expect(call("mutation", name, args)).rejects.toThrow(want);
  });

  test("within the limits it is written", async () => {
    await call("mutation", "insertMade", { kind: "nested", n: 15 });
    await call("mutation", "fill", { count: 16, bytes: 1_000_000 });
    await call("mutation", "deep", { levels: 8 });
  });

  // database/src/transaction.rs: rollback_subtransaction
  test("what was rolled back does not count", async () => {
    await expect(call("mutation", "fillTwice")).resolves.toBeNull();
  });

  // database/src/transaction.rs: patch_inner
  test("a patch that changes nothing is no write, and one that does is each time", async () => {
    await deployment.resetCounters();
    await call("mutation", "patch", { patch: { text: "new" }, times: 20 });
    expect((await deployment.counters()).documentsWritten).toBe(2);
  });
});

// isolate/src/environment/udf/async_syscall.rs: query_batch, system_table_guard; helpers/mod.rs: check_table_name
describe("ids", () => {
  const SYSTEM = "System tables can only be accessed with db.system.";
  const jobId = async () => (await call("mutation", "schedule", { count: 1, bytes: 0 })) as string;

  test.for(["dbGet", "dbPatch", "dbReplace", "dbDelete"])(
    "%s refuses the ids of system tables",
    async (name) => {
      const kind = name === "dbGet" ? "query" : "mutation";
      for (const id of [await jobId(), newId("_storage")])
        await expect(call(kind, name, { id })).rejects.toThrow(SYSTEM);
    },
  );

  test("db.system reads system tables alone", async () => {
    const id = await jobId();
    expect(await call("query", "dbSystemGet", { id })).toMatchObject({
      _id: id,
      name: "rules.js:insert",
      args: [{ document: { text: "" } }],
      state: { kind: "pending" },
    });
    expect(await call("query", "jobs")).toBeGreaterThan(0);
    expect(await call("query", "dbSystemGet", { id: newId("_storage") })).toBeNull();
    await expect(
      call("query", "dbSystemGet", { id: await call("mutation", "user") }),
    ).rejects.toThrow("User tables cannot be accessed with db.system.");
  });

  test("a text that is no id is refused, an id of no table finds nothing", async () => {
    await expect(call("query", "dbGet", { id: "no id" })).rejects.toThrow(
      "Invalid argument `id` for `db.get`: Unable to decode ID: Invalid ID length 5",
    );
    const id = newId("elsewhere");
    expect(await call("query", "dbGet", { id })).toBeNull();
    await expect(call("mutation", "dbPatch", { id })).rejects.toThrow(
      `Invalid argument \`id\` for \`db.patch\`: Table for ID "${id}" not found`,
    );
  });

  test("an id is of the table that is named", async () => {
    const id = await call("mutation", "user");
    await expect(call("query", "dbGetNote", { id })).rejects.toThrow(
      'Invalid argument `id` for `db.get`: expected to be an Id<"notes">, got Id<"users"> instead.',
    );
    await expect(call("query", "takesNote", { id })).rejects.toThrow(
      /ArgumentValidationError: Found ID "\w+" from table `users`, which does not match the table name in validator `v\.id\("notes"\)`/,
    );
  });

  test("a document that is gone is named", async () => {
    const id = (await call("mutation", "user")) as string;
    await call("mutation", "dbDelete", { id });
    await expect(call("mutation", "dbDelete", { id })).rejects.toThrow(
      `Delete on nonexistent document ID ${id}`,
    );
    await expect(call("mutation", "dbPatch", { id })).rejects.toThrow("Update on nonexistent");
    await expect(call("mutation", "dbReplace", { id })).rejects.toThrow("Replace on nonexistent");
  });
});

describe("text with half of a surrogate pair", () => {
  // isolate/execution_scope.rs: async_syscall; isolate/helpers.rs: deserialize_udf_result
  test("is refused by the database, and as a result", async () => {
    await expect(call("mutation", "insertMade", { kind: "half", n: 0 })).rejects.toThrow(
      "Received invalid json: lone leading surrogate",
    );
    await expect(call("query", "answer", { kind: "half", n: 0 })).rejects.toThrow(
      "Function rules.js:answer failed. Could not parse return value as json: lone leading surrogate",
    );
    // A backslash before the letters is no escape.
    const fine = await call("query", "answer", { kind: "backslash", n: 0 });
    expect(fine).toBe(String.raw`\ud83c \\ud83c 🎌`);
  });
});

test("a transaction knows what it has used, without what it read of system tables", async () => {
  // udf/async_syscall.rs: tx_metrics; database/src/reads.rs
  const { before, read, system, wrote } = (await call("mutation", "metrics")) as Record<
    "before" | "read" | "system" | "wrote",
    Record<string, { used: number; remaining: number }>
  >;
  const limits = { bytesRead: 16_777_216, bytesWritten: 16_777_216, databaseQueries: 4096 };
  const counts = { documentsRead: 32_000, documentsWritten: 16_000, functionsScheduled: 1000 };
  expect(before).toEqual(
    Object.fromEntries(
      Object.entries({ ...limits, ...counts, scheduledFunctionArgsBytes: 16_777_216 }).map(
        ([name, remaining]) => [name, { used: 0, remaining }],
      ),
    ),
  );
  expect(wrote.documentsWritten).toEqual({ used: 1, remaining: 15_999 });
  expect(read.documentsRead).toEqual({ used: 1, remaining: 31_999 });
  expect(read.bytesRead!.used).toBe(read.bytesWritten!.used);
  const { databaseQueries, ...same } = system;
  expect(read).toMatchObject(same);
  expect(databaseQueries!.used).toBeGreaterThan(read.databaseQueries!.used);
});

describe("indexes and pages", () => {
  test.for<[string, string]>([
    ["staged", "Index notes.later is currently staged and not available to query"],
    ["unknown", "Index notes.by_nothing not found."],
    ["twoPages", "ran multiple paginated queries"],
    ["componentPages", "paginate() is only supported in the app."],
  ])("%s: %s (indexing/src/index_registry.rs, udf/async_syscall.rs)", async ([name, want]) => {
    await expect(call("query", name)).rejects.toThrow(want);
  });

  // common/src/query.rs: IndexRange::compile and split
  test("the equalities of a range may come in any order", async () => {
    for (const more of [1, 2, 3])
      await call("mutation", "insert", { document: { text: "ranged", more } });
    const text = ["eq", "text", "ranged"];
    const found = (...steps: unknown[]) => call("query", "range", { steps });
    expect(await found(["eq", "more", 2], text)).toEqual([2]);
    expect(await found(["gt", "more", 1], text)).toEqual([2, 3]);
    expect(await found(["gte", "more", 1], ["lt", "more", 3], text)).toEqual([1, 2]);
  });
  test.for<[string, unknown[][]]>([
    ["didn't use the index fields in order.\nIndex fields: [", [["eq", "more", 1]]],
    [
      'comparison with "other", but notes.by_both with fields ["text", "more", "_creationTime"]',
      [["lt", "other", 1]],
    ],
    [
      'Already defined equality bound in index range. Can\'t add "text" == 1.0.',
      [
        ["eq", "text", 1],
        ["eq", "text", 2],
      ],
    ],
    [
      'Already defined lower bound in index range. Can\'t add "text" >= "b".',
      [
        ["gt", "text", "a"],
        ["gte", "text", "b"],
      ],
    ],
    [
      'Already defined inequality bound in index range. Can\'t add "text" == "a".',
      [
        ["eq", "text", "a"],
        ["lte", "text", "b"],
      ],
    ],
    [
      'attempted to set a range bound on both "text" and "more"',
      [
        ["gt", "text", "a"],
        ["lt", "more", 1],
      ],
    ],
  ])("a range is refused: %s", async ([want, steps]) => {
    await expect(call("query", "range", { steps })).rejects.toThrow(want);
  });

  // database/src/query/mod.rs: invalid_cursor; udf/async_syscall.rs: query_page
  test("a cursor is of one query", async () => {
    for (const text of ["p", "p", "p", "q"])
      await call("mutation", "insert", { document: { text } });
    const page = (cursor: string | null, more: object = {}) =>
      call("query", "page", { cursor, n: 2, text: "p", ...more }) as Promise<{
        page: object[];
        isDone: boolean;
        continueCursor: string;
      }>;
    const first = await page(null);
    const second = await page(first.continueCursor);
    expect([first.page.length, second.page.length, second.isDone]).toEqual([2, 1, true]);
    const whole = await page(null, { n: 1, end: second.continueCursor });
    expect([whole.page.length, whole.isDone]).toEqual([3, true]);
    const half = await page(null, { n: 1, end: first.continueCursor });
    expect([half.page.length, half.isDone]).toEqual([2, false]);
    await expect(page(first.continueCursor, { text: "q" })).rejects.toMatchObject({
      message: expect.stringContaining("InvalidCursor") as string,
      data: { isConvexSystemError: true, paginationError: "InvalidCursor" },
    });
    await expect(page(null, { n: 0 })).rejects.toThrow("Must request at least 1 document");
  });
});
