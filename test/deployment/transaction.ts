// One transaction: reads and writes of a query or mutation and of everything it calls, with Convex's limits.
// Reads the state of its beginning and its own writes; nobody sees those before history.ts commits them.
import { compareValues, type Value } from "convex/values";
import {
  docById,
  dropDoc,
  emptyTable,
  forkTable,
  fullName,
  isSystemTable,
  lowerBound,
  putDoc,
  SYSTEM_TABLES,
  type Database,
  type Doc,
  type Entry,
  type Index,
  type Key,
  type Table,
} from "./database.js";
import type { Change, Read } from "./history.js";
import { newId, numberOf, tableNumberOf } from "./ids.js";
import { Usage } from "./usage.js";
import { mismatch } from "./validators.js";
import { assertSize, measure, show, VALUE_LIMITS } from "./values.js";

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
  /** The most CPU time, in ms, that one query or mutation took with all it called. Convex allows 1,000. */
  mostCpuMs: number;
};

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
/** `size` is what counts towards the bytes written; undefined for a system table, which does not count. */
type Write = Change & { readonly size: number | undefined };

export class Transaction {
  private readonly base: ReadonlyMap<Database, ReadonlyMap<string, Table>>;
  private readonly forks = new Map<Database, Map<string, Table>>();
  private readonly writes: Write[] = [];
  readonly usage: Usage;
  readonly reads: Read[] = [];

  /** `snapshot` gives the tables to read where they are not the latest. */
  constructor(
    databases: readonly Database[],
    counters: Counters,
    snapshot?: ReadonlyMap<Database, Database["tables"]>,
  ) {
    this.base = snapshot ?? new Map(databases.map((database) => [database, database.tables]));
    this.usage = new Usage(counters);
  }

  /** To come back to with `rollBack`. */
  get savepoint(): number {
    return this.writes.length;
  }

  rollBack(savepoint: number): void {
    while (this.writes.length > savepoint) {
      const { database, table, old, next, size } = this.writes.pop()!;
      if (size !== undefined) this.usage.takeBackWrite(size);
      const fork = this.fork(database, table);
      if (old) putDoc(fork, old);
      else if (next) dropDoc(fork, next._id);
    }
  }

  /** The writes, one per document. */
  changes(): Change[] {
    const net = new Map<string, Change>();
    for (const { database, table, old, next } of this.writes) {
      const id = (next ?? old)!._id;
      const known = net.get(id);
      net.set(id, { database, table, old: known ? known.old : old, next });
    }
    return [...net.values()].filter(({ old, next }) => old ?? next);
  }

  /** The name of the table that an id is of. Throws, in Convex's words, for a text that is no id. */
  tableOf(database: Database, id: string): string | undefined {
    const number = tableNumberOf(id);
    return this.tableNames(database).find((name) => numberOf(fullName(database, name)) === number);
  }

  tableNames(database: Database): string[] {
    const known = [this.base.get(database), this.forks.get(database)];
    return [
      ...new Set([...known.flatMap((tables) => [...(tables?.keys() ?? [])]), ...SYSTEM_TABLES]),
    ];
  }

  table(database: Database, name: string): Table {
    return (
      this.forks.get(database)?.get(name) ??
      this.base.get(database)?.get(name) ??
      emptyTable(database, name)
    );
  }

  get(database: Database, id: string): Doc | null {
    this.usage.indexRange();
    const name = this.tableOf(database, id);
    if (name === undefined) return null;
    const doc = docById(this.table(database, name), id);
    this.reads.push({ database, table: name, fields: ["_id"], prefix: [id], order: "asc" });
    if (doc) this.read(doc, name);
    return doc ?? null;
  }

  /** Documents of a range, one after the other. */
  *range(
    database: Database,
    name: string,
    { index, ...range }: Range & { index: string },
  ): Generator<Doc> {
    this.usage.indexRange();
    const found = this.index(database, name, index);
    const slice = entriesIn(found, range);
    const read: Read = { database, table: name, fields: found.fields, ...range };
    this.reads.push(read);
    for (const { key, doc } of slice) {
      read.reached = key;
      this.read(doc, name);
      yield doc;
    }
    read.reached = undefined;
  }

  /** An index that can be queried. */
  index(database: Database, table: string, name: string): Index {
    const found = this.table(database, table).indexes.get(name);
    if (found) return found;
    const staged = database.schema?.get(table)?.staged ?? [];
    throw new Error(
      staged.some((index) => index.name === name)
        ? `Index ${table}.${name} is currently staged and not available to query until it is enabled.`
        : `Index ${table}.${name} not found.`,
    );
  }

