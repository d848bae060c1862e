// Creates a row if a query still finds what its caller has read: for actions, whose reads and writes are transactions
// of their own. Small, since every call of a store loads it.
import type { CreateInput, FindManyInput, Store } from "./store.js";

/** Plain data, which is sent beside the operations of a store. */
export type CreateAfterInput = {
  readonly create: CreateInput;
  /** A query for one row, and the id that it found; null for none. */
  readonly newest: FindManyInput;
  readonly expected: string | null;
};

/** How a call of `createAfter` is named where it is sent. */
export const CREATE_AFTER = "createAfter";

/** False, with nothing created, where the query finds something else by now. */
export async function createAfter(
  store: Store,
  { create, newest, expected }: CreateAfterInput,
): Promise<boolean> {
  const [row] = await store.findMany(newest);
  if ((row?.id ?? null) !== expected) return false;
  await store.create(create);
  return true;
}
