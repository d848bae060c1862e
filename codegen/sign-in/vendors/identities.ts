// Where functions read what `ctx.auth.getUserIdentity()` gave: by the names that it has, scope by scope, also where a
// helper of the app returns it. By syntax; reads only.
import type { Node } from "@babel/types";
import {
  childNodes,
  isFunctionOrMethod,
  isNode,
  keyOf,
  keysByName,
  listBindings,
  listExports,
  textOf,
  unwrap,
  withoutAwait,
  type Module,
} from "../../edit/index.js";
import { findHome, importOf } from "../../modules/names.js";
import type { ModuleReader } from "../../modules/resolve.js";

/** A member that is read, and its name. */
export type IdentityRead = { readonly node: Node; readonly name: string };

/** The members, in the order of the module. */
export function identityReads(module: Module, read: ModuleReader): IdentityRead[] {
  const found: IdentityRead[] = [];
  const visit = (node: Node, outer: ReadonlySet<string>): void => {
    const names = namesWithin(node, outer, (value) => isIdentity(module, value, { read }));
    const isOne = (value: Node) => {
      const inner = withoutAwait(value);
      return inner.type === "Identifier"
        ? names.has(inner.name)
        : isIdentity(module, inner, { read });
    };
    if (node.type === "VariableDeclarator" && node.id.type === "ObjectPattern" && node.init) {
      const { properties } = node.id;
      for (const one of isOne(node.init) ? properties : []) {
        const name = one.type === "ObjectProperty" ? keyOf(one) : undefined;
        if (name !== undefined) found.push({ node: one, name });
      }
    }
    if (node.type === "MemberExpression" || node.type === "OptionalMemberExpression") {
      const { property } = node;
      const named = property.type === "Identifier" && !node.computed ? property.name : undefined;
      const name = property.type === "StringLiteral" ? property.value : named;
      if (name !== undefined && isOne(node.object)) found.push({ node, name });
    }
    for (const child of childNodes(node)) visit(child, names);
  };
  visit(module.program, new Set());
  return found;
}

// --- internal ---

type Following = { readonly read: ModuleReader; readonly seen?: ReadonlySet<string> };

const ASKED = /\.getUserIdentity$/;

/** `ctx.auth.getUserIdentity()`, or the call of a function of the app that returns it. */
function isIdentity(module: Module, value: Node, following: Following): boolean {
  const node = withoutAwait(value);
  if (node.type === "LogicalExpression") return isIdentity(module, node.left, following);
  if (node.type !== "CallExpression" && node.type !== "OptionalCallExpression") return false;
  const { callee } = node;
  if (callee.type !== "Identifier") return ASKED.test(textOf(module, callee).replaceAll("?.", "."));
  return givesIdentity({ module, name: callee.name }, following);
}

/** True for a function, here or in another module of the app, that returns it. */
function givesIdentity(
  { module, name }: { readonly module: Module; readonly name: string },
  { read, seen = new Set() }: Following,
): boolean {
  const key = `${module.path} ${name}`;
  if (seen.has(key)) return false;
  const following = { read, seen: new Set([...seen, key]) };
  const imported = importOf(module, name);
  if (imported) {
    const other = read(imported.source, module);
    const home = other && findHome({ module: other, name: imported.name }, read);
    if (!home) return false;
    const locals = listExports(home, imported.name).flatMap((one) =>
      one.kind === "name" ? one.local : [],
    );
    return [imported.name, ...locals].some((local) =>
      givesIdentity({ module: home, name: local }, following),
    );
  }
  const binding = listBindings(module).get(name);
  const made = binding?.init ? unwrap(binding.init) : undefined;
  const fn = made ?? functionIn(binding?.statement);
  return (
    fn !== undefined && "body" in fn && isNode(fn.body) && returnsIdentity(module, fn, following)
  );
}

function functionIn(statement: Node | undefined): Node | undefined {
  const isExport =
    statement?.type === "ExportNamedDeclaration" || statement?.type === "ExportDefaultDeclaration";
  return (isExport ? statement.declaration : statement) ?? undefined;
}

function returnsIdentity(module: Module, fn: Node, following: Following): boolean {
  const is = (value: Node) => isIdentity(module, value, following);
  let found = false;
  const visit = (node: Node, outer: ReadonlySet<string>): void => {
    const names = namesWithin(node, outer, is);
    const given = node.type === "ReturnStatement" ? node.argument : undefined;
    if (given) {
      const value = withoutAwait(given);
      found ||= value.type === "Identifier" ? names.has(value.name) : is(value);
    }
    // What a function inside of it returns is not its own.
    for (const child of childNodes(node)) if (!isFunctionOrMethod(child)) visit(child, names);
  };
  const body = "body" in fn && isNode(fn.body) ? fn.body : fn;
  if (isFunctionOrMethod(fn) && body.type !== "BlockStatement") return is(body);
  visit(body, new Set());
  return found;
}

/** The names of the identity that a function or a block has, those around it included. */
function namesWithin(
  node: Node,
  outer: ReadonlySet<string>,
  is: (value: Node) => boolean,
): ReadonlySet<string> {
  const params = "params" in node && Array.isArray(node.params) ? node.params : [];
  const statements = node.type === "BlockStatement" || node.type === "Program" ? node.body : [];
  if (params.length === 0 && statements.length === 0) return outer;
  const names = new Set(outer);
  for (const one of params)
    if (isNode(one)) for (const name of keysByName(one).keys()) names.delete(name);
  for (const one of statements) {
    const declaration = one.type === "ExportNamedDeclaration" ? one.declaration : one;
    if (declaration?.type !== "VariableDeclaration") continue;
    for (const { id, init } of declaration.declarations) {
      for (const name of keysByName(id).keys()) names.delete(name);
      if (id.type === "Identifier" && init && is(init)) names.add(id.name);
    }
  }
  return names;
}
