// Makes a plugin again with other options. Some plugins copy their options when they are made, so that a callback in
// them cannot be replaced afterwards. Must not know which plugins there are.
import { isPlainObject } from "./arguments.js";

/** What makes a plugin of its options, such as `emailOTP` of better-auth/plugins. */
export type PluginMaker = (options: never) => object;

/** By plugin id. generated/auth.ts brings those of the plugins that auth.ts uses. */
export type PluginMakers = { readonly [id: string]: PluginMaker };

/**
 * The plugin, made of changed options; undefined if auth.ts changed it after it was made, which would be lost.
 *
 * @example
 * const remade = remakePlugin(plugin, emailOTP, (options) => ({ ...options, expiresIn: 60 }));
 */
export function remakePlugin<Plugin extends { readonly options?: unknown }>(
  plugin: Plugin,
  make: PluginMaker,
  change: (options: object) => object,
): Plugin | undefined {
  const { options } = plugin;
  if (!isPlainObject(options)) return undefined;
  // A maker takes the options that its plugin shows, and gives a plugin of the same kind.
  const again = (given: object) => make(given as never) as Plugin;
  return isAlike(plugin, again(options)) ? again(change(options)) : undefined;
}

// --- internal ---

/**
 * True for two plugins of one maker and the same options. Their functions are different ones with the same text; what
 * endpoints are called with is described by the same objects.
 */
function isAlike(one: unknown, other: unknown, name = ""): boolean {
  if (one === other) return true;
  if (typeof one === "function" && typeof other === "function")
    return String(one) === String(other) && haveAlike(one, other);
  // The options of an endpoint: a schema of its own, unlike the maker's, would not be the same object.
  if (name === "body" || name === "query") return false;
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  return isObject(one) && isObject(other) && haveAlike(one, other);
}

function haveAlike(one: object, other: object): boolean {
  const names = Object.keys(one);
  return (
    names.length === Object.keys(other).length &&
    names.every((name) => isAlike(Reflect.get(one, name), Reflect.get(other, name), name))
  );
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
