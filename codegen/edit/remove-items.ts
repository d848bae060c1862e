// Removes items of an array or object literal with their commas. Comments and blanks around them stay.
// Text only: what goes is the caller's decision.
import type { ArrayExpression, Node, ObjectExpression } from "@babel/types";
import type { Editor } from "./editor.js";
import { endOf, startOf, type Module } from "./parse.js";

/**
 * Removes items of a literal. An item that fills whole lines takes the lines along.
 *
 * @example
 * removeItems(editor, list, [list.elements[1]]); // [a(), b()] becomes [a()]
 */
export function removeItems(
  editor: Editor,
  list: ArrayExpression | ObjectExpression,
  gone: readonly Node[],
): void {
  const items: readonly (Node | null)[] =
    list.type === "ArrayExpression" ? list.elements : list.properties;
  const all = items.flatMap((one) => one ?? []);
  for (const node of gone) {
    const at = all.indexOf(node);
    if (at === -1) throw new Error("What is removed is an item of the list.");
    const lines = ownLines(editor.module, node);
    const [previous, next] = [all[at - 1], all[at + 1]];
    const isAfterKept = all.slice(0, at).some((one) => !gone.includes(one));
    if (lines) editor.edits.remove(lines.from, lines.to);
    else if (previous && isAfterKept) editor.edits.remove(endOf(previous), endOf(node));
    else editor.edits.remove(startOf(node), next ? startOf(next) : endOf(node));
  }
}

// --- internal ---

/** The lines of an item that shares none with others, its comma and the line break included. */
function ownLines(
  { text }: Module,
  node: Node,
): { readonly from: number; readonly to: number } | undefined {
  const from = text.lastIndexOf("\n", startOf(node) - 1) + 1;
  const rest = /^[ \t]*,?[ \t]*\r?\n/.exec(text.slice(endOf(node)));
  if (!rest || text.slice(from, startOf(node)).trim() !== "") return undefined;
  return { from, to: endOf(node) + rest[0].length };
}
