// Which names a module uses, and which are free. Pure.
import type { Module } from "./parse.js";
import { walk } from "./parse.js";

/** Every identifier a module mentions anywhere, inner scopes and types included. */
export function usedNames(module: Module): ReadonlySet<string> {
  const known = CACHE.get(module);
  if (known) return known;
  const names = new Set<string>();
  walk(module.program, (node) => {
    if (node.type === "Identifier" || node.type === "JSXIdentifier") names.add(node.name);
  });
  CACHE.set(module, names);
  return names;
}

/**
 * `wish`, or `wish2`, `wish3`, ... : the first that no identifier of the module has. Avoiding inner names as
 * well means that a new top-level name can neither clash nor be shadowed.
 */
export function freeName(
  module: Module,
  wish: string,
  alsoTaken: ReadonlySet<string> = new Set(),
): string {
  const used = usedNames(module);
  const taken = (name: string) => used.has(name) || alsoTaken.has(name) || RESERVED.has(name);
  if (!taken(wish)) return wish;
  for (let count = 2; ; count += 1) if (!taken(`${wish}${count}`)) return `${wish}${count}`;
}

/** True for text that can be written as an identifier or an unquoted property key. */
export function isIdentifier(text: string): boolean {
  return /^[A-Za-z_$][\w$]*$/.test(text) && !RESERVED.has(text);
}

// --- internal ---

const CACHE = new WeakMap<Module, ReadonlySet<string>>();

const RESERVED: ReadonlySet<string> = new Set(
  (
    "arguments await break case catch class const continue debugger default delete do else enum eval export " +
    "extends false finally for function if implements import in instanceof interface let new null package " +
    "private protected public return static super switch this throw true try typeof var void while with yield"
  ).split(" "),
);
