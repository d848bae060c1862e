// Picks the stores for a context: ctx.db directly in queries and mutations, internal functions in actions.
// Must not import better-auth.
import type { GenericDataModel } from "convex/server";
import type { AdapterStores } from "../adapter/adapter.js";
import { noComponent } from "../errors/app-store.js";
import { hooksWithoutPrivateKeys } from "../component/private-keys.js";
import type { AuthTables } from "../metadata.js";
import { noteFailure } from "../request/failures.js";
import { never } from "../request/never.js";
import type { RequestRun } from "../request/run.js";
import { leaveToRuns } from "../request/scope.js";
import { modelOf } from "../store/db.js";
import { dbStore } from "../store/db-store.js";
import { mapStore, notingErrors } from "../store/map-store.js";
import type { Carried } from "../store/memory.js";
import { runOperation, runOperations, storeOfCalls } from "../store/operation.js";
import { routedStore, triggeredStore } from "../store/routed-store.js";
import { keepingSentKeys, runStore, runWrites, type StoreRefs } from "../store/run-store.js";
import type { Store } from "../store/store.js";
import { plainDbOf } from "../triggers/context.js";
import { TriggerCancelledError, type WriteHooks } from "../triggers/hooks.js";
import type { Triggers } from "../triggers/types.js";
import { isActionCtx } from "./context.js";
import { LIMITS_MODEL } from "./limits/limit-storage.js";
import { internalRefs } from "./internal-store.js";
import { AUTH_MODULE, internalReference } from "./references.js";
import type { RequestReads } from "./request-reads.js";
import { hearsInline, hooksAt, type DeclaredTriggers } from "./triggers.js";
import type { AuthComponent, AuthCtx } from "./types.js";

export type StoresInput<DataModel extends GenericDataModel> = {
  readonly ctx: AuthCtx<DataModel>;
  readonly tables: AuthTables;
  readonly component?: AuthComponent | undefined;
  readonly run?: RequestRun | undefined;
  readonly triggers?: DeclaredTriggers<DataModel> | undefined;
  /** Where requests are served, with or without a run. Default: each read is one call, and long ones are refused. */
  readonly reads?: RequestReads | undefined;
};

/** The stores of the app's and of the component's tables, as this context can reach them. */
export function storesOf<DataModel extends GenericDataModel>({
  component,
  run,
  ...input
}: StoresInput<DataModel>): AdapterStores {
  const app = appStore({ ...input, run });
  const inComponent = component ? componentStore(component, { ...input, run }) : missingComponent();
  if (run) {
    const { reads } = input;
    const asking = (store: Store) => (reads && run.isRead ? reads.asking(store, run) : store);
    return {
      app: reporting(asking(app), run),
      component: reporting(asking(inComponent), run),
    };
  }
  const paged = (store: Store) =>
    input.reads && isActionCtx(input.ctx) ? input.reads.paged(store) : store;
  const stores = { app: noting(paged(app)), component: noting(paged(inComponent)) };
  return isActionCtx(input.ctx)
    ? { app: tentative(stores.app), component: tentative(stores.component) }
    : stores;
}

/** Both stores as one: each operation goes where its model lives. */
export function placedStore(tables: AuthTables, stores: AdapterStores): Store {
  const at = ({ model }: { readonly model: string }) => stores[modelOf(tables, model).placement];
  const store: Store = storeOfCalls(
    (operation) => runOperation(at(operation.input), operation),
    (operations) => runOperations(store, operations),
  );
  return store;
}

// --- internal ---

type PlacedInput<DataModel extends GenericDataModel> = Omit<StoresInput<DataModel>, "component">;

/** The app's tables: in ctx.db, or from an action through internal functions. */
function appStore<DataModel extends GenericDataModel>({
  ctx,
  tables,
  run,
  triggers = {},
  reads,
}: PlacedInput<DataModel>): Store {
  if (isActionCtx(ctx)) {
    return actionStore({ ctx, tables, refs: internalRefs(), inline: triggers.inline });
  }
  return dbStore({
    db: plainDbOf(ctx),
    tables,
    hooks: failing(hooksAt("app", ctx, triggers), run),
    remember: reads?.remember({
      isAlone: isAloneIn({ run, triggers }),
      carried: run && carriedBy(run, tables),
    }),
  });
}

