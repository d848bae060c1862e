// Where modules name something: by a key of an object or a text, which a message is about, or by an identifier. Pure;
// follows no names.
import type { Node } from "@babel/types";
import { locationOf, walk, type Module } from "./parse.js";

/**
 * `path:line` of the first key or text that is this name; undefined where none of the modules has it.
 *
 * @example
 * findName([module], "weird-name"); // "convex/auth.ts:12"
 */
export function findName(modules: readonly Module[], name: string): string | undefined {
  for (const module of modules) {
    let found: Node | undefined;
    walk(module.program, (node) => {
      if (found) return false;
      if (node.type === "StringLiteral" && node.value === name) found = node;
      if (node.type === "ObjectProperty" && !node.computed && isNamed(node.key, name))
        found = node.key;
      return undefined;
    });
    if (found) return locationOf(module, found);
  }
  return undefined;
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

function isNamed(node: Node, name: string): boolean {
  return node.type === "Identifier" && node.name === name;
}
