// Queries as `ctx.db.query()` serialises them: index ranges, filters and limits over a transaction.
import { createHash } from "node:crypto";
import {
  compareValues,
  convexToJson,
  jsonToConvex,
  type JSONValue,
  type Value,
} from "convex/values";
import { compareKeys, keyOf, valueAt, type Database, type Doc, type Key } from "./database.js";
import type { Edge, Transaction } from "./transaction.js";
import { LIMITS } from "./usage.js";

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

export type QueryContext = { transaction: Transaction; database: Database };

export function documentsOf(query: SerializedQuery, context: QueryContext): Iterable<Doc> {
  return limited(query, source(query, context).documents);
}

/** One page, and where the next one starts; the cursor holds the index key of the last document. */
export function pageOf(
  query: SerializedQuery,
  {
    cursor,
    endCursor,
    pageSize,
    ...context
  }: QueryContext & { cursor: string | null; endCursor?: string | null; pageSize: number },
): Page {
  if (pageSize === 0) throw new Error("Must request at least 1 document while paginating");
  if (pageSize > LIMITS.documentsRead) throw new Error(`Requested too many items: ${pageSize}`);
  const end = endCursor ? cursorKey(endCursor, query) : undefined;
  const after = cursor === null ? undefined : cursorKey(cursor, query);
  const isLast = end === END;
  if (after === END) return { page: [], isDone: true, continueCursor: cursorOf(END, query) };
  const { documents, fields, order } = source(query, context, after);
  const page: Doc[] = [];
  for (const doc of limited(query, documents)) {
    const key = keyOf(doc, fields);
    if (end && !isLast && compareKeys(key, end) * (order === "asc" ? 1 : -1) > 0) break;
    page.push(doc);
    if (end || page.length < pageSize) continue;
    return { page, isDone: false, continueCursor: cursorOf(key, query) };
  }
  return {
    page,
    isDone: !end || isLast,
    continueCursor: endCursor ?? cursorOf(END, query),
  };
}

/** A cursor of another query. Clients know it by the data, and begin again at the first page. */
export class InvalidCursor extends Error {
  readonly data = { isConvexSystemError: true, paginationError: "InvalidCursor" };
  constructor() {
    super(
      "InvalidCursor: Tried to run a query starting from a cursor, but it looks like this cursor is from a different query.",
    );
  }
}

// --- internal ---

type Page = { page: Doc[]; isDone: boolean; continueCursor: string };

const END = "end";

function cursorOf(key: Key | typeof END, query: SerializedQuery): string {
  const parts =
    key === END
      ? END
      : key.map((value) => (value === undefined ? { $undefined: null } : convexToJson(value)));
  return Buffer.from(JSON.stringify([fingerprintOf(query), parts])).toString("base64url");
}

function cursorKey(cursor: string, query: SerializedQuery): Key | typeof END {
  const [fingerprint, parts] = parsedCursor(cursor);
  if (fingerprint !== fingerprintOf(query)) throw new InvalidCursor();
  if (parts === END) return END;
  return parts.map((part) => (isUndefinedJson(part) ? undefined : (jsonToConvex(part) as Value)));
}

function parsedCursor(cursor: string): [string, JSONValue[] | typeof END] {
  try {
    return JSON.parse(Buffer.from(cursor, "base64url").toString()) as never; // written by cursorOf
  } catch {
    throw new InvalidCursor();
  }
}

function fingerprintOf(query: SerializedQuery): string {
  return createHash("sha256").update(JSON.stringify(query)).digest("base64url");
}

function source(
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
      : { prefix: [] };
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

function limited({ operators }: SerializedQuery, all: Iterable<Doc>): Iterable<Doc> {
  return operators.reduce(
    (documents, operator) =>
      "limit" in operator ? take(documents, operator.limit) : keep(documents, operator.filter),
    all,
  );
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

function boundsOf(
  range: readonly RangeExpression[],
  { fields, name }: { fields: readonly string[]; name: string },
) {
  const prefix: (Value | undefined)[] = [];
  let lower: Edge | undefined;
  let upper: Edge | undefined;
  for (const { type, fieldPath, value } of range) {
    const expected = fields[prefix.length];
    if (fieldPath !== expected)
      throw new Error(
        `Tried to query index ${name} but the query didn't use the index fields in order. Expected "${expected}", got "${fieldPath}".`,
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

export function isUndefinedJson(value: JSONValue): boolean {
  return typeof value === "object" && value !== null && "$undefined" in value;
}
