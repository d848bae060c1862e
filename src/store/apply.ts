// Makes single changes in ctx.db: the only code that inserts, patches and deletes auth documents.
// Guards run first, so that a refused write leaves nothing behind. Must not run triggers: write.ts does.
import { idChanged } from "../errors/store.js";
import type { AuthTables } from "../metadata.js";
import { matchesWhere } from "../query/match.js";
import type { Applied, Change, Changer, ReadyChange } from "./change.js";
import { modelOf, writerOf, type Columns, type Reader } from "./db.js";
import {
  assertEncryptedKey,
  assertForcedId,
  assertKnownColumns,
  assertUnique,
  KEYS_MODEL,
} from "./guards.js";
import { sumsOf } from "./load-changes.js";
import { rowOf } from "./rows.js";
import type { InTurn } from "./turns.js";

export type ChangerInput = {
  readonly db: Reader;
  readonly tables: AuthTables;
  /** True where somebody may have written since a document was loaded: then it is read again. */
  readonly isStale: boolean;
  /** Where others write into the database as well. Default: nobody does, or the caller waits for its turn. */
  readonly inTurn?: InTurn | undefined;
};

/** Makes changes in a database. */
export function dbChanger(input: ChangerInput): Changer {
  const { db, inTurn = (work) => work() } = input;
  return {
    isGone: async (id) => !(await db.get(id)),
    apply: (changes) =>
      inTurn(async () => {
        const applied: (Applied | null)[] = [];
        for (const one of changes) applied.push(await applyOne(input, one));
        return applied;
      }),
  };
}

// --- internal ---

const MAKERS = { create: insert, update: patch, delete: remove };

function applyOne(input: ChangerInput, one: ReadyChange): Promise<Applied | null> {
  return MAKERS[one.change.operation](input, one as never); // a change of that operation
}

type Of<Operation> = Omit<ReadyChange, "change"> & {
  readonly change: Extract<Change, { operation: Operation }>;
};

async function insert(
  scope: ChangerInput,
  { change: { model, columns: given }, added, isHeard }: Of<"create">,
): Promise<Applied> {
  const db = writerOf(scope.db);
  const document = { ...given, ...added };
  const { id: forced, ...columns } = document;
  assertAllowed(scope, { model, given, columns });
  if (forced !== undefined) await assertForcedId(scope, { model, id: forced });
  await assertUnique(scope, { model, columns });
  const id = await db.insert(modelOf(scope.tables, model).table, document);
  const row = rowOf({ ...document, _id: id, _creationTime: 0 });
  return { id, row, oldDoc: null, newDoc: isHeard ? await db.get(id) : null };
}

async function patch(
  scope: ChangerInput,
  { change, added, isHeard }: Of<"update">,
): Promise<Applied | null> {
  const { model, document, wheres } = change;
  const db = writerOf(scope.db);
  const { _id } = document;
  const oldDoc = scope.isStale ? await db.get(_id) : document;
  if (!oldDoc || wheres?.every((where) => !matchesWhere(oldDoc, where))) return null;
  const given = { ...change.columns, ...sumsOf(oldDoc, change) };
  const { id, ...columns } = { ...given, ...added };
  if (id !== undefined && id !== rowOf(oldDoc).id) throw idChanged({ model });
  assertAllowed(scope, { model, given, columns });
  await assertUnique(scope, { model, columns, current: oldDoc });
  if (Object.keys(columns).length > 0) await db.patch(_id, columns);
  const row = rowOf({ ...oldDoc, ...columns });
  return { id: _id, row, oldDoc, newDoc: isHeard ? await db.get(_id) : null };
}

async function remove(
  { db: reader, isStale }: ChangerInput,
  { change: { document } }: Of<"delete">,
): Promise<Applied | null> {
  const db = writerOf(reader);
  const oldDoc = isStale ? await db.get(document._id) : document;
  if (!oldDoc) return null;
  await db.delete(oldDoc._id);
  return { id: oldDoc._id, row: null, oldDoc, newDoc: null };
}

function assertAllowed(
  { tables }: ChangerInput,
  { model, given, columns }: { model: string; given: Columns; columns: Columns },
): void {
  const definition = modelOf(tables, model);
  assertKnownColumns({ model, definition }, columns, given);
  if (model === KEYS_MODEL) assertEncryptedKey(definition, columns);
}
