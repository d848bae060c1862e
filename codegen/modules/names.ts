// Follows names to what they stand for, across the modules that a reader gives. By syntax: through wrappers, consts,
// members, imports and re-exports; what only types say is nothing. Pure but for that reader.
import type { MemberExpression, Node, OptionalMemberExpression } from "@babel/types";
import {
  keyOf,
  listBindings,
  listExports,
  listImports,
  unwrap,
  type FoundExport,
  type Module,
} from "../edit/index.js";
import type { ModuleReader } from "./resolve.js";

/** A node and the module it stands in. */
export type Located = { readonly module: Module; readonly node: Node };

/** A name as one module of the app exports it. */
export type ExportName = { readonly module: Module; readonly name: string };

/** A name as some module, of the app or a package, exports it. `*` is all of it. */
export type ImportedName = { readonly source: string; readonly name: string };

export type Scope = {
  /** As far as the names lead. A namespace leads to a Program. */
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
  return {
    follow: (at) => follow(at),
    exportsOf: (module) =>
      new Map(
        [...namesOf(module, read)].flatMap((name) => {
          const at = exportedTarget({ module, name }, read);
          return at ? [[name, at] as const] : [];
        }),
      ),
  };
}

/**
 * The module of the app that makes what is exported here, itself or the one it is re-exported from. Undefined
 * where nothing is exported under this name, or a package makes it.
 */
export function findHome(at: ExportName, read: ModuleReader): Module | undefined {
  return throughExports(at, read, (found, module) => (isFrom(found) ? undefined : module));
}

/** What a local name (`a`, or `ns.a`) is to the package it comes from, through re-exports of the app's modules. */
export function findPackageName(
  module: Module,
  spelled: string,
  read: ModuleReader,
): ImportedName | undefined {
  const [local = "", member] = spelled.split(".");
  const found = importOf(module, local);
  if (!found) return undefined;
  const name = found.name === "*" ? member : member === undefined ? found.name : undefined;
  if (name === undefined) return undefined;
  const other = read(found.source, module);
  if (!other) return { source: found.source, name };
  return throughExports({ module: other, name }, read, (one, home) =>
    isFrom(one) && !read(one.source, home) ? { source: one.source, name: one.name } : undefined,
  );
}

/** What a local name is imported as; undefined for the module's own, and for types unless they are asked for. */
export function importOf(
  module: Module,
  local: string,
  { hasTypes = false }: { readonly hasTypes?: boolean } = {},
): ImportedName | undefined {
  const found = listImports(module).find(
    (one) => one.local === local && (hasTypes || !one.typeOnly),
  );
  return found && { source: found.source, name: found.imported };
}

/** The key of `object.key` and `object["key"]`. */
export function memberName({
  property,
  computed,
}: MemberExpression | OptionalMemberExpression): string | undefined {
  if (property.type === "StringLiteral") return property.value;
  return property.type === "Identifier" && !computed ? property.name : undefined;
}

// --- internal ---

type Follower = { readonly read: ModuleReader; readonly follow: (at: Located) => Located };

type From = ImportedName & { readonly kind: "from" };

function isFrom(found: FoundExport | From): found is (FoundExport & From) | From {
  return found.kind === "from";
}

/** Asks about every export that can be meant, here and behind re-exports, until there is an answer. */
function throughExports<T>(
  { module, name }: ExportName,
  read: ModuleReader,
  answer: (found: FoundExport | From, module: Module) => T | undefined,
  seen: ReadonlySet<string> = new Set(),
): T | undefined {
  const key = `${module.path} ${name}`;
  if (seen.has(key)) return undefined;
  const past = new Set([...seen, key]);
  for (const exported of writtenOutFirst(listExports(module, name))) {
    const imported = exported.kind === "name" ? importOf(module, exported.local) : undefined;
    const found = imported ? { kind: "from" as const, ...imported } : exported;
    // A namespace is all of a module, not one of its exports.
    const isOne = isFrom(found) && found.name !== "*";
    const other = isOne ? read(found.source, module) : undefined;
    const told =
      other && isOne
        ? throughExports({ module: other, name: found.name }, read, answer, past)
        : answer(found, module);
    if (told !== undefined) return told;
  }
  return undefined;
}

/** `export *` may give anything, and a name that is written out stands before it. */
function writtenOutFirst(all: readonly FoundExport[]): FoundExport[] {
  const isStar = ({ statement }: FoundExport) => statement.type === "ExportAllDeclaration";
  return [...all.filter((one) => !isStar(one)), ...all.filter(isStar)];
}

function target({ module, node }: Located, { read, follow }: Follower): Located | undefined {
  if (node.type === "Identifier") return namedTarget(node.name, module, read);
  // `tables.user`, where tables is a namespace import or an object.
  if (node.type !== "MemberExpression") return undefined;
  const name = memberName(node);
  if (name === undefined) return undefined;
  const owner = follow({ module, node: node.object });
  if (owner.node.type === "Program") return exportedTarget({ module: owner.module, name }, read);
  if (owner.node.type !== "ObjectExpression") return undefined;
  // A later spread may replace what the property says.
  const last = owner.node.properties.findLast(
    (one) => one.type === "SpreadElement" || keyOf(one) === name,
  );
  return last?.type === "ObjectProperty" ? { module: owner.module, node: last.value } : undefined;
}

function namedTarget(name: string, module: Module, read: ModuleReader): Located | undefined {
  const init = listBindings(module).get(name)?.init;
  if (init) return { module, node: init };
  const imported = importOf(module, name);
  return imported && importedTarget(imported, module, read);
}

function importedTarget(
  { source, name }: ImportedName,
  module: Module,
  read: ModuleReader,
): Located | undefined {
  const other = read(source, module);
  // A namespace is the whole module.
  if (other && name === "*") return { module: other, node: other.program };
  return other && exportedTarget({ module: other, name }, read);
}

function exportedTarget(at: ExportName, read: ModuleReader): Located | undefined {
  return throughExports(at, read, (found, module): Located | undefined => {
    if (found.kind === "expression") return { module, node: found.node };
    if (found.kind === "from") return importedTarget(found, module, read);
    const init = listBindings(module).get(found.local)?.init;
    return init && { module, node: init };
  });
}

/** The names that a module exports, its default left out. */
function namesOf(
  module: Module,
  read: ModuleReader,
  seen: ReadonlySet<Module> = new Set(),
): Set<string> {
  const names = new Set<string>();
  if (seen.has(module)) return names;
  for (const { name, exported } of listBindings(module).values()) if (exported) names.add(name);
  for (const statement of module.program.body) {
    if (statement.type === "ExportAllDeclaration") {
      const other = read(statement.source.value, module);
      for (const name of other ? namesOf(other, read, new Set([...seen, module])) : [])
        names.add(name);
    }
    if (statement.type !== "ExportNamedDeclaration") continue;
    for (const { exported } of statement.specifiers)
      names.add(exported.type === "Identifier" ? exported.name : exported.value);
  }
  names.delete("default");
  return names;
}
