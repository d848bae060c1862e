// Better Auth's database adapter over stores, for every context: names and values are translated here,
// everything else is the store's. Must not know Convex contexts, and never reads or writes by itself.
import { createAdapterFactory } from "better-auth/adapters";
import type {
  AdapterFactoryConfig,
  AdapterFactoryCustomizeAdapterCreator,
  CustomAdapter,
} from "better-auth/adapters";
import type { BetterAuthOptions, DBAdapter, DBTransactionAdapter } from "better-auth";
import { isKitcnError } from "../errors/error.js";
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
   * Runs a unit of work that leaves nothing behind when it fails. Without it the work runs call by call, and
   * plugins that need transactions refuse it.
   */
  readonly transaction?: TransactionRunner | undefined;
  readonly debugLogs?: AdapterFactoryConfig["debugLogs"];
  /** Is told of what the adapter refuses by itself, before it is thrown: Better Auth makes an empty list of some errors. */
  readonly note?: ((error: unknown) => void) | undefined;
  /** Prints the schema for Better Auth's own CLI. Comes from codegen, since the runtime carries none. */
  readonly createSchema?: CustomAdapter["createSchema"];
};

/** Runs a unit of work with the adapter. */
export type TransactionRunner = <Result>(
  work: (adapter: DBTransactionAdapter) => Promise<Result>,
  adapter: DBAdapter,
) => Promise<Result>;

/**
 * A `database` for Better Auth's options.
 *
 * @throws KitcnError `UNKNOWN_MODEL` and `UNKNOWN_FIELD` where the generated tables do not fit the options,
 *   `INVALID_ORDER` for a field to sort by that the options do not have either;
 *   whatever the stores throw
 * @example
 * betterAuth({ database: authAdapter({ tables, stores }) });
 */
export function authAdapter(input: AuthAdapterInput): (options: BetterAuthOptions) => DBAdapter {
  const { transaction } = input;
  return (options) => {
    const adapter: DBAdapter = createAdapterFactory({
      config: {
        ...configOf(input, options),
        transaction: transaction ? (work) => transaction(work, adapter) : false,
      },
      adapter: (helpers) => {
        const resolve = resolverOf(input, helpers);
        return {
          ...notingRefusals({ ...readMethods(resolve), ...writeMethods(resolve) }, input.note),
          ...(input.createSchema && { createSchema: input.createSchema }),
        };
      },
    })(options);
    return adapter;
  };
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
    supportsJSON: true,
    // Ids are Convex's own, unless the user makes them.
    disableIdGeneration: typeof generateId !== "function" && generateId !== "uuid",
    ...(input.debugLogs !== undefined && { debugLogs: input.debugLogs }),
    customTransformInput: ({ data, fieldAttributes }) => toStored(data, fieldAttributes),
    customTransformOutput: ({ data, fieldAttributes }) => fromStored(data, fieldAttributes),
  };
}

/** What no store sees: it throws its own errors. */
const REFUSALS = new Set(["UNKNOWN_MODEL", "UNKNOWN_FIELD", "INVALID_ORDER"]);

function notingRefusals<Methods extends object>(
  methods: Methods,
  note: AuthAdapterInput["note"],
): Methods {
  const noting = Object.entries(methods).map(([name, method]: [string, Method]) => [
    name,
    async (input: never) => {
      try {
        return await method(input);
      } catch (error) {
        if (isKitcnError(error) && REFUSALS.has(error.data.code)) note?.(error);
        throw error;
      }
    },
  ]);
  return Object.fromEntries(noting) as Methods; // the same names, and the same promises
}

type Method = (input: never) => unknown;

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
