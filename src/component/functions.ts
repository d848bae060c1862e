// What a component of auth tables is made of, the packaged one and those that codegen writes into an app.
// Must carry neither better-auth nor zod: it is bundled into the component.
import { mutationGeneric, queryGeneric } from "convex/server";
import type { AuthTables } from "../metadata.js";
import { readerOf } from "../store/db.js";
import { dbStore, dbWrites } from "../store/db-store.js";
import { KEYS_MODEL } from "../store/guards.js";
import { storeFunctions, type StoreFunctions } from "../store/functions.js";
import { performChange } from "../store/received-changes.js";
import { withoutPrivateKeys, writesWithoutPrivateKeys } from "./private-keys.js";

export type { AuthTables } from "../metadata.js";

export type ComponentFunctions = StoreFunctions<"public"> & {
  /** Reads of signing keys with their private halves, which are encrypted; for what signs tokens. */
  readonly signingKeys: StoreFunctions<"public">["read"];
};

/**
 * The functions of a component that holds these tables. They are public, which in a component means:
 * callable by the app's server code, never by a client.
 *
 * @example
 * export const { read, signingKeys, write } = componentFunctions(tables);
 */
export function componentFunctions(tables: AuthTables): ComponentFunctions {
  const builders = { query: queryGeneric, mutation: mutationGeneric };
  const { read, write } = storeFunctions({
    ...builders,
    store: ({ db }) => withoutPrivateKeys(dbStore({ db, tables })),
    change: ({ db }, call) =>
      performChange(
        writesWithoutPrivateKeys(dbWrites({ db: readerOf(db), tables, isStale: true })),
        call,
      ),
  });
  const keys = tables[KEYS_MODEL];
  const { read: signingKeys } = storeFunctions({
    ...builders,
    store: ({ db }) => dbStore({ db, tables: keys ? { [KEYS_MODEL]: keys } : {} }),
  });
  return { read, signingKeys, write };
}
