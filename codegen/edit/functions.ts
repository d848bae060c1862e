// Functions among the nodes of a syntax tree, and what they return. Pure.
import type {
  ArrowFunctionExpression,
  FunctionDeclaration,
  FunctionExpression,
  Node,
  ObjectMethod,
  ReturnStatement,
} from "@babel/types";
import { walk } from "./parse.js";
import { unwrap } from "./lookup.js";

/** A function that is no method. */
export type AnyFunction = ArrowFunctionExpression | FunctionDeclaration | FunctionExpression;

/** A function that an object holds, in either spelling: `{ run: () => {} }`, `{ run() {} }`. */
export type HeldFunction = Exclude<AnyFunction, FunctionDeclaration> | ObjectMethod;

/** True for a function that is no method. */
export function isFunction(node: Node): node is AnyFunction {
  return /^(ArrowFunctionExpression|FunctionDeclaration|FunctionExpression)$/.test(node.type);
}

/** True for a function or a method, of an object or a class. */
export function isFunctionOrMethod(
  node: Node,
): node is Extract<Node, { body: Node; params: unknown }> {
  return isFunction(node) || /^(Object|Class)(Private)?Method$/.test(node.type);
}

/** The function that a member of an object is, if it is written out there. A getter is none. */
export function functionOf(member: Node): HeldFunction | undefined {
  if (member.type === "ObjectMethod") return member.kind === "method" ? member : undefined;
  const value = member.type === "ObjectProperty" ? unwrap(member.value) : undefined;
  return value && isFunction(value) && value.type !== "FunctionDeclaration" ? value : undefined;
}

/** The statements that return a value from a function, in their order; none of an arrow with an expression. */
export function returnsIn({ body }: AnyFunction): ReturnStatement[] {
  const found: ReturnStatement[] = [];
  walk(body, (node) => {
    if (isFunction(node) || node.type === "ObjectMethod" || node.type === "ClassBody") return false;
    if (node.type === "ReturnStatement" && node.argument) found.push(node);
  });
  return found;
}
