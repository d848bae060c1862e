// What a stopped run waits for. Apart from run.ts, so that a store which knows runs does not load one.
// Must import nothing.

/** A promise that never settles. For what a stopped run still wants. */
export function never(): Promise<never> {
  return new Promise<never>(() => {});
}
