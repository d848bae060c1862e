// Inline triggers through whole operations of Better Auth: what a sign-up leaves behind, and what it does not.
import type { GenericDataModel } from "convex/server";
import { describe, expect, it } from "vitest";
import type { MutationCtxOf } from "../../../src/orm/app.js";
import type { AnyRelations } from "../../../src/orm/relations.js";
import { note, triggerApp, type AnyTriggers, type Ctx } from "../../support/trigger-app.js";

const credentials = { email: "ada@example.com", password: "correct horse", name: "Ada" };

type Context = "mutation" | "action" | "http";
type Placement = "app" | "component";

/** Signs up in a context of an app with these triggers. */
async function signUp(
  { context, placement }: { context: Context; placement: Placement },
  inline: AnyTriggers,
  schema?: AnyTriggers,
) {
  const app = triggerApp({ placement, inline, ...(schema && { schema }) });
  const failure = await app.run(context === "mutation" ? "mutation" : "action", async (auth) => {
    if (context !== "http") return auth.api.signUpEmail({ body: credentials });
    const response = await auth.handler(
      new Request("https://x.test/api/auth/sign-up/email", {
        method: "POST",
        headers: { "content-type": "application/json", origin: "https://x.test" },
        body: JSON.stringify(credentials),
      }),
    );
    if (!response.ok) throw new Error(`status ${response.status}`);
  });
  const users = (await app.rows("user")).map(({ name }) => name);
  return { failure, users, sessions: (await app.rows("session")).length, log: await app.log() };
}

/** What generated/auth.ts types it to be. */
const ormOf = (ctx: Ctx) => (ctx as MutationCtxOf<GenericDataModel, AnyRelations>).orm;

const everywhere = (["app", "component"] as const).flatMap((placement) =>
  (["mutation", "action", "http"] as const).map((context) => ({ placement, context })),
);

describe.each(everywhere)("a sign-up by $context, tables in the $placement", (at) => {
  it("fires triggers once each, in order, and merges", async () => {
    const { failure, users, log } = await signUp(at, {
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

  it("gives triggers ctx.orm, whose writes fire the schema's triggers", async () => {
    const upper: AnyTriggers = {
      log: { create: { before: ({ line }) => ({ data: { line: String(line).toUpperCase() } }) } },
    };
    const insert: AnyTriggers = {
      user: {
        create: { after: async (_, ctx) => void (await ormOf(ctx).insert("log", { line: "new" })) },
      },
    };
    const { failure, log } = await signUp(at, insert, upper);
    expect(failure).toBeUndefined();
    expect(log).toEqual(["NEW"]);
  });

  it.each<{ given: string; triggers: AnyTriggers }>([
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
  ])("leaves nothing behind after $given", async ({ triggers }) => {
    const { failure, users, sessions, log } = await signUp(at, triggers);
    expect(failure).toBeInstanceOf(Error);
    expect({ users, sessions, log }).toEqual({ users: [], sessions: 0, log: [] });
  });
});

describe.each(["app", "component"] as const)("over HTTP, tables in the %s", (placement) => {
  it("a trigger that fails late undoes the user it did not concern, too", async () => {
    const at = { context: "http", placement } as const;
    const refuse = () => {
      throw new Error("refused");
    };
    const { failure, users, sessions } = await signUp(at, {
      session: { create: { after: refuse } },
    });
    expect(failure).toBeInstanceOf(Error);
    expect({ users, sessions }).toEqual({ users: [], sessions: 0 });
  });
});
