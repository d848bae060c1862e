// Reads the options that auth.ts makes, which may have any type: what is missing is undefined. Pure.

/** A member of an object. */
export function valueAt(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
}

/** Ids of the providers that users sign in with: those of socialProviders, then those of the plugin generic-oauth. */
export function providersOf(options: unknown): string[] {
  const config = valueAt(valueAt(pluginOf(options, GENERIC), "options"), "config");
  const generic = Array.isArray(config)
    ? config.flatMap((one: unknown) => {
        const id = valueAt(one, "providerId");
        return typeof id === "string" ? [id] : [];
      })
    : [];
  const social = valueAt(options, "socialProviders");
  const own = typeof social === "object" && social !== null ? Object.keys(social) : [];
  return [...new Set([...own, ...generic])];
}

/** The plugin with an id; undefined where the app lacks it. */
export function pluginOf(options: unknown, id: string): unknown {
  const plugins = valueAt(options, "plugins");
  return Array.isArray(plugins)
    ? plugins.find((one: unknown) => valueAt(one, "id") === id)
    : undefined;
}

// --- internal ---

const GENERIC = "generic-oauth";
