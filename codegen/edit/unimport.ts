// Removes an import that a patch made unnecessary. Only names that nothing else in the module mentions.
import type { ImportDeclaration, ImportSpecifier, Node } from "@babel/types";
import type { Editor } from "./editor.js";
import { listImports } from "./imports.js";
import { endOf, startOf, textOf, walk, type Module } from "./parse.js";

/** A name as a module imports it; its default is "default". */
export type ImportedOne = { readonly source: string; readonly name: string };

/**
 * Removes an imported name, with its declaration when it was the only one there.
 *
 * @param gone nodes that this patch replaces: what they mention does not count
 */
export function removeImport(editor: Editor, wanted: ImportedOne, gone: ReadonlySet<Node>): void {
  removeImports(editor, [wanted], gone);
}

/** The same for several names, which may stand in one declaration. */
export function removeImports(
  editor: Editor,
  wanted: readonly ImportedOne[],
  gone: ReadonlySet<Node>,
): void {
  const { module } = editor;
  const going = listImports(module).filter(
    ({ source, imported, local }) =>
      wanted.some((one) => one.source === source && one.name === imported) &&
      !isMentioned(module, local, gone),
  );
  for (const declaration of new Set(going.map((one) => one.declaration))) {
    const locals = new Set(
      going.flatMap((one) => (one.declaration === declaration ? [one.local] : [])),
    );
    const leaving = declaration.specifiers.filter(({ local }) => locals.has(local.name));
    if (leaving.length === declaration.specifiers.length) removeDeclaration(editor, declaration);
    else removeSpecifiers(editor, declaration, leaving.filter(isNamed));
  }
}

/**
 * Removes every imported name that only replaced code mentions. Names that nothing mentioned before stay.
 *
 * @param gone nodes that this patch replaces
 */
export function removeOrphanedImports(editor: Editor, gone: ReadonlySet<Node>): void {
  const { module } = editor;
  const before = new Set<string>();
  for (const node of gone)
    walk(node, (one) => {
      if (one.type === "Identifier" || one.type === "JSXIdentifier") before.add(one.name);
    });
  const isOrphan = (local: string) => before.has(local) && !isMentioned(module, local, gone);
  for (const statement of module.program.body) {
    if (statement.type !== "ImportDeclaration" || statement.specifiers.length === 0) continue;
    const kept = statement.specifiers.filter(({ local }) => !isOrphan(local.name));
    if (kept.length === statement.specifiers.length) continue;
    if (kept.length === 0) removeDeclaration(editor, statement);
    else rewriteSpecifiers(editor, statement, kept);
  }
}

// --- internal ---

type Specifier = ImportDeclaration["specifiers"][number];

function isNamed(one: Specifier): one is ImportSpecifier {
  return one.type === "ImportSpecifier";
}

function rewriteSpecifiers(
  { module, edits }: Editor,
  declaration: ImportDeclaration,
  kept: readonly ImportDeclaration["specifiers"][number][],
): void {
  const texts = (named: boolean) =>
    kept
      .filter((one) => (one.type === "ImportSpecifier") === named)
      .map((one) => textOf(module, one));
  const named = texts(true);
  const parts = [...texts(false), ...(named.length > 0 ? [`{ ${named.join(", ")} }`] : [])];
  const keyword = declaration.importKind === "type" ? "import type" : "import";
  const end = startOf(declaration.source);
  edits.update(startOf(declaration), end, `${keyword} ${parts.join(", ")} from `);
}

function isMentioned(module: Module, name: string, gone: ReadonlySet<Node>): boolean {
  let found = false;
  const look = (node: Node): boolean | void => {
    if (gone.has(node) || node.type === "ImportDeclaration") return false;
    // What a property is called is no mention: `components.betterAuth`.
    if (node.type === "MemberExpression" && !node.computed) {
      walk(node.object, look);
      return false;
    }
    if (node.type === "ObjectProperty" && !node.computed && !node.shorthand) {
      walk(node.value, look);
      return false;
    }
    if (node.type !== "Identifier" && node.type !== "JSXIdentifier") return;
    if (node.name === name) found = true;
  };
  walk(module.program, look);
  return found;
}

/**
 * The line break above goes with it, so that what is added after the imports follows directly; the one below where a
 * file begins with it, and another import follows.
 */
function removeDeclaration({ module, edits }: Editor, declaration: ImportDeclaration): void {
  const { text } = module;
  const start = startOf(declaration);
  const above = /\r?\n$/.exec(text.slice(0, start))?.[0] ?? "";
  const below = /^\r?\n(?=import\b)/.exec(text.slice(endOf(declaration)))?.[0] ?? "";
  edits.remove(start - above.length, endOf(declaration) + (start === 0 ? below.length : 0));
}

function removeSpecifiers(
  { module, edits }: Editor,
  declaration: ImportDeclaration,
  leaving: readonly ImportSpecifier[],
): void {
  const named = declaration.specifiers.filter(isNamed);
  const [first] = named;
  if (first && leaving.length === named.length) {
    // `import React, { Only } from`: the braces go too.
    const from = module.text.lastIndexOf(",", startOf(first));
    edits.remove(from, module.text.indexOf("}", endOf(named.at(-1) ?? first)) + 1);
    return;
  }
  for (const specifier of leaving) {
    const at = named.indexOf(specifier);
    const next = named[at + 1];
    const kept = named.slice(0, at).findLast((one) => !leaving.includes(one));
    if (next) edits.remove(startOf(specifier), startOf(next));
    else if (kept) edits.remove(endOf(kept), endOf(specifier));
  }
}
