// Inserts whole statements into a module that is being patched. Text only, in the file's own style.
// Where a statement belongs is the caller's decision.
import type { Statement } from "@babel/types";
import { endOf, startOf, type Editor, type Module } from "../edit/index.js";

/** A line of code ended as the file ends its statements. */
export function endStatement(editor: Editor, code: string): string {
  return editor.style.semicolons ? `${code};` : code;
}

/** Adds lines below a statement, after a comment on its last line. */
export function insertAfter(editor: Editor, statement: Statement, lines: readonly string[]): void {
  const { module, style, edits } = editor;
  const offset = endOfLine(module, endOf(statement));
  edits.appendLeft(offset, lines.map((line) => style.eol + line).join(""));
}

/** Adds lines above a statement and the comments that belong to it, with a blank line between. */
export function insertBefore(editor: Editor, statement: Statement, lines: readonly string[]): void {
  const { module, style, edits } = editor;
  const offset = startWithComments(module, statement);
  const { eol } = style;
  const before = module.text.slice(0, offset);
  const lead = before === "" || /\n[ \t]*\r?\n[ \t]*$/.test(before) ? "" : eol;
  const onOwnLine = before === "" || /\n[ \t]*$/.test(before);
  edits.appendLeft(offset, `${onOwnLine ? "" : eol}${lead}${lines.join(eol)}${eol}${eol}`);
}

/** Offset of a statement, or of the comments that stand directly above it. */
export function startWithComments(module: Module, statement: Statement): number {
  let start = startOf(statement);
  const above = module.comments.filter((one) => (one.end ?? 0) <= start).reverse();
  for (const comment of above) {
    const from = comment.start ?? 0;
    const gap = module.text.slice(comment.end ?? 0, start);
    const startsLine = /(^|\n)[ \t]*$/.test(module.text.slice(0, from));
    if (!startsLine || !/^[ \t]*\r?\n?[ \t]*$/.test(gap)) break;
    start = from;
  }
  return start;
}

// --- internal ---

/** Past spaces and comments that end on the same line. */
function endOfLine(module: Module, from: number): number {
  const rest = /^[ \t]*(\/\/[^\r\n]*|\/\*[^\r\n]*?\*\/[ \t]*(?=\r?\n|$))?/.exec(
    module.text.slice(from),
  );
  return rest?.[1] === undefined ? from : from + rest[0].length;
}
