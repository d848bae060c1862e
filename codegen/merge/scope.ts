// Follows names to what they stand for, across the modules a reader can give. Pure but for that reader.
import type { Node } from "@babel/types";
import {
  findDefaultExport,
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
  /** Through wrappers, consts and imports, as far as they lead. */
  readonly follow: (at: Located) => Located;
};

/** A scope over the modules of an app. */
export function createScope(read: ModuleReader): Scope {
  const follow = (at: Located, seen: ReadonlySet<Node> = new Set()): Located => {
    const node = unwrap(at.node);
    const here = { module: at.module, node };
    if (seen.has(node)) return here;
    const next = target(here, read);
    return next ? follow(next, new Set([...seen, node])) : here;
  };
  return { follow: (at) => follow(at) };
}

// --- internal ---

function target({ module, node }: Located, read: ModuleReader): Located | undefined {
  if (node.type === "Identifier") return namedTarget(node.name, module, read);
  // `tables.user`, where tables is a namespace import or a const object.
  if (node.type !== "MemberExpression" || node.computed) return undefined;
  if (node.object.type !== "Identifier" || node.property.type !== "Identifier") return undefined;
  const { name } = node.object;
  const namespace = listImports(module).find((one) => one.local === name && one.imported === "*");
  const other = namespace && read(namespace.source, module);
  return other && exportedTarget(node.property.name, other, read);
}

function namedTarget(name: string, module: Module, read: ModuleReader): Located | undefined {
  const init = listBindings(module).get(name)?.init;
  if (init) return { module, node: init };
  const imported = listImports(module).find((one) => one.local === name);
  if (!imported || imported.imported === "*") return undefined;
  const other = read(imported.source, module);
  return other && exportedTarget(imported.imported, other, read);
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
