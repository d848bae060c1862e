// Inline triggers for every kind of write, with the tables in the app and in the component, from a mutation
// and from an action.
import { betterAuth } from "better-auth";
import { describe, expect, it } from "vitest";
import { withoutTriggers } from "../../../src/triggers/context.js";
import {
  baseOptions,
  note,
  notingTriggers,
  triggerApp,
  type AnyTriggers,
  type Auth,
  type TriggerContext,
} from "../../support/trigger-app.js";

const body = { email: "ada@example.com", password: "correct horse", name: "Ada" };
const user = { name: "Ada", email: "a@x.y", emailVerified: false };

const adapterOf = async (auth: Auth) => (await auth.$context).adapter;
const times = { createdAt: new Date(1), updatedAt: new Date(1) };

const everywhere = (["app", "component"] as const).flatMap((placement) =>
  (["mutation", "action"] as const).map((context) => ({ placement, context })),
);

const threeUsers = async (auth: Auth) => {
  const adapter = await adapterOf(auth);
  for (const name of ["a", "b", "c"])
    await adapter.create({
      model: "user",
      data: { ...user, ...times, name, email: `${name}@x.y` },
    });
};
const byName = (value: string) => [{ field: "name", value }];

describe.each(everywhere)("tables in the $placement, writes from a(n) $context", (at) => {
  const { placement } = at;
  const context: TriggerContext = at.context;

  it("create, update, delete fire each step once, in order", async () => {
    const app = triggerApp({ placement, inline: notingTriggers(["user"]) });
    const failure = await app.run(context, async (auth) => {
      const adapter = await adapterOf(auth);
      await adapter.create({ model: "user", data: { ...user, ...times } });
      await adapter.update({ model: "user", where: byName("Ada"), update: { name: "Bob" } });
      await adapter.delete({ model: "user", where: byName("Bob") });
    });
    expect(failure).toBeUndefined();
    expect(await app.log()).toEqual([
      "before create user",
      "after create user",
      "change create user null > doc",
      "before update user",
      "after update user",
      "change update user doc > doc",
      "before delete user",
      "after delete user",
      "change delete user doc > null",
    ]);
  });

  it("bulk writes fire for every document", async () => {
    const app = triggerApp({ placement, inline: notingTriggers(["user"]) });
    await app.run(context, async (auth) => {
      await threeUsers(auth);
      const adapter = await adapterOf(auth);
      const where = [{ field: "name", operator: "ne" as const, value: "a" }];
      await adapter.updateMany({ model: "user", where, update: { emailVerified: true } });
      await adapter.deleteMany({ model: "user", where: [] });
    });
    const log = await app.log();
    const count = (line: string) => log.filter((one) => one === line).length;
    expect(count("change create user null > doc")).toBe(3);
    expect(count("change update user doc > doc")).toBe(2);
    expect(count("before update user")).toBe(2);
    expect(count("change delete user doc > null")).toBe(3);
    // Whatever may refuse a bulk deletion is asked before the first document goes.
    expect(log.slice(-9, -6)).toEqual(Array(3).fill("before delete user"));
  });

  it("consumeOne and incrementOne fire as a delete and an update", async () => {
    const app = triggerApp({ placement, inline: notingTriggers(["user"]) });
    await app.run(context, async (auth) => {
      await threeUsers(auth);
      const adapter = await adapterOf(auth);
      await adapter.incrementOne({
        model: "user",
        where: byName("a"),
        increment: {},
        set: { name: "A" },
      });
      await adapter.consumeOne({ model: "user", where: byName("b") });
    });
    expect((await app.log()).slice(9)).toEqual([
      "before update user",
      "after update user",
      "change update user doc > doc",
      "before delete user",
      "after delete user",
      "change delete user doc > null",
    ]);
  });

  it("a cascade fires for what goes along, also where only that table has triggers", async () => {
    const app = triggerApp({ placement, inline: notingTriggers(["session", "account"]) });
    await app.run(context, async (auth) => {
      await auth.api.signUpEmail({ body });
      await (await adapterOf(auth)).delete({ model: "user", where: byName("Ada") });
    });
    const log = await app.log();
    expect(log.filter((line) => line.startsWith("change delete")).sort()).toEqual([
      "change delete account doc > null",
      "change delete session doc > null",
    ]);
    expect(await app.rows("session")).toEqual([]);
  });

  it("data of before is merged into creates and updates", async () => {
    const app = triggerApp({
      placement,
      inline: {
        user: {
          create: { before: ({ name }) => ({ data: { name: `${String(name)}!` } }) },
          update: { before: () => ({ data: { emailVerified: true } }) },
        },
      },
    });
    await app.run(context, async (auth) => {
      const adapter = await adapterOf(auth);
      await adapter.create({ model: "user", data: { ...user, ...times } });
      await adapter.update({ model: "user", where: byName("Ada!"), update: { image: "x" } });
    });
    expect(await app.rows("user")).toMatchObject([
      { name: "Ada!", emailVerified: true, image: "x" },
    ]);
  });

  const refusals: Record<string, AnyTriggers> = {
    "a create": { user: { create: { before: () => false } } },
    "an update": { user: { update: { before: () => false } } },
    "a delete": { user: { delete: { before: () => false } } },
  };
  it.each(Object.entries(refusals))("%s that is cancelled leaves nothing", async (_, inline) => {
    const [operation] = Object.keys(inline["user"] ?? {});
    const app = triggerApp({ placement, inline });
    if (operation !== "create") await app.run(context, threeUsers);
    const before = await app.rows("user");
    const failure = await app.run(context, async (auth) => {
      const adapter = await adapterOf(auth);
      if (operation === "create")
        await adapter.create({ model: "user", data: { ...user, ...times } });
      else if (operation === "update")
        await adapter.updateMany({ model: "user", where: [], update: { image: "x" } });
      else await adapter.deleteMany({ model: "user", where: [] });
    });
    expect(failure).toMatchObject({ data: { code: "TRIGGER_CANCELLED" } });
    expect(String(failure)).toContain(`the ${operation ?? ""} in table "user"`);
    expect(await app.rows("user")).toEqual(before);
  });

  it("an error in the middle of a bulk write undoes all of it, and what triggers wrote", async () => {
    let seen = 0;
    const app = triggerApp({
      placement,
      inline: {
        user: {
          update: {
            after: async (_, ctx) => {
              await note(ctx, "written, then undone");
              if (++seen === 3) throw new Error("refused");
            },
          },
        },
      },
    });
    await app.run(context, threeUsers);
    const failure = await app.run(context, async (auth) =>
      (await adapterOf(auth)).updateMany({ model: "user", where: [], update: { image: "x" } }),
    );
    expect(String(failure)).toContain("refused");
    expect((await app.rows("user")).map(({ image }) => image)).toEqual(Array(3).fill(undefined));
    expect(await app.log()).toEqual([]);
  });

  it("a trigger may write auth tables, whose triggers fire in turn", async () => {
    const app = triggerApp({
      placement,
      inline: (current) => ({
        user: {
          create: {
            after: async (_, ctx) => {
              const adapter = await adapterOf(current().getAuth(ctx));
              const verification = {
                identifier: "x",
                value: "y",
                expiresAt: new Date(9),
                ...times,
              };
              await adapter.create({ model: "verification", data: verification });
            },
          },
        },
        verification: { change: ({ operation }, ctx) => note(ctx, `verification ${operation}`) },
      }),
    });
    expect(await app.run(context, (auth) => auth.api.signUpEmail({ body }))).toBeUndefined();
    expect(await app.log()).toEqual(["verification create"]);
  });

  it("triggers that never end are refused by name", async () => {
    const app = triggerApp({
      placement,
      inline: (current) => ({
        verification: {
          create: {
            after: async (_, ctx) => {
              const adapter = await adapterOf(current().getAuth(ctx));
              const data = { identifier: "x", value: "y", expiresAt: new Date(9), ...times };
              await adapter.create({ model: "verification", data });
            },
          },
        },
      }),
    });
    const failure = await app.run(context, async (auth) => {
      const data = { identifier: "x", value: "y", expiresAt: new Date(9), ...times };
      await (await adapterOf(auth)).create({ model: "verification", data });
    });
    expect(failure).toMatchObject({ data: { code: "TRIGGER_RECURSION" } });
    expect(await app.rows("verification")).toEqual([]);
  });

  it("a write without triggers costs no call of the definition", async () => {
    const app = triggerApp({ placement });
    await app.run(context, async (auth) => {
      const adapter = await adapterOf(auth);
      app.definitionCalls();
      await adapter.create({ model: "user", data: { ...user, ...times } });
    });
    expect(app.definitionCalls()).toBe(0);
  });

  it("a write with triggers calls the definition once more from an action, and never from a mutation", async () => {
    const app = triggerApp({ placement, inline: notingTriggers(["user"]) });
    await app.run(context, async (auth) => {
      const adapter = await adapterOf(auth);
      app.definitionCalls();
      await adapter.create({ model: "user", data: { ...user, ...times } });
      await adapter.update({ model: "user", where: byName("Ada"), update: { name: "Bob" } });
      await adapter.delete({ model: "user", where: byName("Bob") });
    });
    // From an action each write is one mutation, which has to load auth.ts.
    expect(app.definitionCalls()).toBe(context === "mutation" ? 0 : 3);
    expect(await app.log()).toHaveLength(9);
  });

  it("a write that no trigger listens to goes past them, also where other tables have some", async () => {
    const app = triggerApp({ placement, inline: notingTriggers(["account"]) });
    await app.run(context, async (auth) => {
      const adapter = await adapterOf(auth);
      app.definitionCalls();
      await adapter.create({ model: "user", data: { ...user, ...times } });
      await adapter.update({ model: "user", where: byName("Ada"), update: { name: "Bob" } });
    });
    expect(app.definitionCalls()).toBe(0);
    expect(await app.rows("user")).toMatchObject([{ name: "Bob" }]);
  });

  it("undefined in the data of before removes a column", async () => {
    const app = triggerApp({
      placement,
      inline: { user: { update: { before: () => ({ data: { image: undefined } }) } } },
    });
    await app.run(context, async (auth) => {
      const adapter = await adapterOf(auth);
      await adapter.create({ model: "user", data: { ...user, ...times, image: "x" } });
      await adapter.update({
        model: "user",
        where: byName("Ada"),
        update: { emailVerified: true },
      });
    });
    const [row] = await app.rows("user");
    expect(row).toMatchObject({ emailVerified: true });
    expect(row).not.toHaveProperty("image");
  });

  it("a bulk update passes over what its triggers have deleted meanwhile", async () => {
    const app = triggerApp({
      placement,
      inline: (current) => ({
        user: {
          update: {
            after: async ({ name }, ctx) => {
              await note(ctx, `updated ${String(name)}`);
              if (name !== "a") return;
              const adapter = await adapterOf(current().getAuth(ctx));
              await adapter.delete({ model: "user", where: byName("b") });
            },
          },
        },
      }),
    });
    await app.run(context, threeUsers);
    let count: unknown;
    const failure = await app.run(context, async (auth) => {
      const adapter = await adapterOf(auth);
      count = await adapter.updateMany({
        model: "user",
        where: [],
        update: { emailVerified: true },
      });
    });
    expect(failure).toBeUndefined();
    expect(count).toBe(2);
    expect(await app.log()).toEqual(["updated a", "updated c"]);
  });

  it("before sees the document, after sees what was written, and the caller gets the row", async () => {
    const seen: unknown[] = [];
    const app = triggerApp({
      placement,
      inline: {
        user: {
          create: { after: ({ _id, name }) => void seen.push([typeof _id, name]) },
          update: { before: (data) => void seen.push(data) },
          delete: { before: ({ name }) => void seen.push(name) },
          change: ({ operation, id, oldDoc, newDoc }) =>
            void seen.push([
              operation,
              id === String((newDoc ?? oldDoc)?.["_id" as never]),
              (oldDoc as { name?: string } | null)?.name,
              (newDoc as { name?: string } | null)?.name,
            ]),
        },
      },
    });
    const rows: unknown[] = [];
    await app.run(context, async (auth) => {
      const adapter = await adapterOf(auth);
      rows.push(await adapter.create({ model: "user", data: { ...user, ...times } }));
      const where = byName("Ada");
      rows.push(await adapter.update({ model: "user", where, update: { name: "Bob" } }));
      rows.push(await adapter.consumeOne({ model: "user", where: byName("Bob") }));
    });
    expect(rows).toMatchObject([{ name: "Ada" }, { name: "Bob" }, { name: "Bob" }]);
    expect(seen).toMatchObject([
      ["string", "Ada"],
      ["create", true, undefined, "Ada"],
      { name: "Bob" },
      ["update", true, "Ada", "Bob"],
      "Bob",
      ["delete", true, "Bob", undefined],
    ]);
  });

  it("adapter(ctx) runs the triggers of the options it is given", async () => {
    const inline = notingTriggers(["user"]);
    const app = triggerApp({ placement, inline });
    const failure = await app.run(context, async (_, ctx) => {
      const auth = betterAuth({
        ...baseOptions,
        database: app.adapters.adapter(ctx),
        ...{ triggers: inline },
      });
      await auth.api.signUpEmail({ body });
    });
    expect(failure).toBeUndefined();
    expect((await app.log()).slice(0, 3)).toEqual([
      "before create user",
      "after create user",
      "change create user null > doc",
    ]);
  });

  it("adapter(ctx) needs no default export in auth.ts", async () => {
    const app = triggerApp({ placement, hasDefinition: false });
    const failure = await app.run(context, async (_, ctx) => {
      const auth = betterAuth({ ...baseOptions, database: app.adapters.adapter(ctx) });
      await auth.api.signUpEmail({ body });
    });
    expect(failure).toBeUndefined();
    expect(await app.rows("user")).toMatchObject([{ name: "Ada" }]);
  });

  it("names a trigger that could never fire", async () => {
    const app = triggerApp({ placement, inline: { posts: { change: () => undefined } } });
    const failure = await app.run(context, (auth) => auth.api.signUpEmail({ body }));
    expect(failure).toMatchObject({ data: { code: "UNKNOWN_TRIGGER_TABLE" } });
    expect(String(failure)).toContain('"posts"');
  });
});

