// Inserts into object and array literals and argument lists, keeping the layout that is there.
// Text only: what to insert is the caller's decision.
import type { ArrayExpression, Node, ObjectExpression } from "@babel/types";
import type { Editor } from "./editor.js";
import { endOf, startOf, type Module } from "./parse.js";
import type { CodeStyle } from "./style.js";

/** The whitespace before the first character of the line that holds `offset`. */
export function indentAt(module: Module, offset: number): string {
  const lineStart = module.text.lastIndexOf("\n", offset - 1) + 1;
  return /^[ \t]*/.exec(module.text.slice(lineStart))?.[0] ?? "";
}

/** A line to insert: a member without its comma, and what stands after `//` beside it. */
export type NewMember = { readonly text: string; readonly comment?: string };

/** A one-line literal longer than this is broken into lines, as formatters do. */
const MAX_LINE = 80;

/**
 * Adds lines at the end of a literal: after the last member and its trailing comment, or inside empty
 * braces. `members` are written without a trailing comma. A one-line literal stays on one line where the
 * new members fit on it; else its members get lines of their own, otherwise unchanged.
 *
 * @param options.without members that this patch removes (and has removed before this call)
 * @param options.base indentation of the line the literal starts on, where the patch changes that
 * @example
 * insertMembers(editor, object, ["user: userTable", { text: "post", comment: " ours" }]);
 */
export function insertMembers(
  editor: Editor,
  list: ObjectExpression | ArrayExpression,
  members: readonly (string | NewMember)[],
  {
    without = new Set(),
    base = indentAt(editor.module, startOf(list)),
  }: { readonly without?: ReadonlySet<Node>; readonly base?: string } = {},
): void {
  const fresh = members.map((one) => (typeof one === "string" ? { text: one } : one));
  if (fresh.length === 0) return;
  const items = itemsOf(list).filter((item) => !without.has(item));
  const last = items.at(-1);
  if (!last) return insertIntoEmpty(editor, { list, base, fresh });
  const { module, edits, style } = editor;
  if (isOneLine(module, list)) {
    const text = fresh.map((one) => `, ${one.text}`).join("");
    const line = lineAt(module, startOf(list));
    const plain = fresh.every((one) => one.comment === undefined && !one.text.includes("\n"));
    if (plain && line.length + text.length <= MAX_LINE) {
      edits.appendLeft(endOf(last), text);
      return;
    }
    return breakLines(editor, { list, items, last, fresh, base });
  }
  const comma = commaAfter(module, last, list);
  const first = items[0] ?? last;
  const indent = startsLine(module, first) ? indentAt(module, startOf(first)) : base + style.indent;
  if (comma === undefined) edits.appendLeft(endOf(last), ",");
  const offset = endOfLineComment(module, comma ?? endOf(last), endOf(list) - 1);
  const trailing = comma !== undefined;
  edits.appendLeft(offset, style.eol + printMembers(fresh, { indent, style, trailing }));
  if (!module.text.slice(offset, endOf(list) - 1).includes("\n"))
    edits.appendLeft(offset, `${style.eol}${base}`);
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

function printMembers(
  members: readonly NewMember[],
  {
    indent,
    style,
    trailing,
  }: { readonly indent: string; readonly style: CodeStyle; readonly trailing: boolean },
): string {
  return members
    .map(({ text, comment }, at) => {
      const comma = trailing || at < members.length - 1 ? "," : "";
      const beside = comment === undefined ? "" : ` //${comment}`;
      return `${indent}${reindent(text, indent, style.eol)}${comma}${beside}`;
    })
    .join(style.eol);
}

function insertIntoEmpty(
  editor: Editor,
  input: {
    readonly list: ObjectExpression | ArrayExpression;
    readonly base: string;
    readonly fresh: readonly NewMember[];
  },
): void {
  const { module, edits, style } = editor;
  const { list, base } = input;
  const indent = base + style.indent;
  const inner = module.text.slice(startOf(list) + 1, endOf(list) - 1);
  const body = printMembers(input.fresh, { indent, style, trailing: style.trailingCommas });
  if (itemsOf(list).length > 0) {
    // What is there goes: the new members stand where it stood.
    const rest = inner.includes("\n") ? "" : style.eol + base;
    edits.appendRight(startOf(list) + 1, `${style.eol}${body}${rest}`);
    return;
  }
  // Comments inside stay, the members follow them.
  const keptEnd = startOf(list) + 1 + inner.trimEnd().length;
  edits.appendLeft(keptEnd, `${style.eol}${body}${style.eol}${base}`);
  if (keptEnd < endOf(list) - 1) edits.remove(keptEnd, endOf(list) - 1);
}

/** Gives each member of a one-line literal its own line: blanks change, nothing else. */
function breakLines(
  editor: Editor,
  input: {
    readonly list: Node;
    readonly items: readonly Node[];
    readonly last: Node;
    readonly fresh: readonly NewMember[];
    readonly base: string;
  },
): void {
  const { module, edits, style } = editor;
  const { list, items, last, fresh, base } = input;
  const indent = base + style.indent;
  for (const item of items) {
    const from = endOfBlanksBefore(module.text, startOf(item));
    if (from < startOf(item)) edits.overwrite(from, startOf(item), style.eol + indent);
    else edits.appendRight(startOf(item), style.eol + indent);
  }
  const comma = commaAfter(module, last, list);
  if (comma === undefined) edits.appendLeft(endOf(last), ",");
  const offset = endOfLineComment(module, comma ?? endOf(last), endOf(list) - 1);
  const body = printMembers(fresh, { indent, style, trailing: style.trailingCommas });
  edits.appendLeft(offset, `${style.eol}${body}${style.eol}${base}`);
  const blanks = /^[ \t]+/.exec(module.text.slice(offset, endOf(list) - 1));
  if (blanks) edits.remove(offset, offset + blanks[0].length);
}

function endOfBlanksBefore(text: string, offset: number): number {
  let from = offset;
  while (from > 0 && /[ \t]/.test(text[from - 1] ?? "")) from -= 1;
  return from;
}

function lineAt(module: Module, offset: number): string {
  const start = module.text.lastIndexOf("\n", offset - 1) + 1;
  return /^[^\r\n]*/.exec(module.text.slice(start))?.[0] ?? "";
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
