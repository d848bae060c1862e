// What `kitcn import` sends to a deployment, and what comes back. Plain data; the CLI and the functions share it.
// Types only: must not import anything but types.
import type { Value } from "convex/values";

/** A row of the old library, ready for the app's tables: columns as stored, references by their old ids. */
export type ImportRow = {
  /** Canonical key: "user", "account", ... */
  readonly model: string;
  /** Unique within the source and the model. */
  readonly oldId: string;
  readonly columns: Readonly<Record<string, Value>>;
  /** By column. */
  readonly refs?: Readonly<Record<string, ImportRef>>;
};

/** A column that holds the new id of another imported row. */
export type ImportRef = {
  /** The models that the id may belong to. */
  readonly models: readonly string[];
  readonly oldId: string;
  /** The row is dropped where the other one was not imported; otherwise the column is left out. */
  readonly required: boolean;
};

/** How many rows of each model came to what. */
export type ImportCounts = Readonly<Record<string, ModelCounts>>;

export type ModelCounts = {
  readonly created: number;
  /** The row was in the app before, and is now that of the old id, too. */
  readonly linked: number;
  /** Imported by an earlier run. */
  readonly known: number;
  /** By reason. */
  readonly dropped: Readonly<Record<string, number>>;
};

/** A row that was not imported. */
export type DroppedRow = {
  readonly model: string;
  readonly oldId: string;
  readonly reason: string;
};

export type ImportBatch = {
  /** "clerk", "csv:shop", ...: old ids are unique within it. */
  readonly source: string;
  /** What the rows come from, so that a cursor is never applied to another file. */
  readonly file: string;
  /** Records of the file before this batch, and after it. */
  readonly from: number;
  readonly to: number;
  readonly rows: readonly ImportRow[];
  /** Rows that the CLI did not send. */
  readonly dropped: readonly DroppedRow[];
  /** An existing user with the same address, verified on both sides, is that user. Default: the row is dropped. */
  readonly link: boolean;
  /** The first batch of a run that begins anew, though the deployment has the file. */
  readonly restart?: boolean | undefined;
  /** True for the last batch. */
  readonly isLast: boolean;
};

/** How far an import is; what is kept in the deployment. */
export type ImportState = {
  readonly source: string;
  readonly file: string;
  /** Records that are done. */
  readonly position: number;
  readonly isDone: boolean;
  readonly counts: ImportCounts;
  /** The first dropped rows. */
  readonly dropped: readonly DroppedRow[];
};

/** Whether an imported row is in the app as it was sent. */
export type ComparedRow = {
  readonly model: string;
  readonly oldId: string;
  /** The map has it, though its row may be gone. */
  readonly isKnown: boolean;
  /** False where the map does not know it, or its row is gone. */
  readonly isThere: boolean;
  /** The row was in the app before the import, and may say something else for that reason. */
  readonly isLinked: boolean;
  /** Columns that hold something else than what was sent. */
  readonly differing: readonly string[];
};

/** What the map holds of one source, counted page by page. */
export type MapPage = {
  /** Rows of the map by model; only those whose row the import made are `created`. */
  readonly counts: Readonly<Record<string, { readonly created: number; readonly linked: number }>>;
  readonly cursor: string | null;
};

export type RewriteBatch = {
  readonly table: string;
  /** A field, or a path of fields; arrays on the way are walked. */
  readonly field: string;
  /** Model of the ids. Default: any. */
  readonly model?: string | undefined;
  /** Source of the ids. Default: any. */
  readonly source?: string | undefined;
  readonly cursor: string | null;
  readonly limit: number;
  /** Write nothing; count. */
  readonly dryRun: boolean;
  /** New ids become old ones. */
  readonly back: boolean;
};

export type RewrittenBatch = {
  readonly documents: number;
  /** Ids that were replaced. */
  readonly rewritten: number;
  /** Values that the map does not know as ids, neither old nor new. */
  readonly unknown: number;
  /** New ids of rows that were in the app before, which stay: documents may have held them before, too. */
  readonly kept: number;
  /** Texts at the field, whatever they are. */
  readonly found: number;
  readonly cursor: string | null;
};

/** A field that holds new ids, and whose ids were asked for; undefined is any. */
export type RewrittenField = {
  /** With its table. */
  readonly field: string;
  readonly model?: string | undefined;
  readonly source?: string | undefined;
};

export type UndoBatch = {
  readonly source: string;
  readonly limit: number;
  readonly cursor: string | null;
  /** `check`: nothing is deleted; `delete`: the next rows are. */
  readonly step: "check" | "delete";
};

export type UndoneBatch = {
  readonly deleted: number;
  /** Old ids of users who have used the app since; then nothing was deleted. */
  readonly used: readonly string[];
  /** Other sources that have linked users whom this import made; then nothing was deleted. */
  readonly sharers: readonly string[];
  readonly rewritten: readonly RewrittenField[];
  readonly cursor: string | null;
  readonly isDone: boolean;
};
