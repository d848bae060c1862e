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
  const used = await usedOf(scope, source, users);
  const sharers = await sharersOf(scope, source, users);
  if (step === "check") {
    const fields = cursor === null ? await rewrittenFields(scope) : [];
    const rewritten = fields.filter((one) => one.source === undefined || one.source === source);
    const next = cursorAfter(users, limit);
    return { deleted: 0, used, sharers, rewritten, cursor: next, isDone: next === null };
  }
  if (used.length > 0 || sharers.length > 0) return { ...NOTHING, used, sharers };
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

const NOTHING: UndoneBatch = {
  ...{ deleted: 0, used: [], sharers: [], rewritten: [] },
  ...{ cursor: null, isDone: false },
};

/** Clocks of one deployment: a row's own moment and the map's are taken in one transaction. */
const TOLERANCE_MS = 1000;

/**
 * Old ids of users who have used the app since they were imported: they, or rows of theirs, are new or have changed.
 * Of a user who was only linked, the rows that this import made count.
 */
async function usedOf(
  scope: ImportScope,
  source: string,
  mapped: readonly MappedId[],
): Promise<string[]> {
  const users = await findPlaced(
    scope,
    mapped.map(({ newId }) => ({ model: "user", where: [{ column: "id", value: newId }] })),
  );
  const owned = ownedModels(scope.tables);
  const finds = mapped.flatMap((user) => owned.map((one) => ({ user, ...one })));
  const found = (await runPlaced(
    scope,
    finds.map(({ user, model, column }) => ({
      kind: "findMany",
      input: { model, where: [{ column, value: user.newId }] },
    })),
  )) as Row[][]; // what findMany returns
  const used = new Set<string>();
  users.forEach((row, at) => {
    const user = mapped[at];
    if (user && !user.isLinked && row && isSince(scope, "user", { row, moment: user.importedAt }))
      used.add(user.oldId);
  });
  // An import makes the rows of a user after the user, so only rows that are later than the user can be used.
  const rows = finds.flatMap(({ user, model }, at) =>
    (found[at] ?? []).map((row) => ({
      ...{ user, model, row },
      isLater: isSince(scope, model, { row, moment: user.importedAt }),
    })),
  );
  // Nothing says which password a linked user has signed in with; of other accounts, a sign-in changes the row.
  const signedIn = new Set(
    rows.flatMap(({ user, model, isLater }) => (model === "session" && isLater ? [user] : [])),
  );
  const password = scope.tables.account?.fields.password?.column ?? "";
  const isPassword = ({ user, model, row }: (typeof rows)[number]) =>
    user.isLinked && signedIn.has(user) && model === "account" && row[password] !== undefined;
  const asked = rows.filter(
    (one) => one.isLater || isPassword(one) || (one.model === "session" && !one.user.isLinked),
  );
  const maps = await mapsOf(
    scope,
    asked.map(({ row }) => row.id),
  );
  const madeBy = new Map(maps.flatMap((one) => (one.isLinked ? [] : [[one.newId, one] as const])));
  for (const one of asked) {
    const { user, model, row } = one;
    const made = madeBy.get(row.id);
    // Triggers make no sessions, but may make other rows along with the user. A linked user's own rows stay.
    const isUsed =
      made && (made.source === source || !user.isLinked)
        ? isPassword(one) || isSince(scope, model, { row, moment: made.importedAt })
        : !user.isLinked;
    if (isUsed) used.add(user.oldId);
  }
  return [...used];
}

/** Other sources that have linked users whom this import made. */
async function sharersOf(
  scope: ImportScope,
  source: string,
  mapped: readonly MappedId[],
): Promise<string[]> {
  const ids = mapped.flatMap(({ isLinked, newId }) => (isLinked ? [] : [newId]));
  const others = (await mapsOf(scope, ids)).filter((one) => one.source !== source);
  return [...new Set(others.map((one) => one.source))];
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

/** What the map has of new ids, of any source. */
async function mapsOf(scope: ImportScope, ids: readonly string[]): Promise<MappedId[]> {
  const finds = ids.map((value) => ({ where: [{ column: "newId", value }] }));
  return (await findMapped(scope, finds)).flat();
}

async function anyOf(scope: ImportScope, source: string, limit: number): Promise<MappedId[]> {
  const [rows = []] = await findMapped(scope, [
    { where: [{ column: "source", value: source }], limit },
  ]);
  return rows;
}
