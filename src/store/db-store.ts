// A store over ctx.db. Every method is part of the caller's transaction.
// Only finds what to write; write.ts writes. Must not know Better Auth.
import type { GenericDataModel } from "convex/server";
import { KitcnError } from "../errors.js";
import type { AuthTables } from "../metadata.js";
import type { QueryDocument } from "../query/where.js";
import type { WriteHooks } from "../triggers/hooks.js";
import { isWriter, readerOf, writerOf, type AnyDb, type Reader } from "./db.js";
import { loadJoined } from "./joins.js";
import { withNamedLimits } from "./limits.js";
import { runOperations } from "./operation.js";
import { loadDocuments } from "./read.js";
import { readerOfQuery, rememberReads } from "./remember.js";
import { definedColumns, rowOf } from "./rows.js";
import type { WriteScope } from "./run-hooks.js";
import type { CountInput, DeleteInput, Store } from "./store.js";
import { writeChange, writeChanges, writeDeletion, writeIncrement, writeNew } from "./write.js";

export type DbStoreInput<DataModel extends GenericDataModel> = {
  /** ctx.db of a query (then writes are refused) or of a mutation. */
  readonly db: AnyDb<DataModel>;
  readonly tables: AuthTables;
  readonly hooks?: WriteHooks | undefined;
  /**
   * Says for how long a mutation writes through this store alone; so long nothing is read twice, as never
   * in a query. Default: never.
   */
  readonly isAlone?: (() => boolean) | undefined;
};

/**
 * A store over a Convex database.
 *
 * @example
 * const store = dbStore({ db: ctx.db, tables });
 * await store.findOne({ model: "user", where: [{ column: "email", value: "a@b.co" }] });
 */
export function dbStore<DataModel extends GenericDataModel>({
  db,
  tables,
  hooks,
  isAlone,
}: DbStoreInput<DataModel>): Store {
  const scope: WriteScope = { db: remembering(readerOf(db), isAlone), tables, hooks };
  const remove = async ({ model, where, limit }: DeleteInput) => {
    const roots = await loadDocuments(scope, { model, where, limit });
    await writeDeletion(scope, { model, roots });
    return roots.length;
  };
  const store: Store = {
    create: (input) => writeNew(scope, input),
    findOne: async (input) => (await loadJoined(scope, { ...input, limit: 1 }))[0] ?? null,
    findMany: (input) => loadJoined(scope, input),
    count: async ({ model, where }) => (await loadDocuments(scope, { model, where })).length,
    update: async ({ model, where, data }) => {
      const document = await loadFirst(scope, { model, where, verb: "update" });
      return document && writeChange(scope, { model, document, columns: definedColumns(data) });
    },
    updateMany: (input) => writeChanges(scope, input),
    delete: async (input) => {
      assertNarrowed(input, "delete");
      return remove(input);
    },
    deleteMany: remove,
    consumeOne: async ({ model, where }) => {
      const document = await loadFirst(scope, { model, where, verb: "consumeOne" });
      if (!document) return null;
      await writeDeletion(scope, { model, roots: [document] });
      return rowOf(document);
    },
    incrementOne: async ({ model, where, increment, set }) => {
      const document = await loadFirst(scope, { model, where, verb: "incrementOne" });
      return document && writeIncrement(scope, { model, document, increment, ...(set && { set }) });
    },
    batch: (operations) => runOperations(named, operations),
  };
  const named = withNamedLimits(store);
  return named;
}

// --- internal ---

function remembering(db: Reader, isAlone: (() => boolean) | undefined): Reader {
  if (!isWriter(db)) return readerOfQuery(db);
  return isAlone ? rememberReads(db, isAlone) : db;
}

async function loadFirst(
  scope: WriteScope,
  { model, where, verb }: CountInput & { verb: string },
): Promise<QueryDocument | null> {
  writerOf(scope.db);
  assertNarrowed({ model, where }, verb);
  return (await loadDocuments(scope, { model, where, limit: 1 }))[0] ?? null;
}

function assertNarrowed({ model, where }: CountInput, verb: string): void {
  if (where.length > 0) return;
  throw new KitcnError({
    code: "EMPTY_WHERE",
    message: `${verb} of the model "${model}" names no condition, and would hit any row.`,
    hint: "Pass a where, or use updateMany or deleteMany for all rows.",
  });
}
