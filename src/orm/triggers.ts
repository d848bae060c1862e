// `defineTriggers`: the triggers of schema.ts, for every write of the app. Remembers them by their relations,
// so that a plain `const triggers = defineTriggers(relations, ...)` works without being exported.
import type {
  DocumentByName,
  GenericDataModel,
  GenericMutationCtx,
  TableNamesInDataModel,
  WithoutSystemFields,
} from "convex/server";
import {
  triggersDefinedTwice,
  triggersOfComponentTable,
  unknownTriggerTable,
} from "../errors/define-triggers.js";
import type { AuthTables } from "../metadata.js";
import type { ExactTriggers } from "../triggers/exact.js";
import { fireTriggers } from "../triggers/firing.js";
import type { TableTriggers } from "../triggers/types.js";
import type { AppDataModel } from "./register.js";
import type { AppSchema } from "./tables.js";
import type { OrmWriter } from "./types.js";

/** The context of a trigger: a mutation's, with the ORM. Writes through it fire triggers too. */
export type TriggerCtx<
  DataModel extends GenericDataModel,
  Relations,
> = GenericMutationCtx<DataModel> & { readonly orm: OrmWriter<DataModel, Relations> };

/** Triggers by table. */
export type SchemaTriggers<DataModel extends GenericDataModel, Relations> = {
  readonly [Table in TableNamesInDataModel<DataModel>]?: TableTriggers<
    DocumentByName<DataModel, Table>,
    WithoutSystemFields<DocumentByName<DataModel, Table>>,
    TriggerCtx<DataModel, Relations>
  >;
};

/**
 * Declares triggers for every write: through ctx.orm, through Better Auth from any context, and through the
 * ctx.db of mutations made with generated/server.ts. They run in the transaction of the write.
 *
 * `before` may return `{ data }` to merge, or `false` to cancel: then TriggerCancelledError is thrown and the
 * transaction rolls back. `after` and `change` run after the write; an error in any undoes it.
 *
 * @throws KitcnError `TRIGGERS_DEFINED_TWICE` for a table that has triggers already
 * @example
 * // convex/schema.ts
 * import { defineSchema, defineTable } from "convex/server";
 * import { v } from "convex/values";
 * import { defineTriggers } from "kitcn/orm";
 * import { relations } from "./relations";
 *
 * export default defineSchema({
 *   notes: defineTable({ authorId: v.id("user"), title: v.string(), seen: v.boolean() }),
 *   profiles: defineTable({ userId: v.id("user") }),
 * });
 *
 * export const triggers = defineTriggers(relations, {
 *   user: {
 *     create: {
 *       after: async (user, ctx) => {
 *         await ctx.orm.insert("profiles", { userId: user._id });
 *       },
 *     },
 *   },
 * });
 */
export function defineTriggers<
  const Relations extends object,
  const Given extends SchemaTriggers<AppDataModel, Relations>,
>(
  relations: Relations,
  triggers: Given & ExactTriggers<Given, SchemaColumns<AppDataModel>>,
): SchemaTriggers<AppDataModel, Relations> {
  const known = declared.get(relations)?.triggers ?? {};
  const twice = Object.keys(triggers).find((table) => Object.hasOwn(known, table));
  if (twice !== undefined) throw triggersDefinedTwice({ table: twice });
  const all = { ...known, ...triggers };
  declared.set(relations, { triggers: all, assertTables: assertTriggerTables, fire: fireTriggers });
  return triggers;
}

/** Triggers, and the code that runs them: an app that declares none loads none of it. */
export type DeclaredTriggers = {
  /** By table. */
  readonly triggers: object;
  /**
   * @param auth generated/auth.tables.ts, where the app has it
   * @throws KitcnError `UNKNOWN_TRIGGER_TABLE` for triggers of a table that schema.ts does not have
   */
  readonly assertTables: (triggers: object, schema: AppSchema, auth?: AuthTables) => void;
  readonly fire: typeof fireTriggers;
};

/** The triggers declared with these relations; undefined where there are none. */
export function declaredTriggers(relations: object): DeclaredTriggers | undefined {
  return declared.get(relations);
}

// --- internal ---

function assertTriggerTables(triggers: object, schema: AppSchema, auth: AuthTables = {}): void {
  const table = Object.keys(triggers).find((name) => !Object.hasOwn(schema.tables, name));
  if (table === undefined) return;
  const models = Object.values(auth);
  const isElsewhere = models.some((one) => one.table === table && one.placement === "component");
  if (isElsewhere) throw triggersOfComponentTable({ table });
  throw unknownTriggerTable({ table, tables: Object.keys(schema.tables).sort() });
}

type SchemaColumns<DataModel extends GenericDataModel> = {
  readonly [Table in TableNamesInDataModel<DataModel>]: keyof WithoutSystemFields<
    DocumentByName<DataModel, Table>
  >;
};

const declared = new WeakMap<object, DeclaredTriggers>();
