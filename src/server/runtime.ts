// `kitcn/server/runtime`: what generated/server.ts is made of. Convex's builders with the app's context.
// Must not import zod: procedures are kitcn/server's business.
import {
  actionGeneric,
  internalActionGeneric,
  internalMutationGeneric,
  internalQueryGeneric,
  mutationGeneric,
  queryGeneric,
} from "convex/server";
import type {
  ActionBuilder,
  FunctionVisibility,
  GenericActionCtx,
  GenericDataModel,
  GenericMutationCtx,
  GenericQueryCtx,
} from "convex/server";
import type { CustomBuilder } from "convex-helpers/server/customFunctions";
import { createApp, type App, type AppInput } from "../orm/app.js";
import type { AnyRelations } from "../orm/relations.js";
import type { OrmReader, OrmWriter } from "../orm/types.js";

export type { App, MutationCtxOf, QueryCtxOf } from "../orm/app.js";

/** An action's context, which has no database. */
export type ActionCtxOf<DataModel extends GenericDataModel> = GenericActionCtx<DataModel>;

type NoArgs = Record<string, never>;

/** Convex's query builder; its ctx has `orm`. */
export type QueryBuilderOf<
  DataModel extends GenericDataModel,
  Relations,
  Visibility extends FunctionVisibility,
> = CustomBuilder<
  "query",
  NoArgs,
  { orm: OrmReader<DataModel, Relations> },
  NoArgs,
  GenericQueryCtx<DataModel>,
  Visibility,
  object
>;

/** Convex's mutation builder; its ctx has `orm`, and a `db` that fires triggers. */
export type MutationBuilderOf<
  DataModel extends GenericDataModel,
  Relations,
  Visibility extends FunctionVisibility,
> = CustomBuilder<
  "mutation",
  NoArgs,
  { orm: OrmWriter<DataModel, Relations> },
  NoArgs,
  GenericMutationCtx<DataModel>,
  Visibility,
  object
>;

export type Builders<DataModel extends GenericDataModel, Relations> = {
  readonly query: QueryBuilderOf<DataModel, Relations, "public">;
  readonly internalQuery: QueryBuilderOf<DataModel, Relations, "internal">;
  readonly mutation: MutationBuilderOf<DataModel, Relations, "public">;
  readonly internalMutation: MutationBuilderOf<DataModel, Relations, "internal">;
  readonly action: ActionBuilder<DataModel, "public">;
  readonly internalAction: ActionBuilder<DataModel, "internal">;
};

/**
 * Makes the app's function builders. Called once, by generated/server.ts.
 *
 * @example
 * const server = createServer<DataModel, typeof relations>({ schema: () => schema, relations: () => relations });
 */
export function createServer<DataModel extends GenericDataModel, Relations extends AnyRelations>(
  input: AppInput<Relations>,
): { readonly app: App<DataModel, Relations>; readonly builders: Builders<DataModel, Relations> } {
  const app = createApp<DataModel, Relations>(input);
  // Convex's own builders know no data model; these have the same one, and the context of CustomBuilder.
  const builders = {
    query: entering(queryGeneric, app.enterQuery),
    internalQuery: entering(internalQueryGeneric, app.enterQuery),
    mutation: entering(mutationGeneric, app.enterMutation),
    internalMutation: entering(internalMutationGeneric, app.enterMutation),
    action: actionGeneric as ActionBuilder<DataModel, "public">,
    internalAction: internalActionGeneric as ActionBuilder<DataModel, "internal">,
  } as object as Builders<DataModel, Relations>;
  return { app, builders };
}

// --- internal ---

type Handler<Ctx> = (ctx: Ctx, args: unknown) => unknown;
type Definition<Ctx> = { readonly handler: Handler<Ctx> };

/**
 * A builder whose handlers get another context. Own code: convex-helpers' custom functions do this too, with code for
 * arguments and validators of their own, and every run of every function pays for what it loads.
 */
function entering<Given, Ctx>(
  builder: (definition: never) => unknown,
  enter: (ctx: Given) => Ctx,
): (definition: Handler<Ctx> | Definition<Ctx>) => unknown {
  return (definition) => {
    const own = typeof definition === "function" ? { handler: definition } : definition;
    const handler = (ctx: Given, args: unknown) => own.handler(enter(ctx), args);
    return builder({ ...own, handler } as never); // a definition of the builder's own kind
  };
}
