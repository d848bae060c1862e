// A fast stand-in for ctx.db with Convex's index semantics: order, undefined before null, ranges, ids.
// Counts what is read. Must not know kitcn: only table and index definitions.
import type { GenericDatabaseWriter, GenericDataModel } from "convex/server";
import { compareValues, type Value } from "convex/values";

/** Table to index name to columns. */
export type FakeSchema = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

type FakeDocument = { _id: string; _creationTime: number; [column: string]: Value | undefined };
type Condition = { op: "eq" | "gt" | "gte" | "lt" | "lte"; column: string; value: unknown };
type Counts = { documents: number; ranges: number; writes: number };

export type FakeDb = {
  readonly db: GenericDatabaseWriter<GenericDataModel>;
  readonly counts: Counts;
  readonly reset: () => void;
  /** All documents of a table, uncounted. */
  readonly documents: (table: string) => FakeDocument[];
};

export function fakeDb(schema: FakeSchema): FakeDb {
  const tables = new Map<string, Map<string, FakeDocument>>();
  const sorted = new Map<string, FakeDocument[]>();
  const counts: Counts = { documents: 0, ranges: 0, writes: 0 };
  let serial = 0;

  const tableOf = (table: string) => {
    if (!(table in schema)) throw new Error(`no table ${table}`);
    const rows = tables.get(table) ?? new Map<string, FakeDocument>();
    tables.set(table, rows);
    return rows;
  };
  const tableOfId = (id: string) => id.split(";")[1] ?? "";
  /** Keeps every index that was asked for in order. */
  const note = (
    table: string,
    { before, after }: { before?: FakeDocument; after?: FakeDocument },
  ) => {
    counts.writes++;
    for (const [key, rows] of sorted) {
      const [name, index = ""] = key.split("/");
      if (name !== table) continue;
      const columns = columnsOfIndex(schema, table, index);
      if (before) rows.splice(positionOf(rows, before, columns), 1);
      if (after) rows.splice(positionOf(rows, after, columns), 0, after);
    }
  };
  const inIndex = (table: string, index: string) => {
    const key = `${table}/${index}`;
    const known = sorted.get(key);
    if (known) return known;
    const columns = columnsOfIndex(schema, table, index);
    const rows = [...tableOf(table).values()].sort((a, b) => compareBy(columns, a, b));
    sorted.set(key, rows);
    return rows;
  };
  const existing = (id: string) => {
    const found = tableOf(tableOfId(id)).get(id);
    if (!found) throw new Error(`Update on nonexistent document ID ${id}`);
    return found;
  };

  const db = {
    get: async (id: string) => {
      const found = tableOf(tableOfId(id)).get(id);
      if (found) counts.documents++;
      return found ? { ...found } : null;
    },
    normalizeId: (table: string, id: string) =>
      /^\d{6};/.test(id) && tableOfId(id) === table ? id : null,
    insert: async (table: string, document: Record<string, Value>) => {
      const _id = `${String(++serial).padStart(6, "0")};${table}`;
      const after = { ...plain(document), _id, _creationTime: serial };
      tableOf(table).set(_id, after);
      note(table, { after });
      return _id;
    },
    patch: async (id: string, columns: Record<string, Value>) => {
      const before = existing(id);
      const { _creationTime } = before;
      const after = { ...plain({ ...before, ...columns }), _id: id, _creationTime };
      tableOf(tableOfId(id)).set(id, after);
      note(tableOfId(id), { before, after });
    },
    delete: async (id: string) => {
      const before = existing(id);
      tableOf(tableOfId(id)).delete(id);
      note(tableOfId(id), { before });
    },
    query: (table: string) => ({
      withIndex: (index: string, range: (builder: object) => object) => {
        const conditions: Condition[] = [];
        range(rangeBuilder(conditions));
        assertRange(columnsOfIndex(schema, table, index), conditions);
        counts.ranges++;
        const order = (direction: "asc" | "desc") => {
          const rows = inIndex(table, index).filter((row) =>
            conditions.every((one) => holds(row, one)),
          );
          if (direction === "desc") rows.reverse();
          return streamOf(rows, counts);
        };
        return { order };
      },
    }),
  };
  return {
    db: db as unknown as GenericDatabaseWriter<GenericDataModel>, // the methods that stores use
    counts,
    reset: () => Object.assign(counts, { documents: 0, ranges: 0, writes: 0 }),
    documents: (table) => [...tableOf(table).values()],
  };
}

// --- internal ---

function plain(document: Record<string, Value | undefined>): Record<string, Value> {
  const entries = Object.entries(document).filter(([, value]) => value !== undefined);
  return structuredClone(Object.fromEntries(entries)) as Record<string, Value>; // undefined was removed
}

function columnsOfIndex(schema: FakeSchema, table: string, index: string): string[] {
  if (index === "by_creation_time") return ["_creationTime", "_id"];
  const columns = schema[table]?.[index];
  if (!columns) throw new Error(`Index ${table}.${index} not found.`);
  return [...columns, "_creationTime", "_id"];
}

function compareBy(columns: readonly string[], a: FakeDocument, b: FakeDocument): number {
  for (const column of columns) {
    const order = compareValues(a[column], b[column]);
    if (order !== 0) return order;
  }
  return 0;
}

/** Where a document is, or belongs, in an index. */
function positionOf(
  rows: readonly FakeDocument[],
  document: FakeDocument,
  columns: readonly string[],
): number {
  let [low, high] = [0, rows.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const other = rows[middle];
    if (other && compareBy(columns, other, document) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

function rangeBuilder(conditions: Condition[]): object {
  const builder: Record<string, (column: string, value: unknown) => object> = {};
  for (const op of ["eq", "gt", "gte", "lt", "lte"] as const) {
    builder[op] = (column, value) => {
      conditions.push({ op, column, value });
      return builder;
    };
  }
  return builder;
}

/** Equality in index order, then bounds of the one next column: what Convex accepts. */
function assertRange(columns: readonly string[], conditions: readonly Condition[]): void {
  const equal = conditions.filter(({ op }) => op === "eq");
  const bounds = conditions.filter(({ op }) => op !== "eq");
  const isPrefix = equal.every(
    ({ column }, at) => columns[at] === column && conditions[at]?.op === "eq",
  );
  const isNext = bounds.every(({ column }) => column === columns[equal.length]);
  const lowers = bounds.filter(({ op }) => op.startsWith("g"));
  if (isPrefix && isNext && lowers.length <= 1 && bounds.length - lowers.length <= 1) return;
  throw new Error(`Tried to query index ${columns.join()} by ${JSON.stringify(conditions)}`);
}

function holds(row: FakeDocument, { op, column, value }: Condition): boolean {
  const order = compareValues(row[column], value as Value | undefined);
  switch (op) {
    case "eq":
      return order === 0;
    case "gt":
      return order > 0;
    case "gte":
      return order >= 0;
    case "lt":
      return order < 0;
    case "lte":
      return order <= 0;
  }
}

function streamOf(rows: readonly FakeDocument[], counts: Counts) {
  return {
    take: async (count: number) => {
      const taken = rows.slice(0, count);
      counts.documents += taken.length;
      return taken.map((row) => ({ ...row }));
    },
    async *[Symbol.asyncIterator]() {
      for (const row of rows) {
        counts.documents++;
        yield { ...row };
      }
    },
  };
}
