// AsyncLocalStorage as a run's code sees it: one that ends with the run.
// Must not know contexts or modules.
import { AsyncLocalStorage } from "node:async_hooks";
import type { Run } from "./run.js";

/**
 * A class whose storages end with the run. Node keeps every storage that was entered in a list of the thread, and
 * walks that list at each promise: without an end, each run would make all later ones slower.
 */
export function storageOf(run: Run): typeof AsyncLocalStorage {
  const Storage = class<T> extends AsyncLocalStorage<T> {
    constructor(...args: ConstructorParameters<typeof AsyncLocalStorage<T>>) {
      super(...args);
      run.onEnd(() => this.disable());
    }

    /** What a run left behind may go on after its end, and must not enter again for good. */
    override run<R, Args extends unknown[]>(
      store: T,
      work: (...args: Args) => R,
      ...args: Args
    ): R {
      try {
        return super.run(store, work, ...args);
      } finally {
        if (run.isOver()) this.disable();
      }
    }

    override enterWith(store: T): void {
      if (!run.isOver()) super.enterWith(store);
    }
  };
  return Object.defineProperty(Storage, "name", { value: "AsyncLocalStorage" });
}
