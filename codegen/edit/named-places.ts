// Where modules name something: by a key of an object or a text, which a message is about, or by an identifier. Pure;
// follows no names.
import type { Node, ObjectProperty } from "@babel/types";
import { locationOf, walk, type Module } from "./parse.js";

/**
 * `path:line` of the key or text that is this name: the only one where Better Auth's options declare tables and fields,
 * else the only one at all. Undefined if several lines have it, since any of them may be the wrong one.
 *
 * @example
 * findName([module], "weird-name"); // "convex/auth.ts:12"
 */
export function findName(modules: readonly Module[], name: string): string | undefined {
  const declared = new Set<string>();
  const all = new Set<string>();
  const look = (module: Module, root: Node, isDeclared: boolean): void =>
    walk(root, (node) => {
      if (node !== root && !isDeclared && declares(node)) {
        look(module, node, true);
        return false;
      }
      const found = namedBy(node, name);
      if (found) all.add(locationOf(module, found));
      if (found && isDeclared) declared.add(locationOf(module, found));
      return undefined;
    });
  for (const module of modules) look(module, module.program, false);
  return onlyOf(declared.size > 0 ? declared : all);
}

/** True where the code of a node has an identifier of this name. What is in `without` is not looked into. */
export function hasName(root: Node, name: string, without: readonly Node[] = []): boolean {
  let isThere = false;
  walk(root, (node) => {
    if (isThere || without.includes(node)) return false;
    isThere = isNamed(node, name);
    return undefined;
  });
  return isThere;
}

// --- internal ---

/** Keys below which Better Auth's options name tables, columns and fields. */
const DECLARING = ["additionalFields", "schema", "fields", "modelName"];

function declares(node: Node): boolean {
  return node.type === "ObjectProperty" && DECLARING.some((one) => isKey(node, one));
}

/** A key or a text. */
function namedBy(node: Node, name: string): Node | undefined {
  if (node.type === "StringLiteral") return node.value === name ? node : undefined;
  return node.type === "ObjectProperty" && isKey(node, name) ? node.key : undefined;
}

function isKey({ key, computed }: ObjectProperty, name: string): boolean {
  if (key.type === "StringLiteral") return key.value === name;
  return !computed && isNamed(key, name);
}

function onlyOf(places: ReadonlySet<string>): string | undefined {
  return places.size === 1 ? [...places][0] : undefined;
}

function isNamed(node: Node, name: string): boolean {
  return node.type === "Identifier" && node.name === name;
}
