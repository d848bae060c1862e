// What every layout of a file of the auth pages has in common: its syntax tree and its comments, or the tokens of a style
// sheet. A formatter changes none of it, and whatever a person edits does. Pure.
import type { JSXElement, JSXFragment, Node } from "@babel/types";
import {
  isNode,
  parseModule,
  startOf,
  walk,
  withSortedImports,
  type Module,
} from "../edit/index.js";
import { CodegenError } from "../errors.js";

/**
 * The text without its layout, and without the order of its imports.
 *
 * @param path decides on the language
 * @param order "written": imports in another order are another text, as they were in hashes of earlier locks
 * @example
 * meaningOf("a.ts", "f('x')") === meaningOf("a.ts", 'f("x");\n'); // true
 */
export function meaningOf(
  path: string,
  text: string,
  order: "sorted" | "written" = "sorted",
): string {
  if (path.endsWith(".css")) return meaningOfStyles(text);
  const module = parsed(path, text);
  if (!module) return text;
  const program = order === "sorted" ? withSortedImports(module.program) : module.program;
  return JSON.stringify([shapeOf(program), commentsOf(module)]);
}

// --- internal ---

/** Undefined for a text that does not parse: its author is at work on it, and it is compared as it is. */
function parsed(path: string, text: string): Module | undefined {
  try {
    return parseModule(text, path);
  } catch (error) {
    if (error instanceof CodegenError && error.code === "SYNTAX_ERROR") return undefined;
    throw error;
  }
}

/** What a formatter may change, or what follows from the rest. */
const LAYOUT = new Set([
  ...["start", "end", "loc", "extra", "range", "errors"],
  ...["leadingComments", "innerComments", "trailingComments"],
]);

/** A node as data, without where it is written and how. */
function shapeOf(node: Node): unknown {
  if (node.type === "TSParenthesizedType") return shapeOf(node.typeAnnotation);
  if (node.type === "StringLiteral") return node.value;
  // Formatters write `name={"x"}` as `name="x"`.
  if (node.type === "JSXExpressionContainer" && node.expression.type === "StringLiteral")
    return node.expression.value;
  const properties = Object.entries(node) as [string, unknown][];
  const shape: Record<string, unknown> = {};
  for (const [key, value] of properties) {
    if (LAYOUT.has(key) || value === undefined) continue;
    shape[key] = isQuotable(node, key, value) ? value.name : valueOf(value);
  }
  if (node.type === "JSXElement" || node.type === "JSXFragment") shape.children = childrenOf(node);
  return shape;
}

function valueOf(value: unknown): unknown {
  if (isNode(value)) return shapeOf(value);
  if (!Array.isArray(value)) return value;
  const items: unknown[] = value;
  return items.filter((item) => !isNode(item) || item.type !== "EmptyStatement").map(valueOf);
}

/** A key that could be a string as well. */
function isQuotable(node: Node, key: string, value: unknown): value is { readonly name: string } {
  const isComputed = "computed" in node && node.computed === true;
  return key === "key" && isNode(value) && value.type === "Identifier" && !isComputed;
}

/** What is rendered: text as React has it, wherever its lines break. */
function childrenOf({ children }: JSXElement | JSXFragment): unknown[] {
  const shapes: unknown[] = [];
  for (const child of children) {
    const isComment =
      child.type === "JSXExpressionContainer" && child.expression.type === "JSXEmptyExpression";
    if (isComment) continue;
    const shape = child.type === "JSXText" ? renderedText(child.value) : shapeOf(child);
    const before = shapes.at(-1);
    if (shape === "") continue;
    if (typeof shape === "string" && typeof before === "string") shapes.push(shapes.pop() + shape);
    else shapes.push(shape);
  }
  return shapes;
}

/** Without the spaces at the ends of lines, and with one space for several. */
function renderedText(text: string): string {
  const lines = text.split(/\r?\n/).map((line) => line.replace(/[ \t]+/g, " "));
  const last = lines.length - 1;
  const kept = lines.map((line, index) => {
    const start = index > 0 ? line.replace(/^ /, "") : line;
    return index < last ? start.replace(/ $/, "") : start;
  });
  return kept.filter((line) => line !== "").join(" ");
}

/** The comments, each with how many names and strings are before it. */
function commentsOf({ program, comments }: Module): unknown[] {
  const starts: number[] = [];
  walk(program, (node) => {
    if (ANCHORS.has(node.type)) starts.push(startOf(node));
  });
  return comments.map(({ type, value, start }) => {
    const before = starts.filter((one) => one < (start ?? 0)).length;
    return [type, value.trim().replace(/\s+/g, " "), before];
  });
}

const ANCHORS: ReadonlySet<string> = new Set(["Identifier", "JSXIdentifier"]);

const TOKEN = /\/\*[^]*?\*\/|"(?:\\[^]|[^"\\])*"|'(?:\\[^]|[^'\\])*'|\s+|[^]/g;

/** A style sheet without the spaces that mean nothing; those between selectors and between values stay. */
function meaningOfStyles(text: string): string {
  const tokens = [...text.trim().matchAll(TOKEN)].map(([token]) => tokenOf(token));
  const kept = tokens.filter((token, index) => {
    const [before = "", after = ""] = [tokens[index - 1], tokens[index + 1]];
    return token !== " " || !(/^[{};,:(>]$/.test(before) || /^[{};,)>]$/.test(after));
  });
  return kept.filter((token, index) => token !== ";" || kept[index + 1] !== "}").join("");
}

function tokenOf(token: string): string {
  if (token.startsWith("/*")) return token.replace(/\s+/g, " ");
  if (/^'[^'"\\]*'$/.test(token)) return `"${token.slice(1, -1)}"`;
  return token.trim() === "" ? " " : token;
}
