// `id` wherever `_id` is: in conditions, orders, columns, relations, and in every document that ctx.orm gives.
import { defineSchema, defineTable, type DataModelFromSchemaDefinition } from "convex/server";
import { v, type GenericId } from "convex/values";
import { convexTest } from "convex-test";
import { describe, expect, expectTypeOf, it } from "vitest";
import { createOrm } from "../../../src/orm/orm.js";
import { tablesOf } from "../../../src/orm/tables.js";
import { schema, withOrm, type Orm } from "./fixture.js";

async function seed(orm: Orm) {
  const ada = await orm.insert("user", { email: "ada@x.y", name: "Ada" });
  const bob = await orm.insert("user", { email: "bob@x.y", name: "Bob" });
  const notes = await orm.insert(
    "notes",
    [ada, bob, ada].map(({ id }, at) => ({ authorId: id, title: `n${at}`, tags: [] })),
  );
  return { ada, bob, notes };
}

describe("documents carry id", () => {
  it("of insert, update, delete, find and pages", async () => {
    const [ada, documents] = await withOrm(async (orm) => {
      const { ada, bob } = await seed(orm);
      expect(bob.id).toBe(bob._id);
      const page = await orm.query.user.findMany({ cursor: null, limit: 1 });
      return [
        ada,
        [
          await orm.update("user", ada.id, { name: "A" }),
          ...(await orm.update("user", { where: { id: ada.id } }, { name: "Ada" })),
          await orm.query.user.findFirst({ where: { name: "Ada" } }),
          ...page.page,
          ...(await orm.delete("user", { where: { id: ada.id } })),
        ],
      ] as const;
    });
    expect(documents.map((one) => one?.id)).toEqual(documents.map(() => ada._id));
    expectTypeOf(ada).toEqualTypeOf<{
      id: GenericId<"user">;
      _id: GenericId<"user">;
      _creationTime: number;
      email: string;
      name: string;
    }>();
    expectTypeOf(documents[0]).toEqualTypeOf<typeof ada>();
  });

  it("as far as columns ask for it, related documents too", async () => {
    const found = await withOrm(async (orm) => {
      const { ada } = await seed(orm);
      return orm.query.user.findFirst({
        where: { id: ada.id },
        columns: { id: true },
        with: { notes: { columns: { id: false, _id: false, _creationTime: false, tags: false } } },
      });
    });
    expect(found).toEqual({
      id: expect.any(String),
      notes: [
        { authorId: found?.id, title: "n0" },
        { authorId: found?.id, title: "n2" },
      ],
    });
    expectTypeOf(found!).toHaveProperty("id").toEqualTypeOf<GenericId<"user">>();
    // @ts-expect-error not asked for
    void found?._id;
  });
});

describe("conditions on id", () => {
  it.each([
    ["a value", (ids: GenericId<"notes">[]) => ({ id: ids[1]! }), ["n1"]],
    ["in", (ids: GenericId<"notes">[]) => ({ id: { in: [ids[2]!, ids[0]!] } }), ["n0", "n2"]],
    ["ne", (ids: GenericId<"notes">[]) => ({ id: { ne: ids[0]! } }), ["n1", "n2"]],
    [
      "OR with _id",
      (ids: GenericId<"notes">[]) => ({ OR: [{ id: ids[0]! }, { _id: ids[1]! }] }),
      ["n0", "n1"],
    ],
  ])("find by %s", async (_title, where, want) => {
    const found = await withOrm(async (orm) => {
      const { notes } = await seed(orm);
      return orm.query.notes.findMany({ where: where(notes.map(({ id }) => id)) });
    });
    expect(found.map(({ title }) => title).sort()).toEqual(want);
  });

  it("are one point read", async () => {
    const reads: string[] = [];
    const found = await withOrm(async (orm, ctx) => {
      const { ada } = await seed(orm);
      const db = new Proxy(ctx.db, {
        get(target, name) {
          const method: unknown = Reflect.get(target, name);
          if (typeof method !== "function") return method;
          return (...args: unknown[]) => {
            if (name !== "normalizeId") reads.push(String(name));
            return Reflect.apply(method, target, args) as unknown;
          };
        },
      });
      const counted = createOrm({ db, tables: tablesOf(schema), relations: {} });
      return counted.query.user.findFirst({ where: { id: ada.id } });
    });
    expect(found).toMatchObject({ name: "Ada" });
    expect(reads).toEqual(["get"]);
  });

  it("are typed by the table", async () => {
    await withOrm(async (orm) => {
      const { ada } = await seed(orm);
      // @ts-expect-error an id of another table
      const found = await orm.query.notes.findMany({ where: { id: ada.id } });
      expect(found).toEqual([]);
    });
  });
});

describe("order by id", () => {
  it.each(["id", "_id"] as const)("is that of %s, in one go and in pages", async (column) => {
    const [ids, all, paged] = await withOrm(async (orm) => {
      const { notes } = await seed(orm);
      const options = { orderBy: { [column]: "desc" } as { readonly id: "desc" } };
      const pages: string[] = [];
      let cursor: string | null = null;
      for (let isDone = false; !isDone;) {
        const next: { page: { id: string }[]; isDone: boolean; continueCursor: string } =
          await orm.query.notes.findMany({ ...options, cursor, limit: 1 });
        pages.push(...next.page.map(({ id }) => id));
        cursor = next.continueCursor;
        isDone = next.isDone;
      }
      return [notes.map(({ id }) => id as string), await orm.query.notes.findMany(options), pages];
    });
    const want = ids.sort().reverse();
    expect(all.map(({ id }) => id)).toEqual(want);
    expect(paged).toEqual(want);
  });
});

it.each(["id", "_id"])("no write may set %s", async (column) => {
  const written = withOrm((orm) =>
    orm.insert("user", { email: "a@x.y", name: "A", [column]: "mine" } as never),
  );
  await expect(written).rejects.toMatchObject({
    data: { code: "UNKNOWN_COLUMN", message: expect.stringContaining(`"${column}"`) },
  });
});

it("is the chosen id where Better Auth chooses ids, and relations lead by either", async () => {
  const forced = defineSchema({
    user: defineTable({ id: v.optional(v.string()), name: v.string() }).index("by_id_field", [
      "id",
    ]),
  });
  const auth = {
    user: {
      table: "user",
      placement: "app",
      forcedId: true,
      fields: { name: { column: "name", type: "string", required: true } },
      indexes: { by_id_field: ["id"] },
    },
  } as const;
  const t = convexTest({ schema: forced, modules: { "./_generated/api.js": async () => ({}) } });
  const seen = await t.run(async ({ db }) => {
    const orm = createOrm<DataModelFromSchemaDefinition<typeof forced>, Record<never, never>>({
      db: db as never, // run has a mutation's ctx
      tables: tablesOf(forced, auth),
      relations: {},
    });
    const user = await orm.insert("user", { id: "u1", name: "Ada" });
    expectTypeOf(user.id).toEqualTypeOf<string>();
    const other = await orm.insert("user", { name: "Bob" });
    const found = await orm.query.user.findFirst({ where: { id: "u1" } });
    return { id: user.id, isSame: found?._id === user._id, own: other.id === other._id };
  });
  expect(seen).toEqual({ id: "u1", isSame: true, own: true });
});
