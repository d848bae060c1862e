// The stand-in's rules for scheduled functions, one by one. They are read from Convex's backend:
// crates/application/src/scheduled_jobs/mod.rs and crates/model/src/scheduled_jobs/.
import { ConvexHttpClient } from "convex/browser";
import { afterAll, beforeAll, expect, test } from "vitest";
import { action, createApp, DEPLOY, mutation, query } from "./app.js";
import { startEmbedded, type Deployment, type ScheduledJob } from "./index.js";

const files = {
  "convex/schema.ts": `import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";
export default defineSchema({ runs: defineTable({ name: v.string() }).index("by_name", ["name"]), counts: defineTable({ n: v.number() }) });`,
  "convex/jobs.ts": `import { v } from "convex/values";
import { action, mutation, query } from "./_generated/server";
import { api } from "./_generated/api";
const named = { name: v.string() };
const insert = (ctx, name) => ctx.db.insert("runs", { name });
export const runs = query({ args: named, handler: async (ctx, { name }) => (await ctx.db.query("runs").withIndex("by_name", (q) => q.eq("name", name)).collect()).length });
export const note = mutation({ args: named, handler: (ctx, { name }) => insert(ctx, name) });
export const noteThenFail = mutation({ args: named, handler: async (ctx, { name }) => { await insert(ctx, name); throw new Error("not noted"); } });
export const noteInAction = action({ args: named, handler: async (ctx, { name }) => { await ctx.runMutation(api.jobs.note, { name }); } });
export const noteInActionThenFail = action({ args: named, handler: async (ctx, { name }) => { await ctx.runMutation(api.jobs.note, { name }); throw new Error("noted"); } });
export const plan = mutation({ args: { ...named, job: v.string(), fail: v.boolean() }, handler: async (ctx, { name, job, fail }) => {
  const id = await ctx.scheduler.runAfter(0, api.jobs[job], { name });
  if (fail) throw new Error("not planned");
  return id;
} });
export const planAndSeeNothing = mutation({ args: named, handler: async (ctx, { name }) => { await ctx.scheduler.runAfter(0, api.jobs.note, { name }); return (await ctx.db.query("runs").withIndex("by_name", (q) => q.eq("name", name)).collect()).length; } });
export const planInAction = action({ args: named, handler: async (ctx, { name }) => { await ctx.scheduler.runAfter(0, api.jobs.note, { name }); throw new Error("after planning"); } });
export const chain = mutation({ args: { ...named, more: v.number() }, handler: async (ctx, { name, more }) => { await insert(ctx, name); if (more > 0) await ctx.scheduler.runAfter(0, api.jobs.chain, { name, more: more - 1 }); } });
const own = async (ctx, name) => (await ctx.db.system.query("_scheduled_functions").collect()).find((job) => job.args[0].name === name);
export const cancelsItself = mutation({ args: named, handler: async (ctx, { name }) => { const job = await own(ctx, name); await insert(ctx, name + " " + job.state.kind); await ctx.scheduler.cancel(job._id); } });
export const ownJob = query({ args: named, handler: async (ctx, { name }) => (await own(ctx, name))._id });
export const actionCancelsItself = action({ args: named, handler: async (ctx, { name }) => {
  await ctx.scheduler.cancel(await ctx.runQuery(api.jobs.ownJob, { name }));
  await ctx.scheduler.runAfter(0, api.jobs.note, { name: name + " later" });
} });
export const up = mutation({ args: named, handler: async (ctx) => {
  const row = await ctx.db.query("counts").first();
  for (let n = 0; n < 20; n++) await ctx.db.query("runs").withIndex("by_name", (q) => q.eq("name", "none" + n)).first();
  if (row) await ctx.db.patch(row._id, { n: row.n + 1 }); else await ctx.db.insert("counts", { n: 1 });
} });
export const planMany = mutation({ args: { count: v.number() }, handler: async (ctx, { count }) => { for (let n = 0; n < count; n++) await ctx.scheduler.runAfter(0, api.jobs.up, { name: "up" }); } });
export const count = query({ args: {}, handler: async (ctx) => (await ctx.db.query("counts").first())?.n });
export const whoAmI = mutation({ args: named, handler: async (ctx, { name }) => { await insert(ctx, name + " " + ((await ctx.auth.getUserIdentity())?.subject ?? "nobody")); } });
export const at = mutation({ args: { ms: v.number() }, handler: (ctx, { ms }) => ctx.scheduler.runAt(ms, api.jobs.note, { name: "at" }) });
export const nowhere = mutation({ args: { path: v.string() }, handler: (ctx, { path }) => ctx.scheduler.runAfter(0, path, {}) });
export const cancel = mutation({ args: { id: v.string() }, handler: (ctx, { id }) => ctx.scheduler.cancel(id) });`,
};

let deployment: Deployment;
const client = () => new ConvexHttpClient(deployment.url);
const mutate = (name: string, args: object): Promise<unknown> =>
  client().mutation(mutation(`jobs:${name}`), args as never);
const act = (name: string, args: object): Promise<unknown> =>
  client().action(action(`jobs:${name}`), args as never);
