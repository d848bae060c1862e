import { defineSchema, defineTable } from "convex/server";
import type { DataModelFromSchemaDefinition, GenericMutationCtx } from "convex/server";
import { v } from "convex/values";
import { convexTest } from "convex-test";
import { describe, expect, it, test } from "vitest";
import { triggerStateOf, withoutTriggers } from "../../../src/triggers/context.js";
import type { Triggers } from "../../../src/triggers/types.js";
import { withTriggers } from "../../../src/triggers/writer.js";

const schema = defineSchema({
  notes: defineTable({ title: v.string(), size: v.optional(v.number()) }),
  log: defineTable({ line: v.string() }),
});

type DataModel = DataModelFromSchemaDefinition<typeof schema>;
type Ctx = GenericMutationCtx<DataModel>;

/** Runs `work` in a mutation whose ctx.db fires triggers; returns what the database has afterwards. */
async function run(triggers: Triggers<DataModel>, work: (ctx: Ctx) => Promise<unknown>) {
  const t = convexTest({ schema, modules: { "./_generated/api.js": async () => ({}) } });
  const failure = await t
    .run(async (ctx) => {
      await work(withTriggers<DataModel, Ctx>(triggers, ctx as unknown as Ctx)); // run has a mutation's ctx
      return null;
    })
    .catch((error: unknown) => error);
  const documents = await t.run(async ({ db }) => ({
    notes: (await db.query("notes").collect()).map(({ title, size }) => ({ title, size })),
    log: (await db.query("log").collect()).map(({ line }) => line),
  }));
  return { failure, ...documents };
}

function recorder(): { triggers: Triggers<DataModel>; seen: string[] } {
  const seen: string[] = [];
  const note = (line: string) => void seen.push(line);
  const triggers: Triggers<DataModel> = {
    notes: {
      create: {
        before: ({ title }) => note(`before create ${title}`),
        after: ({ title }) => note(`after create ${title}`),
      },
      update: {
        before: ({ title }) => note(`before update ${title}`),
        after: ({ title }) => note(`after update ${title}`),
      },
      delete: {
        before: ({ title }) => note(`before delete ${title}`),
        after: ({ title }) => note(`after delete ${title}`),
      },
      change: ({ operation, oldDoc, newDoc }) =>
        note(`change ${operation} ${oldDoc?.title ?? "-"} > ${newDoc?.title ?? "-"}`),
    },
  };
  return { triggers, seen };
}

test("triggers that are off in one context stay on in others of its database", () => {
  const ctx = { db: {} } as Ctx;
  const quiet = withoutTriggers(ctx);
  expect(triggerStateOf(quiet).isOff).toBe(true);
  // Middleware copies contexts; a copy is known by its database.
  expect(triggerStateOf({ ...quiet }).isOff).toBe(true);
  expect(triggerStateOf({ ...ctx }).isOff).toBe(false);
});

