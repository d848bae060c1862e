// Continues an index range after a document: which ranges are left, as plain data. Pure.
// Convex's own cursors do not work in components, so a page ends with the index key of its last document.
import type { Value } from "convex/values";
import type { AuthModel } from "../metadata.js";
import type { Access } from "./plan.js";
import type { QueryDocument } from "./where.js";

export type RangeAccess = Exclude<Access, { kind: "get" }>;

/** A position in an index. */
export type Place = {
  /** Values of the index's columns, `_creationTime` last; an empty list where the document lacks the column. */
  readonly key: readonly (readonly Value[])[];
  /** The documents at exactly this key that were read: two may have been created at the same time. */
  readonly ids: readonly string[];
};

/** The columns of an index as Convex orders by them. */
export function indexColumns({ indexes }: AuthModel, index: string): readonly string[] {
  return [...(indexes[index] ?? []), "_creationTime"];
}

/** The position of a document. `ids` are those at the same key, itself included. */
export function placeOf(
  document: QueryDocument,
  columns: readonly string[],
  ids: readonly string[],
): Place {
  const key = columns.map((column): readonly Value[] => {
    const value = document[column];
    return value === undefined ? [] : [value];
  });
  return { key, ids };
}

/**
 * The ranges that hold what comes after `place`, in order. The first one begins with documents at the same key:
 * those in `place.ids` were read.
 */
export function rangesAfter(
  access: RangeAccess,
  { columns, place, order }: { columns: readonly string[]; place: Place; order: "asc" | "desc" },
): RangeAccess[] {
  const fixed = access.equal.length;
  const valueAt = (at: number): Value | undefined => place.key[at]?.[0];
  const { lower, upper, ...rest } = access;
  const last = columns.length - 1;
  if (fixed > last) return [access];
  const ranges: RangeAccess[] = [];
  for (let at = last; at >= fixed; at--) {
    const column = columns[at] ?? "";
    const bound = { column, value: valueAt(at), isInclusive: at === last };
    const between = columns
      .slice(fixed, at)
      .map((one, offset) => [one, valueAt(fixed + offset)] as const);
    // Only the first free column has bounds of the query.
    const own = at === fixed ? { ...(lower && { lower }), ...(upper && { upper }) } : {};
    ranges.push({
      ...rest,
      equal: [...access.equal, ...between],
      ...own,
      ...(order === "asc" ? { lower: bound } : { upper: bound }),
    });
  }
  return ranges;
}
