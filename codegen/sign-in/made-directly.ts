// Whether a name is what a package's function gives, or a function that returns that. Unlike modules/made-with.ts, a
// function that only uses it somewhere does not count. By syntax, through imports, re-exports and consts.
import type { Node } from "@babel/types";
import { isNode, keysByName, listExports, unwrap, type Module } from "../edit/index.js";
import { importOf, type ExportName, type ImportedName } from "../modules/names.js";
import type { ModuleReader } from "../modules/resolve.js";
import { isCallOf } from "../patch/calls.js";

/** `value`: what the function gives. `call`: a function of the app that returns it. */
export type Wanted = {
  readonly form: "value" | "call";
  readonly origins: readonly ImportedName[];
};

/**
 * True for a name of a module, declared or imported there.
 *
 * @example
 * // const createAuth = (ctx) => betterAuth({ ... });
 * isResultOf({ module, name: "createAuth" }, { form: "call", origins: [{ source: "better-auth", name: "betterAuth" }] }, read);
 */
export function isResultOf(at: ExportName, wanted: Wanted, read: ModuleReader): boolean {
  return isNameOf(at, { ...wanted, read, seen: new Set() });
}

// --- internal ---

type Search = Wanted & {
  readonly read: ModuleReader;
  /** What has been looked at: names may go in circles. */
  readonly seen: Set<string>;
};

function isNameOf({ module, name }: ExportName, search: Search): boolean {
  const key = `${module.path} ${name} ${search.form}`;
  if (search.seen.has(key)) return false;
  search.seen.add(key);
  const imported = importOf(module, name);
  if (imported) {
    const home = search.read(imported.source, module);
    return home !== undefined && isExportOf({ module: home, name: imported.name }, search);
  }
  const declared = declarationOf(module, name);
  return declared !== undefined && isNodeOf(module, declared, search);
}

function isExportOf({ module, name }: ExportName, search: Search): boolean {
  return listExports(module, name).some((found) => {
    if (found.kind === "name") return isNameOf({ module, name: found.local }, search);
    if (found.kind === "expression") return isNodeOf(module, found.node, search);
    const home = search.read(found.source, module);
    return home !== undefined && isExportOf({ module: home, name: found.name }, search);
  });
}

/** The function or the value that a name of the module's top level has. */
function declarationOf({ program }: Module, name: string): Node | undefined {
  for (const statement of program.body) {
    const isExport =
      statement.type === "ExportNamedDeclaration" || statement.type === "ExportDefaultDeclaration";
    const declaration = isExport ? statement.declaration : statement;
    if (declaration?.type === "FunctionDeclaration" && declaration.id?.name === name)
      return declaration;
    if (declaration?.type !== "VariableDeclaration") continue;
    for (const { id, init } of declaration.declarations)
      if (init && keysByName(id).get(name)?.length === 0) return init;
  }
  return undefined;
}

function isNodeOf(module: Module, given: Node, search: Search): boolean {
  const node = unwrap(given);
  if (node.type === "AwaitExpression") return isNodeOf(module, node.argument, search);
  if (node.type === "Identifier") return isNameOf({ module, name: node.name }, search);
  if (node.type === "ConditionalExpression")
    return [node.consequent, node.alternate].some((one) => isNodeOf(module, one, search));
  if (search.form === "value") return search.origins.some((one) => isCallOf(module, node, one));
  // `cache((ctx) => betterAuth(...))` is a function that returns it, too.
  if (node.type === "CallExpression")
    return node.arguments.some((one) => isNodeOf(module, one, search));
  return returnedBy(node).some((one) => isReturned(module, { node: one, fn: node }, search));
}

/** `betterAuth(...)`, a name in the function that has it, or a call of another function that returns it. */
function isReturned(
  module: Module,
  { node, fn }: { readonly node: Node; readonly fn: Node },
  search: Search,
): boolean {
  const value = unwrap(node);
  if (value.type === "AwaitExpression")
    return isReturned(module, { node: value.argument, fn }, search);
  if (value.type === "Identifier") {
    const init = localOf(fn, value.name);
    return init !== undefined && isReturned(module, { node: init, fn }, search);
  }
  if (search.origins.some((one) => isCallOf(module, value, one))) return true;
  if (value.type !== "CallExpression" || value.callee.type !== "Identifier") return false;
  return isNameOf({ module, name: value.callee.name }, search);
}

/** What a function returns, without the functions inside it. */
function returnedBy(fn: Node): Node[] {
  if (!isFunction(fn)) return [];
  if (fn.body.type !== "BlockStatement") return [fn.body];
  const returned: Node[] = [];
  visitOwn(fn.body, (node) => {
    if (node.type === "ReturnStatement" && node.argument) returned.push(node.argument);
  });
  return returned;
}

function localOf(fn: Node, name: string): Node | undefined {
  let init: Node | undefined;
  if (isFunction(fn))
    visitOwn(fn.body, (node) => {
      if (node.type === "VariableDeclarator" && node.id.type === "Identifier" && node.init)
        if (node.id.name === name) init = node.init;
    });
  return init;
}

function visitOwn(node: Node, visit: (node: Node) => void): void {
  visit(node);
  for (const value of Object.values(node)) {
    const children: unknown[] = Array.isArray(value) ? value : [value];
    for (const child of children) if (isNode(child) && !isFunction(child)) visitOwn(child, visit);
  }
}

function isFunction(node: Node): node is Extract<Node, { body: Node; params: unknown }> {
  return (
    /^(Arrow)?Function(Expression|Declaration)$/.test(node.type) || node.type === "ObjectMethod"
  );
}
