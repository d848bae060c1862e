// The single documents that an operation writes, as plain data: what is loaded, what triggers make of it, what became
// of it. Types only. Whoever runs triggers reads these, also where the documents are in a component.
import type { HookData, HookDocument } from "../triggers/hooks.js";
import type { Columns } from "./db.js";
import type { FindingOperation } from "./operation.js";
import type { QueryDocument, Where } from "../query/where.js";
import type { Row } from "./store.js";

/** One document to write. `columns` are what the caller writes; `document` is what is there now. */
export type Change = { readonly model: string } & (
  | { readonly operation: "create"; readonly columns: Columns }
  | {
      readonly operation: "update";
      readonly columns: Columns;
      readonly document: QueryDocument;
      /** What is added to columns, beside those that are written. */
      readonly increment?: { readonly [column: string]: number };
      /** The document is left alone where none of these matches it any more. Default: it is written. */
      readonly wheres?: readonly Where[] | undefined;
    }
  | { readonly operation: "delete"; readonly document: QueryDocument }
);

/** A change that no `before` has refused. */
export type ReadyChange = {
  readonly change: Change;
  /** What `before` adds; undefined removes a column. */
  readonly added?: HookData | undefined;
  /** True where triggers listen: then the documents before and after are returned. */
  readonly isHeard: boolean;
};

/** A change that was made. */
export type Applied = {
  /** Convex's document id. */
  readonly id: string;
  /** The row as it is now; null for a delete. */
  readonly row: Row | null;
  readonly oldDoc: HookDocument | null;
  /** Null also where nobody listens. */
  readonly newDoc: HookDocument | null;
};

/** What an operation comes to. */
export type Loaded = {
  /** In the order in which they are made. */
  readonly changes: readonly Change[];
  /** Of deletions: how many documents are deleted for themselves, the last of the changes; or the one that is returned. */
  readonly result?: Row | number | null;
};

/** Makes changes, where the documents are. */
export type Changer = {
  /** One after the other; null where the document is gone by now, or is not what was looked for any more. */
  readonly apply: (changes: readonly ReadyChange[]) => Promise<readonly (Applied | null)[]>;
  readonly isGone: (id: string) => Promise<boolean>;
};

/** Loads and makes changes, where the documents are. */
export type Writes = Changer & {
  /** @throws KitcnError as the method of Store does, before anything is written */
  readonly load: (operation: FindingOperation) => Promise<Loaded>;
};