const plan = (job: string, name = job) => mutate("plan", { job, name, fail: false });
const runs = (name: string) => client().query(query("jobs:runs"), { name });

/** The job of a name, once nothing is due any more. */
async function settled(name: string): Promise<ScheduledJob | undefined> {
  await deployment.settled();
  return (await deployment.scheduled()).find(
    ({ args }) => (args[0] as { name?: string }).name === name,
  );
}

beforeAll(async () => {
  const app = await createApp(files);
  deployment = await startEmbedded();
  const pushed = await app.convex(deployment.cliEnv, ...DEPLOY);
  expect(pushed, pushed.text).toMatchObject({ code: 0 });
});
afterAll(() => deployment?.stop());

test("a mutation runs once, with its job's end in its transaction", async () => {
  await plan("note");
  expect(await settled("note")).toMatchObject({
    component: "",
    name: "jobs.js:note",
    args: [{ name: "note" }],
    state: { kind: "success" },
    completedTime: expect.any(Number) as number,
  });
  expect(await runs("note")).toBe(1);
});

test("a mutation that throws leaves nothing, and its job has failed", async () => {
  await plan("noteThenFail");
  expect((await settled("noteThenFail"))?.state).toEqual({
    kind: "failed",
    error: expect.stringContaining("not noted") as string,
  });
  expect(await runs("noteThenFail")).toBe(0);
});

test("mutations that conflict all run, however often it takes", async () => {
  await mutate("planMany", { count: 30 });
  await deployment.settled();
  expect(await client().query(query("jobs:count"), {})).toBe(30);
});

test("an action runs once, also where it throws", async () => {
  for (const name of ["noteInAction", "noteInActionThenFail"]) await plan(name);
  expect((await settled("noteInAction"))?.state.kind).toBe("success");
  expect((await settled("noteInActionThenFail"))?.state.kind).toBe("failed");
  expect([await runs("noteInAction"), await runs("noteInActionThenFail")]).toEqual([1, 1]);
});

test("what a mutation schedules runs after its commit, and never after a rollback", async () => {
  expect(await mutate("planAndSeeNothing", { name: "after" })).toBe(0);
  const failing = mutate("plan", { job: "note", name: "never", fail: true });
  await expect(failing).rejects.toThrow("not planned");
  expect(await settled("never")).toBeUndefined();
  expect([await runs("after"), await runs("never")]).toEqual([1, 0]);
});

test("what an action schedules is scheduled at once", async () => {
  await expect(act("planInAction", { name: "at once" })).rejects.toThrow("after planning");
  expect((await settled("at once"))?.state.kind).toBe("success");
});

test("jobs that schedule jobs have all ended once the deployment is settled", async () => {
  await mutate("chain", { name: "chain", more: 5 });
  await deployment.settled();
  expect(await runs("chain")).toBe(6);
});

test("a mutation sees its own job in progress, and does not cancel itself", async () => {
  await plan("cancelsItself");
  expect((await settled("cancelsItself"))?.state.kind).toBe("success");
  expect(await runs("cancelsItself inProgress")).toBe(1);
  expect(JSON.stringify(await deployment.executions())).toContain(
    "A scheduled mutation canceling itself is deprecated",
  );
});

test("an action that cancelled itself schedules nothing more", async () => {
  await plan("actionCancelsItself");
  expect((await settled("actionCancelsItself"))?.state.kind).toBe("canceled");
  expect((await settled("actionCancelsItself later"))?.state.kind).toBe("canceled");
  expect(await runs("actionCancelsItself later")).toBe(0);
});

test("a job is nobody's", async () => {
  await plan("whoAmI");
  await deployment.settled();
  expect(await runs("whoAmI nobody")).toBe(1);
});

test("a query is no job", async () => {
  await plan("runs");
  expect((await settled("runs"))?.state).toMatchObject({
    kind: "failed",
    error: expect.stringContaining("Only Mutation and Action can be scheduled.") as string,
  });
});

test.for<[string, string, object, RegExp]>([
  [
    "a module that is not there",
    "nowhere",
    { path: "nothing:fn" },
    /nonexistent path: nothing\.js/,
  ],
  [
    "a function that is not there",
    "nowhere",
    { path: "jobs:nothing" },
    /no exported function nothing found in the file: jobs\.js/,
  ],
  ["a time more than five years ahead", "at", { ms: 4e12 }, /more than 5 years in the future/],
  ["a time more than five years ago", "at", { ms: 1 }, /more than 5 years in the past/],
  [
    "a job of no id",
    "cancel",
    { id: "no" },
    /Invalid argument `id` for `db\.cancel_job`: Unable to decode ID/,
  ],
])("%s is refused", async ([, name, args, want]) => {
  await expect(mutate(name, args)).rejects.toThrow(want);
});

test("a far job is not due", async () => {
  const id = await mutate("at", { ms: Date.now() + 40 * 24 * 3600 * 1000 });
  await deployment.settled();
  const job = (await deployment.scheduled()).find(({ _id }) => _id === id);
  expect(job?.state.kind).toBe("pending");
});
