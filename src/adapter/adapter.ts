// Better Auth's database adapter over stores, for every context: names and values are translated here,
// everything else is the store's. Must not know Convex contexts, and never reads or writes by itself.
import { createAdapterFactory } from "better-auth/adapters";
import type {
  AdapterFactoryConfig,
  AdapterFactoryCustomizeAdapterCreator,
  CustomAdapter,
} from "better-auth/adapters";
import type { BetterAuthOptions, DBAdapter } from "better-auth";
import type { AuthTables, ModelPlacement } from "../metadata.js";
import type { Store } from "../store/store.js";
import { readMethods, writeMethods, type Resolved, type Resolver } from "./methods.js";
import { modelNames } from "./names.js";
import { fromStored, toStored } from "./values.js";

/** A store for each place where models live. */
export type AdapterStores = { readonly [Placement in ModelPlacement]: Store };

export type AuthAdapterInput = {
  readonly tables: AuthTables;
  readonly stores: AdapterStores;
  /**
   * Runs a unit of work that must leave nothing behind when it fails. Without it the callback runs as it
   * is: atomic inside a mutation as long as the error leaves the mutation.
   */
  readonly transaction?: AdapterFactoryConfig["transaction"];
  readonly debugLogs?: AdapterFactoryConfig["debugLogs"];
  /** Prints the schema for Better Auth's own CLI. Comes from codegen, since the runtime carries none. */
  readonly createSchema?: CustomAdapter["createSchema"];
};

/**
 * A `database` for Better Auth's options.
 *
 * @throws KitcnError `UNKNOWN_MODEL` and `UNKNOWN_FIELD` where the generated tables do not fit the options;
 *   whatever the stores throw
 * @example
 * betterAuth({ database: authAdapter({ tables, stores }) });
 */
export function authAdapter(input: AuthAdapterInput): (options: BetterAuthOptions) => DBAdapter {
  return (options) =>
    createAdapterFactory({
      config: configOf(input, options),
      adapter: (helpers) => {
        const resolve = resolverOf(input, helpers);
        return {
          ...readMethods(resolve),
          ...writeMethods(resolve),
          ...(input.createSchema && { createSchema: input.createSchema }),
        };
      },
    })(options);
}

// --- internal ---

type Helpers = Parameters<AdapterFactoryCustomizeAdapterCreator>[0];

function configOf(input: AuthAdapterInput, options: BetterAuthOptions): AdapterFactoryConfig {
  const generateId = options.advanced?.database?.generateId;
  return {
    adapterId: "kitcn",
    adapterName: "kitcn (Convex)",
    supportsNumericIds: false,
    supportsArrays: true,
    // Ids are Convex's own, unless the user makes them.
    disableIdGeneration: typeof generateId !== "function" && generateId !== "uuid",
    transaction: input.transaction ?? false,
    ...(input.debugLogs !== undefined && { debugLogs: input.debugLogs }),
    customTransformInput: ({ data, fieldAttributes }) => toStored(data, fieldAttributes),
    customTransformOutput: ({ data, fieldAttributes }) => fromStored(data, fieldAttributes),
  };
}

/** Finds a model's names and store, once for each model. */
function resolverOf({ tables, stores }: AuthAdapterInput, helpers: Helpers): Resolver {
  const known = new Map<string, Resolved>();
  return ({ model, modelKey }) => {
    const key = modelKey ?? helpers.getDefaultModelName(model);
    const found = known.get(key);
    if (found) return found;
    const names = modelNames(key, { schema: helpers.schema, tables });
    const resolved = { names, model: key, store: stores[names.placement] };
    known.set(key, resolved);
    return resolved;
  };
}
