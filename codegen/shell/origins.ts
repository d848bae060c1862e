// Where what a module exports was made, wherever in the app that is. By syntax: names are followed through
// imports, re-exports and destructuring; what only comments, strings and types say is nothing.
import type { MemberExpression, Node, OptionalMemberExpression } from "@babel/types";
import { keysByName, listExports, listImports, walk, type Module } from "../edit/index.js";
import type { ModuleReader } from "../merge/scope.js";
import type { ImportedName } from "../patch/calls.js";

/** A name as one module of the app exports it. */
export type ExportName = { readonly module: Module; readonly name: string };

/** A function of a package, or one member of what it gives: `handlers` of `createNextAuth`. */
export type Origin = ImportedName & { readonly member?: string };

/**
 * The module of the app that makes what is exported here, itself or the one it is re-exported from. Undefined
 * where nothing is exported under this name, or a package makes it.
 */
export function findHome(
  { module, name }: ExportName,
  read: ModuleReader,
  seen: ReadonlySet<Module> = new Set(),
): Module | undefined {
  if (seen.has(module)) return undefined;
  for (const found of listExports(module, name)) {
    const from = found.kind === "name" ? importOf(module, found.local) : found;
    if (from.kind !== "from") return module;
    const other = read(from.source, module);
    const home =
      other && findHome({ module: other, name: from.name }, read, new Set([...seen, module]));
    if (home) return home;
  }
  return undefined;
}

/** What a local name of a module is to the package it comes from, through re-exports of the app's modules. */
export function findPackageName(
  module: Module,
  spelled: string,
  read: ModuleReader,
): ImportedName | undefined {
  const [local = "", member] = spelled.split(".");
  const found = importOf(module, local);
  if (found.kind !== "from") return undefined;
  const name = found.name === "*" ? member : member === undefined ? found.name : undefined;
  return name === undefined ? undefined : follow(module, { source: found.source, name }, read);
}

/**
 * True where an export is made with what the origin names.
 *
 * @example
 * // export const { GET, POST } = handlers;   handlers of createNextAuth() in another module
 * isMadeWith({ module, name: "GET" }, { source: "kitcn/auth/nextjs", name: "createNextAuth", member: "handlers" }, read);
 */
export function isMadeWith(at: ExportName, origin: Origin, read: ModuleReader): boolean {
  const isMember = origin.member !== undefined;
  return isExportMade(at, isMember, { origin, read, seen: new Set() });
}

// --- internal ---

type From = { readonly kind: "from"; readonly source: string; readonly name: string };

function importOf(module: Module, local: string): From | { readonly kind: "own" } {
  const found = listImports(module).find((one) => one.local === local && !one.typeOnly);
  return found ? { kind: "from", source: found.source, name: found.imported } : { kind: "own" };
}

function follow(
  module: Module,
  wanted: ImportedName,
  read: ModuleReader,
  seen: ReadonlySet<Module> = new Set(),
): ImportedName | undefined {
  const other = read(wanted.source, module);
  if (!other) return wanted;
  if (seen.has(other)) return undefined;
  for (const found of listExports(other, wanted.name)) {
    const from = found.kind === "name" ? importOf(other, found.local) : found;
    if (from.kind !== "from") continue;
    const name = follow(other, from, read, new Set([...seen, other]));
    if (name) return { source: name.source, name: name.name };
  }
  return undefined;
}

type Search = {
  readonly origin: Origin;
  readonly read: ModuleReader;
  /** What has been looked at: names may go in circles. */
  readonly seen: Set<string>;
};

/** `isMember`: it is the member that is looked for, else the function itself. */
function isExportMade({ module, name }: ExportName, isMember: boolean, search: Search): boolean {
  const key = `${module.path} ${name} ${isMember}`;
  if (search.seen.has(key)) return false;
  search.seen.add(key);
  return listExports(module, name).some((found) => {
    if (found.kind === "from") return isImportMade(module, found, isMember, search);
    if (found.kind === "name") return isNameMade(module, found.local, isMember, search);
    return mentions(module, found.node, isMember, search);
  });
}

function isImportMade(
  module: Module,
  { source, name }: ImportedName,
  isMember: boolean,
  search: Search,
): boolean {
  const { origin, read } = search;
  if (source === origin.source) return !isMember && (name === origin.name || name === "*");
  const other = read(source, module);
  return other !== undefined && isExportMade({ module: other, name }, isMember, search);
}

function isNameMade(module: Module, name: string, isMember: boolean, search: Search): boolean {
  const key = `${module.path} local ${name} ${isMember}`;
  if (search.seen.has(key)) return false;
  search.seen.add(key);
  const imported = importOf(module, name);
  if (imported.kind === "from") return isImportMade(module, imported, isMember, search);
  return module.program.body.some((statement) => {
    const isExport = statement.type === "ExportNamedDeclaration";
    const declaration = isExport ? statement.declaration : statement;
    if (declaration?.type === "FunctionDeclaration" || declaration?.type === "ClassDeclaration")
      return declaration.id?.name === name && mentions(module, declaration.body, isMember, search);
    if (declaration?.type !== "VariableDeclaration") return false;
    return declaration.declarations.some(({ id, init }) => {
      const keys = keysByName(id).get(name);
      if (!keys || !init) return false;
      const { member } = search.origin;
      if (isMember && keys.some((key) => key === member) && mentions(module, init, false, search))
        return true;
      return (isMember || keys.length === 0) && mentions(module, init, isMember, search);
    });
  });
}

/** Whether code refers to the origin: as a name, as a member of one, by destructuring. */
function mentions(module: Module, code: Node, isMember: boolean, search: Search): boolean {
  let found = false;
  const look = (node: Node): boolean | void => {
    if (found || TYPES.has(node.type)) return false;
    if (node.type === "Identifier" || node.type === "JSXIdentifier")
      found ||= isNameMade(module, node.name, isMember, search);
    // What a property is called is no reference.
    if (node.type === "ObjectProperty" && !node.computed) {
      walk(node.value, look);
      return false;
    }
    if (node.type === "VariableDeclarator" && isMember && node.init && givesMember(node.id))
      found ||= mentions(module, node.init, false, search);
    if (node.type !== "MemberExpression" && node.type !== "OptionalMemberExpression") return;
    const key = memberName(node);
    if (isMember && key === search.origin.member)
      found ||= mentions(module, node.object, false, search);
    found ||= isNamespaceMade(module, { object: node.object, key }, isMember, search);
    if (node.computed) walk(node.property, look);
    walk(node.object, look);
    return false;
  };
  const givesMember = (id: Node) =>
    [...keysByName(id).values()].some((keys) => keys.some((key) => key === search.origin.member));
  walk(code, look);
  return found;
}

/** `server.handlers`, where `server` is a module of the app. */
function isNamespaceMade(
  module: Module,
  { object, key }: { object: Node; key: string | undefined },
  isMember: boolean,
  search: Search,
): boolean {
  if (object.type !== "Identifier" || key === undefined) return false;
  const found = importOf(module, object.name);
  if (found.kind !== "from" || found.name !== "*") return false;
  return isImportMade(module, { source: found.source, name: key }, isMember, search);
}

function memberName({
  property,
  computed,
}: MemberExpression | OptionalMemberExpression): string | undefined {
  if (property.type === "StringLiteral") return property.value;
  return property.type === "Identifier" && !computed ? property.name : undefined;
}

const TYPES: ReadonlySet<string> = new Set([
  "TSTypeAnnotation",
  "TSTypeParameterInstantiation",
  "TSTypeReference",
  "TSTypeQuery",
]);
