// What a component of auth tables is made of, the packaged one and those that codegen writes into an app.
// Must carry neither better-auth nor zod: it is bundled into the component.
import { mutationGeneric, queryGeneric } from "convex/server";
import type { GenericDataModel, GenericMutationCtx, GenericQueryCtx } from "convex/server";
import type { AuthTables } from "../metadata.js";
import { dbStore } from "../store/db-store.js";
import { storeFunctions, type StoreFunctions, type StoreTriggers } from "../store/functions.js";
import { routedHooks } from "../triggers/crossing.js";

export type { AuthTables } from "../metadata.js";

/**
 * The two functions of a component that holds these tables. They are public, which in a component means:
 * callable by the app's server code, never by a client.
 *
 * @example
 * export const { read, write } = componentFunctions(tables);
 */
export function componentFunctions(tables: AuthTables): StoreFunctions<"public"> {
  return storeFunctions({
    query: queryGeneric,
    mutation: mutationGeneric,
    store: (ctx, triggers) => dbStore({ db: ctx.db, tables, hooks: hooksOf(ctx, triggers) }),
  });
}

// --- internal ---

type Ctx = GenericQueryCtx<GenericDataModel> | GenericMutationCtx<GenericDataModel>;

function hooksOf(ctx: Ctx, triggers: StoreTriggers | undefined) {
  const isRoute = triggers !== undefined && triggers !== "inline";
  return isRoute && "runMutation" in ctx ? routedHooks(ctx, triggers) : undefined;
}
