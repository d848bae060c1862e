// Mutations that run at the same time: as if one came after the other, or an error.
import { ConvexHttpClient } from "convex/browser";
import { afterAll, beforeAll, expect, test } from "vitest";
import { action, createApp, DEPLOY, mutation, query } from "./app.js";
import { startDeployment, type Deployment } from "./index.js";

const files = {
  "convex/schema.ts": `import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";
export default defineSchema({
  counters: defineTable({ name: v.string(), n: v.number() }).index("by_name", ["name"]),
  seats: defineTable({ show: v.string(), guest: v.string() }).index("by_show", ["show"]),
});`,
  "convex/work.ts": `import { v } from "convex/values";
import { action, mutation, query } from "./_generated/server";
import { api } from "./_generated/api";
const slowly = async (ctx, times) => { for (let n = 0; n < times; n++) await ctx.db.query("seats").withIndex("by_show", (q) => q.eq("show", "none")).first(); };
const counter = (ctx, name) => ctx.db.query("counters").withIndex("by_name", (q) => q.eq("name", name)).unique();
export const start = mutation({ args: { name: v.string() }, handler: (ctx, { name }) => ctx.db.insert("counters", { name, n: 0 }) });
export const count = query({ args: { name: v.string() }, handler: async (ctx, { name }) => (await counter(ctx, name))?.n });
export const up = mutation({ args: { name: v.string(), slow: v.number() }, handler: async (ctx, { name, slow }) => {
  const row = await counter(ctx, name);
  await slowly(ctx, slow);
  await ctx.db.patch(row._id, { n: row.n + 1 });
} });
export const book = mutation({ args: { show: v.string(), guest: v.string(), seats: v.number() }, handler: async (ctx, { show, guest, seats }) => {
  const taken = await ctx.db.query("seats").withIndex("by_show", (q) => q.eq("show", show)).collect();
  await slowly(ctx, 20);
  if (taken.length >= seats) return false;
  await ctx.db.insert("seats", { show, guest });
  return true;
} });
export const seats = query({ args: { show: v.string() }, handler: (ctx, { show }) => ctx.db.query("seats").withIndex("by_show", (q) => q.eq("show", show)).collect() });
export const upInAction = action({ args: { name: v.string(), slow: v.number() }, handler: async (ctx, args): Promise<string> => {
  try { await ctx.runMutation(api.work.up, args); return "done"; } catch (error) { return String(error); }
} });`,
};

let deployment: Deployment;
const client = () => new ConvexHttpClient(deployment.url);
const up = (name: string, slow = 20) => client().mutation(mutation("work:up"), { name, slow });
const start = (name: string) => client().mutation(mutation("work:start"), { name });
const count = (name: string) => client().query(query("work:count"), { name });

beforeAll(async () => {
  const app = await createApp(files);
  deployment = await startDeployment();
  const pushed = await app.convex(deployment.cliEnv, ...DEPLOY);
  expect(pushed, pushed.text).toMatchObject({ code: 0 });
});
afterAll(() => deployment?.stop());

test("no increment is lost", async () => {
  await start("parallel");
  await deployment.resetCounters();
  await Promise.all(["a", "b"].map(() => up("parallel", 500)));
  expect(await count("parallel")).toBe(2);
  expect((await deployment.counters()).conflicts).toBeGreaterThan(0);
});

test("a range that was empty for both is not: phantoms are conflicts", async () => {
  const guests = ["ada", "bob", "eve"];
  const booked = await Promise.all(
    guests.map((guest) =>
      client().mutation(mutation("work:book"), { show: "opera", guest, seats: 1 }),
    ),
  );
  expect(booked.filter(Boolean)).toHaveLength(1);
  expect(await client().query(query("work:seats"), { show: "opera" })).toHaveLength(1);
});

const WORDS = /read from or written to the .*counters.* table changed/;

// crates/errors/src/lib.rs, user_occ; crates/isolate/src/environment/helpers/promise.rs: an action gets the words alone.
test.for([
  [
    "a client",
    (name: string) => up(name, 3000).catch(String),
    /OptimisticConcurrencyControlFailure/,
  ],
  [
    "an action",
    (name: string) => client().action(action("work:upInAction"), { name, slow: 3000 }),
    /^Error: Documents read/,
  ],
] as const)("after five conflicts %s gets the error of Convex", async ([who, slowly, form]) => {
  await start(who);
  let isOver = false;
  const slow = slowly(who).finally(() => (isOver = true));
  let others = 0;
  for (; !isOver; others++) await up(who, 0);
  const error = String(await slow);
  expect(error).toMatch(WORDS);
  expect(error).toMatch(form);
  expect(await count(who)).toBe(others);
});
