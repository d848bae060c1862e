// The two Convex functions behind runStore: a query and a mutation that run operations over ctx.db.
// Their argument is checked by the store itself, so that no minor of Better Auth is refused at the door.
import type {
  FunctionVisibility,
  GenericDataModel,
  GenericMutationCtx,
  GenericQueryCtx,
  MutationBuilder,
  QueryBuilder,
  RegisteredMutation,
  RegisteredQuery,
} from "convex/server";
import { v } from "convex/values";
import type { TriggerRoute } from "../triggers/crossing.js";
import { runOperations, type StoreOperation } from "./operation.js";
import { packed, unpacked } from "./pieces.js";
import type { Store } from "./store.js";

/** The argument of both functions. */
export type StoreArgs = {
  /** StoreOperations, as `packed` splits them. */
  operations: readonly unknown[];
  /** Of a write: which triggers of the caller wait for it. Default: none. */
  triggers?: StoreTriggers | undefined;
};

/** The way to the app's triggers, from a component; `inline`, where the app itself writes. */
export type StoreTriggers = TriggerRoute | "inline";

/** What both return: the OperationResult of each operation, as `packed` splits them. */
export type StoreResult = unknown[];

export type StoreFunctionsInput<
  DataModel extends GenericDataModel,
  Visibility extends FunctionVisibility,
> = {
  /** `internalQuery` in the app, `query` in the component. */
  readonly query: QueryBuilder<DataModel, Visibility>;
  /** `internalMutation` in the app, `mutation` in the component. */
  readonly mutation: MutationBuilder<DataModel, Visibility>;
  /** The store of a call; `triggers` is what its caller said. */
  readonly store: (
    ctx: GenericQueryCtx<DataModel> | GenericMutationCtx<DataModel>,
    triggers: StoreTriggers | undefined,
  ) => Store | Promise<Store>;
};

export type StoreFunctions<Visibility extends FunctionVisibility> = {
  readonly read: RegisteredQuery<Visibility, StoreArgs, Promise<StoreResult>>;
  readonly write: RegisteredMutation<Visibility, StoreArgs, Promise<StoreResult>>;
};

/**
 * Registers the functions that `runStore` calls. All operations of a call are one transaction.
 *
 * @example
 * const store = (ctx) => dbStore({ db: ctx.db, tables });
 * export const { read, write } = storeFunctions({ query: internalQuery, mutation: internalMutation, store });
 */
export function storeFunctions<
  DataModel extends GenericDataModel,
  Visibility extends FunctionVisibility,
>({
  query,
  mutation,
  store,
}: StoreFunctionsInput<DataModel, Visibility>): StoreFunctions<Visibility> {
  const args = { operations: v.array(v.any()), triggers: v.optional(v.any()) };
  const returns = v.array(v.any());
  const run = async (own: Store, operations: readonly unknown[]): Promise<unknown[]> =>
    packed(await runOperations(own, unpacked(operations) as StoreOperation[])); // sent by runStore only
  return {
    read: query({
      args,
      returns,
      handler: async (ctx, { operations }) => run(await store(ctx, undefined), operations),
    }),
    write: mutation({
      args,
      returns,
      handler: async (ctx, { operations, triggers }) =>
        run(await store(ctx, triggers as StoreTriggers | undefined), operations), // as above
    }),
  };
}
