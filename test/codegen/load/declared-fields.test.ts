// Whether a field that somebody names is in schema.ts, and what is there instead.
import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";
import { expect, test } from "vitest";
import { declaredIn, findDeclared, type Declared } from "../../../codegen/load/declared-fields.js";
import type { DeclaredSchema } from "../../../codegen/load/declared-tables.js";
import { openWorkspace } from "../../../codegen/workspace/stage.js";
import { makeApp } from "../support/app.js";

const TABLES = {
  notes: defineTable({
    userId: v.optional(v.union(v.id("users"), v.string())),
    title: v.string(),
    share: v.object({ readers: v.array(v.string()), by: v.record(v.string(), v.string()) }),
    history: v.array(v.union(v.object({ by: v.string() }), v.object({ at: v.number() }))),
    data: v.any(),
  }),
  free: defineTable(v.any()),
};

/** As the convex CLI gets it; `export` is not in Convex's types. */
const declare = (options?: { schemaValidation: boolean }) =>
  JSON.parse(
    (defineSchema(TABLES, options) as object as { export: () => string }).export(),
  ) as DeclaredSchema;

const there: Declared = { kind: "there" };
const open: Declared = { kind: "open" };

test.each<[string, Declared]>([
  ["notes.userId", there],
  ["notes.share.readers", there],
  ["notes.history.by", there],
  ["notes.userID", { kind: "no field", names: ["userId", "title", "share", "history", "data"] }],
  ["notes.share.reader", { kind: "no field", names: ["readers", "by"] }],
  ["notes.history.user", { kind: "no field", names: ["by", "at"] }],
  ["notes.title.by", { kind: "no field", names: [] }],
  ["notes.data.anything", open],
  ["notes.share.by.anybody", open],
  ["free.userId", open],
  ["note.userId", { kind: "no table", names: ["notes", "free"] }],
])("%s", (field, want) => {
  const [table = "", ...path] = field.split(".");
  expect(declaredIn(declare(), { table, path })).toEqual(want);
});

test("a schema that Convex does not hold the app to may lack a table", () => {
  const schema = declare({ schemaValidation: false });
  expect(declaredIn(schema, { table: "note", path: ["userId"] })).toEqual(open);
});

test("schema.ts is run, and one that does not load says nothing", async () => {
  const schema = (value: string) => `import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";

export default defineSchema({ notes: defineTable({ userId: ${value} }) });
`;
  const find = (text: string) => {
    const { project } = makeApp({ "convex/schema.ts": text });
    return findDeclared(openWorkspace(project), { table: "notes", path: ["userID"] });
  };
  expect(await find(schema("v.string()"))).toEqual({ kind: "no field", names: ["userId"] });
  expect(await find(schema("missing()"))).toEqual(open);
});
