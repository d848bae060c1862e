// The stores as `init` of a plugin meets them. Where nothing may be written, a write is only pretended; where it may,
// one that would change nothing but dates is left out, and so is a row that was made before and deleted since. Must not
// import better-auth.
import type { AdapterStores } from "../../adapter/adapter.js";
import type { AuthTables } from "../../metadata.js";
import { currentInit, type InitScope } from "../../request/init-scope.js";
import { leaveToRuns } from "../../request/scope.js";
import { runOperation, runOperations, storeOfCalls } from "../../store/operation.js";
import { definedColumns } from "../../store/rows.js";
import type { Row, Store, UpdateInput } from "../../store/store.js";
import { initWrites, pretendedRow, type InitWrites } from "./init-writes.js";
import type { SeededRows } from "./seeded-rows.js";

export type InitStoresInput = {
  readonly tables: AuthTables;
  /** False in a query, and in an instance that serves nothing. */
  readonly canWrite: boolean;
  /** What `init` has made before. Undefined where that is not known: then it makes what is missing. */
  readonly seeded?: SeededRows | undefined;
};

/**
 * Stores that treat calls made by `init` of a plugin apart. All others are handed on, except where a plugin does once
 * more what its `init` did.
 */
export function initStores(
  stores: AdapterStores,
  { tables, canWrite, seeded }: InitStoresInput,
): AdapterStores {
  const writes = initWrites(tables, seeded);
  const of = (store: Store): Store => {
    const spared = sparing(store, { seeded, writes });
    return switching(writes.watching(store), (init) =>
      canWrite ? spared : pretending(store, { init, writes }),
    );
  };
  return { app: of(stores.app), component: of(stores.component) };
}

// --- internal ---

/** Asks at each call which store it is for. */
function switching(store: Store, during: (init: InitScope) => Store): Store {
  const call = <Result>(work: (picked: Store) => Promise<Result>): Promise<Result> => {
    const init = currentInit();
    if (!init) return work(store);
    return leaveToRuns()?.() ?? work(during(init));
  };
  return storeOfCalls(
    (operation) => call((picked) => runOperation(picked, operation)),
    (operations) => call((picked) => picked.batch(operations)),
  );
}

/** Each instance would write the same again. */
function sparing(store: Store, { seeded, writes }: SparedInput): Store {
  const spared: Store = {
    ...store,
    create: async (input) => {
      const gone = await writes.rowThatIsGone(input);
      if (gone) return gone;
      const row = await store.create(input);
      await seeded?.note(input);
      return row;
    },
    update: async (input) => (await writes.sameRow(input, store)) ?? store.update(input),
    batch: (operations) => runOperations(spared, operations),
  };
  return spared;
}

/** What would be written is answered as if it were; `init` is called again where it may write. */
function pretending(store: Store, { init, writes }: PretendInput): Store {
  const noted = <Result>(result: Result): Result => {
    if (result !== null && result !== 0) init.notePretended();
    return result;
  };
  const first = (input: Pick<UpdateInput, "model" | "where">) =>
    store.findOne({ model: input.model, where: input.where });
  const pretended: Store = {
    ...store,
    // Whether it stays away is asked in a mutation, where the plugin is used: reads cost nothing more.
    create: (input) => Promise.resolve(noted(pretendedRow(input))),
    update: async (input) => {
      const same = await writes.sameRow(input, store);
      if (same) return same;
      const row = await first(input);
      return noted(row && { ...row, ...definedColumns(input.data) });
    },
    updateMany: async (input) => noted(await store.count(input)),
    delete: async (input) => noted(await store.count(input)),
    deleteMany: async (input) => noted(await store.count(input)),
    consumeOne: async (input) => noted(await first(input)),
    incrementOne: async ({ increment, set = {}, ...input }) => {
      const row = await first(input);
      return noted(row && { ...incremented(row, increment), ...definedColumns(set) });
    },
    batch: (operations) => runOperations(pretended, operations),
  };
  return pretended;
}

type SparedInput = Pick<InitStoresInput, "seeded"> & { readonly writes: InitWrites };
type PretendInput = { readonly init: InitScope; readonly writes: InitWrites };

function incremented(row: Row, increment: { readonly [column: string]: number }): Row {
  const added = Object.entries(increment).map(([column, delta]) => [
    column,
    Number(row[column] ?? 0) + delta,
  ]);
  return { ...row, ...(Object.fromEntries(added) as Row) }; // columns of the same row
}
