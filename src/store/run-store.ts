// A store in another function: sends each operation, as data, to an internal function or a component.
// For actions, and for component tables from anywhere. Must not touch a database itself.
import type { FunctionReference } from "convex/server";
import { isKitcnError } from "../errors/error.js";
import { readOnly } from "../errors/tables.js";
import { reviveError } from "../triggers/hooks.js";
import { sentWrites } from "./change-calls.js";
import type { Writes } from "./change.js";
import { againOnConflict } from "./conflicts.js";
import { KEYS_MODEL } from "./guards.js";
import {
  isReadOperation,
  storeOfCalls,
  type OperationResult,
  type StoreOperation,
} from "./operation.js";
import type { StoreArgs, StoreTriggers } from "./functions.js";
import { packed, unpacked } from "./pieces.js";
import { definedColumns } from "./rows.js";
import type { Row, RowData, Store } from "./store.js";

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

/**
 * A store behind two functions; each call is one of them, a batch too.
 *
 * @param triggers which triggers the writing function is to run. Default: none
 * @example
 * const store = runStore(ctx, components.auth.store);
 */
export function runStore(ctx: RunCtx, refs: StoreRefs, triggers?: StoreTriggers): Store {
  const send = async (operations: readonly StoreOperation[]): Promise<OperationResult[]> => {
    if (!operations.every(isReadOperation))
      return (await callWrite({ ctx, refs, triggers }, operations)) as OperationResult[]; // storeFunctions returns these
    const read = (operations.every(isOfKeys) && refs.signingKeys) || refs.read;
    return revivingErrors(async () => {
      const returned = await ctx.runQuery(read, { operations: packed(operations) });
      return unpacked(returned as unknown[]) as OperationResult[]; // as above
    });
  };
  return keepingSentKeys(
    refs,
    storeOfCalls(async (operation) => (await send([operation]))[0] ?? null, send),
  );
}

/** Loads and makes changes in a component, for triggers that run here. */
export function runWrites(ctx: RunCtx, refs: StoreRefs): Writes {
  return sentWrites(async (call) => (await callWrite({ ctx, refs }, [call]))[0]);
}

/** A component gives no private key back; its maker goes on to sign with what it sent. */
export function keepingSentKeys(refs: StoreRefs, store: Store): Store {
  if (!refs.signingKeys) return store;
  return {
    ...store,
    create: async (input) => {
      const sent: RowData = input.model === KEYS_MODEL ? definedColumns(input.data) : {};
      return { ...sent, ...(await store.create(input)) } as Row; // what is sent is defined
    },
  };
}

/** Sends calls to the function that writes, in one transaction: operations, or what else that function performs. */
export async function callWrite(
  {
    ctx: { runMutation },
    refs,
    triggers,
  }: { ctx: RunCtx; refs: StoreRefs; triggers?: StoreTriggers | undefined },
  calls: readonly unknown[],
): Promise<unknown[]> {
  if (!runMutation) throw readOnly();
  const args = { operations: packed(calls), ...(triggers && { triggers }) };
  return revivingErrors(async () => {
    const returned = await againOnConflict(() => runMutation(refs.write, args));
    return unpacked(returned as unknown[]); // storeFunctions returns a list
  });
}

// --- internal ---

function isOfKeys({ input }: StoreOperation): boolean {
  return input.model === KEYS_MODEL;
}

/** Errors as they were thrown in the other function: their class does not survive the way back, their data does. */
async function revivingErrors<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw isKitcnError(error) ? reviveError(error.data) : error;
  }
}
