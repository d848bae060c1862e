// Follows names to what they stand for, across the modules a reader can give. Pure but for that reader.
import type { MemberExpression, Node } from "@babel/types";
import {
  findDefaultExport,
  keyOf,
  listBindings,
  listImports,
  unwrap,
  type Module,
} from "../edit/index.js";

/** A node and the module it stands in. */
export type Located = { readonly module: Module; readonly node: Node };

/** Gives the module behind a relative import; undefined for packages and what is not there. */
export type ModuleReader = (specifier: string, importer: Module) => Module | undefined;

export type Scope = {
  /** Through wrappers, consts, members and imports, as far as they lead. A namespace leads to a Program. */
  readonly follow: (at: Located) => Located;
  /** What a module exports by name, its default left out. */
  readonly exportsOf: (module: Module) => ReadonlyMap<string, Located>;
};

/** A scope over the modules of an app. */
export function createScope(read: ModuleReader): Scope {
  const follow = (at: Located, seen: ReadonlySet<Node> = new Set()): Located => {
    const node = unwrap(at.node);
    const here = { module: at.module, node };
    if (seen.has(node)) return here;
    const past = new Set([...seen, node]);
    const next = target(here, { read, follow: (inner) => follow(inner, past) });
    return next ? follow(next, past) : here;
  };
  return { follow: (at) => follow(at), exportsOf: (module) => exportsOf(module, read) };
}

// --- internal ---

type Follower = { readonly read: ModuleReader; readonly follow: (at: Located) => Located };

function target({ module, node }: Located, { read, follow }: Follower): Located | undefined {
  if (node.type === "Identifier") return namedTarget(node.name, module, read);
  // `tables.user`, where tables is a namespace import or an object.
  if (node.type !== "MemberExpression") return undefined;
  const name = memberName(node);
  if (name === undefined) return undefined;
  const owner = follow({ module, node: node.object });
  if (owner.node.type === "Program") return exportedTarget(name, owner.module, read);
  if (owner.node.type !== "ObjectExpression") return undefined;
  // A later spread may replace what the property says.
  const last = owner.node.properties.findLast(
    (one) => one.type === "SpreadElement" || keyOf(one) === name,
  );
  return last?.type === "ObjectProperty" ? { module: owner.module, node: last.value } : undefined;
}

function memberName({ computed, property }: MemberExpression): string | undefined {
  if (property.type === "StringLiteral") return property.value;
  return property.type === "Identifier" && !computed ? property.name : undefined;
}

function namedTarget(name: string, module: Module, read: ModuleReader): Located | undefined {
  const init = listBindings(module).get(name)?.init;
  if (init) return { module, node: init };
  const imported = listImports(module).find((one) => one.local === name);
  const other = imported && read(imported.source, module);
  if (!other) return undefined;
  // A namespace is the whole module.
  if (imported.imported === "*") return { module: other, node: other.program };
  return exportedTarget(imported.imported, other, read);
}

function exportedTarget(name: string, module: Module, read: ModuleReader): Located | undefined {
  if (name === "default") {
    const found = findDefaultExport(module);
    if (found?.kind === "expression") return { module, node: found.node };
    const other = found && read(found.source, module);
    return other && exportedTarget(found.name, other, read);
  }
  const binding = listBindings(module).get(name);
  if (binding?.exported && binding.init) return { module, node: binding.init };
  for (const statement of module.program.body) {
    if (statement.type === "ExportAllDeclaration") {
      const other = read(statement.source.value, module);
      const found = other && exportedTarget(name, other, read);
      if (found) return found;
    }
    if (statement.type !== "ExportNamedDeclaration") continue;
    for (const specifier of statement.specifiers) {
      if (specifier.type !== "ExportSpecifier") continue;
      const { exported, local } = specifier;
      if ((exported.type === "Identifier" ? exported.name : exported.value) !== name) continue;
      if (!statement.source) return namedTarget(local.name, module, read);
      const other = read(statement.source.value, module);
      return other && exportedTarget(local.name, other, read);
    }
  }
  return undefined;
}

function exportsOf(module: Module, read: ModuleReader): Map<string, Located> {
  const names = new Set<string>();
  for (const { name, exported } of listBindings(module).values()) if (exported) names.add(name);
  const found = new Map<string, Located>();
  for (const statement of module.program.body) {
    if (statement.type === "ExportAllDeclaration") {
      const other = read(statement.source.value, module);
      for (const [name, at] of other ? exportsOf(other, read) : []) found.set(name, at);
    }
    if (statement.type !== "ExportNamedDeclaration") continue;
    for (const { exported } of statement.specifiers)
      names.add(exported.type === "Identifier" ? exported.name : exported.value);
  }
  for (const name of names) {
    const at = name === "default" ? undefined : exportedTarget(name, module, read);
    if (at) found.set(name, at);
  }
  return found;
}
