// The app's auth tables from an action: a store behind the internal functions of generated/store.ts.
// Must not import more than that: the driver of requests loads it.
import type { GenericActionCtx, GenericDataModel } from "convex/server";
import { runStore, type StoreRefs } from "../store/run-store.js";
import type { Store } from "../store/store.js";
import { internalReference, STORE_MODULE } from "./references.js";

/** A store that reads and writes as they are; no triggers of auth.ts wait for it. */
export function internalStore<DataModel extends GenericDataModel>(
  ctx: GenericActionCtx<DataModel>,
): Store {
  return runStore(ctx, internalRefs());
}

/** The functions behind it. */
export function internalRefs(): StoreRefs {
  return {
    read: internalReference<"query">(`${STORE_MODULE}:authRead`),
    write: internalReference<"mutation">(`${STORE_MODULE}:authWrite`),
  };
}
