// Writes the rows of a batch that the map does not know yet: references become new ids, what is in the app already is
// linked or dropped, the rest is created. Goes through the stores, so triggers of schema.ts run.
import type { Value } from "convex/values";
import type { AuthModel } from "../metadata.js";
import { modelOf } from "../store/db.js";
import type { Row } from "../store/store.js";
import { countDropped, countRow, type Tally } from "./counts.js";
import { keysOf, verdictOn, type Columns, type Resolved } from "./keys.js";
import { IMPORT_MODELS } from "./models.js";
import { findPlaced, keyOf, loadMapped, runPlaced, targetsOf, type ImportScope } from "./scope.js";
import type { ImportBatch, ImportRef, ImportRow } from "./types.js";

/**
 * Imports rows in waves: first those that reference no other row of the batch, then those that reference these.
 *
 * @throws KitcnError of the store
 */
export async function writeRows(
  scope: ImportScope,
  { batch, tally }: { readonly batch: ImportBatch; readonly tally: Tally },
): Promise<void> {
  const { source, rows, link } = batch;
  const asked = rows.flatMap((row) => [row, ...refsOf(row).flatMap(targetsOf)]);
  const mapped = await loadMapped(scope, source, asked);
  const ids = new Map([...mapped].map(([key, { newId }]) => [key, newId]));
  const wave: Wave = { scope, source, link, tally, ids };
  let pending: ImportRow[] = [];
  const seen = new Set<string>();
  for (const row of rows) {
    const key = keyOf(row);
    if (ids.has(key) || seen.has(key)) countRow(tally, row.model, "known");
    else pending.push(row);
    seen.add(key);
  }
  while (pending.length > 0) {
    const waiting = new Set(pending.map(keyOf));
    const isReady = (row: ImportRow) =>
      refsOf(row).every(
        (ref) => resolve(ids, ref) || !targetsOf(ref).some((one) => waiting.has(keyOf(one))),
      );
    const ready = pending.filter(isReady);
    // Rows that wait for each other go without what they wait for.
    const now = ready.length > 0 ? ready : pending;
    const later = await writeWave(wave, now);
    const done = new Set(now);
    pending = [...pending.filter((row) => !done.has(row)), ...later];
  }
}

// --- internal ---

type Wave = {
  readonly scope: ImportScope;
  readonly source: string;
  readonly link: boolean;
  readonly tally: Tally;
  /** New ids by `keyOf`. */
  readonly ids: Map<string, string>;
};

/** Returns the rows that have to wait for the next wave, since one of this wave has the same unique value. */
async function writeWave(wave: Wave, rows: readonly ImportRow[]): Promise<ImportRow[]> {
  const { scope, tally, link } = wave;
  const resolved = rows.flatMap((row) => resolveRow(wave, row));
  const finds = resolved.flatMap(({ row, columns, keys }) =>
    keys.map((key) => ({
      model: row.model,
      where: key.map((column) => ({ column, value: columns[column] ?? null })),
    })),
  );
  const found = await findPlaced(scope, finds);
  const taken = new Set<string>();
  const later: ImportRow[] = [];
  const fresh: Resolved[] = [];
  const linked: { row: ImportRow; id: string }[] = [];
  let at = 0;
  for (const one of resolved) {
    const own = found.slice(at, (at += one.keys.length));
    const verdict = verdictOn(one, own, { definition: modelOf(scope.tables, one.row.model), link });
    if (verdict !== undefined) {
      if (typeof verdict === "object") linked.push({ row: one.row, id: verdict.id });
      else countDropped(tally, { ...nameOf(one.row), reason: verdict });
      continue;
    }
    const marks = one.keys.map((key) => JSON.stringify([one.row.model, key, valuesOf(one, key)]));
    if (marks.some((mark) => taken.has(mark))) later.push(one.row);
    else fresh.push(one);
    for (const mark of marks) taken.add(mark);
  }
  const created = (await runPlaced(
    scope,
    fresh.map(({ row, columns }) => ({
      kind: "create",
      input: { model: row.model, data: columns },
    })),
  )) as Row[]; // what create returns
  const mapped = [
    ...fresh.map(({ row }, index) => ({ row, id: created[index]?.id ?? "", isLinked: false })),
    ...linked.map((one) => ({ ...one, isLinked: true })),
  ];
  await runPlaced(scope, mapped.map(mapOf(wave.source)));
  for (const { row, id, isLinked } of mapped) {
    wave.ids.set(keyOf(row), id);
    countRow(tally, row.model, isLinked ? "linked" : "created");
  }
  return later;
}

function resolveRow({ scope, ids, tally }: Wave, row: ImportRow): Resolved[] {
  const definition = modelOf(scope.tables, row.model);
  const columns: Columns = { ...timesOf(definition), ...row.columns };
  const owners: string[] = [];
  for (const [column, ref] of Object.entries(row.refs ?? {})) {
    const id = resolve(ids, ref);
    if (id !== undefined) {
      columns[column] = id;
      owners.push(column);
    } else if (ref.required) {
      const reason = `its ${ref.models.join(" or ")} was not imported`;
      countDropped(tally, { ...nameOf(row), reason });
      return [];
    }
  }
  return [{ row, columns, owners, keys: keysOf(row.model, definition, columns) }];
}

/** The moments that every row has; of a row that does not say them, the import's. */
function timesOf({ fields }: AuthModel): Columns {
  const times = ["createdAt", "updatedAt"].flatMap((field) => fields[field] ?? []);
  return Object.fromEntries(
    times.filter(({ type }) => type === "date").map(({ column }) => [column, Date.now()]),
  );
}

function mapOf(source: string) {
  return ({ row, id, isLinked }: { row: ImportRow; id: string; isLinked: boolean }) => ({
    kind: "create" as const,
    input: {
      model: IMPORT_MODELS.ids,
      data: { source, ...nameOf(row), newId: id, isLinked, importedAt: Date.now() },
    },
  });
}

function refsOf({ refs = {} }: ImportRow): ImportRef[] {
  return Object.values(refs);
}

function resolve(ids: ReadonlyMap<string, string>, ref: ImportRef): string | undefined {
  for (const target of targetsOf(ref)) {
    const id = ids.get(keyOf(target));
    if (id !== undefined) return id;
  }
  return undefined;
}

function valuesOf({ columns }: Resolved, key: readonly string[]): Value[] {
  return key.map((column) => columns[column] ?? null);
}

function nameOf({ model, oldId }: ImportRow) {
  return { model, oldId };
}
