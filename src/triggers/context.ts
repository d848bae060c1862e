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
 * await withoutTriggers(ctx, (quiet) => quiet.db.patch(id, { seen: true }));
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
  return records.get(ctx)?.state ?? { depth: 0, isOff: false };
}

/** A copy of a context in another state, with whatever was attached to it made anew. */
export function deriveContext<Ctx extends object>(ctx: Ctx, state: TriggerState): Ctx {
  const { base, attach } = records.get(ctx) ?? { base: ctx, attach: undefined };
  const next = { ...ctx, ...base };
  records.set(next, { base, state, attach });
  if (attach) Object.assign(next, attach(next));
  return next;
}

/** A context with members that depend on its state, as a ctx.db that fires triggers. Never twice. */
export function attachToContext<Ctx extends object>(
  ctx: Ctx,
  attach: (ctx: object) => object,
): Ctx {
  const record = records.get(ctx);
  if (record?.attach) return ctx;
  const next = { ...ctx };
  records.set(next, {
    base: record?.base ?? ctx,
    state: record?.state ?? triggerStateOf(ctx),
    attach,
  });
  return Object.assign(next, attach(next));
}

/** Convex's own ctx.db, which fires nothing. */
export function plainDbOf<Db>(ctx: { readonly db: Db }): Db {
  const base = records.get(ctx)?.base;
  return base && "db" in base ? (base.db as Db) : ctx.db; // the same database, before it was wrapped
}

// --- internal ---

type ContextRecord = {
  /** The context as Convex gave it. */
  readonly base: object;
  readonly state: TriggerState;
  readonly attach: ((ctx: object) => object) | undefined;
};

const records = new WeakMap<object, ContextRecord>();
