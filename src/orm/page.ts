// Pages of a query by cursor, stable whatever is written in between: a page goes on after the last document of
// the one before, by sort column, creation time and id. Reads only.
import {
  compareValues,
  convexToJson,
  jsonToConvex,
  type JSONValue,
  type Value,
} from "convex/values";
import { foreignCursor, invalidPage } from "../errors/orm.js";
import { compareDocuments, valueOf } from "../query/match.js";
import { planAny } from "../query/plan.js";
import type { Clause, QueryDocument, Sort } from "../query/where.js";
import { loadAny } from "../store/read.js";
import {
  queryOf,
  shape,
  type FindInput,
  type FindScope,
  type FoundDocument,
  type Query,
} from "./find.js";
import { tableOf } from "./tables.js";

/** FindOptions and PageOptions without their types. */
export type PageInput = FindInput & { readonly cursor: string | null; readonly limit: number };

export type FoundPage = {
  readonly page: FoundDocument[];
  readonly isDone: boolean;
  readonly continueCursor: string;
};

/** @throws KitcnError `INVALID_CURSOR`, and those of find.ts */
export async function loadPage(
  scope: FindScope,
  table: string,
  input: PageInput,
): Promise<FoundPage> {
  const { limit, offset, ...query } = queryOf(scope, table, input);
  if (!limit || offset) throw invalidPage();
  const sort = query.sort ?? { column: "_creationTime", direction: "asc" };
  const from = input.cursor === null ? undefined : parseCursor(input.cursor);
  // One more than asked for tells whether there is another page.
  const found = await loadAfter(scope, { query, sort, from, count: limit + 1 });
  const documents = found.slice(0, limit);
  const last = documents.at(-1);
  return {
    page: await shape(scope, table, { documents, input }),
    isDone: found.length <= limit,
    continueCursor: last ? printCursor(last, sort) : (input.cursor ?? ""),
  };
}

// --- internal ---

type Position = { readonly value: Value; readonly time: number; readonly id: string };

type PageQuery = {
  readonly query: Query;
  readonly sort: Sort;
  readonly from: Position | undefined;
  readonly count: number;
};

/**
 * The documents after a position, in order. Those of one value of the sort column are a class; within a class
 * they go by creation time, which an index on more columns does not keep.
 */
async function loadAfter(scope: FindScope, page: PageQuery): Promise<QueryDocument[]> {
  const { sort, from, count } = page;
  if (sort.column === "_creationTime") return loadClass(scope, { ...page, value: undefined });
  const steps: (() => Promise<QueryDocument[]>)[] = [];
  const left = () => count - found.length;
  const classOf = (value: Value, start?: Position) => () =>
    loadClass(scope, { ...page, value, from: start, count: left() });
  const values = (after?: Value) => () => loadValues(scope, { ...page, count: left() }, after);
  const isNull = from?.value === null;
  const start = from ? [classOf(from.value, from)] : [];
  // Null and absent come first, and last in descending order.
  if (sort.direction === "asc")
    steps.push(...(from ? start : [classOf(null)]), values(from?.value));
  else steps.push(...start, ...(isNull ? [] : [values(from?.value), classOf(null)]));
  const found: QueryDocument[] = [];
  for (const step of steps) if (left() > 0) found.push(...(await step()));
  return found;
}

/** One class, or all documents where `value` is undefined, by creation time. */
async function loadClass(
  scope: FindScope,
  {
    query,
    sort: { column, direction },
    value,
    from,
    count,
  }: PageQuery & { value: Value | undefined },
): Promise<QueryDocument[]> {
  const sort = { column: "_creationTime", direction };
  const own: Clause[] = value === undefined ? [] : [{ column, value }];
  const narrowed = (clauses: Clause[], limit?: number) =>
    loadAny(scope, { ...narrow(query, [...own, ...clauses]), sort, limit });
  if (!from) return narrowed([], count);
  const sign = direction === "asc" ? 1 : -1;
  const same = await narrowed([{ column: sort.column, value: from.time }]);
  const found = same
    .filter((one) => sign * compareValues(one._id, from.id) > 0)
    .sort((a, b) => sign * compareValues(a._id, b._id))
    .slice(0, count);
  if (found.length === count) return found;
  const operator = direction === "asc" ? "gt" : "lt";
  const later = [{ column: sort.column, operator, value: from.time } as const];
  return [...found, ...(await narrowed(later, count - found.length))];
}

/** The classes of values after one, or of all values. */
async function loadValues(
  scope: FindScope,
  { query, sort, count, ...page }: PageQuery,
  after: Value | undefined,
): Promise<QueryDocument[]> {
  const { column, direction } = sort;
  const operator = direction === "asc" ? "gt" : "lt";
  const clause: Clause =
    (after ?? null) === null
      ? { column, operator: "ne", value: null }
      : { column, operator, value: after ?? null };
  const narrowed = { ...narrow(query, [clause]), sort, limit: count };
  const found = (await loadAny(scope, narrowed)).sort(compareDocuments(sort));
  const end = found.at(-1);
  const last = end && valueOf(end, column);
  if (found.length < count || last === undefined || isTotal(scope, narrowed)) return found;
  // The last class may be cut anywhere: it is read again in its own order.
  const whole = found.filter((one) => compareValues(valueOf(one, column), last) !== 0);
  const rest = { query, sort, ...page, value: last, from: undefined, count: count - whole.length };
  return [...whole, ...(await loadClass(scope, rest))];
}

/** Whether equal values come by creation time: made so in memory, or by an index that ends with the column. */
function isTotal(scope: FindScope, query: Query): boolean {
  const definition = tableOf(scope.tables, query.model);
  const { accesses, isSorted } = planAny({ ...query, definition });
  const [access] = accesses;
  if (!isSorted) return true;
  if (accesses.length !== 1 || !access || access.kind === "get") return false;
  return (definition.indexes[access.index] ?? []).at(access.equal.length + 1) === undefined;
}

function narrow(query: Query, clauses: readonly Clause[]): Query {
  return { ...query, wheres: query.wheres.map((where) => [...clauses, ...where]) };
}

function printCursor(document: QueryDocument, { column }: Sort): string {
  const value = valueOf(document, column) ?? null;
  return JSON.stringify([convexToJson(value), document._creationTime, document._id]);
}

function parseCursor(cursor: string): Position {
  try {
    const [value, time, id] = JSON.parse(cursor) as unknown[];
    if (typeof time === "number" && typeof id === "string")
      return { value: jsonToConvex(value as JSONValue), time, id }; // printed above
  } catch {
    // Told below, as for a cursor of another form.
  }
  throw foreignCursor();
}
