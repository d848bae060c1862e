// The writes themselves: the only code that inserts, patches and deletes auth documents.
// Guards and hooks run first, so that a refused write leaves nothing behind.
import type { Value } from "convex/values";
import { KitcnError } from "../errors.js";
import type { QueryDocument } from "../query/where.js";
import { modelOf, writerOf, type Columns } from "./db.js";
import { loadDeletion, type Located } from "./delete.js";
import {
  assertEncryptedKey,
  assertForcedId,
  assertKnownColumns,
  assertRepeatable,
  assertUnique,
  assertWritable,
  KEYS_MODEL,
} from "./guards.js";
import { loadDocuments } from "./read.js";
import { definedColumns, rowOf } from "./rows.js";
import { runAfter, runBefore, type WriteScope } from "./run-hooks.js";
import type { CreateInput, IncrementInput, Row, UpdateInput } from "./store.js";

export async function writeNew(scope: WriteScope, { model, data }: CreateInput): Promise<Row> {
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
  assertKnownColumns({ model, definition }, columns, given);
  if (model === KEYS_MODEL) assertEncryptedKey(definition, columns);
  if (id !== undefined) await assertForcedId(scope, { model, id });
  await assertUnique(scope, { model, columns });
  const document = id === undefined ? columns : { ...columns, id };
  const _id = await db.insert(table, document);
  await runAfter(scope, { model, operation: "create", id: _id, oldDoc: null });
  return rowOf({ ...document, _id, _creationTime: 0 });
}

/** Changes one document whose match is already established. */
export async function writeChange(
  scope: WriteScope,
  { model, document: found, columns: given }: Located & { columns: Columns },
): Promise<Row> {
  const db = writerOf(scope.db);
  const definition = modelOf(scope.tables, model);
  const { table } = definition;
  const { id, ...columns } = await runBefore(scope, {
    operation: "update",
    model,
    table,
    data: given,
    doc: found,
  });
  // A hook may have written to the very document.
  const document = (scope.hooks?.before && (await db.get(found._id))) || found;
  if (id !== undefined && id !== rowOf(document).id) throw finalId(model);
  assertKnownColumns({ model, definition }, columns, given);
  if (model === KEYS_MODEL) assertEncryptedKey(definition, columns);
  await assertUnique(scope, { model, columns, current: document });
  if (Object.keys(columns).length > 0) await db.patch(document._id, columns);
  await runAfter(scope, { model, operation: "update", id: document._id, oldDoc: document });
  return rowOf({ ...document, ...columns });
}

export async function writeChanges(
  scope: WriteScope,
  { model, where, data }: UpdateInput,
): Promise<number> {
  writerOf(scope.db);
  const columns = definedColumns(data);
  const documents = await loadDocuments(scope, { model, where });
  assertWritable(model, documents);
  assertRepeatable(scope, { model, columns, count: documents.length });
  let count = 0;
  for (const document of documents) {
    if (await isGone(scope, document._id)) continue;
    await writeChange(scope, { model, document, columns });
    count++;
  }
  return count;
}

/** Adds to counters and sets columns of one document whose match is already established. */
export function writeIncrement(
  scope: WriteScope,
  { model, document, increment, set = {} }: Located & Pick<IncrementInput, "increment" | "set">,
): Promise<Row> {
  const columns = definedColumns(set);
  for (const [column, delta] of Object.entries(increment)) {
    columns[column] = sumOf({ model, column, current: document[column] ?? 0, delta });
  }
  return writeChange(scope, { model, document, columns });
}

/** Every hook may still refuse before the first document goes. */
export async function writeDeletion(
  scope: WriteScope,
  { model, roots }: { model: string; roots: readonly QueryDocument[] },
): Promise<void> {
  const db = writerOf(scope.db);
  const { deletes, unlinks } = await loadDeletion(scope, { model, roots });
  const touched = [...deletes, ...unlinks].map(({ document }) => document);
  assertWritable(model, touched);
  for (const one of deletes.toReversed()) {
    const { table } = modelOf(scope.tables, one.model);
    await runBefore(scope, { operation: "delete", model: one.model, table, doc: one.document });
  }
  for (const { column, ...one } of unlinks) {
    if (await isGone(scope, one.document._id)) continue;
    await writeChange(scope, { ...one, columns: { [column]: null } });
  }
  for (const { model: one, document } of deletes) {
    const oldDoc = scope.hooks ? await db.get(document._id) : document;
    if (!oldDoc) continue;
    await db.delete(oldDoc._id);
    await runAfter(scope, { model: one, operation: "delete", id: oldDoc._id, oldDoc });
  }
}

// --- internal ---

/** A hook may have deleted any document already. */
async function isGone({ db, hooks }: WriteScope, id: string): Promise<boolean> {
  return hooks !== undefined && !(await db.get(id));
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

function finalId(model: string): KitcnError {
  return new KitcnError({
    code: "FORCED_ID",
    message: `The id of a "${model}" cannot be changed.`,
    hint: "Leave `id` out of the update.",
  });
}
