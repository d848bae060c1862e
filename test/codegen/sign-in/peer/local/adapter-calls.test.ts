// Apps of `@convex-dev/better-auth` that call the component's own functions: `add auth --replace` writes the same
// look-up of the app's tables, and lists every other call with what to write in its place.
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { cliApp, type CliApp } from "../../../support/cli.js";
import {
  COMPILED,
  expectSecondRunEmpty,
  expectTypes,
  withoutDeployment,
} from "../../../support/front-end.js";

beforeEach(withoutDeployment);
afterEach(() => void vi.unstubAllEnvs());

const FILES: Record<string, string> = {
  "convex/auth.config.ts": `import { getAuthConfigProvider } from "@convex-dev/better-auth/auth-config";

export default { providers: [getAuthConfigProvider()] };
`,
  "convex/convex.config.ts": `import betterAuth from "@convex-dev/better-auth/convex.config";
import { defineApp } from "convex/server";

const app = defineApp();
app.use(betterAuth);

export default app;
`,
  "convex/auth.ts": `import { createClient, type GenericCtx } from "@convex-dev/better-auth";
import { convex } from "@convex-dev/better-auth/plugins";
import { betterAuth } from "better-auth/minimal";
import { components } from "./_generated/api";
import type { DataModel } from "./_generated/dataModel";
import authConfig from "./auth.config";

export const authComponent = createClient<DataModel>(components.betterAuth);

export const createAuth = (ctx: GenericCtx<DataModel>) =>
  betterAuth({
    database: authComponent.adapter(ctx),
    emailAndPassword: { enabled: true },
    plugins: [convex({ authConfig })],
  });
`,
};

/** An app with a module of functions that call the component. */
function appWith(functions: string): CliApp {
  return cliApp("vite-convex", {
    ...COMPILED,
    files: { ...FILES, "convex/desk.ts": functions },
  });
}

const HEAD = `import { v } from "convex/values";
import { components } from "./_generated/api";
import { action, mutation, query } from "./_generated/server";
`;

test("a look-up by an index becomes one of the app's own table", async () => {
  const app = appWith(`${HEAD.replace("action, mutation, query", "mutation, query")}
export const byEmail = query({
  args: { email: v.string() },
  handler: async (ctx, { email }) => {
    const user = await ctx.runQuery(components.betterAuth.adapter.findOne, {
      model: "user",
      where: [{ field: "email", operator: "eq", value: email }],
    });
    return user?._id;
  },
});

export const leave = mutation({
  args: { provider: v.string(), account: v.string(), q: v.string() },
  handler: async (ctx, { provider, account, q }) => {
    const found = await ctx.runQuery(components.betterAuth.adapter.findOne, {
      model: "account",
      where: [
        { field: "accountId", value: account + q },
        { field: "providerId", value: provider },
      ],
    });
    await ctx.runMutation(components.betterAuth.adapter.deleteMany, {
      input: { model: "session", where: [{ field: "token", value: account }] },
      paginationOpts: { cursor: null, numItems: 100 },
    });
    return found !== null;
  },
});
`);
  const ran = await app.kitcn("add", "auth", "--replace", "--yes");
  expect(ran, ran.stdout + ran.stderr).toMatchObject({ code: 0, stderr: "" });
  const desk = app.read("convex/desk.ts");
  expect(desk).toContain(
    'await ctx.db.query("user").withIndex("by_email", (q2) => q2.eq("email", email)).first()',
  );
  expect(desk).toContain(
    'ctx.db.query("account").withIndex("by_providerId_accountId", (q2) => q2.eq("providerId", provider).eq("accountId", account + q)).first()',
  );
  expect(desk).toContain(
    'await (await getAuth(ctx).$context).adapter.deleteMany({ model: "session", where: [{ field: "token", value: account }] });',
  );
  expect(desk).not.toContain("components");
  expect(ran.stdout).toContain(
    'note: convex/desk.ts:8: the call of findOne gives `Doc<"user"> | null` now, where the component gave `any`.',
  );
  await expectSecondRunEmpty(app, "--replace");
  expectTypes([app.path("convex/desk.ts")]);
});

