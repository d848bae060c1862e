// A store behind functions, over convex-test: what crosses, what is one transaction, what comes back.
import {
  internalMutationGeneric,
  internalQueryGeneric,
  makeFunctionReference,
} from "convex/server";
import { convexTest } from "convex-test";
import { getAuthTables } from "better-auth/db";
import { describe, expect, it } from "vitest";
import { planTables } from "../../../codegen/plan/plan-tables.js";
import { KitcnError } from "../../../src/errors/error.js";
import { dbStore } from "../../../src/store/db-store.js";
import { storeFunctions } from "../../../src/store/functions.js";
import type { StoreOperation } from "../../../src/store/operation.js";
import { runStore, type StoreRefs } from "../../../src/store/run-store.js";
import type { Row } from "../../../src/store/store.js";
import { sample } from "../../support/auth-db.js";
import { schemaOf } from "../../support/convex-schema.js";

const refs = {
  read: makeFunctionReference<"query">("auth:read"),
  write: makeFunctionReference<"mutation">("auth:write"),
} as unknown as StoreRefs; // makeFunctionReference types every reference as public

function deployment() {
  const { tables, app } = planTables(getAuthTables({}), { placement: "app" });
  return convexTest({
    schema: schemaOf(app),
    modules: {
      "./_generated/api.js": async () => ({}),
      "./auth.js": async () =>
        storeFunctions({
          query: internalQueryGeneric,
          mutation: internalMutationGeneric,
          store: ({ db }) => dbStore({ db, tables }),
        }),
    },
  });
}

const everyUser = { kind: "count", input: { model: "user", where: [] } } as const;

function create(email: string): StoreOperation {
  return { kind: "create", input: { model: "user", data: sample.user({ email }) } };
}

/** Of all arrays in a value, the longest. */
function longest(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  const inner = Object.values(value).map(longest);
  return Math.max(Array.isArray(value) ? value.length : 0, ...new Set(inner));
}

describe("runStore", () => {
  it("does from an action what a store does", async () => {
    await deployment().action(async (ctx) => {
      const store = runStore(ctx, refs);
      const user = await store.create({
        model: "user",
        data: { ...sample.user({ email: "a@x.y" }), image: undefined },
      });
      const where = [{ column: "email", value: "a@x.y" }];
      const input = { model: "user", where };
      expect(await store.findOne(input)).toEqual(user);
      expect(await store.findMany(input)).toEqual([user]);
      expect(await store.count(input)).toBe(1);
      expect(await store.update({ ...input, data: { name: "B" } })).toMatchObject({ name: "B" });
      expect(await store.updateMany({ ...input, data: { name: "C" } })).toBe(1);
      expect(
        await store.incrementOne({ ...input, increment: { createdAt: 2 }, set: { name: "D" } }),
      ).toMatchObject({ createdAt: 3, name: "D" });
      expect(await store.consumeOne(input)).toMatchObject({ id: user.id });
      expect(await store.findOne(input)).toBeNull();
      expect(await store.delete(input)).toBe(0);
      expect(await store.deleteMany({ model: "user", where: [] })).toBe(0);
    });
  });

  it("runs a batch in one transaction, each operation after the other", async () => {
    await deployment().action(async (ctx) => {
      const store = runStore(ctx, refs);
      const [first, count] = await store.batch([create("a@x.y"), everyUser]);
      expect(first).toMatchObject({ email: "a@x.y" });
      expect(count).toBe(1);
      const failing = store.batch([create("b@x.y"), create("a@x.y")]);
      await expect(failing).rejects.toMatchObject({ code: "UNIQUE_VIOLATION" });
      expect(await store.batch([everyUser])).toEqual([1]);
      expect(await store.batch([])).toEqual([]);
    });
  });

  it("gives errors their class back", async () => {
    await deployment().action(async (ctx) => {
      const error = await runStore(ctx, refs)
        .count({ model: "nope", where: [] })
        .catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(KitcnError);
      expect(error).toMatchObject({
        code: "UNKNOWN_MODEL",
        hint: expect.stringContaining("npx kitcn") as string,
      });
    });
  });

  it("reads but does not write from a query", async () => {
    await deployment().query(async (ctx) => {
      const store = runStore(ctx, refs);
      expect(await store.count({ model: "user", where: [] })).toBe(0);
      expect(await store.batch([everyUser])).toEqual([0]);
      const write = store.create({ model: "user", data: sample.user() });
      await expect(write).rejects.toMatchObject({ code: "READ_ONLY" });
    });
  });

  it("carries more than Convex lets an array hold, both ways", async () => {
    const COUNT = 9000;
    await deployment().action(async (ctx) => {
      const lengths: number[] = [];
      const seen = <Result>(args: { operations: readonly unknown[] }, answer: Promise<Result>) =>
        answer.then((result) => (lengths.push(longest(args), longest(result)), result));
      const store = runStore(
        {
          runQuery: (query, args) => seen(args, ctx.runQuery(query, args)),
          runMutation: (mutation, args) => seen(args, ctx.runMutation(mutation, args)),
        },
        refs,
      );
      const created = await store.batch(
        Array.from({ length: COUNT }, (_, at): StoreOperation => {
          const times = { expiresAt: at, createdAt: at, updatedAt: at };
          const data = { identifier: `k${at}`, value: "", ...times };
          return { kind: "create", input: { model: "verification", data } };
        }),
      );
      expect(created).toHaveLength(COUNT);
      const found = await store.findMany({ model: "verification", where: [] });
      expect(found.map(({ id }) => id)).toEqual(created.map((row) => (row as Row).id));
      expect(Math.max(...lengths)).toBeLessThanOrEqual(8192);
    });
  });

  it("lets one of two racing consumers win", async () => {
    const t = deployment();
    const consume = () =>
      t.action(async (ctx) => {
        const where = [{ column: "email", value: "a@x.y" }];
        return (await runStore(ctx, refs).consumeOne({ model: "user", where })) !== null;
      });
    await t.action(async (ctx) => void (await runStore(ctx, refs).batch([create("a@x.y")])));
    const won = await Promise.all([consume(), consume(), consume()]);
    expect(won.filter(Boolean)).toHaveLength(1);
  });
});
