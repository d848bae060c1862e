// Adds a call of a function to the script of a Svelte layout. Pure: text in, text out.
// Edits only a script that comes before the markup, which Babel parses. Refuses every other form.
import { scriptNotFirst, scriptUsesName } from "../errors/edits-front.js";
import {
  detectEol,
  detectIndent,
  detectStyle,
  endOf,
  listImports,
  parseModule,
  startOf,
  usedNames,
  walk,
  type Module,
} from "../edit/index.js";
import type { Patch } from "./types.js";

/** The function to call, and the module that has it. */
export type SetUp = { readonly name: string; readonly source: string };

/**
 * Imports a function in the layout's script, and calls it there. A layout without a script gets one.
 *
 * @param language of a new script
 * @throws CodegenError `LAYOUT_UNKNOWN_FORM`, `SYNTAX_ERROR`
 * @example
 * patchSvelteLayout({ path, text: "{@render children()}\n" }, { name: "setupConvexAuth", source: "$lib/convex-auth.svelte" }, "ts");
 */
export function patchSvelteLayout(
  { path, text }: { readonly path: string; readonly text: string },
  setUp: SetUp,
  language: "ts" | "js",
): Patch {
  const head = HEAD.exec(text)?.[0] ?? "";
  const script = SCRIPT.exec(text.slice(head.length));
  if (!script) {
    // A script after the markup may be the layout's own, or an element that it renders.
    if (/<script\b/i.test(text.slice(head.length)))
      throw scriptNotFirst({
        at: path,
        lines: linesOf(setUp, "// in a script before the markup"),
      });
    return { text: withScript(text, head.length, setUp, language) };
  }
  const [, open = "", code = ""] = script;
  // With these lines before it, Babel's errors have the line numbers of the whole file.
  const before = text.slice(0, head.length + open.length);
  const lines = before.replace(/[^\r\n]/g, "");
  const module = parseModule(lines + code, scriptPath(path));
  const local = localName(module, setUp);
  if (local !== undefined && isCalled(module, local)) return { text: undefined };
  if (local === undefined && usedNames(module).has(setUp.name))
    throw scriptUsesName({
      at: path,
      name: setUp.name,
      lines: linesOf(
        setUp,
        `// in the script of the layout, after you rename your own ${setUp.name}`,
      ),
    });
  const patched = insertCall(module, setUp, local).slice(lines.length);
  return { text: before + patched + text.slice(before.length + code.length) };
}

// --- internal ---

/** What may come before the layout's own script: comments, options, the module script. */
const HEAD =
  /^(?:\s+|<!--[^]*?-->|<svelte:options\b[^>]*?(?:\/>|>\s*<\/svelte:options>)|<script\b[^>]*?(?:\smodule\b|\scontext=["']module["'])[^>]*>[^]*?<\/script>)*/;

const SCRIPT = /^(<script\b[^>]*>)([^]*?)<\/script>/;

/** JavaScript also parses as TypeScript. */
function scriptPath(path: string): string {
  return `${path}.ts`;
}

/** The local name of the imported function. */
function localName(module: Module, { name, source }: SetUp): string | undefined {
  return listImports(module).find(
    (one) => one.imported === name && one.source.replace(/\.[jt]s$/, "") === source,
  )?.local;
}

function isCalled(module: Module, local: string): boolean {
  let isFound = false;
  walk(module.program, (node) => {
    if (node.type !== "CallExpression" || node.callee.type !== "Identifier") return;
    if (node.callee.name === local) isFound = true;
  });
  return isFound;
}

function insertCall(module: Module, { name, source }: SetUp, local: string | undefined): string {
  const { text, program } = module;
  const { quote, semicolons } = detectStyle(module);
  const eol = detectEol(text);
  const end = semicolons ? ";" : "";
  const call = `${local ?? name}()${end}`;
  const imports = program.body.filter(({ type }) => type === "ImportDeclaration");
  const last = imports.at(-1);
  const next = program.body.find((one) => startOf(one) >= (last ? endOf(last) : 0));
  const indent = indentOf(text, last ?? next) ?? detectIndent(text);
  const imported = `${indent}import { ${name} } from ${quote}${source}${quote}${end}`;
  if (last) {
    const at = endOf(last);
    const lines = `${local === undefined ? eol + imported : ""}${eol}${eol}${indent}${call}`;
    return `${text.slice(0, at)}${lines}${text.slice(at)}`;
  }
  const at = next ? lineStart(text, startOf(next)) : text.trimEnd().length;
  const lines = `${imported}${eol}${eol}${indent}${call}${eol}`;
  return next
    ? `${text.slice(0, at)}${lines}${text.slice(at)}`
    : `${text.slice(0, at)}${eol}${lines}${text.slice(at).replace(/^\r?\n/, "")}`;
}

/** The white space before a node, where it begins its line. */
function indentOf(text: string, node: Parameters<typeof startOf>[0] | undefined) {
  if (!node) return undefined;
  const before = text.slice(lineStart(text, startOf(node)), startOf(node));
  return /^[ \t]*$/.test(before) ? before : undefined;
}

function lineStart(text: string, offset: number): number {
  return text.lastIndexOf("\n", offset - 1) + 1;
}

function withScript(text: string, at: number, { name, source }: SetUp, language: "ts" | "js") {
  const eol = detectEol(text);
  const indent = detectIndent(text);
  const open = language === "ts" ? '<script lang="ts">' : "<script>";
  const lines = [
    open,
    `${indent}import { ${name} } from "${source}";`,
    "",
    `${indent}${name}();`,
    "</script>",
    "",
    "",
  ];
  return text.slice(0, at) + lines.join(eol) + text.slice(at);
}

function linesOf({ name, source }: SetUp, place: string): string[] {
  return [place, `import { ${name} } from "${source}";`, "", `${name}();`];
}
