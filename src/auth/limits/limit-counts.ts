// Where rate limits count in each context. Must not decide what is limited.
import type { GenericDataModel } from "convex/server";
import type { AdapterStores } from "../../adapter/adapter.js";
import type { AuthTables } from "../../metadata.js";
import { CREATE_AFTER, type CreateAfterInput } from "../../store/create-after.js";
import { performLimit, type LimitInput, type LimitResult } from "../../store/limit.js";
import { callWrite } from "../../store/run-store.js";
import { isActionCtx } from "../context.js";
import { internalRefs } from "../internal-store.js";
import { placedStore } from "../stores.js";
import type { AuthCtx } from "../types.js";
import { dropLaterIn } from "./drop-later.js";
import type { LimitCounts } from "./rate-limit.js";

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
