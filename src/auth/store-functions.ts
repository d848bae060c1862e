// `kitcn/auth/store`: what generated/store.ts is made of. The store of an app's auth tables as internal functions.
// Must not import better-auth or zod at run time: each call of a store loads all of this, and nothing else.
import { internalMutationGeneric, internalQueryGeneric } from "convex/server";
import type { GenericDataModel, GenericMutationCtx } from "convex/server";
import { triggersNotLoaded } from "../errors/app-store.js";
import type { AuthTables } from "../metadata.js";
import { CREATE_AFTER, createAfter, type CreateAfterInput } from "../store/create-after.js";
import { storeFunctions, type StoreFunctions, type StoreTriggers } from "../store/functions.js";
import type { Triggers } from "../triggers/types.js";
import { isMutationCtx, type DbCtx } from "./context.js";
import { sessionFunction } from "./session/session-functions.js";
import { placedStore, storesOf } from "./stores.js";
import type { AuthComponent, AuthCtx, AuthStoreFunctions } from "./types.js";

export type { AuthTables } from "../metadata.js";
export type { AuthComponent, AuthStoreFunctions } from "./types.js";
// For apps with `declaration: true`, as in ./types.js.
export type {
  FoundSession,
  SessionKey,
  SessionRow,
  StandingAnswer,
  StandingQuestion,
  StoreArgs,
  StoreResult,
} from "./types.js";

/** What Better Auth's writes have to do with the rest of the app. */
export type AuthApp<DataModel extends GenericDataModel> = {
  /** Those of schema.ts, which run for every write of their tables. */
  readonly triggers: () => Triggers<DataModel> | undefined;
  /** The context as triggers want it: what it writes fires them. */
  readonly enterMutation: (ctx: GenericMutationCtx<DataModel>) => GenericMutationCtx<DataModel>;
};

export type AuthStoreConfig<DataModel extends GenericDataModel> = {
  readonly tables: AuthTables;
  /** `components.auth`, where some table lives in the component. */
  readonly component?: AuthComponent;
  /** What schema.ts brings: generated/server.ts exports it. Lazily, since schema.ts may import what imports this. */
  readonly app: () => AuthApp<DataModel>;
};

/**
 * The internal functions by which actions, and commands, reach the auth tables. Triggers of auth.ts do not run
 * here: a write that they wait for goes to generated/auth.ts.
 *
 * @example
 * export const { authRead, authWrite, authSession } = createAuthStore<DataModel>({ tables, app: () => app });
 */
export function createAuthStore<DataModel extends GenericDataModel>(
  config: AuthStoreConfig<DataModel>,
): AuthStoreFunctions {
  const { read, write } = placedFunctions(config, (_ctx, triggers) => {
    if (triggers !== undefined) throw triggersNotLoaded();
    return undefined;
  });
  const { tables, component } = config;
  const authSession = sessionFunction<DataModel>({
    tables,
    storeOf: (ctx) => placedStore(tables, storesOf({ ctx, tables, component: keyless(component) })),
  });
  return { authRead: read, authWrite: write, authSession };
}

/** The same functions with the triggers of auth.ts that `inlineOf` finds for what a caller said. */
export function placedFunctions<DataModel extends GenericDataModel>(
  { tables, component, app }: AuthStoreConfig<DataModel>,
  inlineOf: (
    ctx: DbCtx<DataModel>,
    triggers: StoreTriggers | undefined,
  ) => Triggers<DataModel> | undefined,
): StoreFunctions<"internal"> {
  const storeOf = (given: object, waiting?: StoreTriggers) => {
    const ctx = enteredBy(app, given as DbCtx<DataModel>); // registered in the app, for its data model
    const triggers = { schema: app().triggers(), inline: inlineOf(ctx, waiting) };
    return placedStore(tables, storesOf({ ctx, tables, component: keyless(component), triggers }));
  };
  return storeFunctions({
    query: internalQueryGeneric,
    mutation: internalMutationGeneric,
    store: storeOf,
    change: (ctx, call) =>
      isCreateAfter(call) ? createAfter(storeOf(ctx), call.input) : undefined,
  });
}

/** The context as the app's triggers want it. */
export function enteredBy<DataModel extends GenericDataModel, Ctx extends AuthCtx<DataModel>>(
  app: () => AuthApp<DataModel>,
  ctx: Ctx,
): Ctx {
  return isMutationCtx(ctx)
    ? (app().enterMutation(ctx) as Ctx) // the same kind of context
    : ctx;
}

/** What a function gives that any of the app's code may call has no signing keys of the component. */
export function keyless(component: AuthComponent | undefined): AuthComponent | undefined {
  if (!component) return undefined;
  const { read, write } = component.store;
  return { store: { read, write } };
}

// --- internal ---

/** Sent by limit-counts.ts only. */
function isCreateAfter(call: {
  readonly kind: string;
}): call is { readonly kind: string; readonly input: CreateAfterInput } {
  return call.kind === CREATE_AFTER;
}
