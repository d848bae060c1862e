// One transaction: reads and writes of a query or mutation and of everything it calls, with Convex's limits.
// Writes go to the tables at once and are undone in reverse; the caller holds the lock meanwhile.
import { getDocumentSize, type Value } from "convex/values";
import {
  dropDoc,
  lowerBound,
  putDoc,
  tableOf,
  type Database,
  type Doc,
  type Entry,
  type Key,
  type Table,
} from "./database.js";
import { isIdOf, newId } from "./ids.js";
import { mismatch } from "./schema.js";

export type Counters = {
  queries: number;
  mutations: number;
  actions: number;
  httpActions: number;
  /** Runs within another query or mutation. */
  nested: number;
  documentsRead: number;
  documentsWritten: number;
  indexRanges: number;
};

export const LIMITS = {
  documentsRead: 32_000,
  documentsWritten: 16_000,
  bytesRead: 16 * 1024 * 1024,
  indexRanges: 4096,
  documentBytes: 1024 * 1024,
} as const;

export type Range = { prefix: Key; lower?: Edge; upper?: Edge; order: "asc" | "desc" };
export type Edge = { value: Value | undefined; inclusive: boolean };

export class Transaction {
  private readonly undo: (() => void)[] = [];
  private readonly used = { documentsRead: 0, documentsWritten: 0, bytesRead: 0, indexRanges: 0 };
  readonly afterCommit: (() => void)[] = [];
  readonly readTables = new Set<Table>();
  readonly writtenTables = new Set<Table>();

  constructor(
    private readonly counters: Counters,
    private readonly now: () => number,
  ) {}

  get savepoint(): { undo: number; afterCommit: number } {
    return { undo: this.undo.length, afterCommit: this.afterCommit.length };
  }

  rollBack(to = { undo: 0, afterCommit: 0 }): void {
    while (this.undo.length > to.undo) this.undo.pop()!();
    this.afterCommit.length = to.afterCommit;
  }

  get(database: Database, prefix: string, id: string): Doc | null {
    this.use("indexRanges", 1);
    const table = tableById(database, prefix, id);
    if (!table) return null;
    this.readTables.add(table);
    const doc = table.docs.get(id);
    if (doc) this.read(doc);
    return doc ?? null;
  }

  /** Documents of a range, one after the other. */
  *range(table: Table, index: string, { prefix, lower, upper, order }: Range): Generator<Doc> {
    this.use("indexRanges", 1);
    this.readTables.add(table);
    const found = table.indexes.get(index);
    if (!found) throw new Error(`Index ${table.name}.${index} not found.`);
    const { entries } = found;
    const start = lower
      ? lowerBound(entries, [...prefix, lower.value], !lower.inclusive)
      : lowerBound(entries, prefix);
    const end = upper
      ? lowerBound(entries, [...prefix, upper.value], upper.inclusive)
      : lowerBound(entries, prefix, true);
    const slice: Entry[] = entries.slice(start, Math.max(start, end));
    if (order === "desc") slice.reverse();
    for (const { doc } of slice) {
      this.read(doc);
      yield doc;
    }
  }

  insert(
    database: Database,
    prefix: string,
    name: string,
    value: Record<string, Value | undefined>,
  ): string {
    const _id = newId(prefix + name);
    const table = tableOf(database, name);
    const last = table.indexes.get("by_creation_time")!.entries.at(-1)?.doc._creationTime ?? 0;
    this.write(database, table, {
      ...value,
      _id,
      _creationTime: Math.max(this.now(), last + 0.001),
    });
    return _id;
  }

  replace(
    database: Database,
    prefix: string,
    id: string,
    change: (old: Doc) => Record<string, Value | undefined>,
  ): void {
    const old = this.get(database, prefix, id);
    const table = tableById(database, prefix, id);
    if (!old || !table) throw new Error(`Update on nonexistent document ID ${id}`);
    this.write(database, table, { ...change(old), _id: old._id, _creationTime: old._creationTime });
  }

  remove(database: Database, prefix: string, id: string): Doc {
    const old = this.get(database, prefix, id);
    const table = tableById(database, prefix, id);
    if (!old || !table) throw new Error(`Delete on nonexistent document ID ${id}`);
    this.use("documentsWritten", 1);
    this.writtenTables.add(table);
    dropDoc(table, id);
    this.undo.push(() => putDoc(table, old));
    return old;
  }

  private write(database: Database, table: Table, doc: Doc): void {
    const defined = Object.fromEntries(
      Object.entries(doc).filter(([, value]) => value !== undefined),
    ) as Doc;
    assertDocument(database, table, defined);
    this.use("documentsWritten", 1);
    this.writtenTables.add(table);
    const old = putDoc(table, defined);
    this.undo.push(() => void (old ? putDoc(table, old) : dropDoc(table, doc._id)));
  }

  private read(doc: Doc): void {
    this.use("documentsRead", 1);
    this.used.bytesRead += getDocumentSize(doc as never);
    if (this.used.bytesRead > LIMITS.bytesRead)
      throw new Error(
        "Too many bytes read in a single function execution (limit: 16777216 bytes).",
      );
  }

  private use(what: "documentsRead" | "documentsWritten" | "indexRanges", count: number): void {
    this.used[what] += count;
    this.counters[what] += count;
    if (this.used[what] > LIMITS[what]) {
      const words = {
        documentsRead: "documents read",
        documentsWritten: "documents written",
        indexRanges: "reads",
      }[what];
      throw new Error(
        `Too many ${words} in a single function execution (limit: ${LIMITS[what]}). Consider using smaller limits in your queries, paginating your queries, or using indexed queries with a selective index range expressions.`,
      );
    }
  }
}

function tableById(database: Database, prefix: string, id: string): Table | undefined {
  for (const table of database.tables.values()) if (isIdOf(id, prefix + table.name)) return table;
  return undefined;
}

// --- internal ---

function assertDocument(database: Database, table: Table, doc: Doc): void {
  const reserved = Object.keys(doc).find(
    (key) => key.startsWith("_") && key !== "_id" && key !== "_creationTime",
  );
  if (reserved)
    throw new Error(
      `Field ${reserved} starts with an underscore, which is only allowed for system fields like '_id'`,
    );
  if (getDocumentSize(doc as never) > LIMITS.documentBytes)
    throw new Error("Value is too large (maximum size 1 MiB)");
  const { documentType } = database.schema?.get(table.name) ?? { documentType: null };
  if (!documentType || !database.validates) return;
  const { _id, _creationTime, ...columns } = doc;
  const why = mismatch(documentType, columns as Value);
  if (why)
    throw new Error(
      `Failed to insert or update a document in table "${table.name}" because it does not match the schema: ${why}`,
    );
}
