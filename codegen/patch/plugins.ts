// Adds plugins to Better Auth options written as an object literal: auth.ts on the server, the auth client.
// Which plugins, and what to say where it cannot be done, is the caller's business.
import type { ArrayExpression, ObjectExpression } from "@babel/types";
import {
  findProperty,
  insertMembers,
  resolveExpression,
  type Editor,
  type NewMember,
} from "../edit/index.js";

/**
 * Adds members to options: a property beside the others, or calls to the end of `plugins`. False where
 * `plugins` is not an array literal of this module.
 *
 * @example
 * addPlugins(editor, options, ["convexClient()"]);
 */
export function addPlugins(
  editor: Editor,
  options: ObjectExpression,
  plugins: readonly (string | NewMember)[],
): boolean {
  if (plugins.length === 0) return true;
  const list = pluginsOf(editor, options);
  if (list === undefined) return false;
  if (list !== "absent") insertMembers(editor, list, plugins);
  else {
    const calls = plugins.map((one) => (typeof one === "string" ? one : one.text));
    insertMembers(editor, options, [`plugins: [${calls.join(", ")}]`]);
  }
  return true;
}

// --- internal ---

function pluginsOf(
  { module }: Editor,
  options: ObjectExpression,
): ArrayExpression | "absent" | undefined {
  const member = findProperty(options, "plugins");
  if (!member)
    return options.properties.some(({ type }) => type === "SpreadElement") ? undefined : "absent";
  if (member.type !== "ObjectProperty") return undefined;
  const value = resolveExpression(module, member.value);
  return value.type === "ArrayExpression" ? value : undefined;
}
