// Whether a name is what a package's function gives, or the function that returns that call. Unlike modules/made-with.ts,
// a function that calls such a function does not count: it may check something first, or pass options.
// By syntax, through imports, re-exports and consts that are plain aliases.
import type { Node } from "@babel/types";
import {
  isFunctionOrMethod,
  isNode,
  keysByName,
  listExports,
  unwrap,
  type Module,
} from "../../edit/index.js";
import { importOf, memberName, type ExportName, type ImportedName } from "../../modules/names.js";
import type { ModuleReader } from "../../modules/resolve.js";
import { isCallOf } from "../../patch/calls.js";

/**
 * `value`: what the function gives. `call`: a function of the app that returns the call itself. `member`: what the
 * function gives under a key.
 */
export type Wanted = {
  readonly form: "value" | "call" | "member";
  /** The key. */
  readonly member?: string;
  readonly origins: readonly ImportedName[];
  /** Whether such a function of a module counts. Default: all do. */
  readonly isHome?: (module: Module) => boolean;
};

/**
 * True for a name of a module, declared or imported there.
 *
 * @example
 * // const createAuth = (ctx) => betterAuth({ ... });
 * isResultOf({ module, name: "createAuth" }, { form: "call", origins: [{ source: "better-auth", name: "betterAuth" }] }, read);
 */
export function isResultOf(at: ExportName, wanted: Wanted, read: ModuleReader): boolean {
  return isNameOf(at, searchOf(wanted, read));
}

/** True for a node that is such a name, such a member, or written so in its place. */
export function isResult(at: Place, wanted: Wanted, read: ModuleReader): boolean {
  return isNodeOf(at.module, at.node, searchOf(wanted, read));
}

/** True for a node that names a function: an alias, an import or a member of a namespace counts, a caller does not. */
export function isNameFor(at: Place, fn: Place, read: ModuleReader): boolean {
  const isIt = (module: Module, node: Node) =>
    module.path === fn.module.path && node.type === fn.node.type && node.start === fn.node.start;
  return isNodeOf(at.module, at.node, { isIt, member: undefined, read, seen: new Set() });
}

/** What a function returns where its end is the only way out of it; undefined for other nodes. */
export function returnedAtEnd(fn: Node): Node | undefined {
  if (!isFunctionOrMethod(fn)) return undefined;
  if (fn.body.type !== "BlockStatement") return fn.body;
  const returns: Node[] = [];
  visitOwn(fn.body, (node) => {
    if (node.type === "ReturnStatement") returns.push(node);
  });
  const last = fn.body.body.at(-1);
  if (last?.type !== "ReturnStatement" || returns.length !== 1) return undefined;
  return last.argument ?? undefined;
}

// --- internal ---

type Place = { readonly module: Module; readonly node: Node };

type Search = {
  /** Whether a node that is no name is what is looked for. */
  readonly isIt: (module: Module, node: Node) => boolean;
  /** The key under which what is looked for has it. */
  readonly member: string | undefined;
  readonly read: ModuleReader;
  /** What has been looked at: names may go in circles. */
  readonly seen: Set<string>;
};

function searchOf({ form, member, origins, isHome }: Wanted, read: ModuleReader): Search {
  const isMade = (module: Module, node: Node) => origins.some((one) => isCallOf(module, node, one));
  const isFunctionOf = (module: Module, node: Node) => {
    const returned = isHome?.(module) === false ? undefined : returnedAtEnd(node);
    return returned !== undefined && isMade(module, unwrap(returned));
  };
  return { isIt: form === "call" ? isFunctionOf : isMade, member, read, seen: new Set() };
}

function isNameOf({ module, name }: ExportName, search: Search): boolean {
  const key = `${module.path} ${name} ${search.member ?? ""}`;
  if (search.seen.has(key)) return false;
  search.seen.add(key);
  // `typeof createAuth` is of a type's import, too.
  const imported = importOf(module, name, { hasTypes: true });
  if (imported) {
    const home = search.read(imported.source, module);
    return home !== undefined && isExportOf({ module: home, name: imported.name }, search);
  }
  const declared = declarationOf(module, name);
  if (!declared) return false;
  const { node, keys } = declared;
  if (keys.length === 0) return isNodeOf(module, node, search);
  const isMember = keys.length === 1 && keys[0] === search.member;
  return isMember && isNodeOf(module, node, { ...search, member: undefined });
}

function isExportOf({ module, name }: ExportName, search: Search): boolean {
  return listExports(module, name).some((found) => {
    if (found.kind === "name") return isNameOf({ module, name: found.local }, search);
    if (found.kind === "expression") return isNodeOf(module, found.node, search);
    const home = search.read(found.source, module);
    return home !== undefined && isExportOf({ module: home, name: found.name }, search);
  });
}

type Declared = {
  readonly node: Node;
  /** What leads from the node to the name's value: `["auth"]` of `const { auth } = node`. */
  readonly keys: readonly string[];
};

/** The function or the value that a name of the module's top level has. */
function declarationOf({ program }: Module, name: string): Declared | undefined {
  for (const statement of program.body) {
    const isExport =
      statement.type === "ExportNamedDeclaration" || statement.type === "ExportDefaultDeclaration";
    const declaration = isExport ? statement.declaration : statement;
    if (declaration?.type === "FunctionDeclaration" && declaration.id?.name === name)
      return { node: declaration, keys: [] };
    // What a `let` holds may change.
    if (declaration?.type !== "VariableDeclaration" || declaration.kind !== "const") continue;
    for (const { id, init } of declaration.declarations) {
      const keys = keysByName(id).get(name);
      if (init && keys) return { node: init, keys };
    }
  }
  return undefined;
}

function isNodeOf(module: Module, given: Node, search: Search): boolean {
  const node = unwrap(given);
  if (node.type === "Identifier") return isNameOf({ module, name: node.name }, search);
  if (node.type === "MemberExpression") return isMemberOf(module, node, search);
  if (search.member !== undefined) return false;
  // React's cache() gives the function itself, asked once for each request.
  if (isCallOf(module, node, REACT_CACHE)) {
    const [fn, ...others] = node.arguments;
    return fn !== undefined && others.length === 0 && isNodeOf(module, fn, search);
  }
  return search.isIt(module, node);
}

const REACT_CACHE: ImportedName = { source: "react", name: "cache" };

/** `made.auth`, or `server.createAuth` with a module of the app. */
function isMemberOf(
  module: Module,
  node: Extract<Node, { type: "MemberExpression" }>,
  search: Search,
): boolean {
  const name = memberName(node);
  const { object } = node;
  if (name === undefined) return false;
  const imported = object.type === "Identifier" ? importOf(module, object.name) : undefined;
  if (imported?.name === "*") {
    const home = search.read(imported.source, module);
    return home !== undefined && isExportOf({ module: home, name }, search);
  }
  return name === search.member && isNodeOf(module, object, { ...search, member: undefined });
}

function visitOwn(node: Node, visit: (node: Node) => void): void {
  visit(node);
  for (const value of Object.values(node)) {
    const children: unknown[] = Array.isArray(value) ? value : [value];
    for (const child of children)
      if (isNode(child) && !isFunctionOrMethod(child)) visitOwn(child, visit);
  }
}
