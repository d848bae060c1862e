// What a source gives: steps of records, and for each record the rows it becomes. Types only.
import type { DroppedRow } from "../../src/import/types.js";

export const SOURCES = [
  "better-auth-component",
  "convex-auth",
  "clerk",
  "supabase",
  "auth0",
  "csv",
] as const;

export type SourceName = (typeof SOURCES)[number];

/** A row by the names of Better Auth: logical fields, values as the source has them. */
export type PlannedRow = {
  readonly model: string;
  readonly oldId: string;
  readonly fields: Readonly<Record<string, unknown>>;
  /** Fields that hold the id of another row of the source. */
  readonly refs?: Readonly<Record<string, PlannedRef>>;
};

export type PlannedRef = { readonly models: readonly string[]; readonly oldId: string };

/** What one record becomes. */
export type Planned = {
  readonly rows: readonly PlannedRow[];
  readonly dropped?: readonly DroppedRow[];
};

/** An object of a source: a line, a row, an item of an array. */
export type SourceRecord = Readonly<Record<string, unknown>>;

/** Records of one kind. Those that others reference come in an earlier step. */
export type ImportStep = {
  readonly name: string;
  /** The same for several files with records of one kind, whose steps come one after the other. Default: only this step. */
  readonly kind?: string;
  /** `onKeys` gets the names of the fields of all records, if the file lists them before its first record. */
  readonly records: (onKeys?: OnKeys) => AsyncIterable<SourceRecord>;
  readonly plan: (record: SourceRecord) => Planned;
  /** Names without which no record is of use. Default: none. */
  readonly needs?: readonly Need[];
  /** How the source spells a name, for `needs`. Default: as it is. */
  readonly keyOf?: (name: string) => string;
};

export type OnKeys = (names: readonly string[]) => void;

/** One of these columns or keys. */
export type Need = {
  readonly names: readonly string[];
  /** `--placeholder-email` makes up for it. */
  readonly isAddress?: boolean;
};

/** A file of a source: on disk, or inside a zip. */
export type SourceFile = {
  /** Path below what the user named, with forward slashes. */
  readonly name: string;
  readonly open: () => Promise<NodeJS.ReadableStream>;
};

/** What the user says beside the files. */
export type SourceOptions = {
  /** Ids of providers in the source, by those in the app. */
  readonly providers: ReadonlyMap<string, string>;
  /** Roles likewise. */
  readonly roles: ReadonlyMap<string, string>;
  /** `user.additionalFields` of auth.ts. Default: none. */
  readonly additional?: Readonly<Record<string, { readonly input?: boolean }>>;
  /** Of a `convex export`: the component with the rows. Default: the one that has them. */
  readonly component?: string | undefined;
};
