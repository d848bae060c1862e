// What crosses from one function to another: short arrays in, the same data out, and nothing beyond 16 MiB.
import type { Value } from "convex/values";
import { describe, expect, test } from "vitest";
import { packed, unpacked } from "../../../src/store/pieces.js";

const LIMIT = 8192;
const numbers = (count: number) => Array.from({ length: count }, (_, at) => at);
const rows = (count: number) => numbers(count).map((at) => ({ id: `row ${at}`, rank: at }));

const cases: [string, unknown[]][] = [
  ["nothing", []],
  ["one short answer", [rows(3)]],
  ["numbers, null and bytes", [4, null, new ArrayBuffer(2), 5n, "text"]],
  ["an answer as long as an array may be", [rows(LIMIT)]],
  ["an answer of one row more", [rows(LIMIT + 1)]],
  ["an answer of 30,000 rows, and a count", [rows(30_000), 30_000]],
  ["more operations than an array holds", rows(LIMIT + 1)],
  ["a long list in a condition", [{ where: [{ column: "id", value: numbers(20_000) }] }]],
  ["long lists of joined rows within a long answer", [rows(LIMIT + 1), [{ joined: rows(9000) }]]],
  ["long arrays of long arrays", [numbers(3).map(() => numbers(LIMIT + 1))]],
  ["data whose keys look like those of pieces", [{ "kitcn:pieces": [[1]], "kitcn:list": 2 }]],
  ["one object alone that looks like a list", [{ "kitcn:list": [[1], [2]] }]],
  ["such keys within a long answer", [[...rows(LIMIT), { "kitcn:pieces": [["x"]] }]]],
];

describe("pieces", () => {
  test.for(cases)("come out as they went in: %s", ([, given]) => {
    const crossing = packed(given);
    expect(longest(crossing)).toBeLessThanOrEqual(LIMIT);
    expect(unpacked(crossing)).toEqual(given);
  });

  test("what is short crosses as it is", () => {
    const given = [rows(2), 1, null];
    expect(packed(given)).toEqual(given);
  });

  test("what one call cannot carry fails by name", () => {
    const text = "x".repeat(1024 * 1024);
    expect(() => packed([numbers(17).map(() => ({ text }))])).toThrow(
      expect.objectContaining({ code: "TOO_MANY_DOCUMENTS" }),
    );
    expect(() => packed([numbers(15).map(() => ({ text }))])).not.toThrow();
  });
});

function longest(value: unknown): number {
  if (typeof value !== "object" || value === null || value instanceof ArrayBuffer) return 0;
  const inner = Object.values(value as Record<string, Value>).map(longest);
  return Math.max(Array.isArray(value) ? value.length : 0, ...new Set(inner));
}
