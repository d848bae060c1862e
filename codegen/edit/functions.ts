// Functions among the nodes of a syntax tree, and what they return. Pure.
import type {
  ArrowFunctionExpression,
  FunctionDeclaration,
  FunctionExpression,
  Node,
  ReturnStatement,
} from "@babel/types";
import { walk } from "./parse.js";

/** A function that is no method. */
export type AnyFunction = ArrowFunctionExpression | FunctionDeclaration | FunctionExpression;

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

/** The statements that return a value from a function, in their order; none of an arrow with an expression. */
export function returnsIn({ body }: AnyFunction): ReturnStatement[] {
  const found: ReturnStatement[] = [];
  walk(body, (node) => {
    if (isFunction(node) || node.type === "ObjectMethod" || node.type === "ClassBody") return false;
    if (node.type === "ReturnStatement" && node.argument) found.push(node);
  });
  return found;
}
