// Runs declared triggers around writes: triggers in, the hooks of a store out.
// Must not write documents itself, nor know Better Auth.
import type { GenericDataModel, GenericMutationCtx } from "convex/server";
import { triggerRecursion } from "../errors/app-store.js";
import { deriveContext, triggerStateOf } from "./context.js";
import type {
  BeforeVerdict,
  BeforeWrite,
  HookData,
  WriteHooks,
  WriteOperation,
  WriteTarget,
} from "./hooks.js";
import type { TableTriggers, Triggers } from "./types.js";

/** Triggers of one table, whatever its documents are. */
export type LooseTriggers = TableTriggers<object, HookData, object>;

/** Triggers that write into each other may go this deep. */
export const MAX_TRIGGER_DEPTH = 16;

/**
 * The hooks that run triggers of a context. A trigger gets a context of its own, one level deeper, so that
 * what it writes through it fires triggers too, up to `MAX_TRIGGER_DEPTH`.
 *
 * The hooks throw KitcnError `TRIGGER_RECURSION` and what the triggers throw.
 *
 * @example
 * dbStore({ db: ctx.db, tables, hooks: hooksOf(triggers, ctx) });
 */
export function hooksOf<DataModel extends GenericDataModel>(
  triggers: Triggers<DataModel>,
  ctx: GenericMutationCtx<DataModel>,
  {
    isByTable = false,
  }: {
    /** Only tables are looked up, never Better Auth's name of a model. */
    readonly isByTable?: boolean;
  } = {},
): WriteHooks | undefined {
  const state = triggerStateOf(ctx);
  if (state.isOff) return undefined;
  const inside = (write: { readonly operation: string; readonly table: string }) => {
    if (state.depth >= MAX_TRIGGER_DEPTH)
      throw triggerRecursion({ ...write, levels: MAX_TRIGGER_DEPTH });
    return deriveContext(ctx, { ...state, depth: state.depth + 1 });
  };
  const declared = (write: WriteTarget) =>
    triggersOf(triggers, isByTable ? { ...write, model: write.table } : write);
  return {
    concerns: (write) => listens(declared(write), write.operation),
    before: async (write) => {
      const table = declared(write);
      return table?.[write.operation]?.before && runBefore(table, write, inside(write));
    },
    after: async (write) => {
      const after = declared(write)?.[write.operation]?.after;
      const document = write.newDoc ?? write.oldDoc;
      if (after && document) await after(document, inside(write));
    },
    change: async (write) => {
      const change = declared(write)?.change;
      const { operation, id, oldDoc, newDoc } = write;
      if (change) await change({ operation, id, oldDoc, newDoc }, inside(write));
    },
  };
}

/** Several hooks as one: each sees the data as those before it left them. Undefined where there are none. */
export function combineHooks(all: readonly (WriteHooks | undefined)[]): WriteHooks | undefined {
  const hooks = all.filter((one) => one !== undefined);
  if (hooks.length <= 1) return hooks[0];
  return {
    concerns: (write) => hooks.some(({ concerns }) => concerns?.(write) ?? true),
    before: async (write) => {
      let current = write;
      let added: HookData = {};
      for (const { before } of hooks) {
        const verdict = await before?.(current);
        if (verdict === false) return false;
        if (!verdict) continue;
        added = { ...added, ...verdict.data };
        current = withData(current, verdict.data);
      }
      return { data: added };
    },
    after: async (write) => {
      for (const { after } of hooks) await after?.(write);
    },
    change: async (write) => {
      for (const { change } of hooks) await change?.(write);
    },
  };
}

/** By table; by model where Better Auth's name for it is another. */
export function triggersOf(
  triggers: object,
  { model, table }: WriteTarget,
): LooseTriggers | undefined {
  // Documents and contexts are those of the table that the triggers were typed for.
  const byName = triggers as { readonly [table: string]: LooseTriggers | undefined };
  if (Object.hasOwn(byName, table)) return byName[table];
  return Object.hasOwn(byName, model) ? byName[model] : undefined;
}

/** True where any trigger waits for such a write, before or after it. */
export function listensTo(
  triggers: object,
  write: WriteTarget & { readonly operation: WriteOperation },
): boolean {
  return listens(triggersOf(triggers, write), write.operation);
}

// --- internal ---

function listens(triggers: LooseTriggers | undefined, operation: WriteOperation): boolean {
  return triggers?.[operation] !== undefined || triggers?.change !== undefined;
}

async function runBefore(
  triggers: LooseTriggers,
  write: BeforeWrite,
  ctx: object,
): Promise<BeforeVerdict> {
  switch (write.operation) {
    case "create":
      return triggers.create?.before?.(write.data, ctx);
    case "update":
      return triggers.update?.before?.(write.data, ctx);
    case "delete":
      return triggers.delete?.before?.(write.doc, ctx);
  }
}

function withData(write: BeforeWrite, data: HookData): BeforeWrite {
  return write.operation === "delete" ? write : { ...write, data: { ...write.data, ...data } };
}
