// Finds the best way into a table for clauses that all must hold. Pure; planQuery in plan.ts is the door.
// Must not know operators' meaning in memory (match.ts) nor databases.
import type { Value } from "convex/values";
import type { AuthModel } from "../metadata.js";
import { uniquesOf } from "./model.js";
import type { Access } from "./plan.js";
import { planRange } from "./range.js";
import { ignoresCase, operatorOf, type Clause, type Sort } from "./where.js";

export type Group = {
  readonly definition: AuthModel;
  readonly all: readonly Clause[];
  readonly sort?: Sort | undefined;
  /** Default: MAX_RANGES, or MAX_MERGED with a sort. */
  readonly maxRanges?: number | undefined;
};

export type Candidate = {
  readonly accesses: readonly Access[];
  /** Each access reads in the wanted order. */
  readonly isSorted: boolean;
  /** How much it narrows: 3 by id or unique, 2 by equality, 1 by a range, 0 not at all. */
  readonly depth: number;
};

/** Of one query. Convex allows 4,096 ranges in a transaction. */
const MAX_RANGES = 1000;

/** Sorted ranges are compared with each other while they are merged: more of them would take too long. */
const MAX_MERGED = 500;

/** The narrowest way in; the whole table at worst. */
export function bestAccess(group: Group): Candidate {
  const byId = accessById(group);
  if (byId) return byId;
  const indexes = Object.entries(group.definition.indexes);
  return [["by_creation_time", []] as const, ...indexes]
    .map(([index, columns]) => walkIndex(group, index, columns))
    .reduce((best, one) => (isBetter(one.score, best.score) ? one : best));
}

// --- internal ---

type Scored = Candidate & { readonly score: readonly number[] };

function accessById({ definition, all, sort }: Group): Candidate | undefined {
  const clause = all.find((one) => one.column === "id" && equalValues(one) !== undefined);
  if (!clause) return undefined;
  const values = equalValues(clause) ?? [];
  const ids = values.filter((value) => typeof value === "string");
  const filter = all.filter((one) => one !== clause);
  const accesses: Access[] = ids.length > 0 ? [{ kind: "get", ids, filter }] : [];
  const index = Object.entries(definition.indexes).find(([, columns]) => columns[0] === "id");
  if (definition.forcedId && index) {
    // Forced ids first: mostly they are found, and the document is not looked for twice.
    accesses.unshift(
      ...ids.map((id): Access => ({
        kind: "unique",
        index: index[0],
        equal: [["id", id]],
        filter,
      })),
    );
  }
  return { accesses, isSorted: sort === undefined || ids.length <= 1, depth: 3 };
}

/** Equality as far as it goes, then one range or the order. */
function walkIndex(group: Group, index: string, declared: readonly string[]): Scored {
  const { definition, all, sort, maxRanges = sort ? MAX_MERGED : MAX_RANGES } = group;
  const columns = [...declared, "_creationTime"];
  const used = new Set<Clause>();
  let prefixes: (readonly [string, Value | undefined])[][] = [[]];
  let at = 0;
  for (; at < columns.length; at++) {
    const column = columns[at] ?? "";
    const clause = all.find((one) => one.column === column && isIndexable(one));
    const values = clause && orAbsent(equalValues(clause) ?? []);
    if (!clause || !values || prefixes.length * values.length > maxRanges) break;
    used.add(clause);
    prefixes = prefixes.flatMap((prefix) =>
      values.map((value): (typeof prefix)[number][] => [...prefix, [column, value]]),
    );
  }
  const equalColumns = columns.slice(0, at);
  // The column of forced ids says nothing about documents without one, which have ids all the same.
  const next = columns[at] === "id" ? undefined : columns[at];
  const range = next === undefined ? {} : planRange(group, { column: next, used });
  const filter = all.filter((one) => !used.has(one));
  const isUnique = isUniqueEquality(definition, equalColumns, prefixes);
  const isSorted =
    sort === undefined ||
    // One document is in any order.
    (isUnique && prefixes.length === 1) ||
    (next !== undefined && sort.column === next) ||
    equalColumns.includes(sort.column);
  const hasRange = range.lower !== undefined || range.upper !== undefined;
  return {
    accesses: prefixes.map((equal): Access => ({
      kind: isUnique ? "unique" : "range",
      index,
      equal,
      ...range,
      filter,
    })),
    isSorted,
    depth: isUnique ? 3 : at > 0 ? 2 : hasRange ? 1 : 0,
    score: [+isUnique, at, +hasRange, +isSorted, -prefixes.length, -declared.length],
  };
}

/** The values of an equality; undefined for every other clause. */
function equalValues(clause: Clause): readonly Value[] | undefined {
  if (ignoresCase(clause)) return undefined;
  const operator = operatorOf(clause);
  if (operator === "eq") return [clause.value];
  if (operator !== "in") return undefined;
  return Array.isArray(clause.value) ? [...new Set(clause.value)] : [clause.value];
}

/** Null finds documents that lack the column, too. */
function orAbsent(values: readonly Value[]): (Value | undefined)[] {
  return values.flatMap((value) => (value === null ? [undefined, null] : [value]));
}

function isIndexable(clause: Clause): boolean {
  const values = equalValues(clause);
  return values?.every((value) => value === null || typeof value !== "object") === true;
}

function isUniqueEquality(
  definition: AuthModel,
  columns: readonly string[],
  prefixes: readonly (readonly (readonly [string, Value | undefined])[])[],
): boolean {
  return uniquesOf(definition).some(
    (unique) =>
      unique.every((column) => columns.includes(column)) &&
      // Null may repeat in a unique column.
      prefixes.every((prefix) =>
        prefix.every(([column, value]) => !unique.includes(column) || (value ?? null) !== null),
      ),
  );
}

function isBetter(score: readonly number[], than: readonly number[]): boolean {
  const at = score.findIndex((part, index) => part !== than[index]);
  return at !== -1 && (score[at] ?? 0) > (than[at] ?? 0);
}
