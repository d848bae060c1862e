// A list to which something may still have to be added: notices when somebody looks through it in vain.
// Must import nothing.

/**
 * The same list. `notice` is called whenever code has looked at all of it: a search that found nothing, a loop that came
 * to the end, its length. A search that finds what it looks for, or a loop that stops there, is not noticed.
 *
 * @example
 * const providers = noticingList(["google"], () => console.log("There may be more."));
 * providers.includes("google"); // logs nothing
 * providers.find((id) => id === "github"); // logs
 */
export function noticingList<Item>(list: Item[], notice: () => void): Item[] {
  return new Proxy(list, {
    get: (target, key, receiver) => {
      const value: unknown = Reflect.get(target, key, receiver);
      const isVain = searches.get(key);
      if (isVain && typeof value === "function")
        return (...args: unknown[]): unknown => {
          const result: unknown = Reflect.apply(value, target, args);
          if (isVain(result)) notice();
          return result;
        };
      if (key === Symbol.iterator || key === "values") return () => untilEnd(target, notice);
      // An item that is there says nothing about others; anything else looks at the whole list.
      if (!Object.hasOwn(target, key) || key === "length") notice();
      return value;
    },
    ownKeys: (target) => {
      notice();
      return Reflect.ownKeys(target);
    },
  });
}

// --- internal ---

/** What a search gives when it found nothing. */
const searches = new Map<string | symbol, (result: unknown) => boolean>([
  ["find", (result) => result === undefined],
  ["findLast", (result) => result === undefined],
  ["findIndex", (result) => result === -1],
  ["findLastIndex", (result) => result === -1],
  ["indexOf", (result) => result === -1],
  ["lastIndexOf", (result) => result === -1],
  ["includes", (result) => result === false],
  ["some", (result) => result === false],
  ["every", (result) => result === true],
]);

function* untilEnd<Item>(list: readonly Item[], notice: () => void): Generator<Item> {
  yield* list;
  notice();
}
