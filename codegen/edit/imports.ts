// Finds and adds imports, in the file's own quotes, semicolons and layout.
// Only import declarations: names of the rest of the module are lookup.ts's business.
import type { ImportDeclaration, ImportSpecifier, Statement } from "@babel/types";
import type { Editor } from "./editor.js";
import {
  compareNames,
  compareSources,
  endOfImport,
  hasCommentAbove,
  isInOrder,
  lastImports,
  nameOfSpecifier,
} from "./import-places.js";
import { endOf, startOf, type Module } from "./parse.js";
import { freeName } from "./names.js";

/** One imported name. `imported` is "default" or "*" for those forms. */
export type FoundImport = {
  readonly source: string;
  readonly imported: string;
  readonly local: string;
  readonly typeOnly: boolean;
  readonly declaration: ImportDeclaration;
};

/** A request to addImport; `name` may be "default" (then `local` is required) or "*". */
export type ImportRequest = {
  readonly source: string;
  readonly name: string;
  /** The local name to use if it is free. Default: `name`. */
  readonly local?: string;
  readonly typeOnly?: boolean;
};

/** A request whose local name is settled. */
export type WantedImport = Required<ImportRequest>;

/** Every imported name of a module, in order. Side-effect imports are not listed. */
export function listImports(module: Module): FoundImport[] {
  return importDeclarations(module).flatMap((declaration) =>
    declaration.specifiers.map((specifier) => ({
      source: declaration.source.value,
      imported: importedName(specifier),
      local: specifier.local.name,
      typeOnly:
        declaration.importKind === "type" ||
        (specifier.type === "ImportSpecifier" && specifier.importKind === "type"),
      declaration,
    })),
  );
}

/**
 * How this module already spells an import: `v`, an alias, or `ns.v`. Undefined when it is not imported
 * (or imported as a type only, and a value is wanted).
 *
 * @example
 * findImport(parseModule('import * as s from "convex/server"', "a.ts"), { source: "convex/server", name: "defineTable" }); // "s.defineTable"
 */
export function findImport(
  module: Module,
  { source, name, typeOnly = false }: ImportRequest,
): string | undefined {
  const usable = listImports(module).filter(
    (found) => found.source === source && (typeOnly || !found.typeOnly),
  );
  const direct = usable.find((found) => found.imported === name);
  if (direct) return direct.local;
  const namespace = usable.find((found) => found.imported === "*");
  return namespace ? `${namespace.local}.${name}` : undefined;
}

/**
 * Makes sure a name is imported and returns how to spell it here. Reuses what is imported already; picks
 * a free local name where the module uses that name for something else.
 */
export function addImport(editor: Editor, request: ImportRequest): string {
  const existing = findImport(editor.module, request);
  if (existing !== undefined) return existing;
  const pending = editor.wanted.find(
    (wanted) => wanted.source === request.source && wanted.name === request.name,
  );
  if (pending) {
    if (pending.typeOnly && request.typeOnly !== true)
      editor.wanted[editor.wanted.indexOf(pending)] = { ...pending, typeOnly: false };
    return pending.local;
  }
  const wishes = request.local ?? request.name;
  const local = freeName(editor.module, wishes, new Set(editor.wanted.map((one) => one.local)));
  editor.wanted.push({ ...request, local, typeOnly: request.typeOnly ?? false });
  return local;
}

/** Writes the wanted imports of an editor. Called by finishEdit. */
export function writeImports(editor: Editor): void {
  const wanted = editor.wanted.splice(0).sort((a, b) => compareNames(a.name, b.name));
  const fresh: WantedImport[] = [];
  const added = new Map<ImportDeclaration, WantedImport[]>();
  for (const one of wanted) {
    const home = extensibleDeclaration(editor, one);
    if (home) added.set(home, [...(added.get(home) ?? []), one]);
    else fresh.push(one);
  }
  for (const [declaration, names] of added) extendDeclaration(editor, declaration, names);
  if (fresh.length > 0) insertDeclarations(editor, printDeclarations(editor, fresh));
}

/** Where a new top-level statement may go: after the last import, else after directives and file header. */
export function offsetAfterImports(module: Module): number {
  const last = importDeclarations(module).at(-1);
  return last ? endOf(last) : headerEnd(module);
}

// --- internal ---

function importDeclarations(module: Module): ImportDeclaration[] {
  return module.program.body.filter(
    (statement): statement is Statement & ImportDeclaration =>
      statement.type === "ImportDeclaration",
  );
}

function importedName(specifier: ImportDeclaration["specifiers"][number]): string {
  switch (specifier.type) {
    case "ImportDefaultSpecifier":
      return "default";
    case "ImportNamespaceSpecifier":
      return "*";
    case "ImportSpecifier":
      return nameOfSpecifier(specifier);
  }
}

function namedSpecifiers(declaration: ImportDeclaration): ImportSpecifier[] {
  return declaration.specifiers.filter((one) => one.type === "ImportSpecifier");
}