/**
 * The component's tables. Triggers run in this function, around changes that the component makes: the component
 * never calls the app, which would load Better Auth again for each call.
 */
function componentStore<DataModel extends GenericDataModel>(
  { store: refs }: AuthComponent,
  { ctx, tables, run, triggers = {} }: PlacedInput<DataModel>,
): Store {
  const { inline } = triggers;
  if (isActionCtx(ctx)) return actionStore({ ctx, tables, refs, inline });
  const plain = runStore(ctx, refs);
  const hooks = failing(hooksAt("component", ctx, triggers), run);
  const hears = hooks?.concerns;
  if (!hooks || !hears) return plain;
  const heard = triggeredStore({
    ...{ tables, plain },
    hooks: hooksWithoutPrivateKeys(hooks),
    writes: runWrites(ctx, refs),
  });
  return routedStore({ tables, hears, plain, heard: keepingSentKeys(refs, heard) });
}

/** From an action. Only a write that triggers of auth.ts listen to goes to a mutation that loads auth.ts. */
function actionStore<DataModel extends GenericDataModel>({
  ctx,
  tables,
  refs,
  inline,
}: {
  readonly ctx: AuthCtx<DataModel>;
  readonly tables: AuthTables;
  readonly refs: StoreRefs;
  readonly inline: Triggers<DataModel> | undefined;
}): Store {
  const plain = runStore(ctx, refs);
  const hears = hearsInline(inline);
  if (!hears) return plain;
  const write = internalReference<"mutation">(`${AUTH_MODULE}:authWrite`);
  const { read, signingKeys } = refs; // named, since a component's references have no keys to spread
  const heard = runStore(ctx, { read, ...(signingKeys && { signingKeys }), write }, "inline");
  return routedStore({ tables, hears, plain, heard });
}

/** A mutation that serves a request writes alone until user code can write, too. */
function isAloneIn<DataModel extends GenericDataModel>({
  run,
  triggers,
}: Pick<StoresInput<DataModel>, "run" | "triggers">): (() => boolean) | undefined {
  const hasTriggers = triggers?.schema !== undefined || triggers?.inline !== undefined;
  return run && !hasTriggers ? () => !run.isShared() : undefined;
}

/**
 * A run that signs somebody in goes on from what the run before the password check has read. All of it is read again
 * and compared, except the account: its password was checked.
 */
function carriedBy(run: RequestRun, tables: AuthTables): Carried | undefined {
  if (!run.path.includes("/sign-in/")) return undefined;
  const { memory, keepMemory: keep } = run;
  return { memory, keep, trustedTable: tables["account"]?.table };
}

const READS = new Set<keyof Store>(["findOne", "findMany", "count", "scan"]);

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

/** An action that may leave a request to its runs after all leaves every write to them. */
function tentative(store: Store): Store {
  return mapStore(store, ({ method }, call) => {
    const leave = READS.has(method) ? undefined : leaveToRuns();
    return leave ? leave() : call();
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
function failing(
  hooks: WriteHooks | undefined,
  run: RequestRun | undefined,
): WriteHooks | undefined {
  if (!hooks || !run) return hooks;
  const guard = async <Result>(work: () => Result | Promise<Result>): Promise<Result> => {
    try {
      return await work();
    } catch (error) {
      run.markFailed(error);
      throw error;
    }
  };
  return {
    ...hooks,
    before: (write) =>
      guard(async () => {
        const verdict = await hooks.before?.(write);
        if (verdict === false) throw new TriggerCancelledError(write);
        return verdict;
      }),
    after: (write) => guard(() => hooks.after?.(write)),
    change: (write) => guard(() => hooks.change?.(write)),
  };
}

function missingComponent(): Store {
  const fail = () => {
    throw noComponent();
  };
  return new Proxy({} as Store, { get: () => fail }); // every method of it is the same refusal
}
