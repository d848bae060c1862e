// One function around every method of a store. For what has to happen at each call, whatever it does.
import { runOperation, storeOfCalls } from "./operation.js";
import type { Store } from "./store.js";

/** One call of a store. `model` is undefined for a batch, which may concern several. */
export type StoreCall = { readonly method: keyof Store; readonly model: string | undefined };

/** Calls `call`, which is the call of the store that `what` describes, at its time. */
export type AroundCall = <Result>(what: StoreCall, call: () => Promise<Result>) => Promise<Result>;

/**
 * The same store, with `around` around each of its calls.
 *
 * @example
 * const logged = mapStore(store, ({ method, model }, call) => {
 *   console.log(method, model);
 *   return call();
 * });
 */
export function mapStore(store: Store, around: AroundCall): Store {
  return storeOfCalls(
    (operation) =>
      around({ method: operation.kind, model: operation.input.model }, () =>
        runOperation(store, operation),
      ),
    (operations) => around({ method: "batch", model: undefined }, () => store.batch(operations)),
  );
}

/**
 * The same store, which tells `note` of every error before it throws it.
 *
 * @example
 * const noted = notingErrors(store, (error) => console.error(error));
 */
export function notingErrors(store: Store, note: (error: unknown, what: StoreCall) => void): Store {
  return mapStore(store, async (what, call) => {
    try {
      return await call();
    } catch (error) {
      note(error, what);
      throw error;
    }
  });
}
