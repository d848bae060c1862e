// Looks at what was imported: the map counted page by page, and a sample of rows compared with what was sent.
// Reads only; never returns a value of a row.
import type { Value } from "convex/values";
import { compareValues } from "convex/values";
import {
  cursorAfter,
  findMapped,
  findPlaced,
  keyOf,
  loadMapped,
  targetsOf,
  type ImportScope,
} from "./scope.js";
import type { ComparedRow, ImportRow, MapPage } from "./types.js";
import type { Row } from "../store/store.js";

/** Counts one page of the map of a source and a model; the cursor is the old id of its last row. */
export async function countMapped(
  scope: ImportScope,
  {
    source,
    model,
    cursor,
    limit,
  }: { source: string; model: string; cursor: string | null; limit: number },
): Promise<MapPage> {
  const page = await mapPage(scope, { source, model, cursor, limit });
  const linked = page.filter(({ isLinked }) => isLinked).length;
  return {
    counts: { [model]: { created: page.length - linked, linked } },
    cursor: cursorAfter(page, limit),
  };
}

/** A page of the map of a source and a model, by old id. */
export async function mapPage(
  scope: ImportScope,
  {
    source,
    model,
    cursor,
    limit,
  }: { source: string; model: string; cursor: string | null; limit: number },
) {
  const after =
    cursor === null ? [] : [{ column: "oldId", operator: "gt" as const, value: cursor }];
  const where = [{ column: "source", value: source }, { column: "model", value: model }, ...after];
  const sort = { column: "oldId", direction: "asc" } as const;
  const [page = []] = await findMapped(scope, [{ where, sort, limit }]);
  return page;
}

/** Compares rows with what the app has of them now. */
export async function compareRows(
  scope: ImportScope,
  { source, rows }: { readonly source: string; readonly rows: readonly ImportRow[] },
): Promise<ComparedRow[]> {
  const targets = rows.flatMap((row) => Object.values(row.refs ?? {}).flatMap(targetsOf));
  const mapped = await loadMapped(scope, source, [...rows, ...targets]);
  const known = rows.filter((row) => mapped.has(keyOf(row)));
  const found = await findPlaced(
    scope,
    known.map((row) => ({
      model: row.model,
      where: [{ column: "id", value: mapped.get(keyOf(row))?.newId ?? "" }],
    })),
  );
  const rowOf = new Map(known.map((row, at) => [row, found[at] ?? null]));
  return rows.map((row) => {
    const { model, oldId } = row;
    const now = rowOf.get(row) ?? null;
    const isLinked = mapped.get(keyOf(row))?.isLinked === true;
    const differing = now ? differingColumns(now, { row, mapped }) : [];
    const isKnown = mapped.has(keyOf(row));
    return { model, oldId, isKnown, isThere: now !== null, isLinked, differing };
  });
}

// --- internal ---

function differingColumns(
  now: Row,
  { row, mapped }: { row: ImportRow; mapped: Awaited<ReturnType<typeof loadMapped>> },
): string[] {
  const wanted: Record<string, Value> = { ...row.columns };
  for (const [column, { models, oldId }] of Object.entries(row.refs ?? {}))
    for (const model of models) {
      const id = mapped.get(keyOf({ model, oldId }))?.newId;
      if (id !== undefined) wanted[column] = id;
    }
  return Object.entries(wanted)
    .filter(([column, value]) => compareValues(now[column] ?? null, value) !== 0)
    .map(([column]) => column);
}
