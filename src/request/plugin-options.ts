// What `init` of one plugin adds to the options of another, as Stripe's adds to the hooks of organization. It is there
// once, though `init` is called more often here: for each instance, and again where it was refused something.
// Must not know which plugins there are.
import { isPlainObject } from "./arguments.js";

/** Takes back what was added to the options of a plugin that was made outside of the definition. */
export function restoreOptions(options: unknown): void {
  if (!isPlainObject(options)) return;
  const given = givenOptions.get(options);
  if (!given) return void givenOptions.set(options, { ...options });
  for (const name of Object.keys(options)) if (!(name in given)) delete options[name];
  for (const [name, value] of Object.entries(given))
    if (options[name] !== value) options[name] = value;
}

/**
 * Calls `init` of a plugin. What its last call added to the options of others, before it waited for anything, is taken
 * back first: instances that start at the same time would both add it.
 *
 * @param plugin as auth.ts made it
 * @param holders the options of all plugins
 */
export function initOnce<Result>(
  init: () => Result,
  { plugin, holders }: { readonly plugin: object; readonly holders: readonly unknown[] },
): Result {
  for (const addition of additions.get(plugin) ?? []) takeBack(addition);
  const before = holders.filter(isPlainObject).map((options) => [options, { ...options }] as const);
  try {
    return init();
  } finally {
    const added = before.flatMap(([options, given]) =>
      Object.keys(options)
        .filter((name) => options[name] !== given[name])
        .map((name): Addition => ({ options, name, before: given[name], after: options[name] })),
    );
    additions.set(plugin, added);
  }
}

// --- internal ---

type Addition = {
  readonly options: Record<string, unknown>;
  readonly name: string;
  readonly before: unknown;
  readonly after: unknown;
};

/** The options of each plugin, as they were before any instance. */
const givenOptions = new WeakMap<object, Record<string, unknown>>();

/** By plugin, what its last `init` added. */
const additions = new WeakMap<object, readonly Addition[]>();

function takeBack({ options, name, before, after }: Addition): void {
  const current = options[name];
  if (current === after) {
    if (before === undefined) delete options[name];
    else options[name] = before;
  } else if (Array.isArray(current) && Array.isArray(after)) {
    // Others have added to the list since.
    const known: readonly unknown[] = Array.isArray(before) ? before : [];
    const own = new Set<unknown>(after.filter((one) => !known.includes(one)));
    options[name] = current.filter((one) => !own.has(one));
  }
}
