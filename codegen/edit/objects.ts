// Inserts into object and array literals and argument lists, keeping the layout that is there.
// Text only: what to insert is the caller's decision.
import type { ArrayExpression, Node, ObjectExpression } from "@babel/types";
import type { Editor } from "./editor.js";
import { endOf, startOf, type Module } from "./parse.js";

/** The whitespace before the first character of the line that holds `offset`. */
export function indentAt(module: Module, offset: number): string {
  const lineStart = module.text.lastIndexOf("\n", offset - 1) + 1;
  return /^[ \t]*/.exec(module.text.slice(lineStart))?.[0] ?? "";
}

/**
 * Adds lines at the end of an object literal: after the last member and its trailing comment, or inside
 * empty braces. `members` are written without a trailing comma. A one-line literal stays on one line where
 * the new members fit on it.
 *
 * @example
 * insertMembers(editor, object, ["user: userTable"]);
 */
export function insertMembers(
  editor: Editor,
  list: ObjectExpression | ArrayExpression,
  members: readonly string[],
): void {
  if (members.length === 0) return;
  const items = itemsOf(list);
  const last = items.at(-1);
  if (!last) return insertIntoEmpty(editor, list, members);
  const { module, edits, style } = editor;
  const comma = commaAfter(module, last, list);
  if (isOneLine(module, list) && members.every((member) => !member.includes("\n"))) {
    edits.appendLeft(endOf(last), `, ${members.join(", ")}`);
    return;
  }
  const first = items[0] ?? last;
  const indent = startsLine(module, first)
    ? indentAt(module, startOf(first))
    : indentAt(module, startOf(list)) + style.indent;
  if (comma === undefined) edits.appendLeft(endOf(last), ",");
  const offset = endOfLineComment(module, comma ?? endOf(last), endOf(list) - 1);
  const lines = members.map((member) => indent + reindent(member, indent, style.eol));
  const end = comma === undefined ? "" : ",";
  edits.appendLeft(offset, `${style.eol}${lines.join(`,${style.eol}`)}${end}`);
  if (!module.text.slice(offset, endOf(list) - 1).includes("\n"))
    edits.appendLeft(offset, `${style.eol}${indentAt(module, startOf(list))}`);
}

/** Re-indents the lines of `text` after the first. */
export function reindent(text: string, indent: string, eol: string): string {
  return text
    .split(/\r?\n/)
    .map((line, index) => (index === 0 || line === "" ? line : indent + line))
    .join(eol);
}

// --- internal ---

function itemsOf(list: ObjectExpression | ArrayExpression): Node[] {
  return list.type === "ObjectExpression"
    ? list.properties
    : list.elements.filter((element): element is NonNullable<typeof element> => element !== null);
}

function insertIntoEmpty(editor: Editor, list: Node, members: readonly string[]): void {
  const { module, edits, style } = editor;
  const base = indentAt(module, startOf(list));
  const indent = base + style.indent;
  const inner = module.text.slice(startOf(list) + 1, endOf(list) - 1);
  const lines = members.map((member) => indent + reindent(member, indent, style.eol));
  const body = `${style.eol}${lines.join(`,${style.eol}`)},${style.eol}${base}`;
  // Comments inside stay, the members follow them.
  const keptEnd = startOf(list) + 1 + inner.trimEnd().length;
  edits.appendLeft(keptEnd, body);
  if (keptEnd < endOf(list) - 1) edits.remove(keptEnd, endOf(list) - 1);
}

function isOneLine(module: Module, node: Node): boolean {
  return !module.text.slice(startOf(node), endOf(node)).includes("\n");
}

function startsLine(module: Module, node: Node): boolean {
  const lineStart = module.text.lastIndexOf("\n", startOf(node) - 1) + 1;
  return module.text.slice(lineStart, startOf(node)).trim() === "";
}

/** Offset after the comma that follows `last`, looking past comments. */
function commaAfter(module: Module, last: Node, list: Node): number | undefined {
  let offset = endOf(last);
  const limit = endOf(list) - 1;
  while (offset < limit) {
    const comment = module.comments.find((one) => one.start === offset);
    if (comment) offset = comment.end ?? limit;
    else if (module.text[offset] === ",") return offset + 1;
    else offset += 1;
  }
  return undefined;
}

/** Past comments on the same line, so that they stay with the member they describe. */
function endOfLineComment(module: Module, from: number, limit: number): number {
  let offset = from;
  for (;;) {
    const gap = /^[ \t]*/.exec(module.text.slice(offset, limit))?.[0].length ?? 0;
    const comment = module.comments.find((one) => one.start === offset + gap);
    if (!comment || comment.end == null) return offset;
    offset = comment.end;
    if (comment.type === "CommentLine" || comment.loc?.start.line !== comment.loc?.end.line)
      return offset;
  }
}
