// What a function may use up: its own CPU time and memory, never the deployment.
import { ConvexHttpClient } from "convex/browser";
import { afterAll, beforeAll, expect, test } from "vitest";
import { action, createApp, DEPLOY, mutation, query, type App } from "./app.js";
import { startDeployment, type Deployment } from "./index.js";

const files = {
  "convex/schema.ts": `import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";
export default defineSchema({ notes: defineTable({ text: v.string() }) });`,
  "convex/hungry.ts": `import { action, internalMutation, mutation, query } from "./_generated/server";
import { internal } from "./_generated/api";
const forever = () => { for (;;); };
export const list = query({ args: {}, handler: (ctx) => ctx.db.query("notes").collect() });
export const loops = query({ args: {}, handler: forever });
export const loopsLater = query({ args: {}, handler: async (ctx) => { await ctx.db.query("notes").first(); for (;;) await null; } });
export const writesThenLoops = internalMutation({ args: {}, handler: async (ctx) => { await ctx.db.insert("notes", { text: "ghost" }); forever(); } });
export const outlives = action({ args: {}, handler: async (ctx): Promise<string> => {
  try { await ctx.runMutation(internal.hungry.writesThenLoops, {}); return "?"; } catch (error) { return String(error); }
} });
export const hoards = query({ args: {}, handler: () => { const all: object[] = []; for (;;) all.push(Array.from({ length: 1000 }, () => ({}))); } });
export const links = query({ args: {}, handler: () => { let last: object = {}; for (;;) last = { last }; } });
export const works = query({ args: {}, handler: () => {
  let sum = 0;
  for (let n = 0; n < 20_000_000; n++) sum += n % 7;
  return sum;
} });
export const many = mutation({ args: {}, handler: async (ctx) => {
  for (let n = 0; n < 2000; n++) await ctx.db.insert("notes", { text: String(n) });
  const all = await ctx.db.query("notes").collect();
  for (const { _id } of all) await ctx.db.delete(_id);
  return all.length;
} });`,
};

let app: App;
let deployment: Deployment;
const client = () => new ConvexHttpClient(deployment.url);

beforeAll(async () => {
  app = await createApp(files);
  deployment = await startDeployment();
  const pushed = await app.convex(deployment.cliEnv, ...DEPLOY);
  expect(pushed, pushed.text).toMatchObject({ code: 0 });
});
afterAll(() => deployment?.stop());

test.for(["loops", "loopsLater"])("a query that never ends is ended: %s", async (name) => {
  const endless = client().query(query(`hungry:${name}`), {});
  // The others go on meanwhile.
  expect(await client().query(query("hungry:list"), {})).toEqual([]);
  await expect(endless).rejects.toThrow("Function execution timed out (maximum duration: 1s)");
  expect(await client().query(query("hungry:list"), {})).toEqual([]);
});

test("an action outlives the mutation it called, which leaves nothing", async () => {
  expect(await client().action(action("hungry:outlives"), {})).toContain("timed out");
  expect(await client().query(query("hungry:list"), {})).toEqual([]);
});

test.each(["hoards", "links"])("a query that takes all memory is ended: %s", async (name) => {
  await expect(client().query(query(`hungry:${name}`), {})).rejects.toThrow(
    /out of memory|timed out/,
  );
  expect(await client().query(query("hungry:list"), {})).toEqual([]);
});

test("honest work is let through", async () => {
  expect(await client().query(query("hungry:works"), {})).toBeGreaterThan(0);
  expect(await client().mutation(mutation("hungry:many"), {})).toBe(2000);
});

test("a module that never ends loading fails the push, and only that", async () => {
  await app.write("convex/endless.ts", "for (;;);\nexport {};");
  const refused = await app.convex(deployment.cliEnv, ...DEPLOY);
  expect(refused.code).not.toBe(0);
  expect(refused.text).toContain("timed out");
  expect(await client().query(query("hungry:list"), {})).toEqual([]);
});
