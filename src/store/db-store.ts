// A store over ctx.db: the only code that writes auth documents. Every method is part of the caller's transaction.
// Enforces what Convex does not (guards.ts, delete.ts) before it writes. Must not know Better Auth.
import type { GenericDataModel } from "convex/server";
import type { Value } from "convex/values";
import { KitcnError } from "../errors.js";
import type { AuthTables } from "../metadata.js";
import type { QueryDocument } from "../query/where.js";
import { TriggerCancelledError, type BeforeWrite, type WriteHooks } from "../triggers/hooks.js";
import { modelOf, readerOf, writerOf, type AnyDb, type Reader } from "./db.js";
import { loadDeletion, type Located } from "./delete.js";
import {
  assertForcedId,
  assertKnownColumns,
  assertRepeatable,
  assertUnique,
  type Columns,
} from "./guards.js";
import { loadJoined } from "./joins.js";
import { runOperations } from "./operation.js";
import { loadDocuments } from "./read.js";
import { definedColumns, rowOf } from "./rows.js";
import type {
  CountInput,
  CreateInput,
  DeleteInput,
  IncrementInput,
  Row,
  Store,
  UpdateInput,
} from "./store.js";

export type DbStoreInput<DataModel extends GenericDataModel> = {
  /** ctx.db of a query (then writes are refused) or of a mutation. */
  readonly db: AnyDb<DataModel>;
  readonly tables: AuthTables;
  readonly hooks?: WriteHooks | undefined;
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
}: DbStoreInput<DataModel>): Store {
  const scope: Scope = { db: readerOf(db), tables, hooks };
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
    incrementOne: (input) => writeIncrement(scope, input),
    batch: (operations) => runOperations(store, operations),
  };
  return store;
}

// --- internal ---

type Scope = {
  readonly db: Reader;
  readonly tables: AuthTables;
  readonly hooks: WriteHooks | undefined;
};

async function writeNew(scope: Scope, { model, data }: CreateInput): Promise<Row> {
  const db = writerOf(scope.db);
  const definition = modelOf(scope.tables, model);
  const { table } = definition;
  const given = definedColumns(data);
  const { id, ...columns } = await runBefore(scope, {
    operation: "create",
    model,
    table,
    data: given,
  });
  assertKnownColumns(definition, columns);
  if (id !== undefined) await assertForcedId(scope, { model, id });
  await assertUnique(scope, { model, columns });
  const document = id === undefined ? columns : { ...columns, id };
  const _id = await db.insert(table, document);
  await runAfter(scope, { model, operation: "create", id: _id, oldDoc: null });
  return rowOf({ ...document, _id, _creationTime: 0 });
}

/** Changes one document whose match is already established. */
async function writeChange(
  scope: Scope,
  { model, document, columns: given }: Located & { columns: Columns },
): Promise<Row> {
  const db = writerOf(scope.db);
  const definition = modelOf(scope.tables, model);
  const { table } = definition;
  const { id, ...columns } = await runBefore(scope, {
    operation: "update",
    model,
    table,
    data: given,
    doc: document,
  });
  if (id !== undefined && id !== rowOf(document).id) throw finalId(model);
  assertKnownColumns(definition, columns);
  await assertUnique(scope, { model, columns, current: document });
  if (Object.keys(columns).length > 0) await db.patch(document._id, columns);
  await runAfter(scope, { model, operation: "update", id: document._id, oldDoc: document });
  return rowOf({ ...document, ...columns });
}

async function writeChanges(scope: Scope, { model, where, data }: UpdateInput): Promise<number> {
  writerOf(scope.db);
  const columns = definedColumns(data);
  const documents = await loadDocuments(scope, { model, where });
  assertRepeatable(scope, { model, columns, count: documents.length });
  for (const document of documents) await writeChange(scope, { model, document, columns });
  return documents.length;
}

async function writeIncrement(
  scope: Scope,
  { model, where, increment, set = {} }: IncrementInput,
): Promise<Row | null> {
  const document = await loadFirst(scope, { model, where, verb: "incrementOne" });
  if (!document) return null;
  const columns = definedColumns(set);
  for (const [column, delta] of Object.entries(increment)) {
    columns[column] = sumOf({ model, column, current: document[column] ?? 0, delta });
  }
  return writeChange(scope, { model, document, columns });
}

/** Every hook may still refuse before the first document goes. */
async function writeDeletion(
  scope: Scope,
  { model, roots }: { model: string; roots: readonly QueryDocument[] },
): Promise<void> {
  const db = writerOf(scope.db);
  const { deletes, unlinks } = await loadDeletion(scope, { model, roots });
  for (const one of deletes.toReversed()) {
    const { table } = modelOf(scope.tables, one.model);
    await runBefore(scope, { operation: "delete", model: one.model, table, doc: one.document });
  }
  for (const { column, ...one } of unlinks)
    await writeChange(scope, { ...one, columns: { [column]: null } });
  for (const { document, ...one } of deletes) {
    // A hook may have deleted it already.
    if (scope.hooks && !(await db.get(document._id))) continue;
    await db.delete(document._id);
    await runAfter(scope, { ...one, operation: "delete", id: document._id, oldDoc: document });
  }
}

async function loadFirst(
  scope: Scope,
  { model, where, verb }: CountInput & { verb: string },
): Promise<QueryDocument | null> {
  writerOf(scope.db);
  assertNarrowed({ model, where }, verb);
  return (await loadDocuments(scope, { model, where, limit: 1 }))[0] ?? null;
}

/** @throws TriggerCancelledError */
async function runBefore({ hooks }: Scope, write: BeforeWrite): Promise<Record<string, Value>> {
  const given = write.operation === "delete" ? {} : write.data;
  const verdict = await hooks?.before?.(write);
  if (verdict === false) throw new TriggerCancelledError(write);
  return definedColumns({ ...given, ...(verdict ? verdict.data : {}) });
}

async function runAfter(
  { db, tables, hooks }: Scope,
  write: Omit<Parameters<NonNullable<WriteHooks["after"]>>[0], "table" | "newDoc">,
): Promise<void> {
  if (!hooks?.after && !hooks?.change) return;
  const newDoc = write.operation === "delete" ? null : await db.get(write.id);
  const event = { ...write, table: modelOf(tables, write.model).table, newDoc };
  await hooks.after?.(event);
  await hooks.change?.(event);
}

function sumOf(input: { model: string; column: string; current: Value; delta: number }): number {
  const { model, column, current, delta } = input;
  const sum = typeof current === "number" ? current + delta : NaN;
  if (Number.isFinite(sum)) return sum;
  throw new KitcnError({
    code: "NOT_A_COUNTER",
    message: `incrementOne cannot add ${delta} to the "${column}" of a "${model}".`,
    hint: "Only finite numbers can be incremented.",
  });
}

function assertNarrowed({ model, where }: CountInput, verb: string): void {
  if (where.length > 0) return;
  throw new KitcnError({
    code: "EMPTY_WHERE",
    message: `${verb} of the model "${model}" names no condition, and would hit any row.`,
    hint: "Pass a where, or use updateMany or deleteMany for all rows.",
  });
}

function finalId(model: string): KitcnError {
  return new KitcnError({
    code: "FORCED_ID",
    message: `The id of a "${model}" cannot be changed.`,
    hint: "Leave `id` out of the update.",
  });
}
