// Better Auth's database adapter over stores, for every context: names and values are translated here,
// everything else is the store's. Must not know Convex contexts, and never reads or writes by itself.
import { createAdapterFactory } from "better-auth/adapters";
import type {
  AdapterFactoryConfig,
  AdapterFactoryCustomizeAdapterCreator,
  CleanedWhere,
  CustomAdapter,
  JoinConfig,
} from "better-auth/adapters";
import type { BetterAuthOptions, DBAdapter } from "better-auth";
import type { Value } from "convex/values";
import { KitcnError } from "../errors.js";
import type { AuthTables, ModelPlacement } from "../metadata.js";
import type { Where } from "../query/where.js";
import type { Join, Row, RowData, Store } from "../store/store.js";
import { modelNames, type ModelNames } from "./names.js";
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
      adapter: (helpers) => customAdapter(input, helpers),
    })(options);
}

// --- internal ---

/**
 * Better Auth drops expired verifications while it looks one up. More of them than a transaction may write
 * must not fail that look-up for ever: the rest goes the next time.
 */
const HOUSEKEEPING_ROWS = 4000;

type Helpers = Parameters<AdapterFactoryCustomizeAdapterCreator>[0];
type Target = { model: string; modelKey?: string };

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

function customAdapter({ tables, stores }: AuthAdapterInput, helpers: Helpers): CustomAdapter {
  const known = new Map<string, ModelNames>();
  const namesOf = ({ model, modelKey }: Target): ModelNames => {
    const key = modelKey ?? helpers.getDefaultModelName(model);
    const names = known.get(key) ?? modelNames(key, { schema: helpers.schema, tables });
    known.set(key, names);
    return names;
  };
  const at = (target: Target) => {
    const names = namesOf(target);
    return { names, model: names.model, store: stores[names.placement] };
  };
  const joinsOf = (base: ModelNames, join: JoinConfig | undefined) =>
    plannedJoins(base, { join, namesOf });

  return {
    create: async ({ data, ...target }) => {
      const { names, model, store } = at(target);
      return recordOf(names, await store.create({ model, data: columnsOf(names, data) }));
    },
    findOne: async ({ where, select, join, ...target }) => {
      const { names, model, store } = at(target);
      const joins = joinsOf(names, join);
      const columns = select?.map(names.columnOfField);
      const row = await store.findOne({
        model,
        where: whereOf(names, where),
        ...(columns && { select: columns }),
        joins: joins.map(({ plan }) => plan),
      });
      return row && recordOf(names, row, { select: columns, joins });
    },
    findMany: async ({ where, limit, select, sortBy, offset, join, ...target }) => {
      const { names, model, store } = at(target);
      const joins = joinsOf(names, join);
      const columns = select?.map(names.columnOfField);
      const rows = await store.findMany({
        model,
        where: whereOf(names, where),
        limit,
        ...(columns && { select: columns }),
        ...(sortBy && {
          sort: { column: names.columnOfField(sortBy.field), direction: sortBy.direction },
        }),
        ...(offset !== undefined && { offset }),
        joins: joins.map(({ plan }) => plan),
      });
      return rows.map((row) => recordOf(names, row, { select: columns, joins }));
    },
    count: ({ where, ...target }) => {
      const { names, model, store } = at(target);
      return store.count({ model, where: whereOf(names, where) });
    },
    update: async ({ where, update, ...target }) => {
      const { names, model, store } = at(target);
      const data = columnsOf(names, update);
      const row = await store.update({ model, where: whereOf(names, where), data });
      return row && recordOf(names, row);
    },
    updateMany: ({ where, update, ...target }) => {
      const { names, model, store } = at(target);
      const data = columnsOf(names, update);
      return store.updateMany({ model, where: whereOf(names, where), data });
    },
    delete: async ({ where, ...target }) => {
      const { names, model, store } = at(target);
      await store.delete({ model, where: whereOf(names, where) });
    },
    deleteMany: ({ where, ...target }) => {
      const { names, model, store } = at(target);
      const isHousekeeping = model === "verification" && isExpiry(names, where);
      return store.deleteMany({
        model,
        where: whereOf(names, where),
        ...(isHousekeeping && { limit: HOUSEKEEPING_ROWS }),
      });
    },
    consumeOne: async ({ where, ...target }) => {
      const { names, model, store } = at(target);
      const row = await store.consumeOne({ model, where: whereOf(names, where) });
      return row && recordOf(names, row);
    },
    incrementOne: async ({ where, increment, set, ...target }) => {
      const { names, model, store } = at(target);
      const row = await store.incrementOne({
        model,
        where: whereOf(names, where),
        increment: Object.fromEntries(
          Object.entries(increment).map(([field, delta]) => [names.toColumn(field), delta]),
        ),
        ...(set && { set: columnsOf(names, set) }),
      });
      return row && recordOf(names, row);
    },
  };
}

