// One function around every method of a store. For what has to happen at each call, whatever it does.
import type { Store } from "./store.js";

/** Calls `call`, which is the store's method `method`, at its time. */
export type AroundCall = <Result>(
  method: keyof Store,
  call: () => Promise<Result>,
) => Promise<Result>;

/**
 * The same store, with `around` around each of its calls.
 *
 * @example
 * const logged = mapStore(store, (method, call) => {
 *   console.log(method);
 *   return call();
 * });
 */
export function mapStore(store: Store, around: AroundCall): Store {
  return {
    create: (input) => around("create", () => store.create(input)),
    findOne: (input) => around("findOne", () => store.findOne(input)),
    findMany: (input) => around("findMany", () => store.findMany(input)),
    count: (input) => around("count", () => store.count(input)),
    update: (input) => around("update", () => store.update(input)),
    updateMany: (input) => around("updateMany", () => store.updateMany(input)),
    delete: (input) => around("delete", () => store.delete(input)),
    deleteMany: (input) => around("deleteMany", () => store.deleteMany(input)),
    consumeOne: (input) => around("consumeOne", () => store.consumeOne(input)),
    incrementOne: (input) => around("incrementOne", () => store.incrementOne(input)),
    batch: (operations) => around("batch", () => store.batch(operations)),
  };
}