describe.each(["app", "component"] as const)("tables in the %s", (placement) => {
  it("a mutation gets a trigger's error as the trigger threw it", async () => {
    class Refusal extends Error {}
    const refusal = new Refusal("no");
    const app = triggerApp({
      placement,
      inline: {
        user: {
          create: {
            before: () => {
              throw refusal;
            },
          },
        },
      },
    });
    let caught: unknown;
    await app.run("mutation", async (auth) => {
      const adapter = await adapterOf(auth);
      caught = await adapter
        .create({ model: "user", data: { ...user, ...times } })
        .catch((error: unknown) => error);
    });
    expect(caught).toBe(refusal);
  });

  it("triggers may write into each other more levels deep than Convex nests calls", async () => {
    const LEVELS = 12;
    const verification = { value: "y", expiresAt: new Date(9), ...times };
    const app = triggerApp({
      placement,
      inline: (current) => ({
        verification: {
          create: {
            after: async ({ identifier }, ctx) => {
              const level = Number(identifier);
              if (level === LEVELS) return;
              const adapter = await adapterOf(current().getAuth(ctx));
              const data = { ...verification, identifier: String(level + 1) };
              await adapter.create({ model: "verification", data });
            },
          },
        },
      }),
    });
    const failure = await app.run("mutation", async (auth) => {
      const data = { ...verification, identifier: "1" };
      await (await adapterOf(auth)).create({ model: "verification", data });
    });
    expect(failure).toBeUndefined();
    expect(await app.rows("verification")).toHaveLength(LEVELS);
  });

  it("withoutTriggers turns them off for Better Auth, too, and for copies of the context", async () => {
    const app = triggerApp({ placement, inline: notingTriggers(["user"]) });
    const failure = await app.run("mutation", async (_, ctx) => {
      const quiet = withoutTriggers(ctx);
      await app.getAuth(quiet).api.signUpEmail({ body });
      const copy = { ...quiet, extra: true };
      await app.getAuth(copy).api.signUpEmail({ body: { ...body, email: "bob@example.com" } });
    });
    expect(failure).toBeUndefined();
    expect(await app.rows("user")).toHaveLength(2);
    expect(await app.log()).toEqual([]);
  });
});
