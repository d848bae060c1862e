// A store call as plain data, so that it can cross into another function or component.
// Must stay in step with Store: one kind for each of its methods.
import type { Row, ScanPage, Store } from "./store.js";

type Method = Exclude<keyof Store, "batch">;
type ReadKind = "findOne" | "findMany" | "count" | "scan";

/** `kind` names the method of Store, `input` is its argument. */
export type StoreOperation = {
  [Kind in Method]: { readonly kind: Kind; readonly input: Parameters<Store[Kind]>[0] };
}[Method];

/** One that writes. */
export type WriteOperation = Exclude<StoreOperation, { readonly kind: ReadKind }>;

/** One whose documents have to be found first. */
export type FindingOperation = Exclude<WriteOperation, { readonly kind: "create" }>;

/** What any operation returns. */
export type OperationResult = Row | Row[] | ScanPage | number | null;

/** True where an operation needs no mutation. */
export function isReadOperation(
  operation: StoreOperation,
): operation is Exclude<StoreOperation, WriteOperation> {
  const { kind } = operation;
  return kind === "findOne" || kind === "findMany" || kind === "count" || kind === "scan";
}

/** A store whose methods are calls of one function; what it returns is the result of the method. */
export function storeOfCalls(
  call: (operation: StoreOperation) => Promise<OperationResult>,
  batch: Store["batch"],
): Store {
  // `call` keeps to the results of Store, which a union of all operations cannot say.
  const method = <Kind extends Method>(kind: Kind) =>
    ((input: unknown) => call({ kind, input } as StoreOperation)) as Store[Kind];
  return {
    create: method("create"),
    findOne: method("findOne"),
    findMany: method("findMany"),
    count: method("count"),
    scan: method("scan"),
    update: method("update"),
    updateMany: method("updateMany"),
    delete: method("delete"),
    deleteMany: method("deleteMany"),
    consumeOne: method("consumeOne"),
    incrementOne: method("incrementOne"),
    batch,
  };
}

/** Calls the method of the store that an operation names. */
export function runOperation(store: Store, operation: StoreOperation): Promise<OperationResult> {
  switch (operation.kind) {
    case "create":
      return store.create(operation.input);
    case "findOne":
      return store.findOne(operation.input);
    case "findMany":
      return store.findMany(operation.input);
    case "count":
      return store.count(operation.input);
    case "scan":
      return store.scan(operation.input);
    case "update":
      return store.update(operation.input);
    case "updateMany":
      return store.updateMany(operation.input);
    case "delete":
      return store.delete(operation.input);
    case "deleteMany":
      return store.deleteMany(operation.input);
    case "consumeOne":
      return store.consumeOne(operation.input);
    case "incrementOne":
      return store.incrementOne(operation.input);
  }
}

/** Runs operations one after the other; the first error ends them all. */
export async function runOperations(
  store: Store,
  operations: readonly StoreOperation[],
): Promise<OperationResult[]> {
  const results: OperationResult[] = [];
  for (const operation of operations) results.push(await runOperation(store, operation));
  return results;
}
