// Runs Better Auth's published adapter suites against a Convex deployment in memory, in the three contexts
// an app uses auth from. The schema is planned anew, by codegen, for every set of options the suites ask for.
import {
  componentsGeneric,
  internalMutationGeneric,
  internalQueryGeneric,
  makeFunctionReference,
  type GenericDataModel,
  type GenericQueryCtx,
} from "convex/server";
import { convexTest, type TestConvexForDataModel } from "convex-test";
import type { BetterAuthOptions, DBAdapter, DBTransactionAdapter } from "better-auth";
import { getAuthTables } from "better-auth/db";
import { planTables } from "../../codegen/plan/plan-tables.js";
import type { TablesPlan } from "../../codegen/plan/types.js";
import { authAdapter, type AdapterStores } from "../../src/adapter/adapter.js";
import { componentFunctions } from "../../src/component/functions.js";
import { dbStore } from "../../src/store/db-store.js";
import { storeFunctions } from "../../src/store/functions.js";
import { runStore, type RunCtx, type StoreRefs } from "../../src/store/run-store.js";
import { schemaOf } from "../support/convex-schema.js";

/** Where Better Auth runs, and where its tables are. */
export type ConformanceContext = "mutation" | "action" | "component" | "split";

type DbCtx = Pick<GenericQueryCtx<GenericDataModel>, "db"> & RunCtx;
type AdapterFactory = (options: BetterAuthOptions) => DBAdapter;

/** What `testAdapter` needs of a deployment. */
export type Deployment = {
  readonly migrate: (options: BetterAuthOptions) => void;
  readonly adapter: AdapterFactory;
};

/** An empty deployment; every call of the adapter is one Convex function run. */
export function createDeployment(
  context: ConformanceContext,
  // The published suites choose the id of every row they create.
  { forceIds = true } = {},
): Deployment {
  let current = deploy({ context, forceIds, options: {} });
  return {
    migrate: (options) => void (current = deploy({ context, forceIds, options })),
    adapter: (options) => {
      const inFunction =
        context === "action"
          ? adapterOfActions(() => current)
          : adapterOfTransactions(() => current);
      return inFunction(options);
    },
  };
}

// --- internal ---

type Deployed = {
  readonly plan: TablesPlan;
  readonly t: TestConvexForDataModel<GenericDataModel>;
};

type DeployInput = {
  readonly context: ConformanceContext;
  readonly forceIds: boolean;
  readonly options: BetterAuthOptions;
};

function deploy({ context, forceIds, options }: DeployInput): Deployed {
  const plan = planTables(getAuthTables(options), {
    placement: context === "component" || context === "split" ? context : "app",
    options,
    forceIds,
  });
  const t = convexTest({
    schema: schemaOf(plan.app),
    modules: {
      "./_generated/api.js": async () => ({}),
      "./auth.js": async () =>
        storeFunctions({
          query: internalQueryGeneric,
          mutation: internalMutationGeneric,
          store: ({ db }) => dbStore({ db, tables: plan.tables }),
        }),
    },
  });
  t.registerComponent("auth", schemaOf(plan.component), {
    "./_generated/api.js": async () => ({}),
    "./store.js": async () => componentFunctions(plan.tables),
  });
  return { plan, t: t as unknown as Deployed["t"] }; // the schema is only known at run time
}

/** Reads in a query, writes in a mutation, a unit of work in one mutation: what an app's functions do. */
function adapterOfTransactions(current: () => Deployed): AdapterFactory {
  const within = (ctx: DbCtx, options: BetterAuthOptions) => {
    const { tables } = current().plan;
    const stores: AdapterStores = {
      app: dbStore({ db: ctx.db, tables }),
      component: runStore(ctx, componentStore()),
    };
    return authAdapter({ tables, stores })(options);
  };
  return (options) =>
    perCall(options, {
      read: (work) =>
        inside((run) => current().t.query((ctx) => run(() => work(within(ctx, options))))),
      write: (work) =>
        inside((run) => current().t.mutation((ctx) => run(() => work(within(ctx, options))))),
      isTransactional: true,
    });
}

function adapterOfActions(current: () => Deployed): AdapterFactory {
  return (options) => {
    const call: Caller = (work) =>
      inside((run) =>
        current().t.action((ctx) =>
          run(() => {
            const store = runStore(ctx, appStore());
            const stores: AdapterStores = { app: store, component: store };
            return work(authAdapter({ tables: current().plan.tables, stores })(options));
          }),
        ),
      );
    return perCall(options, { read: call, write: call, isTransactional: false });
  };
}

type Caller = <Result>(work: (adapter: DBAdapter) => Promise<Result>) => Promise<Result>;

/** An adapter that opens a Convex function for each of its calls. */
function perCall(
  options: BetterAuthOptions,
  { read, write, isTransactional }: { read: Caller; write: Caller; isTransactional: boolean },
): DBAdapter {
  const inOneCall = <Result>(work: (adapter: DBTransactionAdapter) => Promise<Result>) =>
    write(work);
  const nowhere = authAdapter({
    tables: {},
    stores: {} as AdapterStores, // only asked for its configuration
    ...(isTransactional && { transaction: inOneCall }),
    debugLogs: { isRunningAdapterTests: true },
  })(options);
  const adapter: DBAdapter = {
    ...nowhere,
    create: (input) => write((inside) => inside.create(input)),
    findOne: (input) => read((inside) => inside.findOne(input)),
    findMany: (input) => read((inside) => inside.findMany(input)),
    count: (input) => read((inside) => inside.count(input)),
    update: (input) => write((inside) => inside.update(input)),
    updateMany: (input) => write((inside) => inside.updateMany(input)),
    delete: (input) => write((inside) => inside.delete(input)),
    deleteMany: (input) => write((inside) => inside.deleteMany(input)),
    consumeOne: (input) => write((inside) => inside.consumeOne(input)),
    incrementOne: (input) => write((inside) => inside.incrementOne(input)),
    transaction: (work) => (isTransactional ? inOneCall(work) : work(adapter)),
  };
  return adapter;
}

/** Hands the result past the function's return value, which only takes Convex values: no dates. */
async function inside<Result>(
  call: (run: (work: () => Promise<Result>) => Promise<null>) => Promise<unknown>,
): Promise<Result> {
  const results: Result[] = [];
  await call(async (work) => {
    results.push(await work());
    return null;
  });
  return results[0] as Result; // pushed by the work that has just ended
}

function appStore(): StoreRefs {
  return {
    read: makeFunctionReference<"query">("auth:read") as unknown as StoreRefs["read"],
    write: makeFunctionReference<"mutation">("auth:write") as unknown as StoreRefs["write"],
  };
}

function componentStore(): StoreRefs {
  type Components = { auth: { store: StoreRefs } };
  return (componentsGeneric() as unknown as Components).auth.store;
}
