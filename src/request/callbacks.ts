// Which of the user's callbacks wait for the commit, and how they are wrapped. Mails and codes go into an outbox that
// the mutation schedules; after-hooks are put off only if what they ask of the outside differs from run to run.
import { copyWith } from "../copy.js";
import { encodeArguments, isPlainObject } from "./arguments.js";
import {
  AFTER_HOOKS,
  DATABASE_OPERATIONS,
  SENDS,
  type CallbackTable,
} from "../better-auth/callback-names.js";
import { initOnce, restoreOptions } from "./plugin-options.js";
import { remakePlugin, type PluginMakers } from "./remake.js";
import { currentRun, withinHook } from "./scope.js";
import type { DeferredCallback } from "./run.js";

export type Callback = (...args: unknown[]) => unknown;

export type WrappedCallbacks<Options extends object> = {
  /** The options with wrapped callbacks. The given options are unchanged, except what plugins hold themselves. */
  readonly options: Options;
  /** The callback at a path, as the user wrote it. Hooks that a plugin's `init` adds are known once it has run. */
  readonly find: (path: readonly string[]) => Callback | undefined;
};

/** Puts a callback into an outbox. undefined where none can be kept (a query). */
export type Enqueue = (callback: DeferredCallback) => Promise<void>;

type Options = {
  readonly plugins?: readonly PluginLike[];
  readonly databaseHooks?: object;
};
type PluginLike = {
  readonly id: string;
  readonly options?: unknown;
  readonly init?: (...args: never[]) => unknown;
};

/**
 * Wraps the documented callbacks of Better Auth's options and of its plugins.
 *
 * @param makers of plugins that copy their options when they are made: these are made again
 * @example
 * const { options, find } = wrapCallbacks(definition(ctx), enqueue);
 */
export function wrapCallbacks<Given extends Options>(
  given: Given,
  enqueue: Enqueue | undefined,
  makers: PluginMakers = {},
): WrappedCallbacks<Given> {
  const found = new Map<string, Callback>();
  const wrap =
    (kind: "send" | "after", path: readonly string[]) =>
    (original: Callback): Callback => {
      const known = originals.get(original) ?? original;
      found.set(keyOf(path), known);
      const wrapper = kind === "send" ? outboxed(known, path, enqueue) : puttableOff(known, path);
      originals.set(wrapper, known);
      return wrapper;
    };
  let options = given;
  for (const [kind, table] of TABLES)
    for (const path of table.core) options = replaceAt(options, path, wrap(kind, path));
  options = { ...options, ...withHooks(options, [], wrap) };
  if (!given.plugins) return { options, find: (path) => found.get(keyOf(path)) };

  for (const plugin of given.plugins) restoreOptions(plugin.options);
  const plugins: readonly PluginLike[] = given.plugins.map((plugin) => {
    const base = ["plugins", plugin.id];
    const paths = TABLES.flatMap(([kind, table]) =>
      (table.plugins[plugin.id] ?? []).map(
        (path) => [path, wrap(kind, [...base, ...path])] as const,
      ),
    );
    const make = makers[plugin.id];
    const remade =
      make &&
      remakePlugin(plugin, make, (own) =>
        paths.reduce((changed, [path, change]) => replaceAt(changed, path, change), own),
      );
    if (!remade) for (const [path, change] of paths) wrapInPlace(plugin.options, path, change);
    const wrapped = remade ?? plugin;
    if (!wrapped.init) return wrapped;
    const once = <T>(init: () => T): T =>
      initOnce(init, { plugin, holders: plugins.map(({ options }) => options) });
    return withInit(wrapped, { once, wrapHooks: (hooks) => withHooks(hooks, base, wrap) });
  });
  return { options: { ...options, plugins }, find: (path) => found.get(keyOf(path)) };
}

// --- internal ---

type Wrap = (kind: "send" | "after", path: readonly string[]) => (original: Callback) => Callback;

