// Decides how a call is written that gives a promise with kitcn, and perhaps a value before. Pure.
// A promise is always truthy: a call that nobody awaits would let everybody in.
import type { CallExpression, Node } from "@babel/types";
import { endOf, isNode, startOf, unwrap, type Module } from "../../edit/index.js";
import { nodesAround } from "./references.js";

/** What is written before and after a call. */
export type Awaiting = { readonly before: "" | "await " | "(await "; readonly after: "" | ")" };

/**
 * The `await` that a call needs, which is empty for a call that is awaited or returned as it is.
 *
 * @param becomesAsync a function that the same edit makes async
 * @returns undefined where `await` cannot be written, such as in a function that is not async
 */
export function awaitingOf(
  module: Module,
  call: CallExpression,
  becomesAsync?: Node,
): Awaiting | undefined {
  const around = nodesAround(module, call);
  const [parent, outer] = around.filter((one) => unwrap(one) !== call);
  if (parent?.type === "AwaitExpression" || isChained(call, parent, outer)) return NONE;
  const fn = around.find(isBoundary);
  if (!fn || !("body" in fn) || !isInside(call, fn.body)) return undefined;
  if (fn !== becomesAsync && !("async" in fn && fn.async === true)) return undefined;
  if (parent?.type === "ReturnStatement" || parent === fn) return NONE;
  const [direct] = around;
  if (!direct || isOperand(direct, call)) return { before: "await ", after: "" };
  // In a file without semicolons, a bracket at the start of a statement belongs to the line above it.
  const isFirst = around.some(
    (one) => one.type === "ExpressionStatement" && startOf(one) === startOf(call),
  );
  if (!isFirst) return { before: "(await ", after: ")" };
  return LOOSE.has(direct.type) ? { before: "await ", after: "" } : undefined;
}

// --- internal ---

const NONE: Awaiting = { before: "", after: "" };

/** `call().then(...)` */
function isChained(call: Node, member: Node | undefined, outer: Node | undefined): boolean {
  return (
    member?.type === "MemberExpression" &&
    !member.computed &&
    unwrap(member.object) === call &&
    member.property.type === "Identifier" &&
    /^(then|catch|finally)$/.test(member.property.name) &&
    outer?.type === "CallExpression" &&
    outer.callee === member
  );
}

/** The nearest of these around a call decides whether `await` may be written there. */
function isBoundary({ type }: Node): boolean {
  return BOUNDARIES.has(type);
}

const BOUNDARIES: ReadonlySet<string> = new Set([
  "ArrowFunctionExpression",
  "FunctionExpression",
  "FunctionDeclaration",
  "ObjectMethod",
  "ClassMethod",
  "ClassPrivateMethod",
  "ClassProperty",
  "ClassPrivateProperty",
  "ClassAccessorProperty",
  "StaticBlock",
]);

/** False for a parameter, whose default value cannot be awaited. */
function isInside(node: Node, body: unknown): boolean {
  return isNode(body) && startOf(body) <= startOf(node) && endOf(node) <= endOf(body);
}

/** Where `await call()` needs no brackets. */
function isOperand(parent: Node, call: Node): boolean {
  if (parent.type === "CallExpression") return parent.callee !== call;
  return OPEN.has(parent.type);
}

const OPEN: ReadonlySet<string> = new Set([
  "VariableDeclarator",
  "AssignmentExpression",
  "ExpressionStatement",
  "IfStatement",
  "JSXExpressionContainer",
  "ArrayExpression",
  "ObjectProperty",
]);

/** Operators that bind less than `await`. */
const LOOSE: ReadonlySet<string> = new Set(["LogicalExpression", "ConditionalExpression"]);
