// `kitcn/auth/import`: what generated/import.ts is made of. The internal functions that `kitcn import` calls.
// Must not import better-auth or zod at run time.
import { internalMutationGeneric, internalQueryGeneric } from "convex/server";
import type {
  GenericDataModel,
  GenericMutationCtx,
  RegisteredMutation,
  RegisteredQuery,
} from "convex/server";
import { v } from "convex/values";
import type { DbCtx } from "../auth/context.js";
import { enteredBy, keyless, type AuthStoreConfig } from "../auth/store-functions.js";
import { storesOf } from "../auth/stores.js";
import { importBatch, importState } from "./batch.js";
import { rewritePage } from "./rewrite.js";
import type { ImportScope } from "./scope.js";
import type {
  ComparedRow,
  ImportBatch,
  ImportRow,
  ImportState,
  MapPage,
  RewriteBatch,
  RewrittenBatch,
  UndoBatch,
  UndoneBatch,
} from "./types.js";
import { undoPage } from "./undo.js";
import { compareRows, countMapped } from "./verify.js";

export type { AuthComponent } from "../auth/types.js";
export type * from "./types.js";

/** The internal functions of generated/import.ts; only the CLI calls them, with an admin key. */
export type AuthImportFunctions = {
  readonly importBatch: RegisteredMutation<
    "internal",
    { batch: ImportBatch },
    Promise<ImportState>
  >;
  readonly importState: RegisteredQuery<
    "internal",
    { source: string },
    Promise<ImportState | null>
  >;
  readonly importCount: RegisteredQuery<
    "internal",
    { source: string; model: string; cursor: string | null; limit: number },
    Promise<MapPage>
  >;
  readonly importCompare: RegisteredQuery<
    "internal",
    { source: string; rows: readonly ImportRow[] },
    Promise<ComparedRow[]>
  >;
  readonly importRewrite: RegisteredMutation<
    "internal",
    { batch: RewriteBatch },
    Promise<RewrittenBatch>
  >;
  readonly importUndo: RegisteredMutation<"internal", { batch: UndoBatch }, Promise<UndoneBatch>>;
};

/**
 * The functions by which `kitcn import` writes users of another library. Triggers of schema.ts run for each row;
 * those of auth.ts, and Better Auth's own hooks, do not.
 *
 * @example
 * export const { importBatch, importState } = createAuthImport<DataModel>({ tables, app: () => app });
 */
export function createAuthImport<DataModel extends GenericDataModel>({
  tables,
  component,
  app,
}: AuthStoreConfig<DataModel>): AuthImportFunctions {
  const scopeOf = (given: object): ImportScope & { readonly ctx: DbCtx<DataModel> } => {
    const ctx = enteredBy(app, given as DbCtx<DataModel>); // registered in the app, for its data model
    const triggers = { schema: app().triggers() };
    return {
      ctx,
      tables,
      stores: storesOf({ ctx, tables, component: keyless(component), triggers }),
    };
  };
  return {
    importBatch: internalMutationGeneric({
      args: { batch: v.any() },
      handler: (ctx, { batch }) => importBatch(scopeOf(ctx), batch as ImportBatch), // sent by the CLI only
    }),
    importState: internalQueryGeneric({
      args: { source: v.string() },
      handler: (ctx, args) => importState(scopeOf(ctx), args),
    }),
    importCount: internalQueryGeneric({
      args: {
        source: v.string(),
        model: v.string(),
        cursor: v.union(v.string(), v.null()),
        limit: v.number(),
      },
      handler: (ctx, args) => countMapped(scopeOf(ctx), args),
    }),
    importCompare: internalQueryGeneric({
      args: { source: v.string(), rows: v.array(v.any()) },
      handler: (ctx, { source, rows }) =>
        compareRows(scopeOf(ctx), { source, rows: rows as readonly ImportRow[] }), // as above
    }),
    importRewrite: internalMutationGeneric({
      args: { batch: v.any() },
      handler: (given, { batch }) => {
        const { ctx, ...scope } = scopeOf(given);
        const mutation = ctx as object as GenericMutationCtx<GenericDataModel>; // of any table, by name
        return rewritePage(scope, mutation, batch as RewriteBatch); // as above
      },
    }),
    importUndo: internalMutationGeneric({
      args: { batch: v.any() },
      handler: (ctx, { batch }) => undoPage(scopeOf(ctx), batch as UndoBatch), // as above
    }),
  };
}
