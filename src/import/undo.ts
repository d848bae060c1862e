// Takes an import back: deletes the rows that it made, with what references them, as long as nobody has used them.
// Users go first, each with all that is theirs in one transaction. Rows that were only linked stay.
import { undoBlind } from "../errors/import.js";
import type { AuthModel, AuthTables } from "../metadata.js";
import { modelOf } from "../store/db.js";
import type { Row } from "../store/store.js";
import { forgetRun } from "./batch.js";
import { IMPORT_MODELS } from "./models.js";
import { rewrittenFields } from "./rewrite.js";
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
    const fields = cursor === null ? await rewrittenFields(scope) : [];
    const rewritten = fields.filter((one) => one.source === undefined || one.source === source);
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

/** Rows of one user and model that are looked at; who has more counts as one who uses the app. */
const MAX_OWNED = 100;

/** Old ids of users who have used the app since they were imported: they, or rows of theirs, are new or have changed. */
async function usedOf(scope: ImportScope, mapped: readonly MappedId[]): Promise<string[]> {
  const made = mapped.filter(({ isLinked }) => !isLinked);
  const users = await findPlaced(
    scope,
    made.map(({ newId }) => ({ model: "user", where: [{ column: "id", value: newId }] })),
  );
  const owned = ownedModels(scope.tables);
  const finds = made.flatMap((user) => owned.map((one) => ({ user, ...one })));
  const found = (await runPlaced(
    scope,
    finds.map(({ user, model, column }) => ({
      kind: "findMany",
      input: { model, where: [{ column, value: user.newId }], limit: MAX_OWNED },
    })),
  )) as Row[][]; // what findMany returns
  const importedAt = await importTimes(scope, found.flat());
  const used = new Set<string>();
  users.forEach((row, at) => {
    const user = made[at];
    if (user && row && isSince(scope, "user", { row, moment: user.importedAt }))
      used.add(user.oldId);
  });
  finds.forEach(({ user, model }, at) => {
    const rows = found[at] ?? [];
    const isUsed = (row: Row) => {
      const moment = importedAt.get(row.id);
      // Triggers make no sessions, but may make other rows along with the user.
      if (moment === undefined && model === "session") return true;
      return isSince(scope, model, { row, moment: moment ?? user.importedAt });
    };
    if (rows.length === MAX_OWNED || rows.some(isUsed)) used.add(user.oldId);
  });
  return [...used];
}

/** The columns by which rows belong to users, of models that note when a row was made or changed. */
function ownedModels(tables: AuthTables): { readonly model: string; readonly column: string }[] {
  return Object.entries(tables).flatMap(([model, definition]) => {
    const indexed = new Set(Object.values(definition.indexes).map(([first]) => first));
    return Object.values(definition.fields).flatMap(({ references, column }) =>
      references?.model === "user" && indexed.has(column) && timesOf(definition).length > 0
        ? [{ model, column }]
        : [],
    );
  });
}

function isSince(
  { tables }: ImportScope,
  model: string,
  { row, moment }: { readonly row: Row; readonly moment: number },
): boolean {
  return timesOf(modelOf(tables, model)).some((column) => {
    const time = row[column];
    return typeof time === "number" && time > moment + TOLERANCE_MS;
  });
}

function timesOf({ fields }: AuthModel): string[] {
  return ["createdAt", "updatedAt"].flatMap((name) => fields[name]?.column ?? []);
}

/** When an import made rows, by their ids; those that none made are left out. */
async function importTimes(
  scope: ImportScope,
  rows: readonly Row[],
): Promise<ReadonlyMap<string, number>> {
  const found = await findPlaced(
    scope,
    rows.map(({ id }) => ({
      model: IMPORT_MODELS.ids,
      where: [{ column: "newId", value: id }],
    })),
  );
  return new Map(
    found.flatMap((row) => (row ? [[mappedOf(row).newId, mappedOf(row).importedAt]] : [])),
  );
}

async function anyOf(scope: ImportScope, source: string, limit: number): Promise<MappedId[]> {
  const [rows = []] = await findMapped(scope, [
    { where: [{ column: "source", value: source }], limit },
  ]);
  return rows;
}
