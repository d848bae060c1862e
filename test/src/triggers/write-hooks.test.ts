// Schema triggers and inline triggers together: each once, whoever writes.
import { describe, expect, it } from "vitest";
import { combineHooks } from "../../../src/triggers/dispatch.js";
import type { BeforeWrite, WriteHooks } from "../../../src/triggers/hooks.js";
import { withTriggers } from "../../../src/triggers/writer.js";
import { note, triggerApp, type AnyTriggers, type Ctx } from "../../support/trigger-app.js";

const body = { email: "ada@example.com", password: "correct horse", name: "Ada" };

const steps = (who: string): AnyTriggers => ({
  user: {
    create: {
      before: async ({ name }, ctx) => {
        await note(ctx, `${who} before ${String(name)}`);
        return { data: { name: `${String(name)}+${who}` } };
      },
      after: ({ name }, ctx) => note(ctx, `${who} after ${String(name)}`),
    },
    change: ({ operation }, ctx) => note(ctx, `${who} ${operation}`),
  },
});

const bothOnce = [
  "schema before Ada",
  "inline before Ada+schema",
  "schema after Ada+schema+inline",
  "inline after Ada+schema+inline",
  "schema create",
  "inline create",
];

describe("a sign-up fires the schema's triggers, then the inline ones, each once", () => {
  it.each(["mutation", "action"] as const)("from a(n) %s", async (context) => {
    const app = triggerApp({
      placement: "app",
      schema: steps("schema"),
      inline: steps("inline"),
    });
    expect(await app.run(context, (auth) => auth.api.signUpEmail({ body }))).toBeUndefined();
    expect(await app.log()).toEqual(bothOnce);
  });

  it("from a mutation whose ctx.db fires the schema's triggers itself", async () => {
    const schema = steps("schema");
    const app = triggerApp({ placement: "app", schema, inline: steps("inline") });
    const failure = await app.run("mutation", async (_, plain) => {
      const ctx = withTriggers(schema, plain);
      // As middleware does, which spreads the context into another object.
      await app.getAuth({ ...ctx, added: true } as Ctx).api.signUpEmail({ body });
    });
    expect(failure).toBeUndefined();
    expect(await app.log()).toEqual(bothOnce);
  });
});

describe("what a trigger writes", () => {
  const chained: AnyTriggers = {
    log: { create: { before: ({ line }) => ({ data: { line: `${String(line)}!` } }) } },
    user: { create: { after: (_, ctx) => note(ctx, "schema") } },
  };
  it.each(["mutation", "action"] as const)(
    "fires the schema's triggers again, from a(n) %s",
    async (context) => {
      const inline: AnyTriggers = { user: { create: { after: (_, ctx) => note(ctx, "inline") } } };
      const app = triggerApp({ placement: "app", schema: chained, inline });
      expect(await app.run(context, (auth) => auth.api.signUpEmail({ body }))).toBeUndefined();
      expect(await app.log()).toEqual(["schema!", "inline!"]);
    },
  );

  it("fires them also where the component called the trigger", async () => {
    const inline: AnyTriggers = { user: { create: { after: (_, ctx) => note(ctx, "inline") } } };
    const { log } = chained;
    const app = triggerApp({ placement: "component", schema: { log }, inline });
    expect(await app.run("action", (auth) => auth.api.signUpEmail({ body }))).toBeUndefined();
    expect(await app.log()).toEqual(["inline!"]);
  });

  it.each([
    ["component", chained, "user", "in the kitcn component"],
    ["app", { usr: chained["user"] }, "usr", "schema.ts does not declare"],
  ] as const)(
    "refuses triggers that could never run, of tables in the %s",
    async (placement, schema, table, reason) => {
      const app = triggerApp({ placement, schema });
      for (const context of ["mutation", "action"] as const) {
        const error = await app.run(context, (auth) => auth.api.signUpEmail({ body }));
        expect(error).toMatchObject({
          data: {
            code: "UNKNOWN_TRIGGER_TABLE",
            message: expect.stringMatching(new RegExp(`"${table}".*${reason}`)),
          },
        });
      }
    },
  );
});

it("schema triggers alone cost no call of the definition in authWrite", async () => {
  const app = triggerApp({ placement: "app", schema: steps("schema") });
  await app.run("action", async (auth) => {
    const { adapter } = await auth.$context;
    app.definitionCalls();
    const times = { createdAt: new Date(1), updatedAt: new Date(1) };
    const data = { name: "Ada", email: "a@x.y", emailVerified: false, ...times };
    await adapter.create({ model: "user", data });
  });
  expect(app.definitionCalls()).toBe(0);
  expect(await app.log()).toHaveLength(3);
});

describe("combineHooks", () => {
  const write: BeforeWrite = {
    operation: "create",
    model: "user",
    table: "user",
    data: { name: "a", size: 1 },
  };

  it("is undefined for none and the hooks themselves for one", () => {
    const hooks: WriteHooks = {};
    expect(combineHooks([undefined, undefined])).toBeUndefined();
    expect(combineHooks([undefined, hooks])).toBe(hooks);
  });

  it("hands data on, keeps what a later one says nothing about, and stops at the first refusal", async () => {
    const seen: unknown[] = [];
    const hooks = combineHooks([
      { before: () => ({ data: { name: "b", note: "x" } }) },
      { before: ({ operation, ...one }) => void seen.push(operation, "data" in one && one.data) },
      { before: () => ({ data: { name: "c" } }) },
    ]);
    expect(await hooks?.before?.(write)).toEqual({ data: { name: "c", note: "x" } });
    expect(seen).toEqual(["create", { name: "b", size: 1, note: "x" }]);

    const never = () => void seen.push("never");
    const refusing = combineHooks([{ before: () => false }, { before: never }]);
    expect(await refusing?.before?.(write)).toBe(false);
    expect(seen).not.toContain("never");
  });

  it("concerns a write that any of them concerns", () => {
    const hooks = combineHooks([
      { concerns: () => false },
      { concerns: ({ model }) => model === "user" },
    ]);
    expect(hooks?.concerns?.(write)).toBe(true);
    expect(hooks?.concerns?.({ ...write, model: "session" })).toBe(false);
  });
});