const TABLES: readonly (readonly ["send" | "after", CallbackTable])[] = [
  ["send", SENDS],
  ["after", AFTER_HOOKS],
];

/** What a wrapper wraps. A plugin that was made outside of the definition is wrapped again for each instance. */
const originals = new WeakMap<Callback, Callback>();

function keyOf(path: readonly string[]): string {
  return path.join(".");
}

/** Goes into the outbox of the run, of the mutation or of the action; is called as ever where there is none. */
function outboxed(
  original: Callback,
  path: readonly string[],
  enqueue: Enqueue | undefined,
): Callback {
  return async (...args) => {
    const run = currentRun();
    const encoded = run || enqueue ? encodeArguments(args) : undefined;
    if (encoded === undefined) return original(...args);
    if (run?.context === "query") return run.escalate("mutation", `${keyOf(path)} waits`);
    const callback = { path, args: encoded };
    if (run) run.defer(callback);
    else await enqueue?.(callback);
  };
}

/** Runs in its place, unless an earlier run of the request found that it has to wait for the commit. */
function puttableOff(original: Callback, path: readonly string[]): Callback {
  return (...args) => {
    const run = currentRun();
    if (!run) return withinHook(keyOf(path), () => original(...args));
    const call = run.nextCallOf(keyOf(path));
    if (!run.isPutOff(call)) return withinHook(call, () => original(...args));
    const encoded = encodeArguments(args);
    if (encoded === undefined) return run.escalate("action", `${keyOf(path)} cannot wait`);
    run.putOff({ path, args: encoded, call });
    return Promise.resolve();
  };
}

/** `databaseHooks` with wrapped after-hooks. */
function withHooks(
  { databaseHooks }: { readonly databaseHooks?: object },
  base: readonly string[],
  wrap: Wrap,
): { databaseHooks?: object } {
  if (!databaseHooks) return {};
  let wrapped = databaseHooks;
  for (const model of Object.keys(databaseHooks))
    for (const operation of DATABASE_OPERATIONS) {
      const path = [model, operation, "after"];
      wrapped = replaceAt(wrapped, path, wrap("after", [...base, "databaseHooks", ...path]));
    }
  return { databaseHooks: wrapped };
}

/** A copy of the plugin whose `init` returns wrapped hooks. */
function withInit<Plugin extends PluginLike>(
  plugin: Plugin,
  {
    once,
    wrapHooks,
  }: {
    readonly once: <T>(init: () => T) => T;
    readonly wrapHooks: (options: { databaseHooks?: object }) => { databaseHooks?: object };
  },
): Plugin {
  const init = async (...args: never[]): Promise<unknown> => {
    const result = await once(() => plugin.init?.(...args));
    const own = isPlainObject(result) ? result.options : undefined;
    return isPlainObject(own) && isPlainObject(result)
      ? { ...result, options: { ...own, ...wrapHooks(own) } }
      : result;
  };
  return copyWith(plugin, { init });
}

/** A copy of the object in which the function at the path is replaced; the object itself if there is none. */
function replaceAt<Holder extends object>(
  holder: Holder,
  [name = "", ...rest]: readonly string[],
  change: (original: Callback) => Callback,
): Holder {
  const value: unknown = Reflect.get(holder, name);
  if (rest.length === 0)
    return typeof value === "function" ? { ...holder, [name]: change(value as Callback) } : holder;
  if (!isPlainObject(value)) return holder;
  const changed = replaceAt(value, rest, change);
  return changed === value ? holder : { ...holder, [name]: changed };
}

/**
 * Plugins keep the options they were made with, so their callbacks can only be replaced where the plugin looks for
 * them. Outside of a request the wrapper calls what it replaced.
 */
function wrapInPlace(
  holder: unknown,
  [name = "", ...rest]: readonly string[],
  change: (original: Callback) => Callback,
): void {
  if (!isPlainObject(holder)) return;
  const value = holder[name];
  if (rest.length > 0) wrapInPlace(value, rest, change);
  else if (typeof value === "function") holder[name] = change(value as Callback);
}
