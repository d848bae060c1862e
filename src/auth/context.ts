// Tells Convex contexts apart, and gives auth.ts a context that reports what a run cannot undo or do.
// Must not import better-auth.
import type {
  GenericActionCtx,
  GenericDataModel,
  GenericMutationCtx,
  GenericQueryCtx,
} from "convex/server";
import type { RequestRun } from "../request/run.js";
import type { AuthCtx } from "./types.js";

/** A context with a database. */
export type DbCtx<DataModel extends GenericDataModel> =
  GenericQueryCtx<DataModel> | GenericMutationCtx<DataModel>;

export function isActionCtx<DataModel extends GenericDataModel>(
  ctx: AuthCtx<DataModel>,
): ctx is GenericActionCtx<DataModel> {
  return !("db" in ctx);
}

export function isMutationCtx<DataModel extends GenericDataModel>(
  ctx: AuthCtx<DataModel>,
): ctx is GenericMutationCtx<DataModel> {
  return "db" in ctx && "runMutation" in ctx;
}

/**
 * The context that the definition sees inside a run: the same one, except that the run learns when user
 * code may have written, and moves on when user code wants what this kind of function lacks.
 */
export function contextOfRun<DataModel extends GenericDataModel>(
  ctx: DbCtx<DataModel>,
  run: RequestRun,
): AuthCtx<DataModel> {
  return new Proxy(ctx, {
    get(target, name, receiver) {
      if (WRITERS.has(name) && run.context === "mutation") {
        run.markDirty();
        run.markShared();
      }
      if (WRITERS.has(name) && !(name in target)) return missing(run, "mutation", String(name));
      if (ACTION_ONLY.has(name)) return missing(run, "action", String(name));
      return Reflect.get(target, name, receiver) as unknown;
    },
    has: (target, name) => name in target,
  });
}

// --- internal ---

const WRITERS = new Set<string | symbol>(["db", "orm", "scheduler", "runMutation", "storage"]);
const ACTION_ONLY = new Set<string | symbol>(["runAction", "vectorSearch"]);

/** A function and an object with any method: whatever user code does with it, the run moves on. */
function missing(run: RequestRun, to: "mutation" | "action", name: string): unknown {
  const moveOn = () => run.escalate(to, `auth.ts uses ctx.${name}`);
  return new Proxy(moveOn, { get: () => moveOn });
}
