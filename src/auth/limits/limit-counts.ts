// Where rate limits count in each context, and what drops the counts that nobody asks for any more: the path is part of
// a key, and anybody may make paths up. A scheduled function drops them, so no request waits for it or meets it.
import type { GenericDataModel, GenericMutationCtx } from "convex/server";
import type { AdapterStores } from "../../adapter/adapter.js";
import type { AuthTables } from "../../metadata.js";
import { CREATE_AFTER, type CreateAfterInput } from "../../store/create-after.js";
import { modelOf } from "../../store/db.js";
import { performLimit, type LimitInput, type LimitResult } from "../../store/limit.js";
import type { StoreOperation } from "../../store/operation.js";
import { packed } from "../../store/pieces.js";
import { callWrite } from "../../store/run-store.js";
import { isActionCtx } from "../context.js";
import { internalRefs } from "../internal-store.js";
import { placedStore } from "../stores.js";
import type { AuthCtx } from "../types.js";
import { LIMITS_MODEL } from "./limit-storage.js";
import type { DropLater, LimitCounts } from "./rate-limit.js";

/** Far more than are added from one time to the next; each is read twice, and Convex allows 32,000. */
const DROPPED_AT_ONCE = 2000;

/**
 * The counts of a context.
 *
 * @param stores of this context, which remember nothing: what a limit writes is no reason to read others' rows again
 */
export function limitCountsIn<DataModel extends GenericDataModel>(
  ctx: AuthCtx<DataModel>,
  { tables, stores }: { readonly tables: AuthTables; readonly stores: () => AdapterStores },
): LimitCounts {
  const perform = async (input: LimitInput): Promise<LimitResult> => {
    const place = { store: placedStore(tables, stores()), tables };
    if (!isActionCtx(ctx)) return performLimit(place, input);
    const createAfter = async (create: CreateAfterInput) => {
      const calls = [{ kind: CREATE_AFTER, input: create }];
      const [isCreated] = await callWrite({ ctx, refs: internalRefs() }, calls);
      return isCreated === true;
    };
    return performLimit({ ...place, createAfter }, input);
  };
  return { perform, dropLater: dropLaterIn(ctx, tables) };
}

// --- internal ---

/** Undefined in a query, which schedules nothing. */
function dropLaterIn<DataModel extends GenericDataModel>(
  ctx: AuthCtx<DataModel>,
  tables: AuthTables,
): DropLater | undefined {
  if (!("scheduler" in ctx)) return undefined;
  const { scheduler }: Pick<GenericMutationCtx<DataModel>, "scheduler"> = ctx;
  return async ({ before, afterMs }) => {
    const { lastRequest } = modelOf(tables, LIMITS_MODEL).fields;
    const operation: StoreOperation = {
      kind: "deleteMany",
      input: {
        model: LIMITS_MODEL,
        where: [{ column: lastRequest?.column ?? "lastRequest", operator: "lte", value: before }],
        limit: DROPPED_AT_ONCE,
      },
    };
    await scheduler.runAfter(afterMs, internalRefs().write, { operations: packed([operation]) });
  };
}
