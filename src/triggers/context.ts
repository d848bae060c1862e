// What a context knows about triggers: how deep it is inside them, whether they are off, and its plain ctx.db.
// Kept beside the context, since Convex has no async local storage. Must not call triggers.
import type { GenericDataModel, GenericMutationCtx } from "convex/server";

type MutationCtx<DataModel extends GenericDataModel> = GenericMutationCtx<DataModel>;

export type TriggerState = {
  /** How many triggers this context is inside of. */
  readonly depth: number;
  readonly isOff: boolean;
};

/**
 * The same context with triggers off: nothing written through it, or through `getAuth` of it, fires any.
 * With a function: calls it with that context and returns its result.
 *
 * @example
 * import { v } from "convex/values";
 * import { withoutTriggers } from "kitcn/orm";
 * import { mutation } from "./generated/server";
 *
 * export const markSeen = mutation({
 *   args: { id: v.id("notes") },
 *   handler: (ctx, { id }) => withoutTriggers(ctx, (quiet) => quiet.db.patch(id, { seen: true })),
 * });
 */
export function withoutTriggers<Ctx extends MutationCtx<GenericDataModel>>(ctx: Ctx): Ctx;
export function withoutTriggers<Ctx extends MutationCtx<GenericDataModel>, Result>(
  ctx: Ctx,
  work: (ctx: Ctx) => Result,
): Result;
export function withoutTriggers<Ctx extends MutationCtx<GenericDataModel>, Result>(
  ctx: Ctx,
  work?: (ctx: Ctx) => Result,
): Ctx | Result {
  const quiet = deriveContext(ctx, { ...triggerStateOf(ctx), isOff: true });
  return work ? work(quiet) : quiet;
}

/** What is known of a context; the outermost state for one that no trigger has seen. */
export function triggerStateOf(ctx: object): TriggerState {
  return recordOf(ctx)?.state ?? { depth: 0, isOff: false };
}

/** A copy of a context in another state, with whatever was attached to it made anew. */
export function deriveContext<Ctx extends object>(ctx: Ctx, state: TriggerState): Ctx {
  const { base, attach } = recordOf(ctx) ?? { base: ctx, attach: undefined };
  return remember({ ...ctx, ...base }, { base, state, attach });
}

/** A context with members that depend on its state, as a ctx.db that fires triggers. Never twice. */
export function attachToContext<Ctx extends object>(
  ctx: Ctx,
  attach: (ctx: object) => object,
): Ctx {
  const record = recordOf(ctx);
  if (record?.attach) return ctx;
  return remember(
    { ...ctx },
    { base: record?.base ?? ctx, state: record?.state ?? triggerStateOf(ctx), attach },
  );
}

/** Convex's own ctx.db, which fires nothing. */
export function plainDbOf<Db>(ctx: { readonly db: Db }): Db {
  const base = recordOf(ctx)?.base;
  return base && "db" in base ? (base.db as Db) : ctx.db; // the same database, before it was wrapped
}

// --- internal ---

type ContextRecord = {
  /** The context as Convex gave it. */
  readonly base: object;
  readonly state: TriggerState;
  readonly attach: ((ctx: object) => object) | undefined;
};

/** By context, and by its ctx.db: copies of a context, as middleware makes them, keep that. */
const records = new WeakMap<object, ContextRecord>();

function recordOf(ctx: object): ContextRecord | undefined {
  return records.get(ctx) ?? ("db" in ctx ? records.get(ctx.db as object) : undefined); // Convex's ctx.db is an object
}

function remember<Ctx extends object>(next: Ctx, record: ContextRecord): Ctx {
  records.set(next, record);
  if (record.attach) Object.assign(next, record.attach(next));
  if ("db" in next) {
    const { base } = record;
    // The database of the base belongs to every context, so this one gets a name of its own for it.
    const db = "db" in base && next.db === base.db ? aliasOf(next.db as object) : next.db;
    records.set(db as object, record); // as above
    Object.assign(next, { db });
  }
  return next;
}

function aliasOf(db: object): object {
  return new Proxy(db, {});
}
