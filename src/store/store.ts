// The one interface to auth documents: plain data in and out, one call for one transaction.
// Types only. Models are named by canonical key, columns as stored; rows carry `id`, dates are ms numbers.
import type { Value } from "convex/values";
import type { Place } from "../query/after.js";
import type { QueryDocument, Sort, Where } from "../query/where.js";
import type { StoreOperation, OperationResult } from "./operation.js";

/** A document: its id and its columns. Absent columns are left out; `_id` and `_creationTime` come where they are asked for. */
export type Row = { readonly id: string; readonly [column: string]: Value };

/** Columns to write; undefined is left out. `id` only where the model may have forced ids. */
export type RowData = { readonly [column: string]: Value | undefined };

/** Rows of another model, read in the same call and put on the row under `as`. */
export type Join = {
  readonly as: string;
  readonly model: string;
  /** Column of the row, or "id". */
  readonly from: string;
  /** Column of the joined model that equals it, or "id". */
  readonly to: string;
  /** One row or null, instead of an array. */
  readonly isOne: boolean;
  /** Rows per row. Default: all. */
  readonly limit?: number;
};

type Target = { readonly model: string };
type Filtered = Target & { readonly where: Where };
type Selected = {
  /** Columns to return beside `id`. Default: all. */
  readonly select?: readonly string[];
  readonly joins?: readonly Join[];
};

type Budgeted = {
  /**
   * How many documents may be read where their number is not known beforehand: without an index that serves the
   * query, or to count. Default: what fits into one transaction.
   */
  readonly budget?: number;
};

export type CreateInput = Target & { readonly data: RowData };
export type FindOneInput = Filtered &
  Selected &
  Budgeted & {
    /** Also returns `_id` and `_creationTime`. Default: without. */
    readonly system?: true;
  };
export type FindManyInput = Filtered &
  Selected &
  Budgeted & { readonly sort?: Sort; readonly offset?: number; readonly limit?: number };
export type CountInput = Filtered & Budgeted;
export type UpdateInput = Filtered & { readonly data: RowData };
export type DeleteInput = Filtered & {
  /** Rows at most, besides what references them. Default: all. */
  readonly limit?: number;
};
export type ConsumeInput = Filtered;
export type IncrementInput = Filtered & {
  /** Column to delta; a missing counter counts as 0. May be empty: then `set` is a compare-and-set. */
  readonly increment: { readonly [column: string]: number };
  readonly set?: RowData;
};

/** One page of a read that is too long for one transaction; `src/store/pages.ts` asks for one after the other. */
export type ScanInput = Filtered & {
  readonly sort?: Sort;
  /** Which matches to keep; without it they are only counted. */
  readonly keep?: {
    readonly offset: number;
    readonly limit?: number;
    /** How many matches the pages before had. */
    readonly passed: number;
    /** Where matches are ordered in memory: nothing after this one is kept any more. */
    readonly worst?: Kept;
  };
  /** How many documents the page takes. Default: PAGE_BUDGET. */
  readonly budget?: number;
  /** Where the page before ended. Default: the beginning. */
  readonly from?: ScanPlace;
};

export type ScanPlace = {
  /** Which access of the query plan. */
  readonly access: number;
  readonly place?: Place;
};

/** Of a match, what orders it and what finds it again. */
export type Kept = QueryDocument;

export type ScanPage = {
  readonly matches: number;
  /** In order, each once. */
  readonly kept: readonly Kept[];
  /** Matches come in the order of the query. Else the best of all pages have to be found. */
  readonly isOrdered: boolean;
  readonly documents: number;
  readonly bytes: number;
  /** Where the next page begins; null after the last one. */
  readonly next: ScanPlace | null;
};

/**
 * Reads and writes of auth documents. An empty `where` means every row, except in `update`, `delete`,
 * `consumeOne` and `incrementOne`, which refuse it.
 *
 * All methods throw KitcnError `UNKNOWN_MODEL`, `UNKNOWN_COLUMN`, and, where no index serves a query over
 * more rows than a scan may read, `MISSING_INDEX`, or `TOO_MANY_DOCUMENTS` where even the matches are too
 * many. Writes throw `READ_ONLY` where the context cannot write, `UNIQUE_VIOLATION`, `FORCED_ID`,
 * `TOO_MANY_WRITES` and, from `onDelete: restrict`, `RESTRICTED`.
 */
export type Store = {
  create(input: CreateInput): Promise<Row>;
  findOne(input: FindOneInput): Promise<Row | null>;
  findMany(input: FindManyInput): Promise<Row[]>;
  count(input: CountInput): Promise<number>;
  /** Reads one page of the documents that a query has to look at. */
  scan(input: ScanInput): Promise<ScanPage>;
  /** Changes the first match; null where nothing matches. */
  update(input: UpdateInput): Promise<Row | null>;
  /** How many rows were changed. */
  updateMany(input: UpdateInput): Promise<number>;
  /** Deletes every match, with what references it. */
  delete(input: DeleteInput): Promise<number>;
  deleteMany(input: DeleteInput): Promise<number>;
  /** Deletes the first match and returns it; of several callers exactly one gets it. */
  consumeOne(input: ConsumeInput): Promise<Row | null>;
  /** Adds to and sets columns of the first match, and returns the row as it is then; null without a match. */
  incrementOne(input: IncrementInput): Promise<Row | null>;
  /** Runs several operations in one call and one transaction, in order. */
  batch(operations: readonly StoreOperation[]): Promise<OperationResult[]>;
};
