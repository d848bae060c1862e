// Tables of one component instance: documents by id, sorted indexes, versions for conflict checks.
// Must not know functions or HTTP; transactions (transaction.ts) are its only users.
import { compareValues, type Value } from "convex/values";
import type { SchemaTable } from "./schema.js";

export type Doc = { _id: string; _creationTime: number; [column: string]: Value | undefined };
export type Key = readonly (Value | undefined)[];
export type Entry = { readonly key: Key; readonly doc: Doc };
export type Index = { readonly fields: readonly string[]; readonly entries: Entry[] };
export type Table = {
  readonly name: string;
  readonly docs: Map<string, Doc>;
  readonly indexes: Map<string, Index>;
};

export type Database = {
  readonly tables: Map<string, Table>;
  schema: ReadonlyMap<string, SchemaTable> | null;
  validates: boolean;
};

export function createDatabase(): Database {
  return { tables: new Map(), schema: null, validates: true };
}

/** The table, made on first use, as Convex does without a schema. */
export function tableOf(database: Database, name: string): Table {
  const known = database.tables.get(name);
  if (known) return known;
  const table: Table = { name, docs: new Map(), indexes: new Map() };
  for (const [index, fields] of indexFields(database, name)) buildIndex(table, index, fields);
  database.tables.set(name, table);
  return table;
}

/** Makes the indexes those of a schema. The documents must already fit it. */
export function applySchema(
  database: Database,
  schema: ReadonlyMap<string, SchemaTable> | null,
  validates: boolean,
): void {
  database.schema = schema;
  database.validates = validates;
  for (const name of schema?.keys() ?? []) tableOf(database, name);
  for (const table of database.tables.values()) {
    const wanted = new Map(indexFields(database, table.name));
    for (const [name, { fields }] of table.indexes) {
      if (wanted.get(name)?.join() !== fields.join()) table.indexes.delete(name);
    }
    for (const [name, fields] of wanted)
      if (!table.indexes.has(name)) buildIndex(table, name, fields);
  }
}

export function putDoc(table: Table, doc: Doc): Doc | undefined {
  const old = dropDoc(table, doc._id);
  table.docs.set(doc._id, doc);
  for (const { fields, entries } of table.indexes.values()) {
    const key = keyOf(doc, fields);
    entries.splice(lowerBound(entries, key), 0, { key, doc });
  }
  return old;
}

export function dropDoc(table: Table, id: string): Doc | undefined {
  const doc = table.docs.get(id);
  if (!doc) return undefined;
  table.docs.delete(id);
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

// --- internal ---

function indexFields({ schema }: Database, table: string): [string, readonly string[]][] {
  const declared = schema?.get(table)?.indexes ?? [];
  return [
    ["by_id", ["_id"]],
    ["by_creation_time", ["_creationTime", "_id"]],
    ...declared.map(({ name, fields }): [string, readonly string[]] => [
      name,
      [...fields, "_creationTime", "_id"],
    ]),
  ];
}

function buildIndex(table: Table, name: string, fields: readonly string[]): void {
  const entries = [...table.docs.values()].map((doc) => ({ key: keyOf(doc, fields), doc }));
  entries.sort((one, other) => compareKeys(one.key, other.key));
  table.indexes.set(name, { fields, entries });
}