  count(database: Database, name: string): number {
    this.reads.push({ database, table: name, fields: ["_id"], prefix: [], order: "asc" });
    return this.table(database, name).indexes.get("by_id")!.entries.length;
  }

  insert(database: Database, name: string, value: Columns): string {
    const _id = newId(fullName(database, name));
    const newest = this.table(database, name).indexes.get("by_creation_time")!.entries.at(-1);
    const _creationTime = Math.max(Date.now(), (newest?.doc._creationTime ?? 0) + 0.001);
    this.write(database, name, { next: withSystemFields(value, { _id, _creationTime }) });
    return _id;
  }

  /** What stays as it is counts as no write. `verb` names the operation where the document is not there. */
  replace(
    database: Database,
    id: string,
    change: (old: Doc) => Columns,
    verb: "Update" | "Replace" = "Update",
  ): Doc {
    const { old, table } = this.existing(database, id, verb);
    const next = withSystemFields(change(old), old);
    if (compareValues(old as Value, next as Value) !== 0)
      this.write(database, table, { old, next });
    return next;
  }

  remove(database: Database, id: string): Doc {
    const { old, table } = this.existing(database, id, "Delete");
    this.write(database, table, { old });
    return old;
  }

  private existing(database: Database, id: string, verb: string): { old: Doc; table: string } {
    const old = this.get(database, id);
    const table = this.tableOf(database, id);
    if (!old || table === undefined) throw new Error(`${verb} on nonexistent document ID ${id}`);
    return { old, table };
  }

  private write(database: Database, table: string, { old, next }: { old?: Doc; next?: Doc }): void {
    const isSystem = isSystemTable(table);
    let size = 0;
    if (next && !isSystem) {
      size = assertDocument(next);
      assertFitsSchema(database, { table, next, names: () => this.tableNames(database) });
    }
    if (!isSystem) this.usage.write(size);
    const fork = this.fork(database, table);
    if (next) putDoc(fork, next);
    else if (old) dropDoc(fork, old._id);
    this.writes.push({ database, table, old, next, size: isSystem ? undefined : size });
  }

  private fork(database: Database, name: string): Table {
    const tables = this.forks.get(database) ?? new Map<string, Table>();
    this.forks.set(database, tables);
    const known = tables.get(name) ?? forkTable(this.table(database, name));
    tables.set(name, known);
    return known;
  }

  /** What is read of system tables counts for nothing. */
  private read(doc: Doc, table: string): void {
    if (!isSystemTable(table)) this.usage.read(measure(doc as Value).size);
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

function withSystemFields(
  columns: Columns,
  { _id, _creationTime }: { _id: string; _creationTime: number },
): Doc {
  const given = Object.entries(columns).filter(([, value]) => value !== undefined);
  const doc = Object.fromEntries(given) as Doc; // its two own fields come next
  if (doc._id !== undefined && doc._id !== _id)
    throw new Error(`Provided document ID "${_id}" doesn't match '_id' field ${show(doc._id)}`);
  if (doc._creationTime !== undefined && doc._creationTime !== _creationTime)
    throw new Error(
      `Provided creation time ${_creationTime} doesn't match '_creationTime' field in ${show(doc as Value)}`,
    );
  return { ...doc, _id, _creationTime };
}

/** Returns the document's size. */
function assertDocument(doc: Doc): number {
  const { size, nesting } = measure(doc as Value);
  const fail = (why: string) => {
    throw new Error(`Document(value: ${show(doc as Value)}) isn't a valid document: ${why}`);
  };
  const reserved = Object.keys(doc).find(
    (key) => key.startsWith("_") && key !== "_id" && key !== "_creationTime",
  );
  if (reserved)
    fail(
      `Field '${reserved}' starts with an underscore, which is only allowed for system fields like '_id'`,
    );
  if (nesting > VALUE_LIMITS.documentNesting)
    fail(
      `Document is too nested (nested ${nesting} levels deep > maximum nesting ${VALUE_LIMITS.documentNesting})`,
    );
  assertSize(size, VALUE_LIMITS.documentBytes);
  return size;
}

function assertFitsSchema(
  database: Database,
  { table, next, names }: { table: string; next: Doc; names: () => readonly string[] },
): void {
  const { documentType } = database.schema?.get(table) ?? { documentType: null };
  if (!documentType || !database.validates) return;
  const { _id, _creationTime, ...columns } = next;
  const why = mismatch(documentType, columns as Value, { component: database.path, names });
  if (why)
    throw new Error(
      `Failed to insert or update a document in table "${table}" because it does not match the schema: ${why}`,
    );
}
