// What defineTriggers brings along, so that an app without triggers does not load the code that runs them: the hooks of
// a mutation's context, and a ctx.db that fires them. Must not know where the triggers come from.
import type { GenericDataModel, GenericMutationCtx } from "convex/server";
import { plainDbOf } from "./context.js";
import type { WriteHooks } from "./hooks.js";
import type { Triggers } from "./types.js";
import { writeHooksOf } from "./write-hooks.js";
import { triggeringDb } from "./writer.js";

/** A context's database and hooks, with triggers. */
export type Firing<DataModel extends GenericDataModel> = {
  readonly db: GenericMutationCtx<DataModel>["db"];
  /** Undefined while triggers are off. */
  readonly hooks: WriteHooks | undefined;
};

/**
 * Makes a mutation's context fire triggers.
 *
 * @example
 * const { db, hooks } = fireTriggers(triggers, ctx);
 */
export function fireTriggers<DataModel extends GenericDataModel>(
  triggers: Triggers<DataModel>,
  ctx: GenericMutationCtx<DataModel>,
): Firing<DataModel> {
  const db = plainDbOf(ctx);
  const hooks = writeHooksOf({ ctx, schema: triggers });
  return { hooks, db: hooks ? triggeringDb(db, { hooks, tables: Object.keys(triggers) }) : db };
}
