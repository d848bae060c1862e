// `initCRPC`: states the types of procedures and routes for one app, and hands out where each begins.
// Must not run anything: procedure.ts runs, functions.ts and http-route.ts register.
import {
  actionGeneric,
  internalActionGeneric,
  internalMutationGeneric,
  internalQueryGeneric,
  mutationGeneric,
  queryGeneric,
  type GenericActionCtx,
  type GenericDataModel,
  type GenericMutationCtx,
  type GenericQueryCtx,
} from "convex/server";
import { missingBuilder } from "../errors/server.js";
import {
  createProcedure,
  type FunctionBuilder,
  type FunctionKind,
  type Procedure,
} from "./functions.js";
import type { RouterRecord } from "./http-router.js";
import { createRouteStart, type RouteStart } from "./http-route.js";
import type { Middleware, NoFields } from "./procedure.js";

/** The builders of `_generated/server`, or others of the same form; procedures take their ctx from these. */
export type CRPCBuilders<Q extends object, M extends object, A extends object> = {
  query?: FunctionBuilder<Q>;
  internalQuery?: FunctionBuilder<Q>;
  mutation?: FunctionBuilder<M>;
  internalMutation?: FunctionBuilder<M>;
  action?: FunctionBuilder<A>;
  internalAction?: FunctionBuilder<A>;
};

export type CRPC<Q extends object, M extends object, A extends object> = {
  query: Procedure<"query", "public", Q, NoFields, NoFields, null>;
  mutation: Procedure<"mutation", "public", M, NoFields, NoFields, null>;
  action: Procedure<"action", "public", A, NoFields, NoFields, null>;
  /** Where HTTP routes begin: `httpAction.get("/api/health").action(...)`. */
  httpAction: RouteStart<A>;
  /** Types a middleware that serves all three kinds; a plain `Middleware` function does as well. */
  middleware<Added extends object>(
    middleware: Middleware<Q | M | A, Added>,
  ): Middleware<Q | M | A, Added>;
  /** Groups routes under names, for `createHttpRouter`. */
  router<Routes extends RouterRecord>(routes: Routes): Routes;
};

export type CRPCInit<DataModel extends GenericDataModel> = {
  /** Types ctx by the app's tables. */
  dataModel<AppDataModel extends GenericDataModel>(): CRPCInit<AppDataModel>;
  /** Without builders: Convex's own. With builders: those alone, so that none slips past an app's own. */
  create<
    Q extends object = GenericQueryCtx<DataModel>,
    M extends object = GenericMutationCtx<DataModel>,
    A extends object = GenericActionCtx<DataModel>,
  >(
    builders?: CRPCBuilders<Q, M, A>,
  ): CRPC<Q, M, A>;
};

/**
 * Starts the app's procedures.
 *
 * @throws KitcnError `MISSING_BUILDER` where a procedure needs a builder that `create` was not given
 * @example
 * // lib/crpc.ts
 * import { getSession } from "kitcn/auth";
 * import { CRPCError, initCRPC } from "kitcn/server";
 * import type { DataModel } from "../convex/_generated/dataModel";
 *
 * const c = initCRPC.dataModel<DataModel>().create();
 *
 * export const { router, httpAction: publicRoute } = c;
 *
 * export const authQuery = c.query.use(async ({ ctx, next }) => {
 *   const session = await getSession(ctx);
 *   if (!session) throw new CRPCError({ code: "UNAUTHORIZED" });
 *   return next({ ctx: { userId: session.userId } });
 * });
 * @example
 * // convex/notes.ts
 * import { z } from "zod";
 * import { authQuery } from "../lib/crpc";
 *
 * export const list = authQuery
 *   .input(z.object({ limit: z.number().max(100) }))
 *   .query(({ ctx, input }) => ctx.db.query("notes").take(input.limit));
 */
export const initCRPC: CRPCInit<GenericDataModel> = createInit();

// --- internal ---

type UntypedBuilders = Partial<Record<BuilderName, FunctionBuilder<object>>>;
type BuilderName = keyof CRPCBuilders<object, object, object>;

/** What `create` makes is one object whatever the types say; CRPCInit states them. */
function createInit<DataModel extends GenericDataModel>(): CRPCInit<DataModel> {
  return {
    dataModel: () => createInit(),
    create: <Q extends object, M extends object, A extends object>(
      builders?: CRPCBuilders<Q, M, A>,
    ) => createCRPC(builders) as CRPC<Q, M, A>,
  };
}

function createCRPC(builders: UntypedBuilders = CONVEX_BUILDERS): object {
  const start = (kind: FunctionKind) =>
    createProcedure({
      kind,
      visibility: "public",
      steps: [],
      output: null,
      builderOf: (of, visibility) => pickBuilder(builders, of, visibility === "internal"),
    });
  return {
    query: start("query"),
    mutation: start("mutation"),
    action: start("action"),
    httpAction: createRouteStart(),
    middleware: (middleware: unknown) => middleware,
    router: (routes: unknown) => routes,
  };
}

const INTERNAL_NAMES = {
  query: "internalQuery",
  mutation: "internalMutation",
  action: "internalAction",
} as const;

const CONVEX_BUILDERS: UntypedBuilders = {
  query: queryGeneric,
  internalQuery: internalQueryGeneric,
  mutation: mutationGeneric,
  internalMutation: internalMutationGeneric,
  action: actionGeneric,
  internalAction: internalActionGeneric,
};

function pickBuilder(
  builders: UntypedBuilders,
  kind: FunctionKind,
  internal: boolean,
): FunctionBuilder<object> {
  const name = internal ? INTERNAL_NAMES[kind] : kind;
  const builder = builders[name];
  if (builder) return builder;
  throw missingBuilder({ builder: name });
}
