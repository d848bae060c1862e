// Decides how a query reads: where + metadata in, a plan as plain data out. Pure.
// Must not touch a database; src/store/read.ts executes plans.
import type { Value } from "convex/values";
import { unknownColumnInQuery } from "../errors/store.js";
import type { AuthModel } from "../metadata.js";
import { bestAccess, type Candidate, type Group } from "./access.js";
import { isAlways, isNever } from "./match.js";
import { columnsOf } from "./model.js";
import { groupsOf, operatorOf, type Clause, type Sort, type Where } from "./where.js";

/** One bound of a range on the column after the equal ones. */
export type Bound = {
  readonly column: string;
  /** Undefined, where a range goes on after a document that lacks the column. */
  readonly value: Value | undefined;
  readonly isInclusive: boolean;
};

/** One way into a table; `filter` is what the way in does not guarantee. */
export type Access =
  | { readonly kind: "get"; readonly ids: readonly string[]; readonly filter: readonly Clause[] }
  | {
      /** `unique` is a range of at most one document. */
      readonly kind: "unique" | "range";
      /** Convex's own `by_creation_time` is the whole table. */
      readonly index: string;
      /** Undefined finds documents that lack the column. */
      readonly equal: readonly (readonly [column: string, value: Value | undefined])[];
      readonly lower?: Bound;
      readonly upper?: Bound;
      readonly filter: readonly Clause[];
    };

export type QueryPlan = {
  readonly model: string;
  readonly table: string;
  /** Their union, each document once. None: nothing can match. */
  readonly accesses: readonly Access[];
  /** One of these must hold too, if there are any. */
  readonly anyOf: readonly Clause[];
  readonly sort?: Sort;
  /** Each access reads in the order of `sort`, if there is one; several must still be merged. */
  readonly isSorted: boolean;
  /** No document is read in vain: no filter, no order to make. */
  readonly isServed: boolean;
  readonly offset: number;
  /** Undefined: all. */
  readonly limit: number | undefined;
  /** The columns of an index that would serve the query; empty where none would. */
  readonly wantedIndex: readonly string[];
};

export type QueryInput = {
  /** The key of `definition` in AuthTables, for messages. */
  readonly model: string;
  readonly definition: AuthModel;
  readonly where: Where;
  readonly sort?: Sort | undefined;
  readonly offset?: number | undefined;
  readonly limit?: number | undefined;
  /** How many ranges of an index it may read for the values of `in`; beyond that it reads the whole table. */
  readonly maxRanges?: number | undefined;
};

/** A query for what any of several wheres finds. */
export type AnyInput = Omit<QueryInput, "where"> & { readonly wheres: readonly Where[] };

/**
 * Plans a query: by id, else over the index that narrows it most, else a union of those for `in` and OR,
 * else the whole table.
 *
 * @throws KitcnError `UNKNOWN_COLUMN`
 * @example
 * planQuery({ model: "session", definition, where: [{ column: "token", value: "t" }] });
 */
export function planQuery(input: QueryInput): QueryPlan {
  const { model, definition, where, sort, offset = 0, limit } = input;
  assertColumns(input);
  const { all, any } = groupsOf(where);
  const { accesses, isSorted, anyOf } = planUnion({ ...input, all, any });
  const wanted = wantedIndex(all, any, sort);
  // An index is only missing where one would do what is left to do in memory.
  const left = new Set(
    [...accesses.flatMap((one) => one.filter), ...anyOf].map((one) => one.column),
  );
  if (sort && !isSorted) left.add(sort.column);
  return {
    model,
    table: definition.table,
    accesses,
    anyOf,
    ...(sort && { sort }),
    isSorted,
    isServed: isSorted && anyOf.length === 0 && accesses.every((one) => one.filter.length === 0),
    offset: Math.max(0, offset),
    limit,
    wantedIndex:
      wanted.some((column) => left.has(column)) && !hasIndex(definition, wanted) ? wanted : [],
  };
}

/** The same, for what any of several wheres finds. Only a single one may have OR clauses. */
export function planAny({ wheres, ...input }: AnyInput): QueryPlan {
  const plans = wheres.map((where) => planQuery({ ...input, where }));
  const [first = planQuery({ ...input, where: [NEVER] })] = plans;
  if (plans.length < 2) return first;
  return {
    ...first,
    accesses: plans.flatMap(({ accesses }) => accesses),
    isSorted: plans.every(({ isSorted }) => isSorted),
    isServed: plans.every(({ isServed }) => isServed),
    wantedIndex: plans.find(({ wantedIndex }) => wantedIndex.length > 0)?.wantedIndex ?? [],
  };
}

// --- internal ---

const NEVER: Clause = { column: "id", operator: "in", value: [] };

type Union = Candidate & { anyOf: readonly Clause[] };

/** Reads by the AND clauses alone, or once per OR clause where that narrows better. */
function planUnion({
  all: given,
  any: anyGiven,
  ...group
}: Group & { any: readonly Clause[] }): Union {
  const all = given.filter((clause) => !isAlways(clause));
  const any = anyGiven.some(isAlways) ? [] : anyGiven;
  const nothing: Union = { accesses: [], isSorted: true, depth: 0, anyOf: [] };
  if (all.some(isNever)) return nothing;
  const possible = any.filter((clause) => !isNever(clause));
  if (any.length > 0 && possible.length === 0) return nothing;

  const together = bestAccess({ ...group, all });
  if (any.length === 0) return { ...together, anyOf: [] };
  const parts = possible.map((clause) => bestAccess({ ...group, all: [...all, clause] }));
  const depth = Math.min(...parts.map((part) => part.depth));
  if (depth <= together.depth) return { ...together, anyOf: any };
  return {
    accesses: parts.flatMap((part) => part.accesses),
    isSorted: parts.every((part) => part.isSorted),
    depth,
    anyOf: [],
  };
}

/** Then it is not an index that is missing: an `in` has more values than ranges may be read. */
function hasIndex({ indexes }: AuthModel, wanted: readonly string[]): boolean {
  return Object.values(indexes).some((columns) =>
    wanted.every((column, at) => columns[at] === column),
  );
}

function wantedIndex(
  all: readonly Clause[],
  any: readonly Clause[],
  sort: Sort | undefined,
): string[] {
  const clauses = [...all, ...any.slice(0, 1)];
  const equal = clauses.filter((clause) => ["eq", "in"].includes(operatorOf(clause)));
  const ranges = clauses.filter((clause) =>
    ["lt", "lte", "gt", "gte", "starts_with"].includes(operatorOf(clause)),
  );
  const columns = [
    ...equal.filter((clause) => clause.mode !== "insensitive").map((clause) => clause.column),
    ...(sort ? [sort.column] : []),
    ...ranges.filter((clause) => clause.mode !== "insensitive").map((clause) => clause.column),
  ];
  // Convex indexes ids by itself, and cannot index them with anything else.
  return [...new Set(columns)].filter((column) => column !== "id");
}

function assertColumns({ model, definition, where, sort }: QueryInput): void {
  const known = columnsOf(definition);
  const used = [...where.map((clause) => clause.column), ...(sort ? [sort.column] : [])];
  const unknown = used.find((column) => !known.has(column));
  if (unknown === undefined) return;
  throw unknownColumnInQuery({ model, column: unknown, table: definition.table });
}
