// The stand-in's rules for schemas at a push, one by one; each names the file of Convex's backend it is read from.
import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";
import { describe, expect, test } from "vitest";
import { readSchema, type SchemaJson } from "./schema.js";

type Index = { indexDescriptor: string; fields: string[] };
const index = (indexDescriptor: string, ...fields: string[]): Index => ({
  indexDescriptor,
  fields,
});
const many = (count: number) => Array.from({ length: count }, (_, at) => index(`i${at}`, `f${at}`));

function schema({
  name = "notes",
  indexes = [],
  ...rest
}: { name?: string; indexes?: Index[] } & Record<string, unknown>): SchemaJson {
  return {
    tables: [{ tableName: name, indexes, documentType: { type: "any" }, ...rest }],
    schemaValidation: true,
  };
}

const INDEXES = "common/src/bootstrap_model/index/index_validation_error.rs";

describe("a schema", () => {
  test.for<[string, string, SchemaJson, RegExp | "fits"]>([
    ["a table has 64 indexes at most", INDEXES, schema({ indexes: many(64) }), "fits"],
    [
      "a table has no more than that",
      INDEXES,
      schema({ indexes: many(65) }),
      /Table "notes" cannot have more than 64 indexes/,
    ],
    [
      "staged, search and vector indexes count",
      "common/src/schemas/json.rs",
      schema({
        indexes: many(62),
        stagedDbIndexes: [index("staged", "s")],
        searchIndexes: [{ indexDescriptor: "search" }],
        vectorIndexes: [{ indexDescriptor: "vector" }],
      }),
      /more than 64/,
    ],
    [
      "`_id` is no index field",
      INDEXES,
      schema({ indexes: [index("by_it", "_id")] }),
      /`_id` is not a valid index field\. To load documents by ID, use `db\.get\(id\)`\./,
    ],
    [
      "`_creationTime` is added to each index, not named in one",
      INDEXES,
      schema({ indexes: [index("by_time", "a", "_creationTime")] }),
      /`_creationTime` is automatically added/,
    ],
    [
      "fields that begin with _ are reserved",
      INDEXES,
      schema({ indexes: [index("by_it", "_mine")] }),
      /Reserved fields/,
    ],
    [
      "an index has 16 fields at most",
      INDEXES,
      schema({ indexes: [index("by_all", ...many(17).map(({ fields: [field = ""] }) => field))] }),
      /Indexes may have up to 16 fields/,
    ],
    ["an index has a field", INDEXES, schema({ indexes: [index("none")] }), /at least one field/],
    [
      "a field comes once in an index",
      INDEXES,
      schema({ indexes: [index("twice", "a", "a")] }),
      /Duplicate field a/,
    ],
    [
      "no two indexes have the same fields",
      INDEXES,
      schema({ indexes: [index("one", "a"), index("two", "a")] }),
      /have the same fields/,
    ],
    [
      "no two indexes have the same name",
      INDEXES,
      schema({ indexes: [index("one", "a"), index("one", "b")] }),
      /two or more definitions of index "one"/,
    ],
    ...["by_id", "by_creation_time", "_mine"].map((name): [string, string, SchemaJson, RegExp] => [
      `the name ${name} is reserved`,
      INDEXES,
      schema({ indexes: [index(name, "a")] }),
      /the name is reserved/,
    ]),
    [
      "an index's name has 64 letters at most",
      INDEXES,
      schema({ indexes: [index("x".repeat(65), "a")] }),
      /Invalid index name/,
    ],
    [
      "a table's name has letters, digits and underscores",
      INDEXES,
      schema({ name: "my-notes" }),
      /Invalid table name: "my-notes"/,
    ],
    ["a table's name begins with no underscore", INDEXES, schema({ name: "_notes" }), /reserved/],
    [
      "an underscore alone is no name",
      "sync_types/src/identifier.rs",
      schema({ name: "__" }),
      /Inv/,
    ],
  ])("%s (%s)", ([, , given, want]) => {
    if (want === "fits") expect(() => readSchema(given)).not.toThrow();
    else expect(() => readSchema(given)).toThrow(want);
  });

  // common/src/schemas/mod.rs
  test("indexed fields exist in the table", () => {
    const read = (field: "a.b" | "a.c") => {
      const notes = defineTable({ a: v.object({ b: v.string() }) });
      return readSchema(parsed(defineSchema({ notes: notes.index("by_it", [field as never]) })));
    };
    expect(() => read("a.b")).not.toThrow();
    expect(() => read("a.c")).toThrow(/references the field a\.c that does not exist/);
  });

  // common/src/schemas/mod.rs
  test("a document is an object", () => {
    const given = schema({ documentType: { type: "string" } });
    expect(() => readSchema(given)).toThrow(
      /must be an object, a union of objects, or `v\.any\(\)`/,
    );
  });

  // common/src/schemas/json.rs
  test("a staged index is declared, and not yet there", () => {
    const staged = defineTable({ a: v.string() }).index("by_a", { fields: ["a"], staged: true });
    const table = readSchema(parsed(defineSchema({ notes: staged }))).tables.get("notes");
    expect(table).toMatchObject({ indexes: [], staged: [{ name: "by_a", fields: ["a"] }] });
  });
});

/** What the CLI pushes. */
function parsed(definition: object): SchemaJson {
  return JSON.parse((definition as { export(): string }).export()) as SchemaJson; // hidden from the types
}
