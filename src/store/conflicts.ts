// Mutations that Convex gave up on: each of its runs read what another commit then changed. Nothing of them
// was written, so an action may wait a little and ask again. Must not know what a mutation does.

/**
 * Calls a mutation of an action until it meets no conflict.
 *
 * Every other error is thrown at once; the last conflict is thrown after MAX_CALLS calls.
 *
 * @example
 * const row = await againOnConflict(() => ctx.runMutation(internal.rows.add, { name }));
 */
export async function againOnConflict<Result>(mutate: () => Promise<Result>): Promise<Result> {
  for (let call = 1; ; call++) {
    try {
      return await mutate();
    } catch (error) {
      if (call === MAX_CALLS || !isConflict(error)) throw error;
      // Longer each time, and not as long as the others that wait.
      const waitMs = FIRST_WAIT_MS * 2 ** call * Math.random();
      await new Promise((resolve) => setTimeout(resolve, waitMs));
    }
  }
}

/** True for the error of a mutation that met a conflict in each of its runs. It has no class: its text tells. */
export function isConflict(error: unknown): boolean {
  const text = error instanceof Error ? error.message : "";
  return /OptimisticConcurrencyControlFailure|changed while this mutation was being run/.test(text);
}

// --- internal ---

/** Convex runs a mutation five times by itself before it gives up. */
const MAX_CALLS = 6;
const FIRST_WAIT_MS = 25;
