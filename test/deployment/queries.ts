// Queries as `ctx.db.query()` serialises them: index ranges, filters and limits over a transaction.
import { compareValues, jsonToConvex, type JSONValue, type Value } from "convex/values";
import { valueAt, type Doc, type Table } from "./database.js";
import type { Edge, Transaction } from "./transaction.js";

type RangeExpression = {
  type: "Eq" | "Gt" | "Gte" | "Lt" | "Lte";
  fieldPath: string;
  value: JSONValue;
};
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

export function* documentsOf(
  { source, operators }: SerializedQuery,
  { transaction, tableNamed }: { transaction: Transaction; tableNamed: (name: string) => Table },
): Generator<Doc> {
  if (source.type === "Search") throw new Error("Search is not available in this deployment.");
  const order = source.order ?? "asc";
  const [tableName = "", indexName = "by_creation_time"] =
    source.type === "IndexRange" ? source.indexName.split(".") : [source.tableName];
  const table = tableNamed(tableName);
  const { prefix, lower, upper } =
    source.type === "IndexRange" ? boundsOf(source.range, table, indexName) : { prefix: [] };
  let documents: Iterable<Doc> = transaction.range(table, indexName, {
    prefix,
    ...(lower && { lower }),
    ...(upper && { upper }),
    order,
  });
  for (const operator of operators) {
    documents =
      "limit" in operator ? take(documents, operator.limit) : keep(documents, operator.filter);
  }
  yield* documents;
}

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

function boundsOf(range: readonly RangeExpression[], table: Table, indexName: string) {
  const fields = table.indexes.get(indexName)?.fields;
  if (!fields) throw new Error(`Index ${table.name}.${indexName} not found.`);
  const prefix: (Value | undefined)[] = [];
  let lower: Edge | undefined;
  let upper: Edge | undefined;
  for (const { type, fieldPath, value } of range) {
    const expected = fields[prefix.length];
    if (fieldPath !== expected)
      throw new Error(
        `Tried to query index ${table.name}.${indexName} but the query didn't use the index fields in order. Expected "${expected}", got "${fieldPath}".`,
      );
    const bound = isUndefinedJson(value) ? undefined : (jsonToConvex(value) as Value);
    switch (type) {
      case "Eq":
        if (lower || upper) throw new Error("Equality must come before a range.");
        prefix.push(bound);
        break;
      case "Gt":
      case "Gte":
        lower = { value: bound, inclusive: type === "Gte" };
        break;
      case "Lt":
      case "Lte":
        upper = { value: bound, inclusive: type === "Lte" };
        break;
    }
  }
  return { prefix, lower, upper };
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
    default:
      throw new Error(`Filter operator ${operator} is not available in this deployment.`);
  }
}

export function isUndefinedJson(value: JSONValue): boolean {
  return typeof value === "object" && value !== null && "$undefined" in value;
}
