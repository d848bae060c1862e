// Finds and changes JSX in a module that is being patched: names, attributes, what stands around a node.
// Which element, and what around it, is the caller's decision.
import type { JSXElement, JSXExpressionContainer, JSXFragment, Node } from "@babel/types";
import type { Editor } from "./editor.js";
import { findImport, listImports } from "./imports.js";
import { indentAt } from "./objects.js";
import { endOf, startOf, textOf, walk, type Module } from "./parse.js";

/** What stands in JSX as one thing: `<App />`, `<>...</>`, `{children}`. */
export type JsxNode = JSXElement | JSXFragment | JSXExpressionContainer;

/** Every element of a module, outer ones first. */
export function listElements(module: Module): JSXElement[] {
  const elements: JSXElement[] = [];
  walk(module.program, (node) => {
    if (node.type === "JSXElement") elements.push(node);
  });
  return elements;
}

/** True when an element's name is this imported one, however the module spells it. */
export function isElementOf(
  module: Module,
  element: JSXElement,
  wanted: { readonly source: string; readonly name: string },
): boolean {
  const spelled = textOf(module, element.openingElement.name);
  const isDirect = listImports(module).some(
    ({ source, imported, local }) =>
      source === wanted.source && imported === wanted.name && local === spelled,
  );
  return isDirect || findImport(module, wanted) === spelled;
}

/** The children of an element that are more than blanks and comments. */
export function childrenOf(element: JSXElement | JSXFragment): Node[] {
  return element.children.filter((child) => {
    if (child.type === "JSXText") return child.value.trim() !== "";
    return (
      child.type !== "JSXExpressionContainer" || child.expression.type !== "JSXEmptyExpression"
    );
  });
}

/** Gives an element another name, at both of its ends. */
export function renameElement(
  { edits }: Editor,
  { openingElement, closingElement }: JSXElement,
  name: string,
): void {
  for (const tag of [openingElement, closingElement])
    if (tag) edits.update(startOf(tag.name), endOf(tag.name), name);
}

/** Adds an attribute after the others, on a line of its own where they have one. */
export function addAttribute(editor: Editor, element: JSXElement, attribute: string): void {
  const { module, edits, style } = editor;
  const { attributes, name } = element.openingElement;
  const last = attributes.at(-1);
  const gap = last && startsLine(module, last) ? style.eol + indentAt(module, startOf(last)) : " ";
  edits.appendLeft(endOf(last ?? name), gap + attribute);
}

/** Formats a JSX expression for lines that start `indent` columns to the right. */
export type JsxFormatter = (text: string, indent: number) => Promise<string>;

/**
 * Puts other JSX around a node. Only the node's indentation changes, and where an only child no longer fits
 * on its parent's line it moves to one of its own.
 *
 * @param input.print the new JSX, around the text it is given
 * @param input.parent the node's parent; undefined where it is no JSX, as the argument of a call
 * @example
 * await wrapNode(editor, { node, parent, format, print: (inner) => `<Providers>${inner}</Providers>` });
 */
export async function wrapNode(
  editor: Editor,
  input: {
    readonly node: JsxNode;
    readonly parent: JSXElement | JSXFragment | undefined;
    readonly format: JsxFormatter;
    readonly print: (inner: string) => string;
  },
): Promise<void> {
  const { module, edits, style } = editor;
  const { node, parent, format, print } = input;
  const base = indentAt(module, startOf(node));
  const isAlone = startsLine(module, node);
  const stand = standIn(module, node);
  const oneLine = await format(print(stand), base.length);
  const grown = lineAt(module, node).length + oneLine.length - (endOf(node) - startOf(node));
  const fits = !oneLine.includes("\n") && (isAlone || grown <= MAX_LINE);
  const mayMove = !parent || childrenOf(parent).length === 1;
  if (isAlone || fits || !mayMove) {
    const text = fill(module, { node, stand, around: oneLine, base });
    edits.update(startOf(node), endOf(node), text.replaceAll("\n", style.eol));
    return;
  }
  const inner = base + style.indent;
  const around = await format(print(stand), inner.length);
  const comma = parent || !style.trailingCommas ? "" : ",";
  const text = `\n${inner}${fill(module, { node, stand, around, base: inner })}${comma}\n${base}`;
  edits.update(startOf(node), endOf(node), text.replaceAll("\n", style.eol));
}

// --- internal ---

const MAX_LINE = 80;
const STAND_IN = "K";

/** What the node is for the formatter: as long as it, and broken over lines if it is. */
function standIn(module: Module, node: JsxNode): string {
  const text = textOf(module, node);
  if (text.includes("\n")) return `<${STAND_IN}><i /><i /></${STAND_IN}>`;
  const padded = (rest: number) => STAND_IN.repeat(Math.max(1, text.length - rest));
  return node.type === "JSXExpressionContainer" ? `{${padded(2)}}` : `<${padded(5)} />`;
}

/** Puts the node's own text where its stand-in is, its lines moved as far as its first one. */
function fill(
  module: Module,
  input: {
    readonly node: JsxNode;
    readonly stand: string;
    readonly around: string;
    readonly base: string;
  },
): string {
  const { node, stand, around, base } = input;
  const moved = around.replaceAll("\n", `\n${base}`);
  const tag = /^<K><i/.test(stand) ? /<K>[^]*<\/K>/.exec(moved)?.[0] : stand;
  const at = moved.indexOf(tag ?? stand);
  const lineStart = moved.lastIndexOf("\n", at) + 1;
  const ahead = lineStart === 0 ? base : (/^[ \t]*/.exec(moved.slice(lineStart))?.[0] ?? "");
  return (
    moved.slice(0, at) + reindented(module, node, ahead) + moved.slice(at + (tag ?? stand).length)
  );
}

/** The node's text with `indent` in the place of its own, save inside template literals. */
function reindented(module: Module, node: JsxNode, indent: string): string {
  const own = indentAt(module, startOf(node));
  const literals: Node[] = [];
  walk(node, (one) => void (one.type === "TemplateElement" && literals.push(one)));
  let offset = startOf(node);
  const lines = textOf(module, node).split("\n");
  return lines
    .map((line, index) => {
      const from = offset;
      offset += line.length + 1;
      const isLiteral = literals.some((one) => startOf(one) < from && from <= endOf(one));
      if (index === 0 || isLiteral || !line.startsWith(own)) return line;
      return indent + line.slice(own.length);
    })
    .join("\n")
    .replaceAll("\r", "");
}

function startsLine(module: Module, node: Node): boolean {
  const lineStart = module.text.lastIndexOf("\n", startOf(node) - 1) + 1;
  return module.text.slice(lineStart, startOf(node)).trim() === "";
}

function lineAt(module: Module, node: Node): string {
  const start = module.text.lastIndexOf("\n", startOf(node) - 1) + 1;
  return /^[^\r\n]*/.exec(module.text.slice(start))?.[0] ?? "";
}
