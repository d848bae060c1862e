// A store over ctx.db. Every method is part of the caller's transaction.
// Only puts its parts together: read.ts reads, apply.ts writes. Must not know Better Auth.
import type { GenericDataModel } from "convex/server";
import type { AuthTables } from "../metadata.js";
import type { WriteHooks } from "../triggers/hooks.js";
import { dbChanger, type ChangerInput } from "./apply.js";
import type { Writes } from "./change.js";
import { readerOf, type AnyDb, type Reader } from "./db.js";
import { loadJoined } from "./joins.js";
import { namingLimits } from "./limits.js";
import { loadChanges } from "./load-changes.js";
import {
  isReadOperation,
  runOperations,
  storeOfCalls,
  type OperationResult,
  type StoreOperation,
} from "./operation.js";
import { countDocuments } from "./read.js";
import { scanPage } from "./scan.js";
import type { Store } from "./store.js";
import { turnsOf } from "./turns.js";
import { runWrite } from "./write.js";

export type DbStoreInput<DataModel extends GenericDataModel> = {
  /** ctx.db of a query (then writes are refused) or of a mutation. */
  readonly db: AnyDb<DataModel>;
  readonly tables: AuthTables;
  readonly hooks?: WriteHooks | undefined;
  /** Around ctx.db: `rememberingIn` of remember.ts reads nothing twice. Default: as it is. */
  readonly remember?: ((db: Reader) => Reader) | undefined;
};

/**
 * A store over a Convex database.
 *
 * @example
 * const store = dbStore({ db: ctx.db, tables });
 * await store.findOne({ model: "user", where: [{ column: "email", value: "a@b.co" }] });
 */
export function dbStore<DataModel extends GenericDataModel>({
  db: given,
  tables,
  hooks,
  remember = (plain) => plain,
}: DbStoreInput<DataModel>): Store {
  const db = remember(readerOf(given));
  const inTurn = turnsOf(given);
  // A trigger may write as well: then only each change has a turn, and reads its document again.
  const writes = dbWrites(
    hooks ? { db, tables, isStale: true, inTurn } : { db, tables, isStale: false },
  );
  const scope = { tables, hooks, changer: writes };
  const perform = async (operation: StoreOperation): Promise<OperationResult> => {
    if (!isReadOperation(operation))
      return hooks ? runWrite(scope, operation) : inTurn(() => runWrite(scope, operation));
    switch (operation.kind) {
      case "findOne":
        return (await loadJoined({ db, tables }, { ...operation.input, limit: 1 }))[0] ?? null;
      case "findMany":
        return loadJoined({ db, tables }, operation.input);
      case "count":
        return countDocuments({ db, tables }, operation.input);
      case "scan":
        // Past what is remembered: a page is read once.
        return scanPage({ db: readerOf(given), tables }, operation.input);
    }
  };
  const store: Store = storeOfCalls(
    (operation) => namingLimits(operation.input.model, () => perform(operation)),
    (operations) => runOperations(store, operations),
  );
  return store;
}

/** How a store over ctx.db writes: `isStale` is true where triggers may have written since a document was loaded. */
export function dbWrites(input: ChangerInput): Writes {
  return { ...dbChanger(input), load: (operation) => loadChanges(input, operation) };
}
