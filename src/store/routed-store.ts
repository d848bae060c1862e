// Picks one of two stores for each operation: one for writes that triggers listen to, and one for everything else.
// Must not run triggers or know where the stores are.
import type { AuthTables } from "../metadata.js";
import type { WriteHooks } from "../triggers/hooks.js";
import type { Writes } from "./change.js";
import { modelOf } from "./db.js";
import { referencesTo } from "./delete.js";
import {
  isReadOperation,
  runOperation,
  runOperations,
  storeOfCalls,
  type StoreOperation,
} from "./operation.js";
import type { Store } from "./store.js";
import { runWrite } from "./write.js";

/** False for writes that no trigger listens to. */
export type Hears = NonNullable<WriteHooks["concerns"]>;

/** A store whose writes go to `heard` where a trigger listens to any of them, and else to `plain`. */
export function routedStore({
  tables,
  hears,
  plain,
  heard,
}: {
  readonly tables: AuthTables;
  readonly hears: Hears;
  readonly plain: Store;
  readonly heard: Store;
}): Store {
  const isHeard = (operation: StoreOperation) =>
    possibleWrites(tables, operation).some(({ model, operation: one }) =>
      hears({ model, table: modelOf(tables, model).table, operation: one }),
    );
  return storeOfCalls(
    (operation) => runOperation(isHeard(operation) ? heard : plain, operation),
    (operations) => (operations.some(isHeard) ? heard : plain).batch(operations),
  );
}

/** A store that runs triggers here around changes that are made elsewhere. `plain` reads. */
export function triggeredStore({
  tables,
  hooks,
  writes,
  plain,
}: {
  readonly tables: AuthTables;
  readonly hooks: WriteHooks;
  readonly writes: Writes;
  readonly plain: Store;
}): Store {
  const scope = { tables, hooks, changer: writes };
  const store: Store = storeOfCalls(
    (operation) =>
      isReadOperation(operation) ? runOperation(plain, operation) : runWrite(scope, operation),
    (operations) => runOperations(store, operations),
  );
  return store;
}

// --- internal ---

type PossibleWrite = {
  readonly model: string;
  readonly operation: "create" | "update" | "delete";
};

/** What a deletion may entail: the deletions that go along, and the updates of what loses a reference. */
function entailedWrites(tables: AuthTables, model: string): PossibleWrite[] {
  const deleted = new Set([model]);
  const unlinked = new Set<string>();
  // A set that grows is iterated to its end.
  for (const target of deleted)
    for (const { model: one, onDelete } of referencesTo(tables, target)) {
      if (onDelete === "cascade") deleted.add(one);
      if (onDelete === "set null") unlinked.add(one);
    }
  return [
    ...[...unlinked].map((one) => ({ model: one, operation: "update" as const })),
    ...[...deleted].map((one) => ({ model: one, operation: "delete" as const })),
  ];
}

function possibleWrites(
  tables: AuthTables,
  { kind, input: { model } }: StoreOperation,
): readonly PossibleWrite[] {
  switch (kind) {
    case "findOne":
    case "findMany":
    case "count":
    case "scan":
      return [];
    case "create":
      return [{ model, operation: "create" }];
    case "update":
    case "updateMany":
    case "incrementOne":
      return [{ model, operation: "update" }];
    case "delete":
    case "deleteMany":
    case "consumeOne":
      return entailedWrites(tables, model);
  }
}
