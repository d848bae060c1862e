// Reads the options that auth.ts makes, which may have any type: what is missing is undefined. Pure.

/** A member of an object. */
export function valueAt(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
}

/** The plugin with an id; undefined where the app lacks it. */
export function pluginOf(options: unknown, id: string): unknown {
  const plugins = valueAt(options, "plugins");
  return Array.isArray(plugins)
    ? plugins.find((one: unknown) => valueAt(one, "id") === id)
    : undefined;
}
