// Names that a module declares inside its functions, which an import must not take. Pure.
import { textOf, walk, type Module } from "../../edit/index.js";

/** A local name, of a declaration or a parameter: what is only a member does not count. */
export function isDeclared(module: Module, name: string): boolean {
  let found = false;
  walk(module.program, (node) => {
    if (node.type === "VariableDeclarator" && node.id.type === "Identifier")
      found ||= node.id.name === name;
    if (node.type === "ObjectPattern")
      found ||= node.properties.some(
        (one) => one.type === "ObjectProperty" && textOf(module, one.value) === name,
      );
  });
  return found;
}