test("every other call is listed with its table and what to write for it", async () => {
  const app = appWith(`${HEAD}
export const all = query({
  args: {},
  handler: (ctx) =>
    ctx.runQuery(components.betterAuth.adapter.findMany, {
      model: "session",
      paginationOpts: { cursor: null, numItems: 10 },
    }),
});

export const one = action({
  args: { id: v.string() },
  handler: (ctx, { id }) =>
    ctx.runQuery(components.betterAuth.adapter.findOne, { model: "account", where: [{ field: "_id", value: id }] }),
});

export const codes = mutation({
  args: { id: v.string() },
  handler: (ctx, { id }) =>
    ctx.runMutation(components.betterAuth.adapter.updateOne, {
      input: { model: "verification", where: [{ field: "_id", value: id }], update: { value: "1" } },
    }),
});

export const computed = query({
  args: { model: v.string() },
  handler: (ctx, { model }) => ctx.runQuery(components.betterAuth.adapter.findOne, { model }),
});
`);
  const before = app.snapshot();
  const ran = await app.kitcn("add", "auth", "--replace", "--yes");
  expect(ran.code).toBe(1);
  const [, yours = ""] = ran.stderr.split("Change these yourself first:\n");
  const lines = yours.split("\n\n")[0]?.split("\n") ?? [];
  const what = (code: string) =>
    expect.stringContaining(
      `After the run, write \`await (await getAuth(ctx).$context).adapter.${code}\``,
    );
  expect(lines).toEqual([
    what('findMany({ model: "session" })'),
    what('findOne({ model: "account", where: [{ field: "id", value: id }] })'),
    what(
      'update({ model: "verification", where: [{ field: "id", value: id }], update: { value: "1" } })',
    ),
    what("findOne({ model })"),
  ]);
  expect(lines.map((line) => /use (.*) in a query or a mutation/.exec(line)?.[1])).toEqual([
    'ctx.db.query("session")',
    'ctx.db.query("account")',
    // The component keeps this table to itself.
    undefined,
    "ctx.db.query()",
  ]);
  expect(app.snapshot()).toEqual(before);
});

test("with placement component, no call becomes a look-up of a table that the app does not have", async () => {
  const app = appWith(`${HEAD.replace("action, mutation, query", "query")}
export const byEmail = query({
  args: { email: v.string() },
  handler: (ctx, { email }) =>
    ctx.runQuery(components.betterAuth.adapter.findOne, {
      model: "user",
      where: [{ field: "email", value: email }],
    }),
});
`);
  const ran = await app.kitcn("add", "auth", "--replace", "--placement", "component", "--yes");
  expect(ran.code).toBe(1);
  expect(ran.stderr).toContain("components.betterAuth.adapter.findOne of");
});

const asks = (model: string, ...where: string[]) =>
  `{ model: "${model}", where: [${where.join(", ")}] }`;

test.each([
  [
    "a member's role",
    asks(
      "member",
      '{ field: "organizationId", value: text }',
      '{ field: "userId", value: text }',
      '{ field: "role", value: "owner" }',
    ),
  ],
  [
    "a user's role",
    asks("user", '{ field: "email", value: text }', '{ field: "role", value: "admin" }'),
  ],
  [
    "a user's account at one provider",
    asks("account", '{ field: "userId", value: text }', '{ field: "providerId", value: "github" }'),
  ],
])("a condition that the index does not have is never lost: %s", async (_what, asked) => {
  const app = appWith(`${HEAD.replace("action, mutation, query", "query")}
export const find = query({
  args: { text: v.string() },
  handler: (ctx, { text }) => ctx.runQuery(components.betterAuth.adapter.findOne, ${asked}),
});
`);
  const before = app.snapshot();
  const ran = await app.kitcn("add", "auth", "--replace", "--yes");
  expect(ran.code).toBe(1);
  expect(ran.stderr).toContain(`adapter.findOne(${asked})`);
  expect(ran.stderr).not.toContain("withIndex");
  expect(app.snapshot()).toEqual(before);
});

test("ids that the function takes as text are ids of the table", async () => {
  const app = appWith(`${HEAD.replace("action, mutation, query", "query")}
export const devices = query({
  args: { user: v.string(), other: v.optional(v.string()) },
  handler: async (ctx, { user, other }) => {
    const one = await ctx.runQuery(components.betterAuth.adapter.findOne, {
      model: "account",
      where: [{ field: "userId", value: user }],
    });
    const two = await ctx.runQuery(components.betterAuth.adapter.findOne, {
      model: "session",
      where: [{ field: "userId", value: other ?? user }],
    });
    return one !== null && two !== null;
  },
});
`);
  const ran = await app.kitcn("add", "auth", "--replace", "--yes");
  expect(ran, ran.stdout + ran.stderr).toMatchObject({ code: 0, stderr: "" });
  const desk = app.read("convex/desk.ts");
  expect(desk).toContain('.eq("userId", user as Id<"user">)');
  expect(desk).toContain('.eq("userId", (other ?? user) as Id<"user">)');
  expectTypes([app.path("convex/desk.ts")]);
});

test("a test's call is listed with what a test can write", async () => {
  const app = appWith(`import { components } from "./_generated/api";

declare const t: { mutation(fn: unknown, args: unknown): Promise<unknown> };

export const seed = async () => {
  await t.mutation(components.betterAuth.adapter.create, { input: { model: "user", data: { name: "Ada" } } });
  await t.mutation(components.betterAuth.adapter.deleteOne, { input: { model: "user", where: [] } });
};
`);
  const ran = await app.kitcn("add", "auth", "--replace", "--yes");
  expect(ran.code).toBe(1);
  expect(ran.stderr).toContain(
    'write `await t.run(async (ctx) => (await getAuth(ctx).$context).adapter.create({ model: "user", data: { name: "Ada" } }))`',
  );
  expect(ran.stderr).toContain(
    "t.run(async (ctx) => (await getAuth(ctx).$context).adapter.delete(",
  );
});
