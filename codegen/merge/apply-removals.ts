// Removes parts that codegen wrote and nobody touched: columns, indexes, whole tables, with our own comments.
import type { Node } from "@babel/types";
import { endOf, startOf, type Editor } from "../edit/index.js";
import { commentBeside, commentsAbove, isOwnComment } from "./comments.js";
import type { SchemaPlace, TableEntry } from "./find-schema.js";
import { rangesOf } from "./orphaned-tables.js";
import type { FieldSource, IndexSource, TableSource } from "./read-table.js";

/** Removes a column's line. */
export function removeColumn(editor: Editor, _in: TableSource, field: FieldSource): void {
  if (field.member) removeMember(editor, field.member);
}

/** Removes one call of a chain. */
export function removeIndex(editor: Editor, _in: TableSource, index: IndexSource): void {
  const { callee } = index.call;
  if (callee.type === "MemberExpression")
    editor.edits.remove(endOf(callee.object), endOf(index.call));
}

/** Removes a table's entry and block. */
export function removeTable(
  editor: Editor,
  input: { readonly entry: TableEntry; readonly source: TableSource; readonly place: SchemaPlace },
): void {
  for (const node of rangesOf(input, input.place))
    if (node === input.entry.member) removeMember(editor, node);
    else removeStatement(editor, node);
}

/** Removes a member with its comma, our comment beside it, and the line that becomes empty. */
export function removeMember(editor: Editor, node: Node): void {
  const { module } = editor;
  const { text } = module;
  let end = endOf(node);
  const comma = /^\s*,/.exec(text.slice(end));
  if (comma) end += comma[0].length;
  const beside = commentBeside(module, node);
  if (beside && isOwnComment(beside)) end = Math.max(end, beside.end ?? end);
  let start = startOf(node);
  const lineStart = text.lastIndexOf("\n", start - 1) + 1;
  const rest = /^[ \t]*\r?\n/.exec(text.slice(end));
  if (text.slice(lineStart, start).trim() === "" && rest) {
    start = lineStart;
    end += rest[0].length;
  } else {
    const blank = /^[ \t]+/.exec(text.slice(end));
    if (blank) end += blank[0].length;
  }
  editor.edits.remove(start, end);
}

// --- internal ---

/** A statement with our comment above it and the blank line below. */
function removeStatement(editor: Editor, node: Node): void {
  const { module } = editor;
  const [top] = commentsAbove(module, node).filter(isOwnComment);
  const start = top?.start ?? startOf(node);
  const rest = /^[ \t]*(\r?\n){1,2}/.exec(module.text.slice(endOf(node)));
  editor.edits.remove(start, endOf(node) + (rest?.[0].length ?? 0));
}
