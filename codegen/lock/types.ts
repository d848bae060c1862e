// What the lock says, flattened: who owns which table, column and index. Plain data.
import type { Placement } from "../types.js";

/** A managed column or index, as it was last written. */
export type OwnedItem = {
  readonly fingerprint: string;
  /** Better Auth plugin that brought it; "better-auth" for the core's. */
  readonly plugin: string;
  /** Logical field of a column, where it differs from the column. */
  readonly field?: string;
  /** No plugin asks for it any more. */
  readonly orphaned?: true;
};

export type OwnedTable = {
  readonly table: string;
  /** Model keys stored here. */
  readonly models: readonly string[];
  /** `local`: declared by the user before; never touched. */
  readonly owner: "managed" | "local";
  readonly plugin: string;
  readonly orphaned?: true;
  readonly fields: ReadonlyMap<string, OwnedItem>;
  readonly indexes: ReadonlyMap<string, OwnedItem>;
};

/** All that is owned in an app. */
export type Ownership = {
  readonly placement: Placement | undefined;
  readonly tables: ReadonlyMap<string, OwnedTable>;
  /** Fingerprints of the relations in relations.ts, by table and name; undefined where none was ever kept. */
  readonly relations: OwnedRelations | undefined;
};

export type OwnedRelations = Readonly<Record<string, Readonly<Record<string, string>>>>;
