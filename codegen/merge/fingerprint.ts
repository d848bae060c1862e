// One text for one meaning: what two spellings of an expression have in common, and its hash.
// Survives quotes, wrapping, comments, trailing commas, parentheses and renamed imports. Pure.
import type { Node } from "@babel/types";
import { createHash } from "node:crypto";
import { isNode, listImports, unwrap, type Module } from "../edit/index.js";

/** Local names to what they mean: `values` (alias of v) to "v", a namespace to "". */
export type Names = ReadonlyMap<string, string>;

const CONVEX = new Set(["convex/server", "convex/values"]);

/** The imports of Convex in a module, however they are spelt. */
export function convexNames(module: Module): Names {
  const names = new Map<string, string>();
  for (const { source, imported, local } of listImports(module))
    if (CONVEX.has(source)) names.set(local, imported === "*" ? "" : imported);
  return names;
}

/** The canonical text of an expression. */
export function canonical(expression: Node, names: Names): string {
  const node = unwrap(expression);
  const text = (child: Node) => canonical(child, names);
  const list = (children: readonly (Node | null)[]) =>
    children.map((child) => (child ? text(child) : "")).join(",");
  if (node.type === "Identifier") return names.get(node.name) || node.name;
  if (node.type === "StringLiteral") return JSON.stringify(node.value);
  if (node.type === "TemplateLiteral" && node.expressions.length === 0)
    return JSON.stringify(node.quasis[0]?.value.cooked ?? "");
  if (node.type === "CallExpression") return `${text(node.callee)}(${list(node.arguments)})`;
  if (node.type === "ArrayExpression") return `[${list(node.elements)}]`;
  if (node.type === "ObjectExpression") return `{${list(node.properties)}}`;
  if (node.type === "ObjectProperty")
    return `${canonicalKey(node.key, node.computed, text)}:${text(node.value)}`;
  if (node.type === "MemberExpression") {
    if (node.computed) return `${text(node.object)}[${text(node.property)}]`;
    const inNamespace = node.object.type === "Identifier" && names.get(node.object.name) === "";
    return inNamespace ? text(node.property) : `${text(node.object)}.${text(node.property)}`;
  }
  return generic(node, text);
}

/** A short hash of a canonical text, as the lock stores it. */
export function fingerprint(canonicalText: string): string {
  return createHash("sha256").update(canonicalText).digest("hex").slice(0, 12);
}

// --- internal ---

function canonicalKey(key: Node, computed: boolean, text: (node: Node) => string): string {
  if (computed) return `[${text(key)}]`;
  if (key.type === "Identifier") return JSON.stringify(key.name);
  return text(key);
}

const NOISE = new Set([
  "start",
  "end",
  "loc",
  "extra",
  "type",
  "leadingComments",
  "innerComments",
  "trailingComments",
]);

/** Any other node: its type, its plain properties, its children. */
function generic(node: Node, text: (node: Node) => string): string {
  const parts: string[] = [];
  for (const [key, value] of Object.entries(node) as [string, unknown][]) {
    if (NOISE.has(key) || value === undefined || value === null || value === false) continue;
    const values = Array.isArray(value) ? (value as unknown[]) : [value];
    parts.push(
      `${key}=${values.map((one) => (isNode(one) ? text(one) : JSON.stringify(one))).join(",")}`,
    );
  }
  return `${node.type}<${parts.join(";")}>`;
}
