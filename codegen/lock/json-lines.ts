// Line numbers in a JSON text, for messages about it. Pure.
import type { Node } from "@babel/types";
import { parseExpression } from "../edit/babel.js";

/** The 1-based line of the value at `path`, or of the deepest part of the path that exists. */
export function lineOfPath(text: string, path: readonly PropertyKey[]): number {
  let node: Node = parseExpression(text);
  for (const step of path) {
    const next = childOf(node, step);
    if (!next) break;
    node = next;
  }
  return node.loc?.start.line ?? 1;
}

/** The line a JSON.parse error points at. */
export function lineOfParseError(text: string, error: SyntaxError): number {
  const position = /position (\d+)/.exec(error.message)?.[1];
  if (position !== undefined) return text.slice(0, Number(position)).split("\n").length;
  const line = /line (\d+)/.exec(error.message)?.[1];
  return line === undefined ? text.trimEnd().split("\n").length : Number(line);
}

/** The line of the first merge-conflict marker. */
export function lineOfConflict(text: string): number | undefined {
  const at = text.split("\n").findIndex((line) => /^(<{7}|={7}|>{7}|\|{7})( |\r?$)/.test(line));
  return at === -1 ? undefined : at + 1;
}

// --- internal ---

function childOf(node: Node, step: PropertyKey): Node | undefined {
  if (node.type === "ArrayExpression") return node.elements[Number(step)] ?? undefined;
  if (node.type !== "ObjectExpression") return undefined;
  for (const member of node.properties)
    if (member.type === "ObjectProperty" && member.key.type === "StringLiteral")
      if (member.key.value === step) return member.value;
  return undefined;
}
