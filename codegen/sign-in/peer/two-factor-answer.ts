// The answer of `twoFactor.enable()`, which has two forms since Better Auth 1.7: a test of `totpURI` becomes one of the
// form. Follows the answer inside one module, by its scopes; edits no other test than one for whether there is a value.
import type { Node } from "@babel/types";
import {
  endOf,
  keysByName,
  startOf,
  textOf,
  walk,
  type Editor,
  type Module,
} from "../../edit/index.js";
import { memberName } from "../../modules/names.js";
import { binderOf } from "./client-members.js";
import { isTruthTest, nodesAround, type Mention } from "../common/references.js";

/** Nodes of the module: `left` reads what only one form has, `elsewhere` is a call whose answer goes to other code. */
export type Answer = { readonly left: readonly Node[]; readonly elsewhere: readonly Node[] };

/**
 * Edits the tests of one answer.
 *
 * @param isSure false where it may be another object's method: nothing is edited then
 */
export function editAnswer(editor: Editor, call: Node, isSure: boolean): Answer {
  const { module, edits } = editor;
  const uses = usesOf(module, call);
  const tests = isSure ? uses.reads.flatMap((read) => testOf(module, read) ?? []) : [];
  for (const { node, text } of tests) edits.update(startOf(node), endOf(node), text);
  // Code below a test knows the form.
  const known = [...uses.forms, ...tests.map(({ node }) => node)].map(startOf);
  const isKnown = (node: Node) => known.some((at) => at < startOf(node));
  const edited = new Set<Node>(tests.map(({ read }) => read));
  return {
    left: uses.reads.map(({ node }) => node).filter((node) => !edited.has(node) && !isKnown(node)),
    elsewhere: uses.escapes && uses.forms.length === 0 ? [call] : [],
  };
}

// --- internal ---

type Uses = {
  /** `data.totpURI`, or a pattern that takes it. */
  readonly reads: Mention[];
  /** `data.method`. */
  readonly forms: Node[];
  escapes: boolean;
};

const WRAPPERS: ReadonlySet<string> = new Set([
  "AwaitExpression",
  "ParenthesizedExpression",
  "TSNonNullExpression",
  "TSAsExpression",
  "TSSatisfiesExpression",
]);

function usesOf(module: Module, call: Node): Uses {
  const uses: Uses = { reads: [], forms: [], escapes: false };
  // Callbacks in its options get the answer, too.
  if ("arguments" in call)
    for (const one of call.arguments)
      walk(one, (node) => {
        if (nameOf(node) === "totpURI")
          uses.reads.push({ node, around: nodesAround(module, node) });
        if (nameOf(node) === "method") uses.forms.push(node);
      });
  followValue(module, { node: call, around: nodesAround(module, call) }, [], uses);
  return uses;
}

/** `keys`: which part of the answer the value is: the whole of it, or its data. */
function followValue(
  module: Module,
  { node, around: [parent, ...outer] }: Mention,
  keys: readonly string[],
  uses: Uses,
): void {
  if (!parent || parent.type === "ExpressionStatement") return;
  const above = { node: parent, around: outer };
  if (WRAPPERS.has(parent.type)) return followValue(module, above, keys, uses);
  if (parent.type === "VariableDeclarator")
    return followPattern(module, { pattern: parent.id, binder: parent }, keys, uses);
  if (isMemberOf(parent, node)) return followMember(module, above, keys, uses);
  if (!isTruthTest({ node, around: [parent, ...outer] })) uses.escapes = true;
}

