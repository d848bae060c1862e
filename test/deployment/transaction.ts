// One transaction: reads and writes of a query or mutation and of everything it calls, with Convex's limits.
// Reads the state of its beginning and its own writes; nobody sees those before history.ts commits them.
import { getDocumentSize, type Value } from "convex/values";
import {
  docById,
  dropDoc,
  emptyTable,
  forkTable,
  fullName,
  lowerBound,
  putDoc,
  type Database,
  type Doc,
  type Entry,
  type Index,
  type Key,
  type Table,
} from "./database.js";
import type { Change, Read } from "./history.js";
import { isIdOf, newId } from "./ids.js";
import { mismatch } from "./schema.js";

export type Counters = {
  queries: number;
  mutations: number;
  actions: number;
  httpActions: number;
  /** Runs within another query or mutation. */
  nested: number;
  /** Runs that had to be repeated because another commit touched what they read. */
  conflicts: number;
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

export type Range = {
  prefix: Key;
  lower?: Edge;
  upper?: Edge;
  order: "asc" | "desc";
  /** Where an earlier page ended: only what comes later in the order. */
  after?: Key | undefined;
};
export type Edge = { value: Value | undefined; inclusive: boolean };
type Columns = Record<string, Value | undefined>;

export class Transaction {
  private readonly base: ReadonlyMap<Database, ReadonlyMap<string, Table>>;
  private readonly forks = new Map<Database, Map<string, Table>>();
  private readonly writes: Change[] = [];
  private readonly used = { documentsRead: 0, documentsWritten: 0, bytesRead: 0, indexRanges: 0 };
  readonly reads: Read[] = [];

  constructor(
    databases: readonly Database[],
    private readonly counters: Counters,
  ) {
    this.base = new Map(databases.map((database) => [database, database.tables]));
  }

  /** To come back to with `rollBack`. */
  get savepoint(): number {
    return this.writes.length;
  }

  rollBack(savepoint: number): void {
    while (this.writes.length > savepoint) {
      const { database, table, old, next } = this.writes.pop()!;
      const fork = this.fork(database, table);
      if (old) putDoc(fork, old);
      else if (next) dropDoc(fork, next._id);
    }
  }

  /** The writes, one per document. */
  changes(): Change[] {
    const net = new Map<string, Change>();
    for (const write of this.writes) {
      const id = (write.next ?? write.old)!._id;
      net.set(id, { ...write, old: net.has(id) ? net.get(id)!.old : write.old });
    }
    return [...net.values()].filter(({ old, next }) => old ?? next);
  }

  table(database: Database, name: string): Table {
    return (
      this.forks.get(database)?.get(name) ??
      this.base.get(database)?.get(name) ??
      emptyTable(database, name)
    );
  }

  get(database: Database, id: string): Doc | null {
    this.use("indexRanges", 1);
    const name = this.nameOfTable(database, id);
    if (name === undefined) return null;
    const doc = docById(this.table(database, name), id);
    this.reads.push({ database, table: name, fields: ["_id"], prefix: [id], order: "asc" });
    if (doc) this.read(doc);
    return doc ?? null;
  }

  /** Documents of a range, one after the other. */
  *range(
    database: Database,
    name: string,
    { index, ...range }: Range & { index: string },
  ): Generator<Doc> {
    this.use("indexRanges", 1);
    const table = this.table(database, name);
    const found = table.indexes.get(index);
    if (!found) throw new Error(`Index ${name}.${index} not found.`);
    const slice = entriesIn(found, range);
    const read: Read = { database, table: name, fields: found.fields, ...range };
    this.reads.push(read);
    for (const { key, doc } of slice) {
      read.reached = key;
      this.read(doc);
      yield doc;
    }
    read.reached = undefined;
  }

  count(database: Database, name: string): number {
    this.reads.push({ database, table: name, fields: ["_id"], prefix: [], order: "asc" });
    return this.table(database, name).indexes.get("by_id")!.entries.length;
  }

  insert(database: Database, name: string, value: Columns): string {
    const _id = newId(fullName(database, name));
    const newest = this.table(database, name).indexes.get("by_creation_time")!.entries.at(-1);
    const _creationTime = Math.max(Date.now(), (newest?.doc._creationTime ?? 0) + 0.001);
    this.write(database, name, { ...value, _id, _creationTime });
    return _id;
  }

  replace(database: Database, id: string, change: (old: Doc) => Columns): void {
    const old = this.get(database, id);
    const name = this.nameOfTable(database, id);
    if (!old || name === undefined) throw new Error(`Update on nonexistent document ID ${id}`);
    const { _id, _creationTime } = old;
    this.write(database, name, { ...change(old), _id, _creationTime });
  }

  remove(database: Database, id: string): Doc {
    const old = this.get(database, id);
    const name = this.nameOfTable(database, id);
    if (!old || name === undefined) throw new Error(`Delete on nonexistent document ID ${id}`);
    this.use("documentsWritten", 1);
    dropDoc(this.fork(database, name), id);
    this.writes.push({ database, table: name, old, next: undefined });
    return old;
  }

  private write(database: Database, table: string, doc: Doc): void {
    const defined = Object.entries(doc).filter(([, value]) => value !== undefined);
    const next = Object.fromEntries(defined) as Doc; // _id and _creationTime are always defined
    assertDocument(database, table, next);
    this.use("documentsWritten", 1);
    const old = putDoc(this.fork(database, table), next);
    this.writes.push({ database, table, old, next });
  }

  private fork(database: Database, name: string): Table {
    const tables = this.forks.get(database) ?? new Map<string, Table>();
    this.forks.set(database, tables);
    const known = tables.get(name) ?? forkTable(this.table(database, name));
    tables.set(name, known);
    return known;
  }

  private nameOfTable(database: Database, id: string): string | undefined {
    const names = [
      ...(this.base.get(database)?.keys() ?? []),
      ...(this.forks.get(database)?.keys() ?? []),
    ];
    return names.find((name) => isIdOf(id, fullName(database, name)));
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
    if (this.used[what] <= LIMITS[what]) return;
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

// --- internal ---

function entriesIn({ entries }: Index, { prefix, lower, upper, order, after }: Range): Entry[] {
  let start = lower
    ? lowerBound(entries, [...prefix, lower.value], !lower.inclusive)
    : lowerBound(entries, prefix);
  let end = upper
    ? lowerBound(entries, [...prefix, upper.value], upper.inclusive)
    : lowerBound(entries, prefix, true);
  if (after && order === "asc") start = Math.max(start, lowerBound(entries, after, true));
  if (after && order === "desc") end = Math.min(end, lowerBound(entries, after));
  const slice = entries.slice(start, Math.max(start, end));
  return order === "asc" ? slice : slice.reverse();
}

function assertDocument(database: Database, table: string, doc: Doc): void {
  const reserved = Object.keys(doc).find(
    (key) => key.startsWith("_") && key !== "_id" && key !== "_creationTime",
  );
  if (reserved)
    throw new Error(
      `Field ${reserved} starts with an underscore, which is only allowed for system fields like '_id'`,
    );
  if (getDocumentSize(doc as never) > LIMITS.documentBytes)
    throw new Error("Value is too large (maximum size 1 MiB)");
  const { documentType } = database.schema?.get(table) ?? { documentType: null };
  if (!documentType || !database.validates) return;
  const { _id, _creationTime, ...columns } = doc;
  const why = mismatch(documentType, columns as Value, { component: database.path });
  if (why)
    throw new Error(
      `Failed to insert or update a document in table "${table}" because it does not match the schema: ${why}`,
    );
}
