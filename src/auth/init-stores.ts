// The stores as `init` of a plugin meets them. Where nothing may be written, a write is only pretended; where it may,
// one that would change nothing but dates is left out. Must not import better-auth.
import { convexToJson, type Value } from "convex/values";
import type { AdapterStores } from "../adapter/adapter.js";
import type { AuthTables } from "../metadata.js";
import { currentInit, type InitScope } from "../request/init.js";
import { currentScope } from "../request/scope.js";
import { runOperation, runOperations, storeOfCalls } from "../store/operation.js";
import type { Row, RowData, Store, UpdateInput } from "../store/store.js";

/**
 * Stores that treat calls made by `init` of a plugin apart, and hand on all others.
 *
 * @param canWrite false in a query, and in an instance that serves nothing
 */
export function initStores(
  stores: AdapterStores,
  { tables, canWrite }: { readonly tables: AuthTables; readonly canWrite: boolean },
): AdapterStores {
  const of = (store: Store): Store => {
    const spared = sparing(store, tables);
    return switching(store, (init) => (canWrite ? spared : pretending(store, { init, tables })));
  };
  return { app: of(stores.app), component: of(stores.component) };
}

// --- internal ---

/** Asks at each call which store it is for. */
function switching(store: Store, during: (init: InitScope) => Store): Store {
  const call = <Result>(work: (picked: Store) => Promise<Result>): Promise<Result> => {
    const init = currentInit();
    if (!init) return work(store);
    const scope = currentScope();
    if (scope?.kind === "action" && scope.giveUp) return scope.giveUp();
    return work(during(init));
  };
  return storeOfCalls(
    (operation) => call((picked) => runOperation(picked, operation)),
    (operations) => call((picked) => picked.batch(operations)),
  );
}

/** Each instance would write the same again: an update that changes nothing but dates is left out. */
function sparing(store: Store, tables: AuthTables): Store {
  const spared: Store = {
    ...store,
    update: async (input) => (await sameRow(input, { store, tables })) ?? store.update(input),
    batch: (operations) => runOperations(spared, operations),
  };
  return spared;
}

/** What would be written is answered as if it were; `init` is called again where it may write. */
function pretending(store: Store, { init, tables }: PretendInput): Store {
  const noted = <Result>(result: Result): Result => {
    if (result !== null && result !== 0) init.notePretended();
    return result;
  };
  const first = (input: Pick<UpdateInput, "model" | "where">) =>
    store.findOne({ model: input.model, where: input.where });
  const pretended: Store = {
    ...store,
    create: ({ data }) => Promise.resolve(noted(rowOf({ id: PRETENDED_ID }, data))),
    update: async (input) => {
      const same = await sameRow(input, { store, tables });
      if (same) return same;
      const row = await first(input);
      return noted(row && rowOf(row, input.data));
    },
    updateMany: async (input) => noted(await store.count(input)),
    delete: async (input) => noted(await store.count(input)),
    deleteMany: async (input) => noted(await store.count(input)),
    consumeOne: async (input) => noted(await first(input)),
    incrementOne: async ({ increment, set = {}, ...input }) => {
      const row = await first(input);
      return noted(row && rowOf(incremented(row, increment), set));
    },
    batch: (operations) => runOperations(pretended, operations),
  };
  return pretended;
}

type PretendInput = { readonly init: InitScope; readonly tables: AuthTables };

/** Of a row that was never written. */
const PRETENDED_ID = "pretended";

/** The row that an update would leave as it is, dates aside. */
async function sameRow(
  { model, where, data }: UpdateInput,
  { store, tables }: { readonly store: Store; readonly tables: AuthTables },
): Promise<Row | undefined> {
  const fields = Object.values(tables[model]?.fields ?? {});
  const dates = new Set(fields.filter(({ type }) => type === "date").map(({ column }) => column));
  const row = await store.findOne({ model, where });
  const isSame = Object.entries(data).every(
    ([column, value]) =>
      value === undefined || dates.has(column) || isEqual(row?.[column] ?? null, value),
  );
  return row && isSame ? row : undefined;
}

function isEqual(one: Value, other: Value): boolean {
  return JSON.stringify(convexToJson(one)) === JSON.stringify(convexToJson(other));
}

function rowOf(row: Row, data: RowData): Row {
  const written = Object.entries(data).filter(([, value]) => value !== undefined);
  return { ...row, ...(Object.fromEntries(written) as Row) }; // undefined was left out above
}

function incremented(row: Row, increment: { readonly [column: string]: number }): Row {
  const added = Object.entries(increment).map(([column, delta]) => [
    column,
    Number(row[column] ?? 0) + delta,
  ]);
  return { ...row, ...(Object.fromEntries(added) as Row) }; // columns of the same row
}
