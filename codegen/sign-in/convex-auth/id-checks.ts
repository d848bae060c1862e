// Decides whether the id of a look-up is certainly one of the table that the look-up names. By syntax; pure.
// A call without the table reaches documents of every table, so nothing but a validator or a type may vouch for the id.
import type { Node, ObjectExpression } from "@babel/types";
import {
  endOf,
  findProperty,
  isNode,
  keysByName,
  startOf,
  textOf,
  unwrap,
  walk,
  type Module,
} from "../../edit/index.js";
import { statementOf } from "../../patch/calls.js";
import { nodesAround } from "../common/references.js";

/** False for an id that is cast, and for an argument of a function that no `v.id()` checks. */
export function isCheckedId(module: Module, id: Node): boolean {
  const origins = originsOf(module, { node: id });
  if (origins.some(({ node }) => isCast(node))) return false;
  const given = argumentsAround(module, id);
  return !given || origins.every((one) => isChecked(module, given, one));
}

// --- internal ---

/** What an id may be: an expression, and the member of it that a pattern takes. */
type Origin = { readonly node: Node; readonly key?: string | undefined };

/** The expression itself, and what the variables in its place are made of. */
function originsOf(
  module: Module,
  origin: Origin,
  seen: ReadonlySet<string> = new Set(),
): readonly Origin[] {
  const root = rootOf(origin.node)?.name;
  const scope = statementOf(module, origin.node);
  if (root === undefined || seen.has(root) || !scope) return [origin];
  const origins: Origin[] = [];
  walk(scope, (one) => {
    const made = madeOf(one);
    const keys = made && keysByName(made.pattern).get(root);
    if (keys) origins.push({ node: made.from, key: keys[0] });
  });
  const next = new Set([...seen, root]);
  return [origin, ...origins.flatMap((one) => originsOf(module, one, next))];
}

/** A variable, or a pattern of several, and what it takes its value of. */
function madeOf(node: Node): { readonly pattern: Node; readonly from: Node } | undefined {
  if (node.type === "VariableDeclarator" && node.init) return { pattern: node.id, from: node.init };
  if (node.type === "ForOfStatement" && node.left.type === "VariableDeclaration") {
    const [declarator] = node.left.declarations;
    return declarator && { pattern: declarator.id, from: node.right };
  }
  // `args.ids.map((id) => ...)`
  if (node.type !== "CallExpression" || node.callee.type !== "MemberExpression") return undefined;
  const [fn] = node.arguments;
  const pattern = fn && "params" in fn && Array.isArray(fn.params) ? fn.params[0] : undefined;
  return isNode(pattern) ? { pattern, from: node.callee.object } : undefined;
}

/** `args.user.id`: the variable, and the first member. */
function rootOf(node: Node): { readonly name: string; readonly member?: string } | undefined {
  const here = unwrap(node);
  if (here.type === "Identifier") return { name: here.name };
  if (here.type !== "MemberExpression" && here.type !== "OptionalMemberExpression")
    return undefined;
  const root = rootOf(here.object);
  if (!root || root.member !== undefined || here.property.type !== "Identifier") return root;
  return { name: root.name, member: here.property.name };
}

/** What a function is called with says nothing of what it gives. */
function isCast(node: Node): boolean {
  let found = false;
  walk(node, (one) => {
    found ||= one.type === "TSAsExpression" || one.type === "TSTypeAssertion";
    return !/^(Optional)?CallExpression$/.test(one.type);
  });
  return found;
}

/** The arguments of a function of Convex: its parameter, and its validators where they are written out. */
type Given = { readonly parameter: Node; readonly validators: Node | undefined };

function argumentsAround(module: Module, id: Node): Given | undefined {
  const around = nodesAround(module, id);
  for (const [at, fn] of around.entries()) {
    const outer = around[at + 1];
    if (!outer || !("params" in fn) || !Array.isArray(fn.params)) continue;
    const parameter: unknown = fn.params[1];
    const options = optionsOf(around, fn);
    const isShort =
      outer.type === "CallExpression" &&
      /(query|mutation|action)$/i.test(textOf(module, outer.callee));
    if (!isNode(parameter) || (!options && !isShort)) continue;
    const args = options && findProperty(options, "args");
    return {
      parameter,
      validators: args?.type === "ObjectProperty" ? unwrap(args.value) : undefined,
    };
  }
  return undefined;
}

/** `{ args, handler }`, of which a function is the handler. */
function optionsOf(around: readonly Node[], fn: Node): ObjectExpression | undefined {
  return around.find((one): one is ObjectExpression => {
    const handler = one.type === "ObjectExpression" && findProperty(one, "handler");
    if (!handler) return false;
    return startOf(handler) <= startOf(fn) && endOf(fn) === endOf(handler);
  });
}

/** True for what is not an argument, and for one that a validator checks. */
function isChecked(module: Module, { parameter, validators }: Given, origin: Origin): boolean {
  const root = rootOf(origin.node);
  const keys = root && keysByName(parameter).get(root.name);
  const name = keys && (keys[0] ?? root.member ?? origin.key);
  if (name === undefined) return true;
  if (!validators) return false;
  const isList = validators.type === "ObjectExpression";
  const validator = isList ? findProperty(validators, name) : undefined;
  return !validator || !UNCHECKED.test(textOf(module, validator));
}

/** Any string does. What a variable stands for is not looked into: its type vouches for the id. */
const UNCHECKED = /\bv\.(string|any)\(/;
