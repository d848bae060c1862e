// Where a function of a module mentions a name that a hook or a call gave it, and how. Pure.
// A name that is bound a second time gives nothing: which of the two is meant is not looked into.
import type { Node, ObjectPattern } from "@babel/types";
import {
  childNodes,
  endOf,
  isFunctionOrMethod,
  startOf,
  walk,
  type Module,
} from "../../edit/index.js";

/** A mention, and what is around it, the nearest first. */
export type Mention = { readonly node: Node; readonly around: readonly Node[] };

/** The nodes around one, the nearest first. */
export function nodesAround(module: Module, inner: Node): Node[] {
  const around: Node[] = [];
  walk(module.program, (node) => {
    const isAround = startOf(node) <= startOf(inner) && endOf(inner) <= endOf(node);
    if (isAround && node !== inner) around.unshift(node);
    return isAround;
  });
  return around;
}

/** The names of `{ a, b: c }`, by their keys; undefined for a pattern with more than that. */
export function namesOfPattern(pattern: ObjectPattern): ReadonlyMap<string, string> | undefined {
  const names = new Map<string, string>();
  for (const one of pattern.properties) {
    if (one.type !== "ObjectProperty" || one.computed || one.key.type !== "Identifier")
      return undefined;
    if (one.value.type !== "Identifier") return undefined;
    names.set(one.key.name, one.value.name);
  }
  return names;
}

/** Every mention of a name in the function around a declaration; undefined where it is bound twice. */
export function mentionsOf(
  module: Module,
  { name, declaration }: { readonly name: string; readonly declaration: Node },
): Mention[] | undefined {
  const scope = nodesAround(module, declaration).find(isFunctionOrMethod) ?? module.program;
  const mentions: Mention[] = [];
  let isBoundTwice = false;
  const visit = (node: Node, around: readonly Node[]): void => {
    if (node === declaration) return;
    const [parent] = around;
    if (isName(node, name) && parent && !isKeyOf(parent, node)) {
      if (isBinding(around, node)) isBoundTwice = true;
      mentions.push({ node, around });
    }
    for (const child of childNodes(node)) visit(child, [node, ...around]);
  };
  visit(scope, []);
  return isBoundTwice ? undefined : mentions;
}

/** True where only whether there is a value decides: `if (user)`, `!user`, `user ? a : b`, `user && ...`. */
export function isTruthTest({ node, around: [parent, ...outer] }: Mention): boolean {
  if (!parent) return false;
  if (parent.type === "UnaryExpression") return parent.operator === "!";
  if (parent.type === "IfStatement" || parent.type === "ConditionalExpression")
    return parent.test === node;
  if (parent.type !== "LogicalExpression" || parent.operator === "??") return false;
  // `userId && redirect("/")` as a statement: nobody reads which value it is.
  if (parent.left === node && outer[0]?.type === "ExpressionStatement") return true;
  const isGuard = parent.left === node && parent.operator === "&&" && isShown(outer);
  return isGuard || isTruthTest({ node: parent, around: outer });
}

/** `object.name`, `{ name: ... }` and `name() {}` do not mean the variable. A type and a JSX attribute do not either. */
export function isKeyOf(parent: Node, node: Node): boolean {
  const { type } = parent;
  if (type === "MemberExpression" || type === "OptionalMemberExpression")
    return parent.property === node && !parent.computed;
  if (type === "ObjectProperty")
    return parent.key === node && !parent.computed && !parent.shorthand;
  if (type === "JSXMemberExpression") return parent.property === node;
  if (type === "JSXAttribute") return parent.name === node;
  if (type === "TSQualifiedName") return parent.right === node;
  if (LABELS.has(type)) return true;
  // Methods and fields, of objects, classes and types.
  return "key" in parent && parent.key === node && !("computed" in parent && parent.computed);
}

// --- internal ---

/** JSX shows nothing for a falsy left side of `&&`, whichever it is. */
function isShown([parent]: readonly Node[]): boolean {
  return parent?.type === "JSXExpressionContainer";
}

function isName(node: Node, name: string): boolean {
  return (node.type === "Identifier" || node.type === "JSXIdentifier") && node.name === name;
}

/** What names something else than a variable. */
const LABELS: ReadonlySet<string> = new Set<Node["type"]>([
  "BreakStatement",
  "ContinueStatement",
  "LabeledStatement",
  "PrivateName",
  "TSTypeReference",
]);

/** True where the name gets another value or meaning: in a pattern, as a parameter, by an assignment. */
function isBinding([parent, outer]: readonly Node[], node: Node): boolean {
  if (!parent) return false;
  if (isFunctionOrMethod(parent) || "params" in parent || "parameters" in parent)
    return !("body" in parent) || parent.body !== node;
  if ("id" in parent && parent.id === node) return true;
  if (parent.type === "ObjectProperty") return outer?.type === "ObjectPattern";
  if (parent.type === "AssignmentExpression" || /^For(In|Of)Statement$/.test(parent.type))
    return "left" in parent && parent.left === node;
  return BINDERS.has(parent.type);
}

const BINDERS: ReadonlySet<string> = new Set<Node["type"]>([
  "ArrayPattern",
  "AssignmentPattern",
  "CatchClause",
  "RestElement",
  "TSParameterProperty",
  "UpdateExpression",
]);
