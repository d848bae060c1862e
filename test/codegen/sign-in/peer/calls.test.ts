// Calls of `@convex-dev/better-auth` in functions, wherever they are: `add auth --replace` rewrites those that mean the same
// with kitcn, and lists each other one with its line and an edit that leads on. No call stays that nothing answers.
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { cliApp, type CliApp } from "../../support/cli.js";
import {
  COMPILED,
  expectSecondRunEmpty,
  expectTypes,
  withoutDeployment,
} from "../../support/front-end.js";

beforeEach(withoutDeployment);
afterEach(() => void vi.unstubAllEnvs());

const AUTH = `import { createClient, type GenericCtx } from "@convex-dev/better-auth";
import { convex } from "@convex-dev/better-auth/plugins";
import { betterAuth } from "better-auth/minimal";
import { components } from "./_generated/api";
import type { DataModel } from "./_generated/dataModel";
import authConfig from "./auth.config";

export const authComponent = createClient<DataModel>(components.betterAuth);

export const createAuthOptions = (ctx: GenericCtx<DataModel>) => ({
  database: authComponent.adapter(ctx),
  emailAndPassword: { enabled: true },
  plugins: [convex({ authConfig })],
});

export const createAuth = (ctx: GenericCtx<DataModel>) => betterAuth(createAuthOptions(ctx));
`;

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
};

/** An app whose auth.ts has more below, and that has another module. */
function appWith(inAuth: string, desk?: string): CliApp {
  return cliApp("vite-convex", {
    ...COMPILED,
    files: {
      ...FILES,
      "convex/auth.ts": inAuth.startsWith("import")
        ? inAuth.replace("AUTH", AUTH)
        : `${AUTH}\n${inAuth}`,
      ...(desk === undefined ? {} : { "convex/desk.ts": desk }),
    },
  });
}

/** What the run lists, with nothing written. */
async function leftOf(app: CliApp): Promise<string[]> {
  const before = app.snapshot();
  const ran = await app.kitcn("add", "auth", "--replace", "--yes");
  expect(ran.code, ran.stdout).toBe(1);
  expect(app.snapshot()).toEqual(before);
  const [, left = ""] = ran.stderr.split("Change these yourself first:\n");
  return (left.split("\n\n")[0]?.split("\n") ?? []).map((line) => line.trim());
}

const NO_DATABASE = "stays, because its context can be that of an action, which has no database";

test.each([
  [
    "a look-up by id in an action of auth.ts",
    `import { action } from "./_generated/server";
AUTH
export const who = action({
  args: {},
  handler: async (ctx) => (await authComponent.getAnyUserById(ctx, "id"))?._id ?? null,
});
`,
    "convex/auth.ts:21  getAnyUserById",
    NO_DATABASE,
  ],
  [
    "a helper of auth.ts with any context",
    "export const me = (ctx: any) => authComponent.getAnyUserById(ctx, 'id');\n",
    "convex/auth.ts:18  getAnyUserById",
    NO_DATABASE,
  ],
  [
    "a client that auth.ts hands on",
    "export const { getAuthUser } = authComponent;\n",
    "convex/auth.ts:18  authComponent",
    "is removed, and kitcn follows it only where one of its functions is called",
  ],
  [
    "a function that auth.ts hands on",
    "export const make = { createAuth };\n",
    "convex/auth.ts:18  createAuth",
    "write `getAuth` of generated/auth in its place",
  ],
])("%s is listed, and not left in code that cannot run", async (_what, inAuth, place, what) => {
  const left = await leftOf(appWith(inAuth));
  expect(left).toHaveLength(1);
  expect(left[0]).toContain(`${place} of @convex-dev/better-auth: `);
  expect(left[0]).toContain(what);
});

test("each call of another module is listed by its own line, and not by the import", async () => {
  const app = appWith(
    "",
    `import { action } from "./_generated/server";
import { authComponent, createAuth, createAuthOptions } from "./auth";

export const name = action({
  args: {},
  handler: async (ctx) => {
    const one = await authComponent.getAnyUserById(ctx, "one");
    const other = await authComponent.getAnyUserById(ctx, "id");
    return [one?.name, other?.name];
  },
});
export const make = { createAuth };
export type Options = ReturnType<typeof createAuthOptions>;
`,
  );
  expect((await leftOf(app)).map((line) => line.split(" of ")[0])).toEqual([
    "convex/desk.ts:7   getAnyUserById",
    "convex/desk.ts:8   getAnyUserById",
    "convex/desk.ts:12  createAuth",
    "convex/desk.ts:13  createAuthOptions",
  ]);
});

