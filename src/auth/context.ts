// Tells the kinds of Convex contexts apart. Every store loads this: what only requests need is in run-context.ts.
// Must not import better-auth.
import type {
  GenericActionCtx,
  GenericDataModel,
  GenericMutationCtx,
  GenericQueryCtx,
} from "convex/server";
import type { AuthCtx } from "./types.js";

/** A context with a database. */
export type DbCtx<DataModel extends GenericDataModel> =
  GenericQueryCtx<DataModel> | GenericMutationCtx<DataModel>;

export function isActionCtx<DataModel extends GenericDataModel>(
  ctx: AuthCtx<DataModel>,
): ctx is GenericActionCtx<DataModel> {
  return !("db" in ctx);
}

export function isMutationCtx<DataModel extends GenericDataModel>(
  ctx: AuthCtx<DataModel>,
): ctx is GenericMutationCtx<DataModel> {
  return "db" in ctx && "runMutation" in ctx;
}
