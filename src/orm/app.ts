// What an app's schema, relations and triggers make of a context: ctx.orm, and a ctx.db that fires triggers.
// The one place where both are put on a context, for the app's own functions and for Better Auth's.
import type { GenericDataModel, GenericMutationCtx, GenericQueryCtx } from "convex/server";
import type { AuthTables } from "../metadata.js";
import { attachToContext, plainDbOf } from "../triggers/context.js";
import type { Triggers } from "../triggers/types.js";
import { createOrm } from "./orm.js";
import type { AnyRelations } from "./relations.js";
import { tablesOf, type AppSchema } from "./tables.js";
import { declaredTriggers } from "./triggers.js";
import type { OrmReader, OrmWriter } from "./types.js";

/** A query's context with ctx.orm. */
export type QueryCtxOf<
  DataModel extends GenericDataModel,
  Relations,
> = GenericQueryCtx<DataModel> & { readonly orm: OrmReader<DataModel, Relations> };

/** A mutation's context with ctx.orm, and a ctx.db that fires triggers. */
export type MutationCtxOf<
  DataModel extends GenericDataModel,
  Relations,
> = GenericMutationCtx<DataModel> & { readonly orm: OrmWriter<DataModel, Relations> };

export type AppInput<Relations extends AnyRelations> = {
  /** Lazily, since schema.ts may import what imports this. */
  readonly schema: () => AppSchema;
  readonly relations: () => Relations;
  /** generated/auth.tables.ts */
  readonly tables?: AuthTables;
};

export type App<DataModel extends GenericDataModel, Relations> = {
  readonly enterQuery: (ctx: GenericQueryCtx<DataModel>) => QueryCtxOf<DataModel, Relations>;
  readonly enterMutation: (
    ctx: GenericMutationCtx<DataModel>,
  ) => MutationCtxOf<DataModel, Relations>;
  /** Those of defineTriggers. @throws KitcnError `UNKNOWN_TRIGGER_TABLE` for those that could never run */
  readonly triggers: () => Triggers<DataModel> | undefined;
};

/** The parts of an app that generated/server.ts and generated/auth.ts share. */
export function createApp<DataModel extends GenericDataModel, Relations extends AnyRelations>({
  schema,
  relations,
  tables: auth,
}: AppInput<Relations>): App<DataModel, Relations> {
  let known: AuthTables | undefined;
  const tables = () => (known ??= tablesOf(schema(), auth));
  const checked = new WeakSet<object>();
  const declared = () => {
    const found = declaredTriggers(relations());
    if (found && !checked.has(found)) found.assertTables(found.triggers, schema(), auth);
    if (found) checked.add(found);
    // defineTriggers typed them so
    return found && { fire: found.fire, triggers: found.triggers as Triggers<DataModel> };
  };
  return {
    triggers: () => declared()?.triggers,
    enterQuery: (ctx) => ({
      ...ctx,
      orm: createOrm({ db: ctx.db, tables: tables(), relations: relations() }),
    }),
    enterMutation: (ctx) =>
      attachToContext(ctx, (next) => {
        const own = next as GenericMutationCtx<DataModel>; // a copy of it
        const plain = plainDbOf(own);
        const found = declared();
        const { db, hooks } = found?.fire(found.triggers, own) ?? { db: plain, hooks: undefined };
        const parts = { tables: tables(), relations: relations() };
        return { db, orm: createOrm<DataModel, Relations>({ db: plain, hooks, ...parts }) };
      }) as MutationCtxOf<DataModel, Relations>, // as above
  };
}
