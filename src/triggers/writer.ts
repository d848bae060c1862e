// A ctx.db that fires triggers for what the app's own mutations write, once for each write.
// Must not be used by stores: they run hooks themselves, over the plain ctx.db.
import type { GenericDataModel, GenericMutationCtx } from "convex/server";
import type { Value } from "convex/values";
import { attachToContext, plainDbOf } from "./context.js";
import { hooksOf } from "./dispatch.js";
import { TriggerCancelledError, type HookDocument, type WriteHooks } from "./hooks.js";
import type { Triggers } from "./types.js";

/**
 * The context with a ctx.db that fires triggers. A context that has one already is returned as it is.
 *
 * @example
 * const mutation = customMutation(rawMutation, customCtx((ctx) => withTriggers(triggers, ctx)));
 */
export function withTriggers<
  DataModel extends GenericDataModel,
  Ctx extends GenericMutationCtx<DataModel>,
>(triggers: Triggers<DataModel>, ctx: Ctx): Ctx {
  return attachToContext(ctx, (next) => {
    const own = next as Ctx; // a copy of it
    const hooks = hooksOf<DataModel>(triggers, own);
    const db = plainDbOf(own);
    return { db: hooks ? triggeringDb(db, { hooks, tables: Object.keys(triggers) }) : db };
  });
}

/** A database whose writes to some tables pass hooks. */
export function triggeringDb<DataModel extends GenericDataModel>(
  db: GenericMutationCtx<DataModel>["db"],
  { hooks, tables }: { readonly hooks: WriteHooks; readonly tables: readonly string[] },
): GenericMutationCtx<DataModel>["db"] {
  // Tables are only known by name here; what comes back has every member of the database.
  const plain = db as unknown as PlainDb;
  return writerOf(plain, hooks, tables) as GenericMutationCtx<DataModel>["db"];
}

// --- internal ---

type Columns = { readonly [column: string]: Value | undefined };

type PlainDb = {
  get(id: string): Promise<HookDocument | null>;
  normalizeId(table: string, id: string): string | null;
  insert(table: string, document: Columns): Promise<string>;
  patch(id: string, columns: Columns): Promise<void>;
  replace(id: string, document: Columns): Promise<void>;
  delete(id: string): Promise<void>;
};

type Found = { readonly table: string; readonly doc: HookDocument };

function writerOf(plain: PlainDb, hooks: WriteHooks, tables: readonly string[]): object {
  const find = async (id: string): Promise<Found | null> => {
    const table = tables.find((name) => plain.normalizeId(name, id) !== null);
    const doc = table === undefined ? null : await plain.get(id);
    return table !== undefined && doc ? { table, doc } : null;
  };
  const change = async (
    kind: "patch" | "replace",
    { id, columns }: { id: string; columns: Columns },
  ): Promise<void> => {
    const found = await find(id);
    if (!found) return plain[kind](id, columns);
    const target = { operation: "update", model: found.table, table: found.table } as const;
    const data = withoutSystem(columns);
    const verdict = await hooks.before?.({ ...target, data, doc: found.doc });
    if (verdict === false) throw new TriggerCancelledError(target);
    const oldDoc = (await plain.get(id)) ?? found.doc; // a trigger may have written to it
    await plain[kind](id, { ...data, ...verdict?.data });
    await finish({ plain, hooks }, { ...target, id, oldDoc });
  };
  const overrides = {
    insert: async (table: string, document: Columns): Promise<string> => {
      if (!tables.includes(table)) return plain.insert(table, document);
      const target = { operation: "create", model: table, table } as const;
      const verdict = await hooks.before?.({ ...target, data: document });
      if (verdict === false) throw new TriggerCancelledError(target);
      const id = await plain.insert(table, { ...document, ...verdict?.data });
      await finish({ plain, hooks }, { ...target, id, oldDoc: null });
      return id;
    },
    // Convex takes (id, value) and (table, id, value).
    patch: (...args: [string, Columns] | [string, string, Columns]) =>
      change("patch", changeOf(args)),
    replace: (...args: [string, Columns] | [string, string, Columns]) =>
      change("replace", changeOf(args)),
    delete: async (...args: [string] | [string, string]): Promise<void> => {
      const id = args[1] ?? args[0];
      const found = await find(id);
      if (!found) return plain.delete(id);
      const target = { operation: "delete", model: found.table, table: found.table } as const;
      const verdict = await hooks.before?.({ ...target, doc: found.doc });
      if (verdict === false) throw new TriggerCancelledError(target);
      const oldDoc = await plain.get(id);
      if (!oldDoc) return; // a trigger deleted it, and was seen doing so
      await plain.delete(id);
      await finish({ plain, hooks }, { ...target, id, oldDoc });
    },
  };
  return new Proxy(plain, {
    get: (target, name) => {
      if (Object.hasOwn(overrides, name)) return Reflect.get(overrides, name) as unknown;
      const member: unknown = Reflect.get(target, name);
      return typeof member === "function" ? (member.bind(target) as unknown) : member;
    },
  });
}

async function finish(
  { plain, hooks }: { plain: PlainDb; hooks: WriteHooks },
  write: {
    readonly operation: "create" | "update" | "delete";
    readonly model: string;
    readonly table: string;
    readonly id: string;
    readonly oldDoc: HookDocument | null;
  },
): Promise<void> {
  const newDoc = write.operation === "delete" ? null : await plain.get(write.id);
  await hooks.after?.({ ...write, newDoc });
  await hooks.change?.({ ...write, newDoc });
}

function changeOf(args: [string, Columns] | [string, string, Columns]) {
  return args.length === 3 ? { id: args[1], columns: args[2] } : { id: args[0], columns: args[1] };
}

/** A replacement may carry `_id` and `_creationTime`, which are not for triggers to see. */
function withoutSystem(columns: Columns): Columns {
  return Object.fromEntries(Object.entries(columns).filter(([name]) => !name.startsWith("_")));
}
