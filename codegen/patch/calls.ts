// Recognises what a module makes and calls by where its names were imported from. Pure.
import type { CallExpression, Expression, NewExpression, Node, Statement } from "@babel/types";
import { listBindings, walk, type Binding, type Module } from "../edit/index.js";
import { importOf, type ImportedName } from "../modules/names.js";

/** What an expression refers to, when it is an imported name or a member of an imported namespace. */
export function importedBy(module: Module, node: Node): ImportedName | undefined {
  if (node.type === "Identifier") {
    const found = importOf(module, node.name);
    return found?.name === "*" ? undefined : found;
  }
  if (node.type !== "MemberExpression" || node.computed) return undefined;
  const { object, property } = node;
  if (object.type !== "Identifier" || property.type !== "Identifier") return undefined;
  const namespace = importOf(module, object.name);
  return namespace?.name === "*" ? { source: namespace.source, name: property.name } : undefined;
}

/** True for a call (or `new`) of this imported name. */
export function isCallOf(
  module: Module,
  node: Node,
  wanted: ImportedName,
): node is CallExpression | NewExpression {
  if (node.type !== "CallExpression" && node.type !== "NewExpression") return false;
  const name = importedBy(module, node.callee);
  return name?.source === wanted.source && name.name === wanted.name;
}

/** Every call in a module, nested ones included. */
export function listCalls(module: Module): CallExpression[] {
  const calls: CallExpression[] = [];
  walk(module.program, (node) => {
    if (node.type === "CallExpression") calls.push(node);
  });
  return calls;
}

/** `x.method(...)`: the object expression and the method's name. */
export function methodOf(call: CallExpression): { object: Expression; name: string } | undefined {
  const { callee } = call;
  if (callee.type !== "MemberExpression" || callee.computed) return undefined;
  if (callee.property.type !== "Identifier" || callee.object.type === "Super") return undefined;
  return { object: callee.object, name: callee.property.name };
}

/** The top-level variable an identifier names. */
export function bindingOf(module: Module, node: Node): Binding | undefined {
  return node.type === "Identifier" ? listBindings(module).get(node.name) : undefined;
}

/** The top-level statement that holds a node. */
export function statementOf(module: Module, node: Node): Statement | undefined {
  return module.program.body.find(
    (one) => (one.start ?? 0) <= (node.start ?? 0) && (node.end ?? 0) <= (one.end ?? 0),
  );
}