/** A declaration of the same source and kind that already has braces. */
function extensibleDeclaration(editor: Editor, wanted: WantedImport) {
  if (wanted.name === "default" || wanted.name === "*") return undefined;
  return importDeclarations(editor.module).find(
    (declaration) =>
      declaration.source.value === wanted.source &&
      (declaration.importKind === "type") === wanted.typeOnly &&
      namedSpecifiers(declaration).length > 0 &&
      editedText(editor, declaration) !== "",
  );
}

function extendDeclaration(
  editor: Editor,
  declaration: ImportDeclaration,
  wanted: readonly WantedImport[],
) {
  const { module, edits, style } = editor;
  const named = namedSpecifiers(declaration);
  const [first, last] = [named[0], named.at(-1)];
  if (!first || !last) return;
  const lineStart = module.text.lastIndexOf("\n", startOf(last)) + 1;
  const indent = module.text.slice(lineStart, startOf(last));
  const separator = indent.trim() === "" ? `,${style.eol}${indent}` : ", ";
  // Where something of it leaves, too, only the end is a safe place.
  const isSorted =
    isInOrder(named.map(nameOfSpecifier), compareNames) && isUntouched(editor, declaration);
  for (const one of wanted) {
    const before = isSorted
      ? named.findLast((specifier) => compareNames(nameOfSpecifier(specifier), one.name) <= 0)
      : last;
    const printed = printSpecifier(one);
    if (before) edits.appendLeft(endOf(before), `${separator}${printed}`);
    else edits.appendLeft(startOf(first), `${printed}${separator}`);
  }
}

function isUntouched(editor: Editor, declaration: ImportDeclaration): boolean {
  const text = editor.module.text.slice(startOf(declaration), endOf(declaration));
  return editedText(editor, declaration) === text;
}

/** What the edits so far leave of an import; empty if it goes. */
function editedText({ edits }: Editor, declaration: ImportDeclaration): string {
  return edits.snip(startOf(declaration), endOf(declaration)).toString();
}

function printSpecifier({ name, local }: WantedImport): string {
  return name === local ? name : `${name} as ${local}`;
}

type Printed = { readonly source: string; readonly line: string };

function printDeclarations({ style }: Editor, wanted: readonly WantedImport[]): Printed[] {
  const groups = new Map<string, WantedImport[]>();
  for (const one of wanted) {
    const isAlone = one.name === "default" || one.name === "*";
    const key = `${one.source} ${one.typeOnly} ${isAlone ? one.name : ""}`;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  const printed = [...groups.values()].map((group) => {
    const { source, typeOnly, name, local } = group[0]!;
    const names = { default: local, "*": `* as ${local}` }[name];
    const what = names ?? `{ ${group.map(printSpecifier).join(", ")} }`;
    const from = `${style.quote}${source}${style.quote}${style.semicolons ? ";" : ""}`;
    return { source, line: `import${typeOnly ? " type" : ""} ${what} from ${from}` };
  });
  return printed.sort((a, b) => compareSources(a.source, b.source));
}

function insertDeclarations(editor: Editor, printed: readonly Printed[]): void {
  const { module, style, edits } = editor;
  const { eol } = style;
  if (importDeclarations(module).length > 0) {
    const last = lastImports(module);
    const isSorted = isInOrder(
      last.map(({ source }) => source.value),
      compareSources,
    );
    // What leaves takes a line break with it: nothing is put beside it.
    const places = isSorted ? last.filter((one) => isUntouched(editor, one)) : [];
    const [first] = places;
    for (const { source, line } of printed) {
      const before = places.findLast((one) => compareSources(one.source.value, source) <= 0);
      if (before) edits.appendLeft(endOfImport(module, before), `${eol}${line}`);
      else if (first && !hasCommentAbove(module, first))
        edits.appendLeft(startOf(first), `${line}${eol}`);
      else edits.appendLeft(offsetAfterImports(module), `${eol}${line}`);
    }
    return;
  }
  const block = printed.map(({ line }) => line).join(eol);
  const offset = headerEnd(module);
  const before = offset > 0 && !module.text.slice(0, offset).endsWith("\n") ? eol : "";
  const rest = module.text.slice(offset);
  const after = rest.trim() === "" ? eol : `${eol}${/^\r?\n/.test(rest) ? "" : eol}`;
  // Before whatever else was inserted here.
  edits.prependLeft(offset, `${before}${block}${after}`);
}

/** End of what must stay first: hashbang, directives, pragmas, and a header comment with a blank line below. */
function headerEnd(module: Module): number {
  const { program, text, comments } = module;
  const lastDirective = program.directives.at(-1);
  if (lastDirective) return endOf(lastDirective);
  const firstStatement = program.body[0];
  const limit = firstStatement ? startOf(firstStatement) : text.length;
  let end = program.interpreter ? endOf(program.interpreter) : 0;
  for (const comment of comments) {
    const stop = comment.end ?? 0;
    if (stop > limit) break;
    const gap = /^[ \t]*(\r?\n)?([ \t]*\r?\n)?/.exec(text.slice(stop));
    const stands =
      gap?.[2] !== undefined || /@ts-|eslint|@license|@jsx|prettier/.test(comment.value);
    if (stands) end = stop + (gap?.[0].length ?? 0);
  }
  return end;
}
