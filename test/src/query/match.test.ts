import { describe, expect, it } from "vitest";
import { matchesWhere } from "../../../src/query/match.js";
import type { Clause, QueryDocument } from "../../../src/query/where.js";

const document: QueryDocument = {
  _id: "1;user",
  _creationTime: 1,
  name: "Ada",
  nothing: null,
  age: 36,
  on: true,
  tags: ["a", "B"],
};

const cases: { given: Clause; want: boolean }[] = [
  { given: { column: "name", value: "Ada" }, want: true },
  { given: { column: "name", value: "ada" }, want: false },
  { given: { column: "name", value: "ADA", mode: "insensitive" }, want: true },
  { given: { column: "name", operator: "ne", value: "ADA", mode: "insensitive" }, want: false },
  {
    given: { column: "name", operator: "in", value: ["x", "ADA"], mode: "insensitive" },
    want: true,
  },
  { given: { column: "name", operator: "contains", value: "D", mode: "insensitive" }, want: true },
  { given: { column: "name", operator: "contains", value: "D" }, want: false },
  { given: { column: "name", operator: "starts_with", value: "Ad" }, want: true },
  {
    given: { column: "name", operator: "ends_with", value: "DA", mode: "insensitive" },
    want: true,
  },
  { given: { column: "name", operator: "contains", value: "A.a" }, want: false },
  { given: { column: "name", operator: "gt", value: "ADA", mode: "insensitive" }, want: true },
  { given: { column: "nothing", value: null }, want: true },
  { given: { column: "absent", value: null }, want: true },
  { given: { column: "absent", operator: "ne", value: null }, want: false },
  { given: { column: "absent", operator: "ne", value: "x" }, want: true },
  { given: { column: "absent", operator: "not_in", value: ["x"] }, want: true },
  { given: { column: "absent", operator: "not_in", value: [null] }, want: false },
  { given: { column: "absent", operator: "lt", value: 5 }, want: false },
  { given: { column: "absent", operator: "lte", value: null }, want: false },
  { given: { column: "age", operator: "gte", value: null }, want: false },
  { given: { column: "age", operator: "gte", value: 36 }, want: true },
  { given: { column: "age", operator: "gt", value: 36 }, want: false },
  { given: { column: "age", operator: "gt", value: "1" }, want: false },
  { given: { column: "age", operator: "starts_with", value: "3" }, want: false },
  { given: { column: "age", value: "36" }, want: false },
  { given: { column: "age", operator: "in", value: [] }, want: false },
  { given: { column: "age", operator: "not_in", value: [] }, want: true },
  { given: { column: "on", operator: "gt", value: false }, want: true },
  { given: { column: "tags", operator: "contains", value: "a" }, want: true },
  { given: { column: "tags", operator: "contains", value: "b" }, want: false },
  { given: { column: "tags", operator: "contains", value: "b", mode: "insensitive" }, want: true },
  { given: { column: "tags", value: ["a", "B"] }, want: true },
  { given: { column: "id", value: "1;user" }, want: true },
];

describe("matchesWhere", () => {
  it.each(cases)("$given -> $want", ({ given, want }) => {
    expect(matchesWhere(document, [given])).toBe(want);
    expect(matchesWhere(document, [{ ...given, connector: "OR" }])).toBe(want);
  });

  const yes: Clause = { column: "age", value: 36 };
  const no: Clause = { column: "age", value: 0 };
  it.each([
    { name: "nothing asked", given: [], want: true },
    { name: "AND of all", given: [yes, no], want: false },
    {
      name: "OR of some",
      given: [
        { ...yes, connector: "OR" },
        { ...no, connector: "OR" },
      ],
      want: true,
    },
    { name: "both groups: AND fails", given: [no, { ...yes, connector: "OR" }], want: false },
    { name: "both groups: OR fails", given: [yes, { ...no, connector: "OR" }], want: false },
    {
      name: "both groups hold",
      given: [yes, { ...no, connector: "OR" }, { ...yes, connector: "OR" }],
      want: true,
    },
  ] satisfies { name: string; given: Clause[]; want: boolean }[])("$name", ({ given, want }) => {
    expect(matchesWhere(document, given)).toBe(want);
  });

  it("knows a document by its forced id, and by its own", () => {
    const forced = { ...document, id: "lock" };
    const holds = (clause: Omit<Clause, "column">) =>
      matchesWhere(forced, [{ column: "id", ...clause }]);
    expect(holds({ value: "lock" })).toBe(true);
    expect(holds({ value: "1;user" })).toBe(true);
    expect(holds({ operator: "in", value: ["x", "lock"] })).toBe(true);
    expect(holds({ operator: "ne", value: "lock" })).toBe(false);
    expect(holds({ operator: "not_in", value: ["x"] })).toBe(true);
    expect(holds({ operator: "starts_with", value: "1;" })).toBe(false);
  });
});
