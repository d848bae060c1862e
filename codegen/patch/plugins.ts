// Adds to a list in options written as an object literal: the plugins of auth.ts and of the auth client, the
// providers of auth.config.ts. What to add, and what to say where it cannot be done, is the caller's business.
import type { ArrayExpression, ObjectExpression } from "@babel/types";
import {
  findProperty,
  insertMembers,
  resolveExpression,
  type Editor,
  type NewMember,
} from "../edit/index.js";

/**
 * Adds plugins to options, as `addToList` does.
 *
 * @example
 * addPlugins(editor, options, ["convexClient()"]);
 */
export function addPlugins(
  editor: Editor,
  options: ObjectExpression,
  plugins: readonly (string | NewMember)[],
): boolean {
  return addToList(editor, options, { name: "plugins", items: plugins });
}

/** Adds items to the end of a list, or the list beside the other options. False where it is no array literal here. */
export function addToList(
  editor: Editor,
  options: ObjectExpression,
  { name, items }: { readonly name: string; readonly items: readonly (string | NewMember)[] },
): boolean {
  if (items.length === 0) return true;
  const list = listOf(editor, options, name);
  if (list === undefined) return false;
  if (list !== "absent") insertMembers(editor, list, items);
  else {
    const calls = items.map((one) => (typeof one === "string" ? one : one.text));
    insertMembers(editor, options, [`${name}: [${calls.join(", ")}]`]);
  }
  return true;
}

// --- internal ---

function listOf(
  { module }: Editor,
  options: ObjectExpression,
  name: string,
): ArrayExpression | "absent" | undefined {
  const member = findProperty(options, name);
  if (!member)
    return options.properties.some(({ type }) => type === "SpreadElement") ? undefined : "absent";
  if (member.type !== "ObjectProperty") return undefined;
  const value = resolveExpression(module, member.value);
  return value.type === "ArrayExpression" ? value : undefined;
}
