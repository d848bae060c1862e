// Picks the stores for a context: ctx.db directly in queries and mutations, internal functions in actions.
// Must not import better-auth.
import type { GenericActionCtx, GenericDataModel } from "convex/server";
import type { AdapterStores } from "../adapter/adapter.js";
import { KitcnError } from "../errors.js";
import type { AuthTables } from "../metadata.js";
import { noteFailure } from "../request/failures.js";
import { never } from "../request/never.js";
import type { RequestRun } from "../request/run.js";
import { modelOf } from "../store/db.js";
import { dbStore } from "../store/db-store.js";
import { mapStore, notingErrors } from "../store/map-store.js";
import { runOperations } from "../store/operation.js";
import { runStore, type StoreRefs } from "../store/run-store.js";
import type { Store } from "../store/store.js";
import { plainDbOf } from "../triggers/context.js";
import { TriggerCancelledError, type WriteHooks } from "../triggers/hooks.js";
import { isActionCtx } from "./context.js";
import { LIMITS_MODEL } from "./rate-limit.js";
import { AUTH_MODULE, internalReference, STORE_MODULE } from "./references.js";
import { appHooks, componentRoute, concernsApp, type DeclaredTriggers } from "./triggers.js";
import type { AuthComponent, AuthCtx } from "./types.js";

export type StoresInput<DataModel extends GenericDataModel> = {
  readonly ctx: AuthCtx<DataModel>;
  readonly tables: AuthTables;
  readonly component?: AuthComponent | undefined;
  readonly run?: RequestRun | undefined;
  readonly triggers?: DeclaredTriggers<DataModel> | undefined;
};

/** The stores of the app's and of the component's tables, as this context can reach them. */
export function storesOf<DataModel extends GenericDataModel>({
  ctx,
  tables,
  component,
  run,
  triggers = {},
}: StoresInput<DataModel>): AdapterStores {
  const { inline } = triggers;
  const onFailure = run?.markFailed;
  const inApp = () => {
    const hooks = appHooks(ctx, triggers);
    return run && hooks ? failing(hooks, run) : hooks;
  };
  const app = isActionCtx(ctx)
    ? internalStore(ctx, concernsApp(tables, inline))
    : dbStore({
        db: plainDbOf(ctx),
        tables,
        hooks: inApp(),
        isAlone: isAloneIn({ run, triggers }),
      });
  const inComponent = component
    ? runStore(ctx, component.store, {
        load: componentRoute({ ctx, tables, inline }),
        onFailure,
      })
    : missingComponent();
  return run
    ? { app: reporting(app, run), component: reporting(inComponent, run) }
    : { app: noting(app), component: noting(inComponent) };
}

/** Both stores as one: each operation goes where its model lives. */
export function placedStore(tables: AuthTables, stores: AdapterStores): Store {
  const at = ({ model }: { readonly model: string }) => stores[modelOf(tables, model).placement];
  const store: Store = {
    create: (input) => at(input).create(input),
    findOne: (input) => at(input).findOne(input),
    findMany: (input) => at(input).findMany(input),
    count: (input) => at(input).count(input),
    update: (input) => at(input).update(input),
    updateMany: (input) => at(input).updateMany(input),
    delete: (input) => at(input).delete(input),
    deleteMany: (input) => at(input).deleteMany(input),
    consumeOne: (input) => at(input).consumeOne(input),
    incrementOne: (input) => at(input).incrementOne(input),
    batch: (operations) => runOperations(store, operations),
  };
  return store;
}

// --- internal ---

/** The app's tables from an action. Only a write that triggers of auth.ts wait for has to load auth.ts. */
function internalStore<DataModel extends GenericDataModel>(
  ctx: GenericActionCtx<DataModel>,
  isAwaited: boolean,
): Store {
  const refs: StoreRefs = {
    read: internalReference<"query">(`${STORE_MODULE}:authRead`),
    write: internalReference<"mutation">(`${isAwaited ? AUTH_MODULE : STORE_MODULE}:authWrite`),
  };
  return runStore(ctx, refs, { load: () => (isAwaited ? "inline" : undefined) });
}

/** A mutation that serves a request writes alone until user code can write, too. */
function isAloneIn<DataModel extends GenericDataModel>({
  run,
  triggers,
}: Pick<StoresInput<DataModel>, "run" | "triggers">): (() => boolean) | undefined {
  const hasTriggers = triggers?.schema !== undefined || triggers?.inline !== undefined;
  return run && !hasTriggers ? () => !run.isShared() : undefined;
}

const READS = new Set<keyof Store>(["findOne", "findMany", "count"]);

/**
 * Tells the run of every write, and moves a request that turns out to write out of a query. A stopped run gets no
 * answers any more. Rate limits are counted whatever becomes of the request, so they do not make a run dirty.
 */
function reporting(store: Store, run: RequestRun): Store {
  return mapStore(noting(store), ({ method, model }, call) => {
    if (run.isStopped()) return never();
    if (READS.has(method)) return run.busyWith(call());
    if (run.context === "query") return run.escalate("mutation", `${method} writes`);
    if (model === LIMITS_MODEL) return run.busyWith(call());
    run.markDirty();
    if (method === "batch") run.noteCreated();
    return run.busyWith(method === "create" ? created(call(), run) : call());
  });
}

/** Tells the run of a new row, whose id goes away again if the run is rolled back. */
async function created<Result>(work: Promise<Result>, run: RequestRun): Promise<Result> {
  run.noteCreated();
  const result = await work;
  const { id } = result as { readonly id?: string }; // the row, as Store.create returns it
  if (id !== undefined) run.noteCreated(id);
  return result;
}

/** Remembers what failed in the current request, so that it is not answered as if all were well. */
function noting(store: Store): Store {
  return notingErrors(store, noteFailure);
}

/** A trigger's error undoes everything, also where Better Auth would make a response of it. */
function failing({ before, after, change }: WriteHooks, run: RequestRun): WriteHooks {
  const guard = async <Result>(work: () => Result | Promise<Result>): Promise<Result> => {
    try {
      return await work();
    } catch (error) {
      run.markFailed();
      throw error;
    }
  };
  return {
    before: (write) =>
      guard(async () => {
        const verdict = await before?.(write);
        if (verdict === false) throw new TriggerCancelledError(write);
        return verdict;
      }),
    after: (write) => guard(() => after?.(write)),
    change: (write) => guard(() => change?.(write)),
  };
}

function missingComponent(): Store {
  const fail = () => {
    throw new KitcnError({
      code: "NO_COMPONENT",
      message: "Some auth tables live in the kitcn component, which this app has not mounted.",
      hint: 'Add `import authComponent from "kitcn/convex.config"` and `app.use(authComponent)` to convex.config.ts, then run `npx kitcn codegen`.',
    });
  };
  return new Proxy({} as Store, { get: () => fail }); // every method of it is the same refusal
}
