// Tables of one component instance: documents in sorted indexes. A table is a version that never changes once
// it is committed; a transaction forks it and changes its fork. Must not know functions or HTTP.
import { compareValues, type Value } from "convex/values";
import type { SchemaTable } from "./schema.js";

export type Doc = { _id: string; _creationTime: number; [column: string]: Value | undefined };
export type Key = readonly (Value | undefined)[];
export type Entry = { readonly key: Key; readonly doc: Doc };
export type Index = { readonly fields: readonly string[]; readonly entries: Entry[] };
export type Table = { readonly name: string; readonly indexes: ReadonlyMap<string, Index> };

export type Database = {
  /** Of the component: "" for the app, "auth". */
  readonly path: string;
  /** The committed versions. Replaced by a commit, never changed. */
  tables: ReadonlyMap<string, Table>;
  schema: ReadonlyMap<string, SchemaTable> | null;
  validates: boolean;
};

/** The tables of Convex's own that functions may read. Files are not stored here, so that one is empty. */
export const SYSTEM_TABLES = ["_scheduled_functions", "_storage"] as const;

export function isSystemTable(name: string): boolean {
  return name.startsWith("_");
}

export function createDatabase(path: string): Database {
  return { path, tables: new Map(), schema: null, validates: true };
}

/** A table's name among those of all components, as ids carry it. */
export function fullName({ path }: Database, table: string): string {
  return path ? `${path}/${table}` : table;
}

/** A table without documents, as it is before its first one. */
export function emptyTable(database: Database, name: string): Table {
  return tableWith(database, name, []);
}

/** A copy that may be changed. */
export function forkTable({ name, indexes }: Table): Table {
  const copies = [...indexes].map(([index, { fields, entries }]): [string, Index] => [
    index,
    { fields, entries: [...entries] },
  ]);
  return { name, indexes: new Map(copies) };
}

/** Makes the tables and indexes those of a schema. The documents must already fit it. */
export function applySchema(
  database: Database,
  schema: ReadonlyMap<string, SchemaTable> | null,
  validates: boolean,
): void {
  database.schema = schema;
  database.validates = validates;
  const names = new Set([...database.tables.keys(), ...(schema?.keys() ?? [])]);
  database.tables = new Map(
    [...names].map((name) => [name, tableWith(database, name, docsOf(database.tables.get(name)))]),
  );
}

export function docsOf(table: Table | undefined): Doc[] {
  return table ? table.indexes.get(BY_ID)!.entries.map(({ doc }) => doc) : [];
}

export function docById(table: Table, id: string): Doc | undefined {
  const { entries } = table.indexes.get(BY_ID)!;
  const found = entries[lowerBound(entries, [id])]?.doc;
  return found?._id === id ? found : undefined;
}

/** Only for a fork. Returns what the document replaced. */
export function putDoc(table: Table, doc: Doc): Doc | undefined {
  const old = dropDoc(table, doc._id);
  for (const { fields, entries } of table.indexes.values()) {
    const key = keyOf(doc, fields);
    entries.splice(lowerBound(entries, key), 0, { key, doc });
  }
  return old;
}

/** Only for a fork. */
export function dropDoc(table: Table, id: string): Doc | undefined {
  const doc = docById(table, id);
  if (!doc) return undefined;
  for (const { fields, entries } of table.indexes.values()) {
    entries.splice(lowerBound(entries, keyOf(doc, fields)), 1);
  }
  return doc;
}

export function keyOf(doc: Doc, fields: readonly string[]): Key {
  return fields.map((path) => valueAt(doc, path));
}

export function valueAt(doc: unknown, path: string): Value | undefined {
  let value: unknown = doc;
  for (const part of path.split(".")) {
    if (typeof value !== "object" || value === null) return undefined;
    value = (value as Record<string, unknown>)[part];
  }
  return value as Value | undefined;
}

/** A shorter key compares as a prefix: equal to everything that starts with it. */
export function compareKeys(one: Key, other: Key): number {
  const length = Math.min(one.length, other.length);
  for (let at = 0; at < length; at++) {
    const order = compareValues(one[at], other[at]);
    if (order !== 0) return order;
  }
  return 0;
}

/** First position whose key is not below; with `after`, first whose key is above. */
export function lowerBound(entries: readonly Entry[], key: Key, after = false): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const order = compareKeys(entries[middle]!.key, key);
    if (order < 0 || (after && order === 0)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** A table of these documents, with the indexes that the schema declares. */
export function tableWith({ schema }: Database, name: string, docs: readonly Doc[]): Table {
  const declared = schema?.get(name)?.indexes ?? [];
  const fieldsOf: [string, readonly string[]][] = [
    [BY_ID, ["_id"]],
    ["by_creation_time", ["_creationTime", "_id"]],
    ...declared.map(({ name: index, fields }): [string, readonly string[]] => [
      index,
      [...fields, "_creationTime", "_id"],
    ]),
  ];
  const indexes = fieldsOf.map(([index, fields]): [string, Index] => {
    const entries = docs.map((doc) => ({ key: keyOf(doc, fields), doc }));
    entries.sort((one, other) => compareKeys(one.key, other.key));
    return [index, { fields, entries }];
  });
  return { name, indexes: new Map(indexes) };
}

// --- internal ---

const BY_ID = "by_id";
