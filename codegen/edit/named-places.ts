// Where modules name something that a message is about: a key of an object, or a text. Pure; follows no names.
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

// --- internal ---

function isNamed(key: Node, name: string): boolean {
  return key.type === "Identifier" && key.name === name;
}
