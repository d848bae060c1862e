// Where an app names the table `users` of Convex Auth, whose ids kitcn's user has not: validators, types, and look-ups of
// the database. Pure.
import type { CallExpression, Node } from "@babel/types";
import { textOf, walk, type Module } from "../../edit/index.js";
import { methodOf } from "../../patch/calls.js";
import { CONVEX_AUTH } from "../common/libraries.js";
import type { Found } from "../common/types.js";

/** How the name of a look-up ends. */
export const OLD_TABLE = '("users", ...)';

/** The places that do not name the ids of `user` beside them. */
export function oldIdsIn(module: Module): Found[] {
  const found: Node[] = [];
  walk(module.program, (node) => {
    const isUnion =
      node.type === "TSUnionType" ||
      (node.type === "CallExpression" && textOf(module, node.callee) === "v.union");
    // Both are named there.
    if (isUnion && /(["'])user\1/.test(textOf(module, node))) return false;
    if (node.type === "CallExpression" && VALIDATOR.test(textOf(module, node))) found.push(node);
    if (node.type === "CallExpression" && namesOldTable(module, node)) found.push(node);
    if (node.type === "TSTypeReference" && TYPE.test(textOf(module, node))) found.push(node);
    return undefined;
  });
  return found.map((node) => ({
    library: CONVEX_AUTH,
    part: "id",
    module,
    node,
    name: nameOf(module, node),
    isInTheWay: true,
  }));
}

/**
 * True for `ctx.db.get("users", id)` and its like, which refuse ids of `user`. Without the table, Convex takes the id of
 * any.
 */
export function namesOldTable(module: Module, call: CallExpression): boolean {
  const method = methodOf(call);
  const [table, id] = call.arguments;
  if (!method || !id || table?.type !== "StringLiteral" || table.value !== "users") return false;
  return BY_ID.has(method.name) && DATABASE.test(textOf(module, method.object));
}

// --- internal ---

const VALIDATOR = /^v\.id\(\s*["']users["']\s*,?\s*\)$/;
const BY_ID: ReadonlySet<string> = new Set(["get", "patch", "replace", "delete"]);
const DATABASE = /(^|\.)db$/;
const TYPE = /^(Id|Doc)<\s*["']users["']\s*>$/;

/** A call by its name and its table: what else it is given says nothing of its ids. */
function nameOf(module: Module, node: Node): string {
  if (node.type !== "CallExpression" || !namesOldTable(module, node)) return textOf(module, node);
  return textOf(module, node.callee) + OLD_TABLE;
}