type PlannedJoin = { readonly key: string; readonly names: ModelNames; readonly plan: Join };

/** Joins within one placement; Better Auth itself follows up on the others. */
function plannedJoins(
  base: ModelNames,
  { join = {}, namesOf }: { join: JoinConfig | undefined; namesOf: (target: Target) => ModelNames },
): PlannedJoin[] {
  return Object.entries(join).flatMap(([key, { modelKey, on, limit, relation }]) => {
    const names = namesOf({ model: key, ...(modelKey !== undefined && { modelKey }) });
    if (names.placement !== base.placement) return [];
    const plan: Join = {
      // No column is called like this, so nothing is overwritten.
      as: `join:${names.model}`,
      model: names.model,
      from: base.toColumn(on.from),
      to: names.toColumn(on.to),
      isOne: relation === "one-to-one",
      ...(limit !== undefined && { limit }),
    };
    return [{ key, names, plan }];
  });
}

function whereOf(names: ModelNames, where: readonly CleanedWhere[] = []): Where {
  return where.map(({ field, value, operator, connector, mode }) => {
    const column = names.toColumn(field);
    // A value that was never given must not find the rows without one.
    if (value === undefined) return { column, operator: "in", value: [], connector };
    // toStored has made it plain: a scalar, or an array of scalars.
    return { column, value: value as Value, operator, connector, mode };
  });
}

/** `expiresAt lt now` and nothing else. */
function isExpiry(names: ModelNames, where: readonly CleanedWhere[]): boolean {
  const [only, ...others] = where;
  return (
    others.length === 0 &&
    only?.operator === "lt" &&
    names.toColumn(only.field) === names.columnOfField("expiresAt")
  );
}

function columnsOf(names: ModelNames, data: unknown): RowData {
  return Object.fromEntries(
    Object.entries(data ?? {}).map(([field, value]) => [
      names.toColumn(field),
      value as RowData[string],
    ]), // toStored made it plain
  );
}

/** The row as Better Auth expects it; its caller states the type, which only the options know. */
function recordOf<T>(
  names: ModelNames,
  row: Row,
  {
    select,
    joins = [],
  }: { select?: readonly string[] | undefined; joins?: readonly PlannedJoin[] } = {},
): T {
  const record = names.toRecord(row, select);
  for (const join of joins) record[join.key] = joinedOf(join, row[join.plan.as]);
  return record as T;
}

function joinedOf({ names, plan }: PlannedJoin, joined: Row[string] | undefined): unknown {
  // A store puts rows there, and nothing else.
  if (Array.isArray(joined)) return joined.map((row) => names.toRecord(row as Row));
  if (joined) return names.toRecord(joined as Row);
  if (plan.isOne) return null;
  throw new KitcnError({
    code: "NO_JOIN",
    message: `The store returned no rows to join for the model "${plan.model}".`,
    hint: "Deploy again, so that the component and the app run the same version of kitcn.",
  });
}
