// A store call as plain data, so that it can cross into another function or component.
// Must stay in step with Store: one kind for each of its methods.
import type { Row, ScanPage, Store } from "./store.js";

type Method = Exclude<keyof Store, "batch">;
type ReadKind = (typeof READS)[number];

const READS = ["findOne", "findMany", "count", "scan"] as const;

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

const METHODS = [
  ...READS,
  ...(["create", "update", "updateMany", "delete", "deleteMany"] as const),
  ...(["consumeOne", "incrementOne"] as const),
] satisfies Method[];

/** True where an operation needs no mutation. */
export function isReadOperation(
  operation: StoreOperation,
): operation is Exclude<StoreOperation, WriteOperation> {
  return (READS as readonly string[]).includes(operation.kind); // a kind is a string
}

/** A store whose methods are calls of one function; what it returns is the result of the method. */
export function storeOfCalls(
  call: (operation: StoreOperation) => Promise<OperationResult>,
  batch: Store["batch"],
): Store {
  const methods = METHODS.map((kind) => [
    kind,
    (input: unknown) => call({ kind, input } as StoreOperation), // callers give what the method of that kind takes
  ]);
  return { ...Object.fromEntries(methods), batch } as Store; // `call` keeps to the results of Store
}

/** Calls the method of the store that an operation names. */
export function runOperation(
  store: Store,
  { kind, input }: StoreOperation,
): Promise<OperationResult> {
  const method = store[kind] as (given: unknown) => Promise<OperationResult>; // of one operation both fit
  return method.call(store, input);
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
