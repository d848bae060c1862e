// The two Convex functions behind runStore: a query and a mutation that run operations over ctx.db.
// Their argument is checked by the store itself, so that no minor of Better Auth is refused at the door.
import type {
  FunctionVisibility,
  GenericDataModel,
  GenericMutationCtx,
  MutationBuilder,
  QueryBuilder,
  RegisteredMutation,
  RegisteredQuery,
} from "convex/server";
import { v } from "convex/values";
import type { AuthTables } from "../metadata.js";
import type { WriteHooks } from "../triggers/hooks.js";
import { dbStore } from "./db-store.js";
import { runOperations, type OperationResult, type StoreOperation } from "./operation.js";

/** The argument of both functions. */
export type StoreArgs = { operations: readonly StoreOperation[] };

/** What both return: the result of each operation. */
export type StoreResult = OperationResult[];

export type StoreFunctionsInput<
  DataModel extends GenericDataModel,
  Visibility extends FunctionVisibility,
> = {
  readonly tables: AuthTables;
  /** `internalQuery` in the app, `query` in the component. */
  readonly query: QueryBuilder<DataModel, Visibility>;
  /** `internalMutation` in the app, `mutation` in the component. */
  readonly mutation: MutationBuilder<DataModel, Visibility>;
  readonly hooks?: ((ctx: GenericMutationCtx<DataModel>) => WriteHooks | undefined) | undefined;
};

export type StoreFunctions<Visibility extends FunctionVisibility> = {
  readonly read: RegisteredQuery<Visibility, StoreArgs, Promise<StoreResult>>;
  readonly write: RegisteredMutation<Visibility, StoreArgs, Promise<StoreResult>>;
};

/**
 * Registers the functions that `runStore` calls. All operations of a call are one transaction.
 *
 * @example
 * export const { read, write } = storeFunctions({ tables, query: internalQuery, mutation: internalMutation });
 */
export function storeFunctions<
  DataModel extends GenericDataModel,
  Visibility extends FunctionVisibility,
>({
  tables,
  query,
  mutation,
  hooks,
}: StoreFunctionsInput<DataModel, Visibility>): StoreFunctions<Visibility> {
  const args = { operations: v.array(v.any()) };
  return {
    read: query({
      args,
      returns: v.array(v.any()),
      handler: (ctx, { operations }) =>
        runOperations(dbStore({ db: ctx.db, tables }), operations as StoreOperation[]), // sent by runStore only
    }),
    write: mutation({
      args,
      returns: v.array(v.any()),
      handler: (ctx, { operations }) =>
        runOperations(
          dbStore({ db: ctx.db, tables, hooks: hooks?.(ctx) }),
          operations as StoreOperation[], // as above
        ),
    }),
  };
}
