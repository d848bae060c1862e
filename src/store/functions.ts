// The two Convex functions behind runStore: a query and a mutation that run operations over ctx.db.
// Their argument is checked by the store itself, so that a new minor of Better Auth that adds one keeps working.
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
import { runOperation, type StoreOperation } from "./operation.js";
import { packed, unpacked } from "./pieces.js";
import type { Store } from "./store.js";

/** The argument of both functions. */
export type StoreArgs = {
  /** StoreOperations, for a component also ChangeCalls, as `packed` splits them. */
  operations: readonly unknown[];
  /** Of a write: whether triggers of auth.ts listen to it. Default: none do. */
  triggers?: StoreTriggers | undefined;
};

/** The triggers that a caller of `write` wants to run. */
export type StoreTriggers = "inline";

/** What both return: the result of each operation, as `packed` splits them. */
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
  ) => Store;
  /** In a component: performs what an app that runs its triggers itself asks for; undefined for store operations. */
  readonly change?: (
    ctx: GenericMutationCtx<DataModel>,
    call: { readonly kind: string },
  ) => Promise<unknown> | undefined;
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
  change,
}: StoreFunctionsInput<DataModel, Visibility>): StoreFunctions<Visibility> {
  const args = { operations: v.array(v.any()), triggers: v.optional(v.any()) };
  const returns = v.array(v.any());
  const run = async (sent: readonly unknown[], perform: (one: StoreOperation) => unknown) => {
    const results: unknown[] = [];
    // Sent by runStore and sentWrites only.
    for (const one of unpacked(sent) as StoreOperation[]) results.push(await perform(one));
    return packed(results);
  };
  return {
    read: query({
      args,
      returns,
      handler: async (ctx, { operations }) => {
        const own = store(ctx, undefined);
        return run(operations, (one) => runOperation(own, one));
      },
    }),
    write: mutation({
      args,
      returns,
      handler: async (ctx, { operations, triggers }) => {
        const own = store(ctx, triggers as StoreTriggers | undefined); // as above
        return run(operations, (one) => change?.(ctx, one) ?? runOperation(own, one));
      },
    }),
  };
}
