// Whether what a module exports was made with a function of a package, wherever in the app that is. By syntax: names
// are followed through imports, re-exports and destructuring; what only comments, strings and types say is nothing.
import type { Node } from "@babel/types";
import { keysByName, listExports, walk, type Module } from "../edit/index.js";
import { importOf, memberName, type ExportName, type ImportedName } from "./names.js";
import type { ModuleReader } from "./resolve.js";

/** A function of a package, or one member of what it gives: `handlers` of `createNextAuth`. */
export type Origin = ImportedName & { readonly member?: string };

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
  if (imported) return isImportMade(module, imported, isMember, search);
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
  if (found?.name !== "*") return false;
  return isImportMade(module, { source: found.source, name: key }, isMember, search);
}

const TYPES: ReadonlySet<string> = new Set([
  "TSTypeAnnotation",
  "TSTypeParameterInstantiation",
  "TSTypeReference",
  "TSTypeQuery",
]);
