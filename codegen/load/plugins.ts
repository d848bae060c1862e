// Who brings which table: the plugins of the options, and the packages auth.ts imports them from. Pure.
import { packageOf } from "../disk/find-package.js";
import { keyOf, listImports, locationOf, walk, type Module } from "../edit/index.js";
import { notPlugin, plainPrivateKey, pluginsNotList } from "../errors/load.js";
import type { SourcePlugin } from "../plan/types.js";

/** The plugins of loaded options, in order, with the package each was (most likely) imported from. */
export function pluginsOf(options: object, modules: readonly Module[]): SourcePlugin[] {
  if (!("plugins" in options) || !Array.isArray(options.plugins)) return [];
  const packages = calledPackages(modules);
  return options.plugins.filter(isPlugin).map((plugin) => ({
    id: plugin.id,
    package: packages.get(plugin.id),
    version: typeof plugin.version === "string" ? plugin.version : undefined,
    schema: schemaOf(plugin.schema),
  }));
}

/**
 * Better Auth takes what it does not know for a plugin without tables; a list that is none is a mistake.
 *
 * @throws CodegenError `NOT_A_PLUGIN`
 */
export function assertPlugins(options: object, place: string): void {
  const plugins: unknown = "plugins" in options ? options.plugins : undefined;
  if (plugins === undefined || plugins === null) return;
  if (!Array.isArray(plugins)) throw pluginsNotList({ place, found: describe(plugins) });
  const index = plugins.findIndex((one: unknown) => !isPlugin(one));
  if (index < 0) return;
  throw notPlugin({ place, number: index + 1, found: describe(plugins[index]) });
}

/**
 * Signing keys in plain text sign for whoever reads the table; the runtime stores none.
 *
 * @param where said where no module spells the option out
 * @throws CodegenError `PLAIN_PRIVATE_KEY`
 */
export function assertEncryptedKeys(
  options: object,
  { modules, where }: { readonly modules: readonly Module[]; readonly where: string },
): void {
  if (!("plugins" in options) || !Array.isArray(options.plugins)) return;
  const offender = options.plugins.filter(isPlugin).find(({ options: own }) => {
    const jwks = (own as { jwks?: { [PLAIN_KEYS]?: unknown } } | null | undefined)?.jwks; // as jwt() keeps what it was given
    return jwks?.[PLAIN_KEYS] === true;
  });
  if (!offender) return;
  const place = spelledAt(PLAIN_KEYS, modules) ?? where;
  throw plainPrivateKey({ place, option: PLAIN_KEYS, plugin: offender.id });
}

// --- internal ---

const PLAIN_KEYS = "disablePrivateKeyEncryption";

function spelledAt(name: string, modules: readonly Module[]): string | undefined {
  const places: string[] = [];
  for (const module of modules)
    walk(module.program, (node) => {
      if (node.type === "ObjectProperty" && keyOf(node) === name)
        places.push(locationOf(module, node));
    });
  return places[0];
}

function describe(value: unknown): string {
  if (typeof value === "function") return "a function that was not called";
  if (value === null || value === undefined) return String(value);
  return typeof value === "object" ? "an object without an `id`" : `a ${typeof value}`;
}

type Plugin = {
  readonly id: string;
  readonly version?: unknown;
  readonly schema?: unknown;
  readonly options?: unknown;
};

function isPlugin(value: unknown): value is Plugin {
  return (
    typeof value === "object" && value !== null && "id" in value && typeof value.id === "string"
  );
}

function schemaOf(schema: unknown): Record<string, string[]> {
  const models: Record<string, string[]> = {};
  if (typeof schema !== "object" || schema === null) return models;
  for (const [model, table] of Object.entries(schema) as [string, unknown][]) {
    const fields = typeof table === "object" && table !== null && "fields" in table && table.fields;
    models[model] = typeof fields === "object" && fields !== null ? Object.keys(fields) : [];
  }
  return models;
}

/**
 * Plugin id to package, by convention: `twoFactor()` imported from a package makes the plugin "two-factor".
 * A plugin object does not say where it comes from.
 */
function calledPackages(modules: readonly Module[]): Map<string, string> {
  const packages = new Map<string, string>();
  for (const module of modules) {
    const sources = new Map(listImports(module).map((one) => [one.local, one]));
    walk(module.program, (node) => {
      if (node.type !== "CallExpression" || node.callee.type !== "Identifier") return;
      const found = sources.get(node.callee.name);
      if (!found || found.source.startsWith(".")) return;
      const name = packageOf(found.source);
      for (const id of idsOf(found.imported)) packages.set(id, name);
    });
  }
  return packages;
}

function idsOf(imported: string): string[] {
  return [imported, imported.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)];
}
