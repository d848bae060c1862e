// The stand-in's rules for values, ids and validators, one by one; each names the file of Convex's backend it is
// read from. That functions are held to them is in data-rules.test.ts.
import { convexToJson, type JSONValue, type Value } from "convex/values";
import { describe, expect, test } from "vitest";
import { isIdOf, newId, numberOf, tableNumberOf } from "./ids.js";
import { mismatch, type ValidatorJson } from "./validators.js";
import { bytesText, measure, show, valueOf } from "./values.js";

const items = (count: number) => Array.from({ length: count }, () => 0);
const fields = (count: number) => Object.fromEntries(items(count).map((_, at) => [`f${at}`, 0]));
/** An array in an array in an array. */
function nested(levels: number): Value {
  let value: Value = 0;
  for (let at = 0; at < levels; at++) value = [value];
  return value;
}

describe("values", () => {
  test.for<[string, string, JSONValue, RegExp | "fits"]>([
    ["an array has 8,192 items at most", "value/src/array.rs", items(8192), "fits"],
    [
      "an array has no more than that",
      "value/src/array.rs",
      items(8193),
      /^Array length is too long \(8193 > maximum length 8192\)$/,
    ],
    ["an object has 1,024 fields at most", "value/src/object.rs", fields(1024), "fits"],
    [
      "an object has no more than that",
      "value/src/object.rs",
      fields(1025),
      /^Object has too many fields \(1025 > maximum number 1024\)$/,
    ],
    ["a value is 64 levels deep at most", "value/src/size.rs", nested(64) as JSONValue, "fits"],
    [
      "a value is no deeper than that",
      "value/src/size.rs",
      nested(65) as JSONValue,
      /^Value is too nested \(nested 65 levels deep > maximum nesting 64\)$/,
    ],
    ["a value has 32 MiB at most", "value/src/size.rs", "x".repeat(2 ** 25), /^Value is too large/],
    ["a field may be any printable ASCII", "sync_types/src/identifier.rs", { "a b-~!": 1 }, "fits"],
    ["a field begins with no $", "sync_types/src/identifier.rs", { $a: 1, b: 2 }, /reserved/],
    ["a field is ASCII", "sync_types/src/identifier.rs", { é: 1 }, /invalid character/],
    ["a field has no control characters", "sync_types/src/identifier.rs", { "a\n": 1 }, /invalid/],
    [
      "a field has 1,024 letters at most",
      "sync_types/src/identifier.rs",
      { ["x".repeat(1025)]: 1 },
      /1024/,
    ],
  ])("%s (%s)", ([, , json, want]) => {
    if (want === "fits") expect(() => valueOf(json)).not.toThrow();
    else expect(() => valueOf(json)).toThrow(want);
  });

  // value/src/size.rs, value/src/lib.rs
  test.for<[string, Value, number, number]>([
    ["null", null, 1, 0],
    ["a boolean", true, 1, 0],
    ["a number", 1, 9, 0],
    ["a bigint", 1n, 9, 0],
    ["a text, in bytes of UTF-8", "é", 4, 0],
    ["bytes", new ArrayBuffer(3), 5, 0],
    ["an array", [1, 2], 20, 1],
    ["an object", { ab: [null] }, 8, 2],
  ])("the size and depth of %s", ([, value, size, nesting]) => {
    expect(measure(value)).toEqual({ size, nesting });
  });

  // value/src/lib.rs, Display; humansize's BINARY
  test("messages show values and sizes as Convex does", () => {
    const value = { b: [1, -0, 2.5, "x", 3n], a: null, c: new ArrayBuffer(1) };
    expect(show(value)).toBe('{a: null, b: [1.0, -0.0, 2.5, "x", 3], c: b"AA=="}');
    expect([1, 1024, 2 ** 24, 18_000_000].map(bytesText)).toEqual([
      "1 B",
      "1 KiB",
      "16 MiB",
      "17.17 MiB",
    ]);
  });
});

