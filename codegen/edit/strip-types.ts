// Makes JavaScript of kitcn's own TypeScript texts, for apps without TypeScript. Pure: text in, text out.
// Types are taken out and nothing is rewritten; what would have to be is refused. Formatting comes after.
import type { ImportDeclaration, Node } from "@babel/types";
import MagicString from "magic-string";
import { endOf, parseModule, startOf, walk } from "./parse.js";

/**
 * A module without its types.
 *
 * @example
 * stripTypes("const url: string = process.env.URL!;"); // "const url = process.env.URL;"
 */
export function stripTypes(text: string): string {
  const module = parseModule(text, "module.tsx");
  const edits = new MagicString(text);
  const cut = (from: number, to: number) => void (from < to && edits.remove(from, to));
  const cutStatement = (node: Node) => cut(startOf(node), pastLineBreak(text, endOf(node)));
  const visit = (node: Node): boolean | void => {
    if (node.type === "ImportDeclaration") {
      const kept = valuesOf(node);
      if (node.importKind === "type" || (kept.length === 0 && node.specifiers.length > 0))
        cutStatement(node);
      else if (kept.length < node.specifiers.length)
        edits.update(startOf(node), startOf(node.source), importHead(text, kept));
      return false;
    }
    if (isTypeStatement(node)) {
      cutStatement(node);
      return false;
    }
    if (ANNOTATIONS.has(node.type)) {
      cut(startOf(node), endOf(node));
      return false;
    }
    if (isCast(node)) {
      cut(pastParentheses(text, endOf(node.expression)), endOf(node));
      walk(node.expression, visit);
      return false;
    }
    if (node.type.startsWith("TS")) throw new TypeError(`${node.type} is more than a type.`);
    // `name?: Type`
    if (node.type !== "Identifier" || !node.optional) return;
    const from = startOf(node) + node.name.length;
    cut(from, node.typeAnnotation ? startOf(node.typeAnnotation) : endOf(node));
  };
  walk(module.program, visit);
  return edits.toString();
}

// --- internal ---

/** What stands beside a value and is nothing but a type. */
const ANNOTATIONS: ReadonlySet<string> = new Set([
  "TSTypeAnnotation",
  "TSTypeParameterInstantiation",
  "TSTypeParameterDeclaration",
]);

function isTypeStatement(node: Node): boolean {
  if (node.type === "ExportNamedDeclaration") return node.exportKind === "type";
  return node.type === "TSInterfaceDeclaration" || node.type === "TSTypeAliasDeclaration";
}

function isCast(node: Node) {
  return (
    node.type === "TSAsExpression" ||
    node.type === "TSSatisfiesExpression" ||
    node.type === "TSNonNullExpression"
  );
}

type Specifier = ImportDeclaration["specifiers"][number];

function valuesOf({ specifiers }: ImportDeclaration): Specifier[] {
  return specifiers.filter((one) => one.type !== "ImportSpecifier" || one.importKind !== "type");
}

/** `import React, { useState } from `, up to the source. */
function importHead(text: string, kept: readonly Specifier[]): string {
  const textOf = (node: Node) => text.slice(startOf(node), endOf(node));
  const named = kept.filter(({ type }) => type === "ImportSpecifier").map(textOf);
  const others = kept.filter(({ type }) => type !== "ImportSpecifier").map(textOf);
  const names = [...others, ...(named.length > 0 ? [`{ ${named.join(", ")} }`] : [])];
  return `import ${names.join(", ")} from `;
}

/** `(a)`, whose node ends before the parenthesis. */
function pastParentheses(text: string, offset: number): number {
  return offset + (/^(\s*\))*/.exec(text.slice(offset))?.[0].length ?? 0);
}

function pastLineBreak(text: string, offset: number): number {
  return offset + (/^[ \t]*\r?\n/.exec(text.slice(offset))?.[0].length ?? 0);
}
