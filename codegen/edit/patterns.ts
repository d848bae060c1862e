// The names that declarations make, destructuring included. Pure.
import type { Declaration, Node } from "@babel/types";
import { keyOf } from "./lookup.js";

/** The names of a declaration. */
export function namesIn(declaration: Declaration): string[] {
  if (declaration.type === "VariableDeclaration")
    return declaration.declarations.flatMap(({ id }) => [...keysByName(id).keys()]);
  const { id } = { id: undefined, ...declaration };
  return id?.type === "Identifier" ? [id.name] : [];
}

/**
 * Every name of a pattern, with the keys that lead to its value.
 *
 * @example
 * // { handlers: { GET }, ...rest } = made
 * keysByName(pattern); // GET => ["handlers", "GET"], rest => []
 */
export function keysByName(pattern: Node, keys: readonly string[] = []): Map<string, string[]> {
  const { type } = pattern;
  if (type === "Identifier") return new Map([[pattern.name, [...keys]]]);
  if (type === "AssignmentPattern") return keysByName(pattern.left, keys);
  if (type === "RestElement") return keysByName(pattern.argument, keys);
  if (type === "ArrayPattern")
    return new Map(pattern.elements.flatMap((one) => (one ? [...keysByName(one, keys)] : [])));
  if (type !== "ObjectPattern") return new Map();
  return new Map(
    pattern.properties.flatMap((one) => [
      ...(one.type === "RestElement"
        ? keysByName(one, keys)
        : keysByName(one.value, [...keys, keyOf(one) ?? ""])),
    ]),
  );
}
