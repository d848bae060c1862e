// The edge to Convex's database: the few of its methods that stores use, without the app's data model.
// The only place where ctx.db loses its types.
import type { GenericDatabaseReader, GenericDatabaseWriter, GenericDataModel } from "convex/server";
import type { Value } from "convex/values";
import { readOnly, unknownModel } from "../errors/tables.js";
import type { AuthModel, AuthTables } from "../metadata.js";
import type { QueryDocument } from "../query/where.js";

export type RangeBuilder = {
  eq(column: string, value: Value | undefined): RangeBuilder;
  gt(column: string, value: Value | undefined): RangeBuilder;
  gte(column: string, value: Value | undefined): RangeBuilder;
  lt(column: string, value: Value | undefined): RangeBuilder;
  lte(column: string, value: Value | undefined): RangeBuilder;
};

export type DocumentStream = AsyncIterable<QueryDocument> & {
  take(count: number): Promise<QueryDocument[]>;
};

/** ctx.db of a query. */
export type Reader = {
  get(id: string): Promise<QueryDocument | null>;
  normalizeId(table: string, id: string): string | null;
  /** A document with these values that was read before and is still true, where the database remembers. */
  known?(
    table: string,
    columns: readonly (readonly [string, Value | undefined])[],
  ): QueryDocument | undefined;
  query(table: string): {
    withIndex(
      index: string,
      range: (builder: RangeBuilder) => RangeBuilder,
    ): { order(order: "asc" | "desc"): DocumentStream };
  };
};

/** What is written; undefined leaves a column out of a new document and removes it from another. */
export type Columns = { readonly [column: string]: Value | undefined };

/** ctx.db of a mutation. */
export type Writer = Reader & {
  insert(table: string, document: Columns): Promise<string>;
  patch(id: string, columns: Columns): Promise<void>;
  delete(id: string): Promise<void>;
};

/** ctx.db of any function. */
export type AnyDb<DataModel extends GenericDataModel> =
  GenericDatabaseReader<DataModel> | GenericDatabaseWriter<DataModel>;

export function readerOf<DataModel extends GenericDataModel>(db: AnyDb<DataModel>): Reader {
  // Table names come from metadata, which the data model's types cannot know.
  return db as unknown as Reader;
}

/** Only a mutation's ctx.db writes. */
export function isWriter(reader: Reader): reader is Writer {
  return "insert" in reader;
}

/** @throws KitcnError `READ_ONLY` in a query */
export function writerOf(reader: Reader): Writer {
  if (isWriter(reader)) return reader;
  throw readOnly();
}

/** @throws KitcnError `UNKNOWN_MODEL` */
export function modelOf(tables: AuthTables, model: string): AuthModel {
  const definition = Object.hasOwn(tables, model) ? tables[model] : undefined;
  if (definition) return definition;
  throw unknownModel({ model });
}
