// Puts a component around what another component renders: the provider around an Expo app's root.
// Text in, text out; refuses what it does not understand.
import type { Expression, Node } from "@babel/types";
import { nothingRendered } from "../errors/edits-front.js";
import {
  addImport,
  endOf,
  findDefaultExport,
  finishEdit,
  indentAt,
  listBindings,
  locationOf,
  openEditor,
  startOf,
  textOf,
  unwrap,
  walk,
  wrapNode,
  type Editor,
  type JsxFormatter,
  type Module,
  isFunction,
  type AnyFunction,
} from "../edit/index.js";
import type { Component } from "./root.js";
import type { Patch } from "./types.js";

/**
 * Wraps what the component that a module exports by default returns; of several returns, each that renders something.
 *
 * @throws CodegenError `LAYOUT_UNKNOWN_FORM`
 * @example
 * await wrapReturned(module, { provider: { name: "ConvexClientProvider", source: "../components/ConvexClientProvider" }, format });
 */
export async function wrapReturned(
  module: Module,
  { provider, format }: { provider: Component; format: JsxFormatter },
): Promise<Patch> {
  const component = findComponent(module);
  const returned = component ? returnedBy(component) : [];
  if (returned.length === 0) throw unknownForm(module, provider);
  const editor = openEditor(module);
  const name = addImport(editor, provider);
  for (const node of returned) await wrap(editor, { node, name, format });
  return { text: finishEdit(editor) };
}

// --- internal ---

/** The default export's function: itself, behind a name, or inside of calls as `Sentry.wrap(Root)`. */
function findComponent(module: Module): AnyFunction | undefined {
  const found = findDefaultExport(module);
  const bindings = listBindings(module);
  const seen = new Set<Node>();
  let node: Node | undefined = found?.kind === "expression" ? unwrap(found.node) : undefined;
  while (node && !seen.has(node)) {
    seen.add(node);
    if (isFunction(node)) return node;
    if (node.type === "CallExpression") {
      node = node.arguments[0] && unwrap(node.arguments[0]);
    } else if (node.type === "Identifier") {
      const binding = bindings.get(node.name);
      node = binding?.init ? unwrap(binding.init) : declarationIn(binding?.statement);
    } else return undefined;
  }
  return undefined;
}

function declarationIn(statement: Node | undefined): Node | undefined {
  return statement?.type === "ExportNamedDeclaration"
    ? (statement.declaration ?? undefined)
    : statement;
}

/** What it renders: not what functions inside of it return, and not `null`. */
function returnedBy({ body }: AnyFunction): Expression[] {
  const found: Expression[] = [];
  const take = (node: Expression) => {
    const inner = unwrap(node);
    const isNothing =
      inner.type === "NullLiteral" || (inner.type === "Identifier" && inner.name === "undefined");
    if (!isNothing) found.push(node);
  };
  if (body.type !== "BlockStatement") take(body);
  else
    walk(body, (node) => {
      if (isFunction(node) || node.type === "ClassBody" || node.type === "ObjectMethod")
        return false;
      if (node.type === "ReturnStatement" && node.argument) take(node.argument);
    });
  return found;
}

async function wrap(
  editor: Editor,
  { node: given, name, format }: { node: Expression; name: string; format: JsxFormatter },
): Promise<void> {
  const { module, edits, style } = editor;
  const node = unwrap(given);
  const isJsx = node.type === "JSXElement" || node.type === "JSXFragment";
  const print = (inner: string) => `<${name}>${inner}</${name}>`;
  if (isJsx && startsLine(module, node))
    return wrapNode(editor, { node, parent: undefined, format, print });
  // The expression is on the line of its `return`. It moves to separate lines.
  const base = indentAt(module, startOf(given));
  const text = textOf(module, isJsx ? node : given);
  const deeper = style.indent.repeat(2);
  const moved = text.includes("`") ? text : text.replaceAll("\n", `\n${deeper}`);
  const inner = isJsx ? moved : `{${moved}}`;
  const lines = ["(", `${style.indent}<${name}>`, deeper + inner, `${style.indent}</${name}>`, ")"];
  const [from, to] = parenthesized(module, given);
  edits.update(from, to, lines.join(`\n${base}`).replaceAll("\n", style.eol));
}

/** The expression, with the parentheses around it. */
function parenthesized({ text }: Module, node: Node): [from: number, to: number] {
  const opened = node.extra?.["parenStart"];
  const closed = /^\s*\)/.exec(text.slice(endOf(node)));
  return typeof opened === "number" && closed
    ? [opened, endOf(node) + closed[0].length]
    : [startOf(node), endOf(node)];
}

function startsLine(module: Module, node: Node): boolean {
  const lineStart = module.text.lastIndexOf("\n", startOf(node) - 1) + 1;
  return module.text.slice(lineStart, startOf(node)).trim() === "";
}

function unknownForm(module: Module, { name, source }: Component) {
  return nothingRendered({
    at: locationOf(module, findDefaultExport(module)?.statement),
    lines: [
      `import { ${name} } from ${JSON.stringify(source)};`,
      "",
      "// around what it renders",
      `<${name}>...</${name}>`,
    ],
  });
}
