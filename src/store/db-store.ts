// A store over ctx.db. Every method is part of the caller's transaction.
// Only puts its parts together: read.ts reads, apply.ts writes. Must not know Better Auth.
import type { GenericDataModel } from "convex/server";
import type { AuthTables } from "../metadata.js";
import type { WriteHooks } from "../triggers/hooks.js";
import { dbChanger, type ChangerInput } from "./apply.js";
import type { Writes } from "./change.js";
import { isWriter, readerOf, type AnyDb, type Reader } from "./db.js";
import { loadJoined } from "./joins.js";
import { withNamedLimits } from "./limits.js";
import { loadChanges } from "./load-changes.js";
import { isReadOperation, runOperations, storeOfCalls } from "./operation.js";
import { countDocuments, loadDocuments } from "./read.js";
import type { Carried } from "./memory.js";
import { readerOfQuery, rememberReads } from "./remember.js";
import { scanPage } from "./scan.js";
import type { Store } from "./store.js";
import { runWrite } from "./write.js";

export type DbStoreInput<DataModel extends GenericDataModel> = {
  /** ctx.db of a query (then writes are refused) or of a mutation. */
  readonly db: AnyDb<DataModel>;
  readonly tables: AuthTables;
  readonly hooks?: WriteHooks | undefined;
  /**
   * Says for how long a mutation writes through this store alone; so long nothing is read twice, as never
   * in a query. Default: never.
   */
  readonly isAlone?: (() => boolean) | undefined;
  /** What a run of the same request has read before. */
  readonly carried?: Carried | undefined;
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
  isAlone,
  carried,
}: DbStoreInput<DataModel>): Store {
  const db = remembering(readerOf(given), isAlone, carried);
  const scope = { tables, hooks, changer: dbWrites({ db, tables, isStale: hooks !== undefined }) };
  const store = storeOfCalls(
    async (operation) => {
      if (!isReadOperation(operation)) return runWrite(scope, operation);
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
    },
    (operations) => runOperations(named, operations),
  );
  const named = withNamedLimits(store);
  return named;
}

/** How a store over ctx.db writes: `isStale` is true where triggers may have written since a document was loaded. */
export function dbWrites(input: ChangerInput): Writes {
  return { ...dbChanger(input), load: (operation) => loadChanges(input, operation) };
}

// --- internal ---

function remembering(
  db: Reader,
  isAlone: (() => boolean) | undefined,
  carried: Carried | undefined,
): Reader {
  if (!isWriter(db)) return readerOfQuery(db);
  return isAlone ? rememberReads(db, isAlone, undefined, carried) : db;
}
