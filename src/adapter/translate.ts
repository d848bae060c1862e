// Translates what Better Auth asks into what a store understands, and rows into records. Pure.
import type { CleanedWhere, JoinConfig } from "better-auth/adapters";
import type { Value } from "convex/values";
import { noJoin } from "../errors/adapter.js";
import type { Where } from "../query/where.js";
import type { Join, Row, RowData } from "../store/store.js";
import { assertFitting } from "./fitting.js";
import type { ModelNames } from "./names.js";

export type PlannedJoin = { readonly key: string; readonly names: ModelNames; readonly plan: Join };

/** Joins within one placement; Better Auth itself follows up on the others. */
export function plannedJoins(
  base: ModelNames,
  {
    join = {},
    namesOf,
  }: {
    join: JoinConfig | undefined;
    namesOf: (target: { model: string; modelKey?: string }) => ModelNames;
  },
): PlannedJoin[] {
  return Object.entries(join).flatMap(([key, { modelKey, on, limit, relation }]) => {
    const names = namesOf({ model: key, ...(modelKey !== undefined && { modelKey }) });
    if (names.placement !== base.placement) return [];
    const plan: Join = {
      // No column is called like this, so nothing is overwritten.
      as: `join:${names.model}`,
      model: names.model,
      from: base.toColumn(on.from),
      to: names.toColumn(on.to),
      isOne: relation === "one-to-one",
      ...(limit !== undefined && { limit }),
    };
    return [{ key, names, plan }];
  });
}

export function whereOf(names: ModelNames, where: readonly CleanedWhere[] = []): Where {
  return where.map(({ field, value, operator, connector, mode }) => {
    const column = names.toColumn(field);
    // A value that was never given must not find the rows without one.
    if (value === undefined) return { column, operator: "in", value: [], connector };
    // toStored has made it plain: a scalar, or an array of scalars.
    return { column, value: value as Value, operator, connector, mode };
  });
}

/** @throws APIError `BAD_REQUEST` for a value of another type than its column's */
export function columnsOf(names: ModelNames, data: unknown): RowData {
  const columns: RowData = Object.fromEntries(
    Object.entries(data ?? {}).map(([field, value]) => [
      names.toColumn(field),
      value as RowData[string],
    ]), // toStored made it plain
  );
  assertFitting(names, columns);
  return columns;
}

/** The row as Better Auth expects it; its caller states the type, which only the options know. */
export function recordOf<T>(
  names: ModelNames,
  row: Row,
  {
    select,
    joins = [],
  }: { select?: readonly string[] | undefined; joins?: readonly PlannedJoin[] } = {},
): T {
  const record = names.toRecord(row, select);
  for (const join of joins) record[join.key] = joinedOf(join, row[join.plan.as]);
  return record as T;
}

// --- internal ---

function joinedOf({ names, plan }: PlannedJoin, joined: Row[string] | undefined): unknown {
  // A store puts rows there, and nothing else.
  if (Array.isArray(joined)) return joined.map((row) => names.toRecord(row as Row));
  if (joined) return names.toRecord(joined as Row);
  if (plan.isOne) return null;
  throw noJoin(plan);
}
