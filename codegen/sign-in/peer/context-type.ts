// What a type of a context is for certain: one with the database, which kitcn's helpers for queries and mutations read, or one
// of Convex's at all. Follows aliases, interfaces, imports and re-exports of types to their end. By syntax; reads.
import type { Node } from "@babel/types";
import { walk, type Module } from "../../edit/index.js";
import { importOf } from "../../modules/names.js";
import type { ModuleReader } from "../../modules/resolve.js";

/** A type, and the module that it is written in. */
export type TypeAt = { readonly module: Module; readonly type: Node };

/**
 * True for a context of queries and mutations alone. A type that is not understood may be an action's: false.
 *
 * @example
 * // type Either = QueryCtx | MutationCtx; (ctx: Either) => ...
 * hasDatabase({ module, type: annotation }, read); // true
 */
export function hasDatabase(at: TypeAt, read: ModuleReader): boolean {
  return hasIn(at, { read, wanted: WITH_DATABASE, seen: new Set() });
}

/** True for a context that Convex gives, be it that of a query, a mutation or an action. Of a type not understood: false. */
export function isContextType(at: TypeAt, read: ModuleReader): boolean {
  return hasIn(at, { read, wanted: CONTEXTS, seen: new Set() });
}

// --- internal ---

type Search = {
  readonly read: ModuleReader;
  /** Names of Convex's types. */
  readonly wanted: ReadonlySet<string>;
  /** The names on the way here: they may go in circles. */
  readonly seen: ReadonlySet<string>;
};

function hasIn({ module, type }: TypeAt, search: Search): boolean {
  if (type.type === "TSTypeAnnotation" || type.type === "TSParenthesizedType")
    return hasIn({ module, type: type.typeAnnotation }, search);
  if (type.type === "TSUnionType")
    return type.types.every((one) => hasIn({ module, type: one }, search));
  if (type.type === "TSIntersectionType")
    return type.types.some((one) => hasIn({ module, type: one }, search));
  if (type.type !== "TSTypeReference" || type.typeName.type !== "Identifier") return false;
  return hasName(module, type.typeName.name, search);
}

function hasName(module: Module, name: string, search: Search): boolean {
  const key = `${module.path} ${name}`;
  if (search.seen.has(key)) return false;
  const next = { ...search, seen: new Set([...search.seen, key]) };
  if (isParameter(module, name)) return false;
  const alias = aliasOf(module, name);
  if (alias) return hasIn({ module, type: alias }, next);
  const bases = basesOf(module, name);
  if (bases.length > 0) return bases.some((one) => hasName(module, one, next));
  const imported = importOf(module, name, { hasTypes: true });
  return imported !== undefined && hasImported(module, imported, next);
}

function hasImported(
  module: Module,
  { source, name }: { readonly source: string; readonly name: string },
  search: Search,
): boolean {
  if (SERVERS.test(source)) return search.wanted.has(name);
  const home = search.read(source, module);
  return home !== undefined && hasExported(home, name, search);
}

/** Convex's own types, and those that it generates for an app. */
const SERVERS = /^convex\/server$|(^|\/)_generated\/server(\.[jt]s)?$/;

const WITH_DATABASE: ReadonlySet<string> = new Set([
  "QueryCtx",
  "MutationCtx",
  "GenericQueryCtx",
  "GenericMutationCtx",
]);

const CONTEXTS: ReadonlySet<string> = new Set([...WITH_DATABASE, "ActionCtx", "GenericActionCtx"]);

/** A type that a module exports: its own, or one of another module. */
function hasExported(module: Module, name: string, search: Search): boolean {
  const key = `${module.path} export ${name}`;
  if (search.seen.has(key)) return false;
  const next = { ...search, seen: new Set([...search.seen, key]) };
  for (const statement of module.program.body) {
    if (statement.type !== "ExportNamedDeclaration") continue;
    for (const one of statement.specifiers) {
      if (one.type !== "ExportSpecifier" || nameOf(one.exported) !== name) continue;
      const local = one.local.name;
      return statement.source
        ? hasImported(module, { source: statement.source.value, name: local }, next)
        : hasName(module, local, next);
    }
  }
  if (aliasOf(module, name) || basesOf(module, name).length > 0) return hasName(module, name, next);
  return module.program.body.some(
    (one) =>
      one.type === "ExportAllDeclaration" &&
      hasImported(module, { source: one.source.value, name }, next),
  );
}

function nameOf(node: Node): string | undefined {
  if (node.type === "Identifier") return node.name;
  return node.type === "StringLiteral" ? node.value : undefined;
}

/** True for a type parameter of that name, which may be any type. */
function isParameter({ program }: Module, name: string): boolean {
  let found = false;
  walk(program, (node) => {
    if (node.type === "TSTypeParameter") found ||= node.name === name;
  });
  return found;
}

function aliasOf({ program }: Module, name: string): Node | undefined {
  for (const statement of program.body) {
    const declaration =
      statement.type === "ExportNamedDeclaration" ? statement.declaration : statement;
    if (declaration?.type === "TSTypeAliasDeclaration" && declaration.id.name === name)
      return declaration.typeAnnotation;
  }
  return undefined;
}

/** What an interface extends. */
function basesOf({ program }: Module, name: string): string[] {
  return program.body.flatMap((statement) => {
    const isExport =
      statement.type === "ExportNamedDeclaration" || statement.type === "ExportDefaultDeclaration";
    const declaration = isExport ? statement.declaration : statement;
    if (declaration?.type !== "TSInterfaceDeclaration" || declaration.id.name !== name) return [];
    return (declaration.extends ?? []).flatMap(({ expression }) =>
      expression.type === "Identifier" ? [expression.name] : [],
    );
  });
}
