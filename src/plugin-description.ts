// What kitcn's plugins are in auth.ts: plain data, without the code that serves requests. `createAuth` builds the
// machine of each in its place. Must not import better-auth: every query that imports a helper loads this.
import { descriptionOnly } from "./errors/plugin.js";

/** What codegen, doctor and Better Auth's own table functions read of a plugin. */
export type PluginDescription = {
  readonly id: string;
  /** What the plugin was made with. */
  readonly options: object;
  readonly schema?: object;
};

/** The function that made a description. */
export type DescribedBy = "convex" | "crossDomain";

/**
 * A description, with the type of the machine that `createAuth` builds of it. Better Auth alone refuses to start
 * with it: it would serve none of the plugin's endpoints.
 */
export function describePlugin<Plugin extends PluginDescription>(
  name: DescribedBy,
  description: PluginDescription & Pick<Plugin, "id" | "options">,
): Plugin {
  const init = () => {
    throw descriptionOnly({ plugin: name });
  };
  // Whoever makes an instance through kitcn gets the machine, and with it all that this type says.
  return { ...description, init, [DESCRIPTION]: { name, init } } as unknown as Plugin;
}

/**
 * Who described a plugin, and what was added to the description or changed in it since; undefined for any
 * other plugin.
 */
export function descriptionOf<Plugin extends object>(
  plugin: Plugin,
): { readonly name: DescribedBy; readonly own: Omit<Plugin, typeof DESCRIPTION> } | undefined {
  if (!(DESCRIPTION in plugin)) return undefined;
  const { [DESCRIPTION]: mark, ...own } = plugin;
  const { name, init } = mark as Mark; // describePlugin alone writes it
  const isRefusal = "init" in own && own.init === init;
  return { name, own: isRefusal ? { ...own, init: undefined } : own };
}

// --- internal ---

type Mark = { readonly name: DescribedBy; readonly init: () => never };

/** By name, since an app's tests may load this module twice. Copies of a description keep it. */
const DESCRIPTION: unique symbol = Symbol.for("kitcn.description") as never; // for() types no symbol as unique
