// Turns comparisons on one column into the two bounds of an index range. Pure.
// Must not choose an index: access.ts does.
import type { Value } from "convex/values";
import type { AuthModel, FieldType } from "../metadata.js";
import type { Bound } from "./plan.js";
import { ignoresCase, operatorOf, type Clause } from "./where.js";

export type Bounds = { readonly lower?: Bound; readonly upper?: Bound };

/**
 * The first lower and the first upper bound on a column; a range never includes null or absent.
 *
 * @param used gets the clauses that the bounds express in full
 */
export function planRange(
  { definition, all }: { definition: AuthModel; all: readonly Clause[] },
  { column, used }: { column: string; used: Set<Clause> },
): Bounds {
  let lower: Bound | undefined;
  let upper: Bound | undefined;
  for (const clause of all) {
    if (clause.column !== column || ignoresCase(clause)) continue;
    const bounds = boundsOf(clause);
    if (!bounds) continue;
    const isFree = !(bounds.lower && lower) && !(bounds.upper && upper);
    if (!isFree) continue;
    lower ??= bounds.lower;
    upper ??= bounds.upper;
    // A value of another type than the column's bounds too little; the filter does the rest.
    if (isOfType(clause.value, typeOf(definition, column))) used.add(clause);
  }
  const notNull = all.filter((clause) => clause.column === column && isNotNull(clause));
  if (!lower && (upper || notNull.length > 0)) lower = { column, value: null, isInclusive: false };
  // Every lower bound says it, too.
  for (const clause of notNull) used.add(clause);
  return { ...(lower && { lower }), ...(upper && { upper }) };
}

// --- internal ---

function isNotNull(clause: Clause): boolean {
  return operatorOf(clause) === "ne" && clause.value === null;
}

function boundsOf(clause: Clause): Bounds | undefined {
  const { column, value } = clause;
  const operator = operatorOf(clause);
  const bound = (isInclusive: boolean): Bound => ({ column, value, isInclusive });
  if (operator === "gt" || operator === "gte") return { lower: bound(operator === "gte") };
  if (operator === "lt" || operator === "lte") return { upper: bound(operator === "lte") };
  if (operator !== "starts_with" || typeof value !== "string") return undefined;
  const after = textAfter(value);
  return {
    lower: bound(true),
    ...(after !== undefined && { upper: { column, value: after, isInclusive: false } }),
  };
}

/** The first text that comes after every text with this prefix; undefined where there is none. */
function textAfter(prefix: string): string | undefined {
  const points = [...prefix].map((character) => character.codePointAt(0) ?? 0);
  while (points.length > 0) {
    const last = points.pop() ?? 0;
    // Surrogates are no characters of their own.
    if (last < 0x10ffff)
      return String.fromCodePoint(...points, last === 0xd7ff ? 0xe000 : last + 1);
  }
  return undefined;
}

function typeOf(definition: AuthModel, column: string): FieldType | undefined {
  if (column === "_creationTime") return "number";
  return Object.values(definition.fields).find((field) => field.column === column)?.type;
}

function isOfType(value: Value, type: FieldType | undefined): boolean {
  switch (type) {
    case "number":
    case "date":
      return typeof value === "number";
    case "boolean":
      return typeof value === "boolean";
    case "string":
      return typeof value === "string";
    case "json":
    case "string[]":
    case "number[]":
    case undefined:
      return false;
    default:
      return typeof value === "string";
  }
}
