// One function around every method of a store. For what has to happen at each call, whatever it does.
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
  const of = (method: keyof Store, { model }: { readonly model: string }) => ({ method, model });
  return {
    create: (input) => around(of("create", input), () => store.create(input)),
    findOne: (input) => around(of("findOne", input), () => store.findOne(input)),
    findMany: (input) => around(of("findMany", input), () => store.findMany(input)),
    count: (input) => around(of("count", input), () => store.count(input)),
    scan: (input) => around(of("scan", input), () => store.scan(input)),
    update: (input) => around(of("update", input), () => store.update(input)),
    updateMany: (input) => around(of("updateMany", input), () => store.updateMany(input)),
    delete: (input) => around(of("delete", input), () => store.delete(input)),
    deleteMany: (input) => around(of("deleteMany", input), () => store.deleteMany(input)),
    consumeOne: (input) => around(of("consumeOne", input), () => store.consumeOne(input)),
    incrementOne: (input) => around(of("incrementOne", input), () => store.incrementOne(input)),
    batch: (operations) =>
      around({ method: "batch", model: undefined }, () => store.batch(operations)),
  };
}

/**
 * The same store, which tells `note` of every error before it throws it.
 *
 * @example
 * const noted = notingErrors(store, (error) => console.error(error));
 */
export function notingErrors(store: Store, note: (error: unknown) => void): Store {
  return mapStore(store, async (_what, call) => {
    try {
      return await call();
    } catch (error) {
      note(error);
      throw error;
    }
  });
}
