// Drops rows that nobody asks for any more: old counts of rate limits, since the path is part of a key and anybody may
// make paths up, and expired verifications. A scheduled function drops them, so no request waits for it or meets it.
// Must not import better-auth.
import type { GenericDataModel, GenericMutationCtx } from "convex/server";
import type { AdapterStores } from "../../adapter/adapter.js";
import type { AuthTables } from "../../metadata.js";
import { modelOf } from "../../store/db.js";
import { mapStore, type AroundCall } from "../../store/map-store.js";
import type { StoreOperation } from "../../store/operation.js";
import type { Row } from "../../store/store.js";
import type { Where } from "../../query/where.js";
import { packed } from "../../store/pieces.js";
import { internalRefs } from "../internal-store.js";
import type { AuthCtx } from "../types.js";

/** Has rows whose `field` is at most `before` (in ms since the epoch) dropped after a while; with `id`, only that row. */
export type DropLater = (what: {
  readonly model: string;
  readonly field: string;
  readonly before: number;
  readonly afterMs: number;
  readonly id?: string;
}) => Promise<void>;

/** Undefined in a query, which schedules nothing. */
export function dropLaterIn<DataModel extends GenericDataModel>(
  ctx: AuthCtx<DataModel>,
  tables: AuthTables,
): DropLater | undefined {
  if (!("scheduler" in ctx)) return undefined;
  const { scheduler }: Pick<GenericMutationCtx<DataModel>, "scheduler"> = ctx;
  return async ({ model, field, before, afterMs, id }) => {
    const column = columnOf(tables, { model, field });
    const where: Where = [
      ...(id === undefined ? [] : [{ column: "id", operator: "eq", value: id } as const]),
      { column, operator: "lte", value: before },
    ];
    const operation: StoreOperation = {
      kind: "deleteMany",
      input: { model, where, limit: DROPPED_AT_ONCE },
    };
    await scheduler.runAfter(afterMs, internalRefs().write, { operations: packed([operation]) });
  };
}

/**
 * Stores that have expired verifications dropped. Better Auth would delete them while it looks one up, once a minute in
 * a process; here each request is its own process, and requests of strangers would meet on these rows.
 */
export function droppingExpired(
  { app, component }: AdapterStores,
  tables: AuthTables,
  dropLater: DropLater | undefined,
): AdapterStores {
  const around: AroundCall = async ({ method, model }, call) => {
    const result = await call();
    if (method !== "create" || model !== EXPIRING.model) return result;
    const now = Date.now();
    const { id, ...columns } = Object(result) as Partial<Row>; // what a creation gives
    const before = columns[columnOf(tables, EXPIRING)];
    if (
      typeof id === "string" &&
      typeof before === "number" &&
      JSON.stringify(columns).length > DROPPED_LETTERS
    ) {
      // One that expires later than in a year is dropped with the others.
      if (before - now <= YEAR_MS)
        await dropLater?.({ ...EXPIRING, id, before, afterMs: Math.max(before - now, 0) });
    } else if (now % DROPS_EVERY_MS === DROPS_AT_MS)
      await dropLater?.({ ...EXPIRING, before: now, afterMs: 0 });
    return result;
  };
  return { app: mapStore(app, around), component: mapStore(component, around) };
}

// --- internal ---

/** More than are added from one time to the next. */
const DROPPED_AT_ONCE = 500;

/**
 * Of one row. A transaction writes 8 MiB at most, and anybody may have long texts stored, such as the URL after a
 * sign-in. A longer row is dropped by itself when it expires, before it makes a drop of many rows too large.
 */
const DROPPED_LETTERS = 3000;

/** Convex schedules no function for later than five years from now. */
const YEAR_MS = 365 * 24 * 3600 * 1000;

function columnOf(tables: AuthTables, { model, field }: { model: string; field: string }): string {
  return modelOf(tables, model).fields[field]?.column ?? field;
}

const EXPIRING = { model: "verification", field: "expiresAt" };

/** About one row in as many. As for the counts of rate limits, not at random. */
const DROPS_EVERY_MS = 211;
const DROPS_AT_MS = 89;
