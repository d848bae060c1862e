// Drops rows that nobody asks for any more: old counts of rate limits, since the path is part of a key and anybody may
// make paths up, and expired verifications. A scheduled function drops them, so no request waits for it or meets it.
// Must not import better-auth.
import type { GenericDataModel, GenericMutationCtx } from "convex/server";
import type { AdapterStores } from "../../adapter/adapter.js";
import type { AuthTables } from "../../metadata.js";
import { modelOf } from "../../store/db.js";
import { mapStore, type AroundCall } from "../../store/map-store.js";
import type { StoreOperation } from "../../store/operation.js";
import { packed } from "../../store/pieces.js";
import { internalRefs } from "../internal-store.js";
import type { AuthCtx } from "../types.js";

/** Has rows whose `field` is at most `before` (in ms since the epoch) dropped after a while. */
export type DropLater = (what: {
  readonly model: string;
  readonly field: string;
  readonly before: number;
  readonly afterMs: number;
}) => Promise<void>;

/** Undefined in a query, which schedules nothing. */
export function dropLaterIn<DataModel extends GenericDataModel>(
  ctx: AuthCtx<DataModel>,
  tables: AuthTables,
): DropLater | undefined {
  if (!("scheduler" in ctx)) return undefined;
  const { scheduler }: Pick<GenericMutationCtx<DataModel>, "scheduler"> = ctx;
  return async ({ model, field, before, afterMs }) => {
    const column = modelOf(tables, model).fields[field]?.column ?? field;
    const where = [{ column, operator: "lte", value: before }] as const;
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
  dropLater: DropLater | undefined,
): AdapterStores {
  const around: AroundCall = async ({ method, model }, call) => {
    const result = await call();
    const now = Date.now();
    if (method === "create" && model === EXPIRING.model && now % DROPS_EVERY_MS === DROPS_AT_MS)
      await dropLater?.({ ...EXPIRING, before: now, afterMs: 0 });
    return result;
  };
  return { app: mapStore(app, around), component: mapStore(component, around) };
}

// --- internal ---

/** Far more than are added from one time to the next; each is read twice, and Convex allows 32,000. */
const DROPPED_AT_ONCE = 2000;

const EXPIRING = { model: "verification", field: "expiresAt" };

/** About one row in as many. As for the counts of rate limits, not at random. */
const DROPS_EVERY_MS = 211;
const DROPS_AT_MS = 89;