test("where the context can be that of an action, a query is asked, and a note names the line", async () => {
  const app = appWith(
    `import { action } from "./_generated/server";
AUTH
export const who = action({
  args: {},
  handler: async (ctx) => (await authComponent.safeGetAuthUser(ctx))?._id ?? null,
});
`,
    `import type { GenericCtx } from "@convex-dev/better-auth";
import type { DataModel } from "./_generated/dataModel";
import { mutation } from "./_generated/server";
import { authComponent } from "./auth";

export const any = (ctx: any) => authComponent.getAuthUser(ctx);
export const either = async (ctx: GenericCtx<DataModel>) => (await authComponent.getAuthUser(ctx)).email;
export const here = mutation(async (ctx) => (await authComponent.getAuthUser(ctx)).email);
`,
  );
  const ran = await app.kitcn("add", "auth", "--replace", "--yes");
  expect(ran, ran.stdout + ran.stderr).toMatchObject({ code: 0, stderr: "" });
  expect(ran.stdout).toContain(
    "convex/desk.ts:6: the context can be that of an action, so getAuthUser() becomes getAuthUserAnywhere() of authUser.ts",
  );
  expect(app.read("convex/auth.ts")).toContain("(await safeGetAuthUserAnywhere(ctx))?._id");
  const desk = app.read("convex/desk.ts");
  expect(desk).toContain("any = (ctx: any) => getAuthUserAnywhere(ctx);");
  expect(desk).toContain("(await getAuthUserAnywhere(ctx)).email;");
  expect(desk).toContain("(await getAuthUser(ctx)).email);");
  expectTypes(["convex/auth.ts", "convex/desk.ts", "convex/authUser.ts"].map(app.path));
  await expectSecondRunEmpty(app);
});

test("the edits that are listed lead on", async () => {
  const app = appWith(
    `import { action, query, type QueryCtx } from "./_generated/server";
import { api } from "./_generated/api";
import { getAuthUserIdentity } from "kitcn/auth";
AUTH
export const me = query({ args: {}, handler: (ctx) => authComponent.safeGetAuthUser(ctx) });
export const id = action({
  args: {},
  handler: async (ctx): Promise<string | undefined> => (await getAuthUserIdentity(ctx))?.userId,
});
export const named = action({
  args: {},
  handler: async (ctx): Promise<string | undefined> => (await ctx.runQuery(api.auth.me))?.name,
});
export const mine = (ctx: QueryCtx) => authComponent.getAuthUser(ctx);
export const both = async (ctx: QueryCtx) => {
  const { auth, headers } = await authComponent.getAuth(createAuth, ctx);
  return await auth.api.getSession({ headers });
};
`,
  );
  const ran = await app.kitcn("add", "auth", "--replace", "--yes");
  expect(ran, ran.stdout + ran.stderr).toMatchObject({ code: 0, stderr: "" });
  expect(app.read("convex/auth.ts")).not.toMatch(/authComponent|createAuth/);
  app.write(
    "convex/after.ts",
    `import type { QueryCtx } from "./_generated/server";
import { getAuth } from "./generated/auth";

export const options = (ctx: QueryCtx) => getAuth(ctx).options;
export const make = { getAuth };
`,
  );
  expectTypes([app.path("convex/auth.ts"), app.path("convex/after.ts")]);
});

test("contexts, ids and promises are rewritten, and imports that nothing uses go", async () => {
  const app = appWith(
    "export const getAuthWithHeaders = (ctx: GenericCtx<DataModel>) => authComponent.getAuth(createAuth, ctx);\n",
    `import type { GenericCtx } from "@convex-dev/better-auth";
import { isActionCtx } from "@convex-dev/better-auth/utils";
import { v } from "convex/values";
import type { DataModel } from "./_generated/dataModel";
import { query } from "./_generated/server";
import { authComponent, createAuth } from "./auth";

export const me = query({
  args: {},
  handler: async (ctx: GenericCtx<DataModel>) => (await authComponent.safeGetAuthUser(ctx))?._id,
});
export const byId = query({
  args: { id: v.string() },
  handler: async (ctx, { id }) => (await authComponent.getAnyUserById(ctx, id))?.name,
});
export const contexts: GenericCtx<DataModel>[] = [];
`,
  );
  const ran = await app.kitcn("add", "auth", "--replace", "--yes");
  expect(ran, ran.stdout + ran.stderr).toMatchObject({ code: 0, stderr: "" });
  expect(app.read("convex/auth.ts")).toContain(
    "(ctx: ActionCtx | MutationCtx | QueryCtx) => (async () => ({ auth: getAuth(ctx), headers: await getHeaders(ctx) }))();",
  );
  const desk = app.read("convex/desk.ts");
  expect(desk).toContain("handler: async (ctx) => (await safeGetAuthUser(ctx))?._id,");
  expect(desk).toContain("(await getAnyUserById(ctx, id))?.name");
  expect(desk).toContain("contexts: (ActionCtx | MutationCtx | QueryCtx)[] = [];");
  expect(desk).not.toMatch(/@convex-dev|createAuth|authComponent|DataModel/);
  await expectSecondRunEmpty(app, "--replace");
  expectTypes([app.path("convex/auth.ts"), app.path("convex/desk.ts")]);
});

test("plugins that are made outside of the options come from kitcn, too", async () => {
  const app = appWith("");
  app.write(
    "convex/plugins.ts",
    `import { convex } from "@convex-dev/better-auth/plugins";
import authConfig from "./auth.config";

export const plugins = [convex({ authConfig })];
`,
  );
  app.write(
    "convex/auth.ts",
    AUTH.replace("[convex({ authConfig })]", '[...plugins, crossDomain({ siteUrl: "http://a.b" })]')
      .replace("{ convex }", "{ crossDomain }")
      .replace('import authConfig from "./auth.config"', 'import { plugins } from "./plugins"'),
  );
  const ran = await app.kitcn("add", "auth", "--replace", "--yes");
  expect(ran, ran.stdout + ran.stderr).toMatchObject({ code: 0, stderr: "" });
  expect(app.read("convex/plugins.ts")).toContain('import { convex } from "kitcn/auth";');
});
