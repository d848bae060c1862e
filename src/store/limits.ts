// Gives the limits of a Convex transaction the name of an auth error. Operations have budgets of their own, but
// several in one transaction, or the app's own reads before them, may still go beyond what Convex allows.
import {
  tooManyReadsInTransaction,
  tooManyWritesInTransaction,
} from "../errors/store-functions.js";

/**
 * Does work on a model, which fails by name where Convex would refuse any more reads or writes.
 *
 * @throws KitcnError `TOO_MANY_DOCUMENTS`, `TOO_MANY_WRITES`
 */
export async function namingLimits<Result>(
  model: string,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw namedLimit(error, model);
  }
}

// --- internal ---

/** Convex's errors have no class and no code: only words. */
const READS = /^Too many (documents read|bytes read|reads) in a single function execution/;
const WRITES = /^Too many (writes|bytes written) in a single function execution/;

function namedLimit(error: unknown, model: string): unknown {
  const text = error instanceof Error ? error.message : "";
  if (READS.test(text)) return tooManyReadsInTransaction({ model });
  if (WRITES.test(text)) return tooManyWritesInTransaction({ model });
  return error;
}
