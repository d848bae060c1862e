// The methods Better Auth calls, each one store call. Must not translate by itself (translate.ts).
import type { CleanedWhere, CustomAdapter, JoinConfig } from "better-auth/adapters";
import { HOUSEKEEPING, isNeedlessId } from "../better-auth/rows.js";
import type { Store } from "../store/store.js";
import type { ModelNames } from "./names.js";
import { columnsOf, plannedJoins, recordOf, whereOf } from "./translate.js";

/** A model as a method needs it; `model` is its canonical key. */
export type Resolved = {
  readonly names: ModelNames;
  readonly model: string;
  readonly store: Store;
};

export type Resolver = (target: { model: string; modelKey?: string }) => Resolved;

type ReadMethods = Pick<CustomAdapter, "findOne" | "findMany" | "count">;
type WriteMethods = Required<
  Pick<
    CustomAdapter,
    "create" | "update" | "updateMany" | "delete" | "deleteMany" | "consumeOne" | "incrementOne"
  >
>;

export function readMethods(resolve: Resolver): ReadMethods {
  const joinsOf = (base: ModelNames, join: JoinConfig | undefined) =>
    plannedJoins(base, { join, namesOf: (target) => resolve(target).names });
  return {
    findOne: async ({ where, select, join, ...target }) => {
      const { names, model, store } = resolve(target);
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
      const { names, model, store } = resolve(target);
      const joins = joinsOf(names, join);
      const columns = select?.map(names.columnOfField);
      const sort = sortBy && {
        column: names.sortColumnOf(sortBy.field),
        direction: sortBy.direction,
      };
      const rows = await store.findMany({
        model,
        where: whereOf(names, where),
        limit,
        ...(columns && { select: columns }),
        ...(sort && { sort }),
        ...(offset !== undefined && { offset }),
        joins: joins.map(({ plan }) => plan),
      });
      return rows.map((row) => recordOf(names, row, { select: columns, joins }));
    },
    count: ({ where, ...target }) => {
      const { names, model, store } = resolve(target);
      return store.count({ model, where: whereOf(names, where) });
    },
  };
}

export function writeMethods(resolve: Resolver): WriteMethods {
  return {
    ...deleteMethods(resolve),
    create: async ({ data, ...target }) => {
      const { names, model, store } = resolve(target);
      const columns = columnsOf(
        names,
        !names.hasForcedIds && isNeedlessId(names.model, data.id)
          ? { ...data, id: undefined }
          : data,
      );
      return recordOf(names, await store.create({ model, data: columns }));
    },
    update: async ({ where, update, ...target }) => {
      const { names, model, store } = resolve(target);
      const data = columnsOf(names, update);
      const row = await store.update({ model, where: whereOf(names, where), data });
      return row && recordOf(names, row);
    },
    updateMany: ({ where, update, ...target }) => {
      const { names, model, store } = resolve(target);
      const data = columnsOf(names, update);
      return store.updateMany({ model, where: whereOf(names, where), data });
    },
    incrementOne: async ({ where, increment, set, ...target }) => {
      const { names, model, store } = resolve(target);
      const deltas = Object.entries(increment).map(([field, delta]): [string, number] => [
        names.toColumn(field),
        delta,
      ]);
      const row = await store.incrementOne({
        model,
        where: whereOf(names, where),
        increment: Object.fromEntries(deltas),
        ...(set && { set: columnsOf(names, set) }),
      });
      return row && recordOf(names, row);
    },
  };
}

// --- internal ---

function deleteMethods(
  resolve: Resolver,
): Pick<WriteMethods, "delete" | "deleteMany" | "consumeOne"> {
  return {
    delete: async ({ where, ...target }) => {
      const { names, model, store } = resolve(target);
      await store.delete({ model, where: whereOf(names, where) });
    },
    deleteMany: ({ where, ...target }) => {
      const { names, model, store } = resolve(target);
      const housekeeping = HOUSEKEEPING[model];
      const isHousekeeping = housekeeping && isExpiry(names, { where, field: housekeeping.field });
      return store.deleteMany({
        model,
        where: whereOf(names, where),
        ...(isHousekeeping && { limit: housekeeping.rows }),
      });
    },
    consumeOne: async ({ where, ...target }) => {
      const { names, model, store } = resolve(target);
      const row = await store.consumeOne({ model, where: whereOf(names, where) });
      return row && recordOf(names, row);
    },
  };
}

/** One field `lt` a date, and nothing else. */
function isExpiry(
  names: ModelNames,
  { where, field }: { where: readonly CleanedWhere[]; field: string },
): boolean {
  const [only, ...others] = where;
  return (
    others.length === 0 &&
    only?.operator === "lt" &&
    names.toColumn(only.field) === names.columnOfField(field)
  );
}
