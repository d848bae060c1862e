// Answers and batches that are longer than Convex lets an array be, through a store in a component, from an
// action and from a query, on the deployment that holds Convex's limits.
import { resolve } from "node:path";
import { ConvexHttpClient } from "convex/browser";
import { afterAll, beforeAll, expect, test } from "vitest";
import { action, createApp, DEPLOY, query } from "../deployment/app.js";
import { startDeployment, type Deployment } from "../deployment/index.js";

const STORE = JSON.stringify(resolve("dist/src/store/run-store.js"));
const COMPONENT = JSON.stringify(resolve("dist/src/component/functions.js"));

const files = {
  "convex/convex.config.ts": `import { defineApp } from "convex/server";
import notes from "../notes/convex.config";
const app = defineApp();
app.use(notes);
export default app;`,
  "notes/convex.config.ts": `import { defineComponent } from "convex/server";
export default defineComponent("notes");`,
  "notes/schema.ts": `import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";
export default defineSchema({ notes: defineTable({ text: v.string(), rank: v.number() }).index("rank", ["rank"]) });`,
  "notes/store.ts": `import { componentFunctions } from ${COMPONENT};
export const { read, signingKeys, write } = componentFunctions({ note: {
  table: "notes", placement: "component", indexes: { rank: ["rank"] },
  fields: { text: { column: "text", type: "string", required: true }, rank: { column: "rank", type: "number", required: true } },
} });`,
  "convex/work.ts": `import { v } from "convex/values";
import { action, query } from "./_generated/server";
import { components } from "./_generated/api";
import { runStore } from ${STORE};
const all = { model: "note", where: [] };
const ask = async (ctx, name, limit) => {
  const store = runStore(ctx, components.notes.store);
  try {
    const rows = name === "twice"
      ? (await store.batch([[], [{ column: "rank", operator: "gte", value: 0 }]].map((where) => ({ kind: "findMany", input: { ...all, where } })))).flat()
      : await store.findMany({ ...all, ...(limit && { limit }) });
    return { rows: rows.length, last: rows.at(-1)?.rank, isOrdered: rows.every(({ rank }, at) => at === 0 || rank === rows[at - 1].rank + 1) };
  } catch (error) { return { code: error.code ?? String(error) }; }
};
const args = { name: v.string(), limit: v.optional(v.number()) };
export const inAction = action({ args, handler: (ctx, { name, limit }) => ask(ctx, name, limit) });
export const inQuery = query({ args, handler: (ctx, { name, limit }) => ask(ctx, name, limit) });
export const fill = action({ args: { from: v.number(), count: v.number(), text: v.string() }, handler: async (ctx, { from, count, text }) => {
  const operations = Array.from({ length: count }, (_, at) => ({ kind: "create", input: { model: "note", data: { text, rank: from + at } } }));
  try { return (await runStore(ctx, components.notes.store).batch(operations)).length; } catch (error) { return error.code ?? String(error); }
} });`,
};

let deployment: Deployment;
const client = () => new ConvexHttpClient(deployment.url);
const fill = (from: number, count: number, text = "") =>
  client().action(action("work:fill"), { from, count, text });
const ask = (where: "inAction" | "inQuery", name: string, limit?: number) => {
  const args = { name, ...(limit !== undefined && { limit }) };
  return where === "inAction"
    ? client().action(action(`work:${where}`), args)
    : client().query(query(`work:${where}`), args);
};

beforeAll(async () => {
  const app = await createApp(files);
  deployment = await startDeployment();
  const pushed = await app.convex(deployment.cliEnv, ...DEPLOY);
  expect(pushed, pushed.text).toMatchObject({ code: 0 });
});
afterAll(() => deployment?.stop());

test("a batch of more operations than an array holds is one transaction", async () => {
  expect(await fill(0, 9000)).toBe(9000);
});

test.for(["inAction", "inQuery"] as const)(
  "an answer of more rows than an array holds comes back whole: %s",
  async (where) => {
    expect(await ask(where, "all")).toEqual({ rows: 9000, last: 8999, isOrdered: true });
    expect(await ask(where, "all", 8193)).toEqual({ rows: 8193, last: 8192, isOrdered: true });
  },
);

test("an answer of 30,000 rows comes back whole", async () => {
  for (const from of [9000, 16_000, 23_000]) expect(await fill(from, 7000)).toBe(7000);
  expect(await ask("inAction", "all")).toEqual({ rows: 30_000, last: 29_999, isOrdered: true });
});

test("what one transaction may not read, write or carry fails by name", async () => {
  expect(await ask("inAction", "twice")).toEqual({ code: "TOO_MANY_DOCUMENTS" });
  expect(await fill(0, 16_001)).toBe("TOO_MANY_WRITES");
  expect(await fill(0, 17, "x".repeat(1000 * 1000))).toBe("TOO_MANY_DOCUMENTS");
  expect(await fill(30_000, 1)).toBe(1);
  expect(await ask("inAction", "all")).toEqual({ code: "TOO_MANY_DOCUMENTS" });
});
