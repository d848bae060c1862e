// Who brings which table: the plugins of the options, and the packages auth.ts imports them from. Pure.
import { listImports, walk, type Module } from "../edit/index.js";
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

// --- internal ---

type Plugin = { readonly id: string; readonly version?: unknown; readonly schema?: unknown };

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
      const name = packageName(found.source);
      for (const id of idsOf(found.imported)) packages.set(id, name);
    });
  }
  return packages;
}

function idsOf(imported: string): string[] {
  return [imported, imported.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)];
}

function packageName(source: string): string {
  return source
    .split("/")
    .slice(0, source.startsWith("@") ? 2 : 1)
    .join("/");
}
