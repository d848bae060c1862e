// The one entry from declared triggers to the hooks of a store over ctx.db.
// Must not know where the triggers come from, nor Better Auth.
import type { GenericDataModel, GenericMutationCtx } from "convex/server";
import { combineHooks, hooksOf } from "./dispatch.js";
import type { WriteHooks } from "./hooks.js";
import type { Triggers } from "./types.js";
import { withTriggers } from "./writer.js";

export type WriteHooksInput<DataModel extends GenericDataModel> = {
  /** The mutation that writes; a context whose ctx.db fires the schema's triggers already is fine. */
  readonly ctx: GenericMutationCtx<DataModel>;
  /** Of schema.ts: by table, for every write, whoever makes it. */
  readonly schema?: Triggers<DataModel> | undefined;
  /** Of `defineAuth`: by table or model, for Better Auth's own writes. */
  readonly inline?: Triggers<DataModel> | undefined;
};

/**
 * The hooks for `dbStore({ db: plainDbOf(ctx), tables, hooks })`: of every step the schema's triggers run
 * first, then the inline ones, which see the data as those left it. What a trigger writes through its own
 * context fires the schema's triggers again. Undefined where there is nothing to run, or triggers are off.
 *
 * @example
 * const hooks = writeHooksOf({ ctx, schema: triggers, inline: options.triggers });
 */
export function writeHooksOf<DataModel extends GenericDataModel>({
  ctx,
  schema,
  inline,
}: WriteHooksInput<DataModel>): WriteHooks | undefined {
  const own = schema ? withTriggers<DataModel, typeof ctx>(schema, ctx) : ctx;
  return combineHooks([
    schema && hooksOf(schema, own, { isByTable: true }),
    inline && hooksOf(inline, own),
  ]);
}
