// One open patch of a user's file: bytes outside the edits never move.
// Collects edits and wanted imports; imports are written once, by finishEdit.
import MagicString from "magic-string";
import type { Module } from "./parse.js";
import { detectStyle, type CodeStyle } from "./style.js";
import { writeImports, type WantedImport } from "./imports.js";

/** A module being patched. Use `edits` (magic-string) for text, addImport for imports. */
export type Editor = {
  readonly module: Module;
  readonly style: CodeStyle;
  readonly edits: MagicString;
  /** Filled by addImport. */
  readonly wanted: WantedImport[];
};

/**
 * Opens a module for patching.
 *
 * @example
 * const editor = openEditor(parseModule(text, path));
 * const v = addImport(editor, { source: "convex/values", name: "v" });
 * editor.edits.appendLeft(offset, `${v}.string()`);
 * const patched = finishEdit(editor);
 */
export function openEditor(module: Module): Editor {
  return {
    module,
    style: detectStyle(module),
    edits: new MagicString(module.text),
    wanted: [],
  };
}

/** The patched text, with the wanted imports in place. */
export function finishEdit(editor: Editor): string {
  writeImports(editor);
  return editor.edits.toString();
}
