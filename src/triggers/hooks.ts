// The hooks that every write of a store passes: what a trigger dispatcher implements.
// No behaviour but the error of a cancelled write. Must not know how triggers are declared.
import type { Value } from "convex/values";
import { KitcnError, type KitcnErrorData } from "../errors/error.js";
import { triggerCancelled } from "../errors/store.js";

export type WriteOperation = "create" | "update" | "delete";

/** A document as Convex stores it. */
export type HookDocument = {
  readonly _id: string;
  readonly _creationTime: number;
  readonly [column: string]: Value | undefined;
};

/** Columns and values, before a write. */
export type HookData = { readonly [column: string]: Value | undefined };

export type WriteTarget = {
  /** The canonical model key. */
  readonly model: string;
  readonly table: string;
};

/** A write that is about to happen. `data` of an update holds the changed columns only. */
export type BeforeWrite = WriteTarget &
  (
    | { readonly operation: "create"; readonly data: HookData }
    | { readonly operation: "update"; readonly data: HookData; readonly doc: HookDocument }
    | { readonly operation: "delete"; readonly doc: HookDocument }
  );

/** A write that has happened. `oldDoc` is null for a create, `newDoc` for a delete. */
export type AfterWrite = WriteTarget & {
  readonly operation: WriteOperation;
  /** Convex's document id. */
  readonly id: string;
  readonly oldDoc: HookDocument | null;
  readonly newDoc: HookDocument | null;
};

/** `{ data }` is merged into the write, `false` cancels it, nothing lets it pass. */
export type BeforeVerdict = { readonly data: HookData } | false | undefined | void;

/**
 * Called around every write, in its transaction, one after the other; an error in any fails the write.
 * A store without hooks skips the reads that only they need.
 */
export type WriteHooks = {
  /** False where nothing listens to such a write, and reads for its sake can be spared. Default: true. */
  readonly concerns?: (write: WriteTarget & { readonly operation: WriteOperation }) => boolean;
  readonly before?: (write: BeforeWrite) => Promise<BeforeVerdict> | BeforeVerdict;
  /** With the document as it is now; as it was, for a delete. */
  readonly after?: (write: AfterWrite) => Promise<void> | void;
  /** After `after`. */
  readonly change?: (write: AfterWrite) => Promise<void> | void;
};

/** A `before` trigger returned false. Convex rolls the transaction back when it leaves the function. */
export class TriggerCancelledError extends KitcnError {
  /** @param cause the cancelled write, or the data of such an error that has crossed a Convex boundary */
  constructor(
    cause: { readonly operation: WriteOperation; readonly table: string } | KitcnErrorData,
  ) {
    super("code" in cause ? cause : triggerCancelled(cause).data);
    this.name = "TriggerCancelledError";
  }
}

/** An error of kitcn's that has crossed a Convex boundary, with the class it had. */
export function reviveError(data: KitcnErrorData): KitcnError {
  return data.code === "TRIGGER_CANCELLED" ? new TriggerCancelledError(data) : new KitcnError(data);
}
