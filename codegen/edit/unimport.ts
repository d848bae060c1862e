// Removes an import that a patch made unnecessary. Only names that nothing else in the module mentions.
import type { ImportDeclaration, ImportSpecifier, Node } from "@babel/types";
import type { Editor } from "./editor.js";
import { listImports } from "./imports.js";
import { endOf, startOf, textOf, walk, type Module } from "./parse.js";

/**
 * Removes an imported name, with its declaration when it was the only one there.
 *
 * @param gone nodes that this patch replaces: what they mention does not count
 */
export function removeImport(
  editor: Editor,
  wanted: { readonly source: string; readonly name: string },
  gone: ReadonlySet<Node>,
): void {
  const { module } = editor;
  const found = listImports(module).find(
    ({ source, imported }) => source === wanted.source && imported === wanted.name,
  );
  if (!found || isMentioned(module, found.local, gone)) return;
  const { declaration } = found;
  const specifier = declaration.specifiers.find((one) => one.local.name === found.local);
  if (declaration.specifiers.length === 1) removeDeclaration(editor, declaration);
  else if (specifier?.type === "ImportSpecifier") removeSpecifier(editor, declaration, specifier);
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
  walk(module.program, (node) => {
    if (gone.has(node) || node.type === "ImportDeclaration") return false;
    if (node.type !== "Identifier" && node.type !== "JSXIdentifier") return;
    if (node.name === name) found = true;
  });
  return found;
}

/** The line break above goes with it, so that what is added after the imports follows directly. */
function removeDeclaration({ module, edits }: Editor, declaration: ImportDeclaration): void {
  const above = /\r?\n$/.exec(module.text.slice(0, startOf(declaration)))?.[0] ?? "";
  edits.remove(startOf(declaration) - above.length, endOf(declaration));
}

function removeSpecifier(
  { module, edits }: Editor,
  declaration: ImportDeclaration,
  specifier: ImportSpecifier,
): void {
  const named = declaration.specifiers.filter((one) => one.type === "ImportSpecifier");
  const at = named.indexOf(specifier);
  const next = named[at + 1];
  const previous = named[at - 1];
  if (next) edits.remove(startOf(specifier), startOf(next));
  else if (previous) edits.remove(endOf(previous), endOf(specifier));
  else {
    // `import React, { Only } from`: the braces go too.
    const [from, to] = [module.text.lastIndexOf(",", startOf(specifier)), endOf(specifier)];
    edits.remove(from, module.text.indexOf("}", to) + 1);
  }
}
