// Adds calls to a `defineTable(...).index(...)` chain without moving a line of the user's.
// Text only; which indexes is decided elsewhere.
import type { CallExpression } from "@babel/types";
import { endOf, indentAt, reindent, startOf, type Editor, type Module } from "../edit/index.js";
import type { TableSource } from "./read-table.js";

/** Adds calls at the end of a chain, one a line; a lone first one stays beside the closing brace. */
export function addIndexes(editor: Editor, to: TableSource, calls: readonly string[]): void {
  const { module, style } = { module: editor.module, style: editor.style };
  const segments = segmentsOf(to);
  const [only] = calls;
  if (segments.length === 0 && calls.length === 1 && only !== undefined) {
    const base = indentAt(module, startOf(to.call));
    editor.edits.appendLeft(endOf(to.call), reindent(only, base, style.eol));
    return;
  }
  const indent = chainIndent(module, segments) ?? indentAt(module, startOf(to.call)) + style.indent;
  // Calls that share the line of the closing brace go on lines of their own, as a formatter would have it.
  for (const segment of segments)
    if (segment.gap.trim() === "" && !segment.gap.includes("\n"))
      editor.edits.appendLeft(segment.start + segment.gap.length, style.eol + indent);
  const text = calls
    .map((call) => `${style.eol}${indent}${reindent(call, indent, style.eol)}`)
    .join("");
  editor.edits.appendLeft(insertionOffset(to, segments, module), text);
}

// --- internal ---

/** One call of the chain, from the end of what it is called on. `gap` is the text before its dot. */
type Segment = { readonly start: number; readonly end: number; readonly gap: string };

function segmentsOf(to: TableSource): Segment[] {
  const segments: Segment[] = [];
  let current = to.chain;
  while (current !== to.call && current.type === "CallExpression") {
    const call: CallExpression = current;
    if (call.callee.type !== "MemberExpression") break;
    const start = endOf(call.callee.object);
    const dot = to.module.text.lastIndexOf(".", startOf(call.callee.property));
    segments.unshift({ start, end: endOf(call), gap: to.module.text.slice(start, dot) });
    current = call.callee.object;
  }
  return segments;
}

function chainIndent(module: Module, segments: readonly Segment[]): string | undefined {
  const onOwnLine = segments.find((segment) => segment.gap.includes("\n"));
  return onOwnLine && indentAt(module, onOwnLine.start + onOwnLine.gap.length);
}

/**
 * The end of the chain; before the last call where a comment of its line would otherwise end up beside
 * the new call.
 */
function insertionOffset(to: TableSource, segments: readonly Segment[], module: Module): number {
  const end = endOf(to.chain);
  const restOfLine = /^[^\r\n]*/.exec(module.text.slice(end))?.[0] ?? "";
  const last = segments.at(-1);
  if (!last || !/\/[/*]/.test(restOfLine) || last.gap.trim() !== "") return end;
  return last.start;
}
