// What a module of a tool's configuration, such as vite.config or app.config, sets a member of it to. By syntax, within
// that module; pure. Objects inside the configuration are not the configuration: their members have other meanings.
import type { MemberExpression, Node, ObjectExpression } from "@babel/types";
import {
  findDefaultExport,
  findProperty,
  isFunction,
  keyOf,
  returnsIn,
  textOf,
  unwrap,
  walk,
  type AnyFunction,
  type Module,
} from "../edit/index.js";
import { memberName } from "../modules/names.js";

/**
 * The values of a member of the configuration that a module exports: as it is, from a function, through a call such as
 * `defineConfig()`, or by an assignment to it.
 *
 * @param inside a member that may have the configuration in it, such as `expo`
 * @example
 * configValues(parseModule('export default { base: "/app/", build: { base: 1 } }', path), "base"); // one node, "/app/"
 */
export function configValues(module: Module, name: string, inside?: string): Node[] {
  const { objects, names } = exportedConfig(module, inside);
  const found = objects.flatMap((object) => valueOf(object, name) ?? []);
  walk(module.program, (node) => {
    if (node.type !== "AssignmentExpression" || node.left.type !== "MemberExpression") return;
    const { object } = node.left;
    const isOfConfig = object.type === "Identifier" && names.has(object.name);
    if (isOfConfig && memberName(node.left) === name) found.push(unwrap(node.right));
  });
  return found;
}

/** The value of a member, as far as it is written as one. */
export function valueOf(object: ObjectExpression, name: string): Node | undefined {
  const member = findProperty(object, name);
  return member?.type === "ObjectProperty" ? unwrap(member.value) : undefined;
}

// --- internal ---

/** The objects that a configuration is made of, the last word first, and the names that it has in its module. */
function exportedConfig(module: Module, inside: string | undefined) {
  const names = new Set<string>();
  const open = new Set<Node>();
  const objectsIn = (given: Node): ObjectExpression[] => {
    const node = unwrap(given);
    // A function may call itself.
    if (open.has(node)) return [];
    open.add(node);
    const found = partsOf(node);
    open.delete(node);
    return found;
  };
  const partsOf = (node: Node): ObjectExpression[] => {
    if (node.type === "Identifier") {
      names.add(node.name);
      return declaredAs(module, node.name).flatMap(objectsIn);
    }
    if (node.type === "CallExpression") {
      const { callee } = node;
      const local = callee.type === "Identifier" ? declaredAs(module, callee.name) : [];
      return [...local.filter(isFunction), ...node.arguments].flatMap(objectsIn);
    }
    if (node.type === "MemberExpression")
      return objectsIn(node.object).flatMap((object) => picked(object, node).flatMap(objectsIn));
    if (node.type === "AwaitExpression") return objectsIn(node.argument);
    if (node.type === "LogicalExpression") return [node.left, node.right].flatMap(objectsIn);
    if (node.type === "ConditionalExpression")
      return [node.consequent, node.alternate].flatMap(objectsIn);
    if (isFunction(node)) return returnedBy(node).flatMap(objectsIn);
    if (node.type !== "ObjectExpression") return [];
    const inner = inside === undefined ? undefined : valueOf(node, inside);
    const spread = node.properties.flatMap((one) =>
      one.type === "SpreadElement" ? one.argument : [],
    );
    return [node, ...[...(inner ? [inner] : []), ...spread].flatMap(objectsIn)];
  };
  return { objects: exportedBy(module).flatMap(objectsIn), names };
}

/** `export default ...`, `module.exports = ...` */
function exportedBy(module: Module): Node[] {
  const found = findDefaultExport(module);
  const exported: Node[] = found?.kind === "expression" ? [found.node] : [];
  walk(module.program, (node) => {
    if (node.type !== "AssignmentExpression") return;
    if (textOf(module, node.left) === "module.exports") exported.push(node.right);
  });
  return exported;
}

/** What a name is declared as, at the top or in a function. */
function declaredAs(module: Module, name: string): Node[] {
  const found: Node[] = [];
  walk(module.program, (node) => {
    const isNamed = "id" in node && node.id?.type === "Identifier" && node.id.name === name;
    if (isNamed && node.type === "VariableDeclarator" && node.init) found.push(unwrap(node.init));
    if (isNamed && node.type === "FunctionDeclaration") found.push(node);
  });
  return found;
}

/** The values that a look-up in an object may give: one of a written name, all of a computed one. */
function picked(object: ObjectExpression, lookUp: MemberExpression): Node[] {
  const name = memberName(lookUp);
  return object.properties.flatMap((member) => {
    if (member.type !== "ObjectProperty") return [];
    return name === undefined || keyOf(member) === name ? [member.value] : [];
  });
}

function returnedBy(fn: AnyFunction): Node[] {
  if (fn.body.type !== "BlockStatement") return [fn.body];
  return returnsIn(fn).flatMap(({ argument }) => argument ?? []);
}