// value/src/id_v6.rs
describe("ids", () => {
  test("carry the number of their table, and nothing else decodes", () => {
    const id = newId("notes");
    expect(tableNumberOf(id)).toBe(numberOf("notes"));
    expect([isIdOf(id, "notes"), isIdOf(id, "auth/notes"), isIdOf("", "notes")]).toEqual([
      true,
      false,
      false,
    ]);
    expect(newId("notes")).not.toBe(id);
  });

  test.for([
    ["short", /^Unable to decode ID: Invalid ID length 5$/],
    ["x".repeat(38), /^Unable to decode ID: Invalid ID length 38$/],
    [`${newId("notes").slice(0, -1)}u`, /^Unable to decode ID: ID wasn't valid base32$/],
    [flipped(newId("notes")), /^Unable to decode ID: Invalid ID version \d+ \(expected \d+\)$/],
  ] as const)("%s", ([text, want]) => {
    expect(() => tableNumberOf(text)).toThrow(want);
  });
});

// common/src/schemas/validator.rs
describe("validators", () => {
  const id = newId("notes");
  const job = newId("_scheduled_functions");
  const user: ValidatorJson = {
    type: "object",
    value: {
      name: { fieldType: { type: "string" }, optional: false },
      age: { fieldType: { type: "number" }, optional: true },
    },
  };
  const notes: ValidatorJson = { type: "id", tableName: "notes" };
  test.for<[string, ValidatorJson, Value, string | undefined]>([
    ["a value that fits", user, { name: "a" }, undefined],
    [
      "a missing field",
      user,
      { age: 1 },
      "Object is missing the required field `name`. Consider wrapping the field validator in `v.optional(...)` if this is expected.\n\nObject: {age: 1.0}\nValidator: v.object({age: v.optional(v.float64()), name: v.string()})",
    ],
    [
      "an extra field, deep inside",
      { type: "array", value: user },
      [{ name: "a", no: 1 }],
      'Object contains extra field `no` that is not in the validator.\nPath: [0]\nObject: {name: "a", no: 1.0}\nValidator: v.object({age: v.optional(v.float64()), name: v.string()})',
    ],
    [
      "another type",
      user,
      { name: 1 },
      "Value does not match validator.\nPath: .name\nValue: 1.0\nValidator: v.string()",
    ],
    [
      "another literal",
      { type: "literal", value: "a" },
      "b",
      '`"b"` does not match literal validator `v.literal("a")`.',
    ],
    [
      "none of a union",
      { type: "union", value: [{ type: "null" }, { type: "bigint" }] },
      "x",
      'Value does not match validator.\n\nValue: "x"\nValidator: v.union(v.null(), v.int64())',
    ],
    [
      "a record's key",
      {
        type: "record",
        keys: { type: "literal", value: "a" },
        values: { fieldType: { type: "any" } },
      },
      { b: 1 },
      '`"b"` does not match literal validator `v.literal("a")`.Path: .keys()',
    ],
    ["an id of the table", notes, id, undefined],
    [
      "an id of another table",
      notes,
      newId("users"),
      expect.stringMatching(/^Found ID "\w+" from table `users`, which does not match/) as string,
    ],
    [
      "an id of a system table",
      notes,
      job,
      `Found ID "${job}" from a system table, which does not match the table name in validator \`v.id("notes")\`.`,
    ],
    [
      "a text that is no id",
      notes,
      "x",
      'Value does not match validator.\n\nValue: "x"\nValidator: v.id("notes")',
    ],
  ])("%s", ([, validator, value, want]) => {
    const names = () => ["notes", "users", "_scheduled_functions"];
    expect(mismatch(validator, value, { component: "", names })).toEqual(want);
  });
});

test("values survive their JSON", () => {
  const value = { a: [1n, new ArrayBuffer(2), -0, Infinity] };
  expect(valueOf(convexToJson(value))).toEqual(value);
});

/** One letter of the random part is another. */
function flipped(id: string): string {
  return id.slice(0, 12) + (id[12] === "0" ? "1" : "0") + id.slice(13);
}