function followMember(
  module: Module,
  { node, around }: Mention,
  keys: readonly string[],
  uses: Uses,
): void {
  const name = nameOf(node);
  const [call, ...outer] = around;
  const isCalled = call !== undefined && "callee" in call && call.callee === node;
  if (keys.length > 0) {
    if (name === "totpURI") uses.reads.push({ node, around });
    if (name === "method") uses.forms.push(node);
    if (name === undefined) uses.escapes = true;
    return;
  }
  if (name === "data") return followValue(module, { node, around }, ["data"], uses);
  if (!isCalled || !("arguments" in call)) return;
  const made = { node: call, around: outer };
  if (name === "catch" || name === "finally") return followValue(module, made, keys, uses);
  if (name !== "then") return;
  const [callback] = call.arguments;
  if (callback?.type !== "ArrowFunctionExpression" && callback?.type !== "FunctionExpression") {
    uses.escapes = true;
    return;
  }
  const [pattern] = callback.params;
  if (pattern) followPattern(module, { pattern, binder: callback }, keys, uses);
}

function followPattern(
  module: Module,
  { pattern, binder }: { readonly pattern: Node; readonly binder: Node },
  before: readonly string[],
  uses: Uses,
): void {
  for (const [name, more] of keysByName(pattern)) {
    const keys = [...before, ...more];
    const [first, second] = keys;
    if (first !== undefined && first !== "data") continue;
    if (second === "totpURI") uses.reads.push({ node: pattern, around: [] });
    if (second === "method") uses.forms.push(pattern);
    if (keys.length > 1) continue;
    for (const mention of mentionsOfBound(module, name, binder))
      followValue(module, mention, keys, uses);
  }
}

/** Every mention of a name that this node binds; another variable of the same name is none. */
function mentionsOfBound(module: Module, name: string, binder: Node): Mention[] {
  const mentions: Mention[] = [];
  walk(module.program, (node) => {
    if (node.type !== "Identifier" || node.name !== name) return;
    const around = nodesAround(module, node);
    const [parent] = around;
    if (!parent || isKey(parent, node) || isInDeclaration(binder, node)) return;
    if (binderOf(module, node, name) === binder) mentions.push({ node, around });
  });
  return mentions;
}

function isKey(parent: Node, node: Node): boolean {
  if (parent.type === "MemberExpression" || parent.type === "OptionalMemberExpression")
    return parent.property === node && !parent.computed;
  return parent.type === "ObjectProperty" && parent.key === node && !parent.computed;
}

/** The name in the declaration itself. */
function isInDeclaration(binder: Node, node: Node): boolean {
  const isFunction = "params" in binder && Array.isArray(binder.params);
  const parts: readonly Node[] = isFunction ? binder.params : [binder];
  return parts.some((one) => startOf(one) <= startOf(node) && endOf(node) <= endOf(one));
}

function isMemberOf(parent: Node, node: Node): boolean {
  const isMember = parent.type === "MemberExpression" || parent.type === "OptionalMemberExpression";
  return isMember && parent.object === node;
}

function nameOf(node: Node): string | undefined {
  return node.type === "MemberExpression" || node.type === "OptionalMemberExpression"
    ? memberName(node)
    : undefined;
}

/** The code for a test of whether there is a `totpURI`; undefined for every other read. */
function testOf(module: Module, read: Mention) {
  const { node, around } = read;
  const [parent, holder] = around;
  if (!parent || !("object" in node) || !node.object) return undefined;
  const form = `${textOf(module, node.object)}?.method`;
  if (parent.type === "UnaryExpression" && parent.operator === "!") {
    const isAlone = holder !== undefined && ALONE.has(holder.type);
    const text = `${form} !== "totp"`;
    return { read: node, node: parent, text: isAlone ? text : `(${text})` };
  }
  const isGuard =
    parent.type === "LogicalExpression" &&
    parent.operator === "&&" &&
    parent.left === node &&
    holder?.type === "ExpressionStatement";
  if (!isGuard && !isTruthTest(read)) return undefined;
  return { read: node, node, text: `${form} === "totp"` };
}

/** Around a comparison these need no parentheses. */
const ALONE: ReadonlySet<string> = new Set([
  "IfStatement",
  "ConditionalExpression",
  "LogicalExpression",
  "VariableDeclarator",
  "ReturnStatement",
  "JSXExpressionContainer",
]);
