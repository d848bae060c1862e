// What an object of options takes from elsewhere by `...`, where the module says it. By syntax. Pure.
import type { Node, ObjectExpression } from "@babel/types";
import { resolveExpression, unwrap, type Module } from "../../edit/index.js";

/**
 * The objects whose members an object takes, at any depth; undefined where one of them is not written out in the module.
 *
 * @example
 * // const base = { appName: "Notes" }; betterAuth({ ...base, ...(isTest ? { logger } : {}) })
 * spreadObjects(module, options); // [{ appName: "Notes" }, { logger }, {}]
 */
export function spreadObjects(
  module: Module,
  options: ObjectExpression,
): ObjectExpression[] | undefined {
  const all = options.properties.map((one) =>
    one.type === "SpreadElement" ? objectsOf(module, one.argument) : [],
  );
  return all.includes(undefined) ? undefined : all.flatMap((one) => one ?? []);
}

// --- internal ---

function objectsOf(module: Module, node: Node): ObjectExpression[] | undefined {
  const made = unwrap(resolveExpression(module, node));
  if (made.type === "ObjectExpression") {
    const inner = spreadObjects(module, made);
    return inner && [made, ...inner];
  }
  const parts =
    made.type === "ConditionalExpression"
      ? [made.consequent, made.alternate]
      : made.type === "LogicalExpression" && made.operator === "&&"
        ? [made.right]
        : [];
  const all = parts.map((one) => objectsOf(module, one));
  if (all.length === 0 || all.includes(undefined)) return undefined;
  return all.flatMap((one) => one ?? []);
}
