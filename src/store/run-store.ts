// A store in another function: sends each operation, as data, to an internal function or a component.
// For actions, and for component tables from anywhere. Must not touch a database itself.
import type { FunctionReference } from "convex/server";
import { isKitcnError } from "../errors.js";
import { triggerErrorOf } from "../triggers/crossing.js";
import { reviveError, TriggerCancelledError } from "../triggers/hooks.js";
import { againOnConflict } from "./conflicts.js";
import { readOnly } from "./db.js";
import { KEYS_MODEL } from "./guards.js";
import { isReadOperation, type StoreOperation, type OperationResult } from "./operation.js";
import type { StoreArgs, StoreTriggers } from "./functions.js";
import { packed, unpacked } from "./pieces.js";
import { definedColumns } from "./rows.js";
import type { Row, Store } from "./store.js";

/** Any Convex context. A query has no runMutation: then writes are refused. */
export type RunCtx = {
  readonly runQuery: (query: StoreRefs["read"], args: StoreArgs) => Promise<unknown>;
  readonly runMutation?: (mutation: StoreRefs["write"], args: StoreArgs) => Promise<unknown>;
};

/** The functions that `storeFunctions` makes. */
export type StoreRefs = {
  readonly read: FunctionReference<"query", "internal">;
  /** Of a component: `read` for signing keys, whose private halves only this one gives. */
  readonly signingKeys?: FunctionReference<"query", "internal">;
  readonly write: FunctionReference<"mutation", "internal">;
};

/** The caller's triggers, as far as writes in the other function concern them. */
export type CallerTriggers = {
  /** What each write carries; undefined where nothing waits for it. */
  readonly load: () => Promise<StoreTriggers | undefined> | StoreTriggers | undefined;
  /** A trigger has failed or cancelled a write, just before its error is thrown here. */
  readonly onFailure?: (() => void) | undefined;
};

/**
 * A store behind two functions; each call is one of them, a batch too.
 *
 * @example
 * const store = runStore(ctx, components.auth.store);
 */
export function runStore(ctx: RunCtx, refs: StoreRefs, callers?: CallerTriggers): Store {
  const send = async (operations: readonly StoreOperation[]): Promise<OperationResult[]> => {
    try {
      if (operations.every(isReadOperation)) {
        const read = (operations.every(isOfKeys) && refs.signingKeys) || refs.read;
        return resultsOf(await ctx.runQuery(read, { operations: packed(operations) }));
      }
      const { runMutation } = ctx;
      if (!runMutation) throw readOnly();
      const triggers = await callers?.load();
      const args = { operations: packed(operations), ...(triggers && { triggers }) };
      return resultsOf(await againOnConflict(() => runMutation(refs.write, args)));
    } catch (error) {
      throw returnedError(error, callers?.onFailure);
    }
  };
  // Each kind of operation has the result of the Store method of that name.
  const call = async <Result extends OperationResult>(operation: StoreOperation) =>
    (await send([operation]))[0] as Result;
  return {
    create: async (input) => {
      const row = await call<Row>({ kind: "create", input });
      // A component gives no private key back; its maker goes on to sign with what it sent.
      const sent = refs.signingKeys && input.model === KEYS_MODEL ? definedColumns(input.data) : {};
      return { ...sent, ...row };
    },
    findOne: (input) => call<Row | null>({ kind: "findOne", input }),
    findMany: (input) => call<Row[]>({ kind: "findMany", input }),
    count: (input) => call<number>({ kind: "count", input }),
    update: (input) => call<Row | null>({ kind: "update", input }),
    updateMany: (input) => call<number>({ kind: "updateMany", input }),
    delete: (input) => call<number>({ kind: "delete", input }),
    deleteMany: (input) => call<number>({ kind: "deleteMany", input }),
    consumeOne: (input) => call<Row | null>({ kind: "consumeOne", input }),
    incrementOne: (input) => call<Row | null>({ kind: "incrementOne", input }),
    batch: send,
  };
}

// --- internal ---

function resultsOf(returned: unknown): OperationResult[] {
  return unpacked(returned as unknown[]) as OperationResult[]; // storeFunctions returns these
}

function isOfKeys({ input }: StoreOperation): boolean {
  return input.model === KEYS_MODEL;
}

/** The error as it was thrown in the other function: the class does not survive the way back, the data does. */
function returnedError(error: unknown, onTriggerFailure: (() => void) | undefined): unknown {
  const ofTrigger = triggerErrorOf(error);
  const returned = ofTrigger ?? (isKitcnError(error) ? reviveError(error.data) : error);
  if (ofTrigger || returned instanceof TriggerCancelledError) onTriggerFailure?.();
  return returned;
}
