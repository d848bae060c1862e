// A seeded generator, so that a failing case can be run again. Must not touch Math.random.

export type Random = {
  /** An integer from 0 up to, and without, `limit`. */
  readonly below: (limit: number) => number;
  readonly pick: <Item>(items: readonly Item[]) => Item;
  /** The object, or an empty one. */
  readonly maybe: <Part extends object>(part: Part) => Part | Record<string, never>;
};

/** mulberry32 */
export function random(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number) => Math.floor(next() * limit);
  return {
    below,
    // An empty list has undefined to pick, as the type of an index access says.
    pick: (items) => items[below(items.length)] as (typeof items)[number],
    maybe: (part) => (next() < 0.5 ? part : {}),
  };
}
