import { defineSchema, defineTable } from "convex/server";
import type { GenericDataModel, GenericMutationCtx } from "convex/server";
import { v } from "convex/values";
import { convexTest } from "convex-test";
import { getAuthTables } from "better-auth/db";
import { describe, expect, it } from "vitest";
import { planTables } from "../../../codegen/plan/plan-tables.js";
import { createAuthRuntime, type AuthCtx, type AuthOptions } from "../../../src/auth/runtime.js";
import type { Triggers } from "../../../src/triggers/types.js";
import { schemaOf } from "../../support/convex-schema.js";

const options: AuthOptions = {
  baseURL: "https://x.test",
  secret: "test-secret-of-thirty-two-characters!",
  logger: { disabled: true },
  emailAndPassword: { enabled: true },
};
const credentials = { email: "ada@example.com", password: "correct horse", name: "Ada" };

type Context = "mutation" | "action" | "http";

/** Signs up in a context of an app with these triggers. */
async function signUp(context: Context, triggers: Triggers<GenericDataModel>) {
  const plan = planTables(getAuthTables(options), { placement: "app", options, forceIds: false });
  const definition = (_ctx: AuthCtx<GenericDataModel>) => ({ ...options, triggers });
  const { getAuth, functions } = createAuthRuntime<GenericDataModel, typeof definition>({
    definition: () => definition,
    tables: plan.tables,
    module: "generated/auth",
  });
  const t = convexTest({
    schema: defineSchema({
      ...schemaOf(plan.app).tables,
      log: defineTable({ line: v.string() }),
    }),
    modules: {
      "./_generated/api.js": async () => ({}),
      "./generated/auth.js": async () => functions,
    },
  });
  const call = async (ctx: unknown) => {
    const auth = getAuth(ctx as AuthCtx<GenericDataModel>); // convex-test's contexts are complete
    if (context !== "http") await auth.api.signUpEmail({ body: credentials });
    else {
      const response = await auth.handler(
        new Request("https://x.test/api/auth/sign-up/email", {
          method: "POST",
          headers: { "content-type": "application/json", origin: "https://x.test" },
          body: JSON.stringify(credentials),
        }),
      );
      if (!response.ok) throw new Error(`status ${response.status}`);
    }
    return null;
  };
  const run = context === "mutation" ? t.mutation(call) : t.action(call);
  const failure: unknown = await run.then(
    () => undefined,
    (error: unknown) => error,
  );
  const rows = await t.run(async ({ db }) => ({
    users: (await db.query("user" as never).collect()).map((user: { name: string }) => user.name),
    sessions: (await db.query("session" as never).collect()).length,
    log: (await db.query("log").collect()).map(({ line }) => line),
  }));
  return { failure, ...rows };
}

const note = async ({ db }: GenericMutationCtx<GenericDataModel>, line: string) =>
  void (await db.insert("log", { line }));

describe.each<Context>(["mutation", "action", "http"])(
  "triggers of defineAuth in %s",
  (context) => {
    it("fire once each, in order, and merge", async () => {
      const { failure, users, log } = await signUp(context, {
        user: {
          create: {
            before: async (_, ctx) => {
              await note(ctx, "before");
              return { data: { name: "Lovelace" } };
            },
            after: (user, ctx) => note(ctx, `after ${String(user["name"])}`),
          },
          change: ({ operation, oldDoc }, ctx) => note(ctx, `${operation} ${String(oldDoc)}`),
        },
      });
      expect(failure).toBeUndefined();
      expect(users).toEqual(["Lovelace"]);
      expect(log).toEqual(["before", "after Lovelace", "create null"]);
    });

    it.each<{ given: string; triggers: Triggers<GenericDataModel> }>([
      { given: "a cancelled user", triggers: { user: { create: { before: () => false } } } },
      {
        given: "an error after the user",
        triggers: {
          user: {
            create: {
              after: async (_, ctx) => {
                await note(ctx, "written, then undone");
                throw new Error("refused");
              },
            },
          },
        },
      },
    ])("$given leaves nothing behind", async ({ triggers }) => {
      const { failure, users, sessions, log } = await signUp(context, triggers);
      expect(failure).toBeInstanceOf(Error);
      expect({ users, sessions, log }).toEqual({ users: [], sessions: 0, log: [] });
    });
  },
);
