// Lets writes into one database take turns: code may write in parallel, and what a write has read has to be true until
// it is done. Whoever writes into a transaction waits here, ctx.orm and Better Auth alike.
// Must not wait for anything but reads and writes: a trigger that writes would wait for itself.

/** Does work when all work before it is done. */
export type InTurn = <Result>(work: () => Promise<Result>) => Promise<Result>;

/**
 * The turns of a database.
 *
 * @param db Convex's own, which a transaction has one of
 * @example
 * const inTurn = turnsOf(ctx.db);
 * await inTurn(() => addUnlessThere());
 */
export function turnsOf(db: object): InTurn {
  return (work) => {
    const done = (last.get(db) ?? Promise.resolve()).then(work);
    last.set(
      db,
      done.catch(() => {}),
    );
    return done;
  };
}

// --- internal ---

const last = new WeakMap<object, Promise<unknown>>();