describe("ctx.db with triggers", () => {
  it("deletes once what a before trigger has deleted already", async () => {
    const seen: string[] = [];
    const triggers: Triggers<DataModel> = {
      notes: {
        delete: {
          before: async ({ _id, title }, { db }) => {
            seen.push(`before ${title}`);
            if (seen.length === 1) await db.delete(_id);
          },
        },
        change: ({ operation }) => void seen.push(operation),
      },
    };
    const { failure, notes } = await run(triggers, async ({ db }) => {
      const id = await db.insert("notes", { title: "a" });
      seen.length = 0;
      await db.delete(id);
    });
    expect(failure).toBeNull();
    expect(notes).toEqual([]);
    expect(seen).toEqual(["before a", "before a", "delete"]);
  });

  it("shows a before trigger the columns of a replacement, and none of Convex's own", async () => {
    const seen: string[][] = [];
    const triggers: Triggers<DataModel> = {
      notes: { update: { before: (data) => void seen.push(Object.keys(data)) } },
    };
    const { notes } = await run(triggers, async ({ db }) => {
      const id = await db.insert("notes", { title: "a", size: 1 });
      await db.replace(id, { ...(await db.get(id))!, title: "b" });
    });
    expect(seen.map((names) => names.sort())).toEqual([["size", "title"]]);
    expect(notes).toEqual([{ title: "b", size: 1 }]);
  });

  it("tells of the document as a before trigger left it", async () => {
    const seen: unknown[] = [];
    const triggers: Triggers<DataModel> = {
      notes: {
        update: {
          before: async ({ size }, { db }) => {
            const [own] = await db.query("notes").collect();
            // Only of the first write, which this one is made in.
            if (size !== undefined || !own) return;
            await db.patch(own._id, { size: 1 });
          },
        },
        change: ({ oldDoc, newDoc }) => void seen.push([oldDoc?.size, newDoc?.title, newDoc?.size]),
      },
    };
    await run(triggers, async ({ db }) => {
      const id = await db.insert("notes", { title: "a" });
      await db.patch(id, { title: "b" });
    });
    expect(seen).toEqual([
      [undefined, "a", undefined],
      [undefined, "a", 1],
      [1, "b", 1],
    ]);
  });

  it("fires each once, in order", async () => {
    const { triggers, seen } = recorder();
    await run(triggers, async ({ db }) => {
      const id = await db.insert("notes", { title: "a" });
      await db.patch(id, { title: "b" });
      await db.replace(id, { title: "c" });
      await db.delete(id);
      await db.insert("log", { line: "untouched" });
    });
    expect(seen).toEqual([
      "before create a",
      "after create a",
      "change create - > a",
      "before update b",
      "after update b",
      "change update a > b",
      "before update c",
      "after update c",
      "change update b > c",
      "before delete c",
      "after delete c",
      "change delete c > -",
    ]);
  });

  it("fires once where the context was given triggers twice", async () => {
    const { triggers, seen } = recorder();
    await run(triggers, async (ctx) => {
      await withTriggers<DataModel, Ctx>(triggers, ctx).db.insert("notes", { title: "a" });
    });
    expect(seen).toHaveLength(3);
  });

  it("merges what before returns", async () => {
    const triggers: Triggers<DataModel> = {
      notes: {
        create: { before: ({ title }) => ({ data: { size: title.length } }) },
        update: { before: () => ({ data: { size: 9 } }) },
      },
    };
    const { notes } = await run(triggers, async ({ db }) => {
      await db.insert("notes", { title: "abc" });
      await db.patch(await db.insert("notes", { title: "x" }), { title: "y" });
    });
    expect(notes).toEqual([
      { title: "abc", size: 3 },
      { title: "y", size: 9 },
    ]);
  });

  it.each([
    { given: "create", triggers: { notes: { create: { before: () => false as const } } } },
    { given: "update", triggers: { notes: { update: { before: () => false as const } } } },
    { given: "delete", triggers: { notes: { delete: { before: () => false as const } } } },
  ])("a cancelled $given rolls the transaction back", async ({ given, triggers }) => {
    const { failure, notes, log } = await run(triggers, async ({ db }) => {
      await db.insert("log", { line: "first" });
      const id = await db.insert("notes", { title: "a" });
      await db.patch(id, { title: "b" });
      await db.delete(id);
    });
    expect(failure).toMatchObject({ data: { code: "TRIGGER_CANCELLED" } });
    expect(String(failure)).toContain(given);
    expect({ notes, log }).toEqual({ notes: [], log: [] });
  });

  it.each([
    { given: "after", triggers: { notes: { create: { after: fail } } } },
    { given: "change", triggers: { notes: { change: fail } } },
  ])("an error in $given rolls the write back", async ({ triggers }) => {
    const { failure, notes } = await run(triggers, ({ db }) => db.insert("notes", { title: "a" }));
    expect(String(failure)).toContain("trigger failed");
    expect(notes).toEqual([]);
  });

  it("fires for what triggers write, in any number side by side", async () => {
    const triggers: Triggers<DataModel> = {
      notes: { change: async (_, { db }) => void (await db.insert("log", { line: "n" })) },
      log: { create: { before: ({ line }) => ({ data: { line: `${line}!` } }) } },
    };
    const { log } = await run(triggers, async ({ db }) => {
      await Promise.all(Array.from({ length: 40 }, () => db.insert("notes", { title: "a" })));
    });
    expect(log).toEqual(Array.from({ length: 40 }, () => "n!"));
  });

  it("refuses triggers that never end", async () => {
    const triggers: Triggers<DataModel> = {
      notes: {
        create: { after: async (_, { db }) => void (await db.insert("notes", { title: "again" })) },
      },
    };
    const { failure, notes } = await run(triggers, ({ db }) => db.insert("notes", { title: "a" }));
    expect(failure).toMatchObject({ data: { code: "TRIGGER_RECURSION" } });
    expect(notes).toEqual([]);
  });

  it("withoutTriggers fires none, and leaves the context as it was", async () => {
    const { triggers, seen } = recorder();
    await run(triggers, async (ctx) => {
      await withoutTriggers(ctx).db.insert("notes", { title: "a" });
      await withoutTriggers(ctx, ({ db }) => db.insert("notes", { title: "b" }));
      await ctx.db.insert("notes", { title: "c" });
    });
    expect(seen[0]).toBe("before create c");
    expect(seen).toHaveLength(3);
  });
});

// --- internal ---

function fail(): void {
  throw new Error("trigger failed");
}
