// Takes an import back: deletes the rows that it made, with what references them, as long as nobody has used them.
// Users go first, each with all that is theirs in one transaction. Rows that were only linked stay.
import { undoBlind } from "../errors/import.js";
import { modelOf } from "../store/db.js";
import type { Row } from "../store/store.js";
import { forgetRun } from "./batch.js";
import { IMPORT_MODELS } from "./models.js";
import { REWRITE_PREFIX } from "./rewrite.js";
import {
  cursorAfter,
  findMapped,
  findPlaced,
  mappedOf,
  runPlaced,
  type ImportScope,
  type MappedId,
} from "./scope.js";
import type { UndoBatch, UndoneBatch } from "./types.js";
import { mapPage } from "./verify.js";

/**
 * Looks at, or deletes, one page of what an import made.
 *
 * @throws KitcnError `IMPORT_UNDO_BLIND` where sessions are in no table, and those of the store
 */
export async function undoPage(
  scope: ImportScope,
  { source, limit, cursor, step }: UndoBatch,
): Promise<UndoneBatch> {
  if (!scope.tables.session) throw undoBlind();
  const users = await mapPage(scope, { source, model: "user", cursor, limit });
  const used = await usedOf(scope, users);
  if (step === "check") {
    const rewritten = cursor === null ? await rewrittenFields(scope) : [];
    const next = cursorAfter(users, limit);
    return { deleted: 0, used, rewritten, cursor: next, isDone: next === null };
  }
  if (used.length > 0) return { ...NOTHING, used };
  const rows = users.length > 0 ? users : await anyOf(scope, source, limit);
  if (rows.length === 0) {
    await forgetRun(scope, source);
    return { ...NOTHING, isDone: true };
  }
  const made = rows.filter(({ isLinked }) => !isLinked);
  await runPlaced(
    scope,
    made.map(({ model, newId }) => ({
      kind: "delete",
      input: { model, where: [{ column: "id", value: newId }] },
    })),
  );
  await runPlaced(
    scope,
    rows.map(({ id }) => ({
      kind: "delete",
      input: { model: IMPORT_MODELS.ids, where: [{ column: "id", value: id }] },
    })),
  );
  return { ...NOTHING, deleted: made.length };
}

// --- internal ---

const NOTHING: UndoneBatch = { deleted: 0, used: [], rewritten: [], cursor: null, isDone: false };

/** Clocks of one deployment: a row's own moment and the map's are taken in one transaction. */
const TOLERANCE_MS = 1000;

const MAX_SESSIONS = 20;

/** Old ids of users who have signed in since they were imported, or whose row has changed. */
async function usedOf(scope: ImportScope, mapped: readonly MappedId[]): Promise<string[]> {
  const made = mapped.filter(({ isLinked }) => !isLinked);
  const updatedAt = modelOf(scope.tables, "user").fields.updatedAt?.column ?? "";
  const userId = modelOf(scope.tables, "session").fields.userId?.column ?? "";
  const rows = await findPlaced(
    scope,
    made.map(({ newId }) => ({ model: "user", where: [{ column: "id", value: newId }] })),
  );
  const sessions = (await runPlaced(
    scope,
    made.map(({ newId }) => ({
      kind: "findMany",
      input: {
        model: "session",
        where: [{ column: userId, value: newId }],
        limit: MAX_SESSIONS,
      },
    })),
  )) as Row[][]; // what findMany returns
  const imported = await importedSessions(scope, sessions.flat());
  return made.flatMap(({ oldId, importedAt }, at) => {
    const changedAt = rows[at]?.[updatedAt];
    const isChanged = typeof changedAt === "number" && changedAt > importedAt + TOLERANCE_MS;
    const hasSignedIn = (sessions[at] ?? []).some(({ id }) => !imported.has(id));
    return isChanged || hasSignedIn ? [oldId] : [];
  });
}

async function importedSessions(
  scope: ImportScope,
  sessions: readonly Row[],
): Promise<ReadonlySet<string>> {
  const found = await findPlaced(
    scope,
    sessions.map(({ id }) => ({
      model: IMPORT_MODELS.ids,
      where: [{ column: "newId", value: id }],
    })),
  );
  return new Set(found.flatMap((row) => (row ? [mappedOf(row).newId] : [])));
}

async function anyOf(scope: ImportScope, source: string, limit: number): Promise<MappedId[]> {
  const [rows = []] = await findMapped(scope, [
    { where: [{ column: "source", value: source }], limit },
  ]);
  return rows;
}

async function rewrittenFields(scope: ImportScope): Promise<string[]> {
  const where = [{ column: "source", operator: "starts_with" as const, value: REWRITE_PREFIX }];
  const input = { model: IMPORT_MODELS.runs, where };
  const [rows] = await runPlaced(scope, [{ kind: "findMany", input }]);
  return (rows as Row[]).map(({ source }) => String(source).slice(REWRITE_PREFIX.length));
}
