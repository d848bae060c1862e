// Queries as `ctx.db.query()` serialises them: index ranges, filters and limits over a transaction.
import { compareValues, jsonToConvex, type JSONValue, type Value } from "convex/values";
import { valueAt, type Database, type Doc, type Key } from "./database.js";
import { boundsOf, isUndefinedJson, type RangeExpression } from "./index-range.js";
import type { Transaction } from "./transaction.js";

export type SerializedQuery = {
  source:
    | { type: "FullTableScan"; tableName: string; order: "asc" | "desc" | null }
    | {
        type: "IndexRange";
        indexName: string;
        range: RangeExpression[];
        order: "asc" | "desc" | null;
      }
    | { type: "Search" };
  operators: ({ filter: JSONValue } | { limit: number })[];
};

export type QueryContext = { transaction: Transaction; database: Database };

export function documentsOf(query: SerializedQuery, context: QueryContext): Iterable<Doc> {
  return limited(query, source(query, context).documents);
}

/** What a query reads from, before filters and limits. */
export function source(
  { source: from }: SerializedQuery,
  { transaction, database }: QueryContext,
  after?: Key,
): { documents: Iterable<Doc>; fields: readonly string[]; order: "asc" | "desc" } {
  if (from.type === "Search") throw new Error("Search is not available in this deployment.");
  const [table = "", index = "by_creation_time"] =
    from.type === "IndexRange" ? from.indexName.split(".") : [from.tableName];
  const { fields } = transaction.index(database, table, index);
  const { prefix, lower, upper } =
    from.type === "IndexRange"
      ? boundsOf(from.range, { fields, name: from.indexName })
      : { prefix: [], lower: undefined, upper: undefined };
  const order = from.order ?? "asc";
  const documents = transaction.range(database, table, {
    index,
    prefix,
    ...(lower && { lower }),
    ...(upper && { upper }),
    order,
    after,
  });
  return { documents, fields, order };
}

/** The filters and limits of a query, over what it reads from. */
export function limited({ operators }: SerializedQuery, all: Iterable<Doc>): Iterable<Doc> {
  return operators.reduce(
    (documents, operator) =>
      "limit" in operator ? take(documents, operator.limit) : keep(documents, operator.filter),
    all,
  );
}

// --- internal ---

function* take(documents: Iterable<Doc>, limit: number): Generator<Doc> {
  if (limit <= 0) return;
  let taken = 0;
  for (const doc of documents) {
    yield doc;
    if (++taken >= limit) return;
  }
}

function* keep(documents: Iterable<Doc>, filter: JSONValue): Generator<Doc> {
  for (const doc of documents) if (evaluate(filter, doc) === true) yield doc;
}

function evaluate(expression: JSONValue, doc: Doc): Value | undefined {
  if (typeof expression !== "object" || expression === null || Array.isArray(expression))
    throw new Error("Bad filter expression.");
  const [[operator = "", operand] = []] = Object.entries(expression);
  const list = () => (operand as JSONValue[]).map((one) => evaluate(one, doc));
  const pair = () => list() as [Value, Value];
  switch (operator) {
    case "$literal":
      return isUndefinedJson(operand as JSONValue)
        ? undefined
        : (jsonToConvex(operand as JSONValue) as Value);
    case "$field":
      return valueAt(doc, operand as string);
    case "$eq":
      return compareValues(...pair()) === 0;
    case "$neq":
      return compareValues(...pair()) !== 0;
    case "$lt":
      return compareValues(...pair()) < 0;
    case "$lte":
      return compareValues(...pair()) <= 0;
    case "$gt":
      return compareValues(...pair()) > 0;
    case "$gte":
      return compareValues(...pair()) >= 0;
    case "$and":
      return list().every((value) => value === true);
    case "$or":
      return list().some((value) => value === true);
    case "$not":
      return evaluate(operand as JSONValue, doc) !== true;
    case "$add":
      return arithmetic(pair(), (one, other) => one + other);
    case "$sub":
      return arithmetic(pair(), (one, other) => one - other);
    case "$mul":
      return arithmetic(pair(), (one, other) => one * other);
    case "$div":
      return arithmetic(pair(), (one, other) => one / other);
    case "$mod":
      return arithmetic(pair(), (one, other) => one % other);
    case "$neg":
      return arithmetic(
        [0, evaluate(operand as JSONValue, doc) as Value],
        (zero, one) => zero - one,
      );
    default:
      throw new Error(`Filter operator ${operator} is not available in this deployment.`);
  }
}

function arithmetic([one, other]: [Value, Value], sum: (a: number, b: number) => number): Value {
  if (typeof one !== "number" || typeof other !== "number")
    throw new Error("Arithmetic in filters takes numbers in this deployment.");
  return sum(one, other);
}
