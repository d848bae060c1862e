// Reads the writing habits of a module off its own text, so that inserted lines look like their neighbours.
// Pure. The app's prettier config, where there is one, is format.ts's business.
import type { Module } from "./parse.js";
import { endOf, walk } from "./parse.js";

/** How a file is written. */
export type CodeStyle = {
  readonly quote: '"' | "'";
  readonly semicolons: boolean;
  /** After the last member of a literal that is broken over lines. */
  readonly trailingCommas: boolean;
  readonly eol: "\n" | "\r\n";
  /** One level of indentation. */
  readonly indent: string;
};

/** What is assumed of a file that shows no habit: prettier's defaults. */
export const DEFAULT_STYLE: CodeStyle = {
  quote: '"',
  semicolons: true,
  trailingCommas: true,
  eol: "\n",
  indent: "  ",
};

/** The habits of a module; the majority decides, prettier's defaults break ties. */
export function detectStyle(module: Module): CodeStyle {
  return {
    quote: detectQuote(module),
    semicolons: detectSemicolons(module),
    trailingCommas: detectTrailingCommas(module),
    eol: detectEol(module.text),
    indent: detectIndent(module.text),
  };
}

/** The line ending most lines have. */
export function detectEol(text: string): "\n" | "\r\n" {
  const crlf = text.split("\r\n").length - 1;
  const lf = text.split("\n").length - 1 - crlf;
  return crlf > lf ? "\r\n" : "\n";
}

/** One level of indentation: a tab, or the smallest step between an outer line and an inner one. */
export function detectIndent(text: string): string {
  let tabs = 0;
  const steps = new Map<number, number>();
  let previous = 0;
  for (const line of text.split(/\r?\n/)) {
    if (line.trim() === "" || /^\s*\*/.test(line)) continue;
    if (line.startsWith("\t")) tabs += 1;
    const width = /^ */.exec(line)?.[0].length ?? 0;
    const step = width - previous;
    if (step > 0 && step <= 8) steps.set(step, (steps.get(step) ?? 0) + 1);
    previous = width;
  }
  const [best] = [...steps].sort((a, b) => b[1] - a[1]);
  if (tabs > (best?.[1] ?? 0)) return "\t";
  return best ? " ".repeat(best[0]) : DEFAULT_STYLE.indent;
}

// --- internal ---

function detectQuote(module: Module): '"' | "'" {
  let single = 0;
  let double = 0;
  walk(module.program, (node) => {
    if (node.type === "JSXAttribute") return false;
    if (node.type !== "StringLiteral" && node.type !== "DirectiveLiteral") return;
    const raw = String(node.extra?.raw ?? "");
    // A quote inside forces the other kind, so such a literal shows no habit.
    if (/["'].*["'].*["']/.test(raw)) return;
    if (raw.startsWith("'")) single += 1;
    else if (raw.startsWith('"')) double += 1;
  });
  return single > double ? "'" : '"';
}

const CAN_END_WITH_SEMICOLON = new Set([
  "ImportDeclaration",
  "ExportAllDeclaration",
  "ExpressionStatement",
  "VariableDeclaration",
  "ExportDefaultDeclaration",
  "ReturnStatement",
]);

function detectSemicolons(module: Module): boolean {
  let semicolons = 0;
  let bare = 0;
  walk(module.program, (node) => {
    if (!CAN_END_WITH_SEMICOLON.has(node.type)) return;
    if (node.type === "ExportDefaultDeclaration" && node.declaration.type.endsWith("Declaration"))
      return;
    if (module.text[endOf(node) - 1] === ";") semicolons += 1;
    else if (/^[ \t]*(\r?\n|$|\/\/)/.test(module.text.slice(endOf(node)))) bare += 1;
  });
  return semicolons >= bare;
}

function detectTrailingCommas(module: Module): boolean {
  let present = 0;
  let absent = 0;
  walk(module.program, (node) => {
    if (node.type !== "ObjectExpression" && node.type !== "ArrayExpression") return;
    const [last] = (node.type === "ObjectExpression" ? node.properties : node.elements).slice(-1);
    if (!last) return;
    const rest = module.text.slice(endOf(last), endOf(node) - 1);
    if (!rest.includes("\n")) return;
    if (rest.trimStart().startsWith(",")) present += 1;
    else absent += 1;
  });
  return present >= absent;
}
