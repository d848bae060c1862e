// Where a new import belongs, or a new name of one: at its place in the alphabet where a module's imports are in order,
// as formatters that sort them leave them; else last. Pure; imports.ts writes them.
import type { ImportDeclaration, ImportSpecifier } from "@babel/types";
import { endOf, startOf, type Module } from "./parse.js";

/** Imports that stand together, the last of a module, with nothing that is there for its effect between them. */
export function lastImports(module: Module): ImportDeclaration[] {
  const found: ImportDeclaration[] = [];
  for (const statement of module.program.body) {
    if (statement.type !== "ImportDeclaration") continue;
    if (isForEffect(statement)) found.length = 0;
    else found.push(statement);
  }
  return found;
}

/** Compares modules: packages, then aliases, then paths, the farthest first; each by the alphabet. */
export function compareSources(one: string, other: string): number {
  return rankOf(one) - rankOf(other) || compareNames(one, other);
}

/** Compares names by the alphabet, whether a letter is large or small. */
export function compareNames(one: string, other: string): number {
  return compare(one.toLowerCase(), other.toLowerCase()) || compare(one, other);
}

/** Whether each is at its place. */
export function isInOrder<T>(all: readonly T[], order: (one: T, other: T) => number): boolean {
  return all.every((one, at) => at === 0 || order(all[at - 1]!, one) <= 0);
}

/** The name by which the alphabet knows a specifier. */
export function nameOfSpecifier({ imported }: ImportSpecifier): string {
  return imported.type === "Identifier" ? imported.name : imported.value;
}

/** The end of an import's line, if a comment follows it there; else its own end. */
export function endOfImport({ text }: Module, declaration: ImportDeclaration): number {
  const end = endOf(declaration);
  return end + (/^[ \t]*\/\/.*/.exec(text.slice(end))?.[0].length ?? 0);
}

/** Whether a comment stands right above, which may be about the import, or about the file. */
export function hasCommentAbove({ comments, text }: Module, node: ImportDeclaration): boolean {
  const start = startOf(node);
  return comments.some(({ end }) => {
    const between = text.slice(end ?? 0, start);
    return (end ?? 0) <= start && between.trim() === "" && between.split("\n").length <= 2;
  });
}

/** An import without a name: its place among the others matters. */
export function isForEffect({ specifiers, importKind }: ImportDeclaration): boolean {
  return specifiers.length === 0 && importKind !== "type";
}

// --- internal ---

const RANKS: readonly RegExp[] = [/^\.\.?(\/|$)/, /^([#~]|@\/)/, /^(?!node:)/, /^node:/];

function rankOf(source: string): number {
  return -RANKS.findIndex((rank) => rank.test(source));
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
