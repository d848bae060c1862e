// A small app for tests of ctx.orm: notes of users, with the auth metadata of the user table.
import { defineSchema, defineTable } from "convex/server";
import type { DataModelFromSchemaDefinition, GenericMutationCtx } from "convex/server";
import { v } from "convex/values";
import { convexTest } from "convex-test";
import type { AuthTables } from "../../../src/metadata.js";
import { createOrm } from "../../../src/orm/orm.js";
import { tablesOf } from "../../../src/orm/tables.js";
import type { WriteHooks } from "../../../src/triggers/hooks.js";

export const schema = defineSchema({
  user: defineTable({ email: v.string(), name: v.string() }).index("by_email", ["email"]),
  session: defineTable({ userId: v.id("user"), token: v.string() }).index("by_userId", ["userId"]),
  notes: defineTable({
    authorId: v.id("user"),
    title: v.string(),
    rank: v.optional(v.union(v.number(), v.null())),
    tags: v.array(v.string()),
  })
    .index("by_author", ["authorId"])
    .index("by_author_rank", ["authorId", "rank"])
    .index("by_rank_title", ["rank", "title"]),
  comments: defineTable({ noteId: v.id("notes"), text: v.string() }),
  untyped: defineTable(v.any()),
});

export type DataModel = DataModelFromSchemaDefinition<typeof schema>;

const auth: AuthTables = {
  user: {
    table: "user",
    placement: "app",
    fields: {
      email: { column: "email", type: "string", required: true, unique: true },
      name: { column: "name", type: "string", required: true },
    },
    indexes: {},
  },
  session: {
    table: "session",
    placement: "app",
    fields: {
      userId: {
        column: "userId",
        type: "string",
        required: true,
        references: { model: "user", field: "id", onDelete: "cascade" },
      },
      token: { column: "token", type: "string", required: true },
    },
    indexes: {},
  },
};

export const relations = {
  user: {
    notes: { many: "notes", from: "_id", to: "authorId" },
    sessions: { many: "session", from: "_id", to: "userId" },
  },
  notes: {
    author: { one: "user", from: "authorId", to: "_id" },
    comments: { many: "comments", from: "_id", to: "noteId" },
  },
  comments: { note: { one: "notes", from: "noteId", to: "_id" } },
} as const;

type Ctx = GenericMutationCtx<DataModel>;

function ormOf(db: Ctx["db"], hooks?: WriteHooks) {
  return createOrm<DataModel, typeof relations>({
    db,
    tables: tablesOf(schema, auth),
    relations,
    hooks,
  });
}

export type Orm = ReturnType<typeof ormOf>;

/** Runs `work` in one mutation on an empty database. */
export async function withOrm<Result>(
  work: (orm: Orm, ctx: Ctx) => Promise<Result>,
  hooks?: WriteHooks,
): Promise<Result> {
  const t = convexTest({ schema, modules: { "./_generated/api.js": async () => ({}) } });
  const results: Result[] = [];
  await t.run(async (ctx) => {
    const own = ctx as unknown as Ctx; // run has a mutation's ctx
    results.push(await work(ormOf(own.db, hooks), own));
    return null;
  });
  return results[0] as Result; // pushed by the run that has just ended
}
