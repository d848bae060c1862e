// Finds and adds imports, in the file's own quotes, semicolons and layout.
// Only import declarations: names of the rest of the module are lookup.ts's business.
import type { ImportDeclaration, ImportSpecifier, Statement } from "@babel/types";
import type { Editor } from "./editor.js";
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
  const fresh: WantedImport[] = [];
  for (const wanted of editor.wanted) {
    const home = extensibleDeclaration(editor.module, wanted);
    if (home) extendDeclaration(editor, home, wanted);
    else fresh.push(wanted);
  }
  editor.wanted.length = 0;
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
      return specifier.imported.type === "Identifier"
        ? specifier.imported.name
        : specifier.imported.value;
  }
}

function namedSpecifiers(declaration: ImportDeclaration): ImportSpecifier[] {
  return declaration.specifiers.filter((one) => one.type === "ImportSpecifier");
}

/** A declaration of the same source and kind that already has braces. */
function extensibleDeclaration(module: Module, wanted: WantedImport) {
  if (wanted.name === "default" || wanted.name === "*") return undefined;
  return importDeclarations(module).find(
    (declaration) =>
      declaration.source.value === wanted.source &&
      (declaration.importKind === "type") === wanted.typeOnly &&
      namedSpecifiers(declaration).length > 0,
  );
}

function extendDeclaration(editor: Editor, declaration: ImportDeclaration, wanted: WantedImport) {
  const last = namedSpecifiers(declaration).at(-1);
  if (!last) return;
  const { text } = editor.module;
  const lineStart = text.lastIndexOf("\n", startOf(last)) + 1;
  const ownLine = text.slice(lineStart, startOf(last)).trim() === "";
  const separator = ownLine ? `,${editor.style.eol}${text.slice(lineStart, startOf(last))}` : ", ";
  editor.edits.appendLeft(endOf(last), `${separator}${printSpecifier(wanted)}`);
}

function printSpecifier({ name, local }: WantedImport): string {
  return name === local ? name : `${name} as ${local}`;
}

function printDeclarations({ style }: Editor, wanted: readonly WantedImport[]): string[] {
  const end = style.semicolons ? ";" : "";
  const lines: string[] = [];
  const groups = new Map<string, WantedImport[]>();
  for (const one of wanted) {
    const source = `${style.quote}${one.source}${style.quote}`;
    const keyword = one.typeOnly ? "import type" : "import";
    if (one.name === "default") lines.push(`${keyword} ${one.local} from ${source}${end}`);
    else if (one.name === "*") lines.push(`${keyword} * as ${one.local} from ${source}${end}`);
    else {
      const key = `${keyword} | ${source}`;
      groups.set(key, [...(groups.get(key) ?? []), one]);
    }
  }
  for (const [key, group] of groups) {
    const [keyword, source] = key.split(" | ");
    lines.push(`${keyword} { ${group.map(printSpecifier).join(", ")} } from ${source}${end}`);
  }
  return lines;
}

function insertDeclarations(editor: Editor, lines: readonly string[]): void {
  const { module, style, edits } = editor;
  const block = lines.join(style.eol);
  if (importDeclarations(module).length > 0) {
    edits.appendLeft(offsetAfterImports(module), `${style.eol}${block}`);
    return;
  }
  const offset = headerEnd(module);
  const before = offset > 0 && !module.text.slice(0, offset).endsWith("\n") ? style.eol : "";
  const rest = module.text.slice(offset);
  const after =
    rest.trim() === "" ? style.eol : `${style.eol}${/^\r?\n/.test(rest) ? "" : style.eol}`;
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
