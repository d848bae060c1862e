// Where an app names the ids of Convex Auth's table `users`, which kitcn's user has not: validators and types. Pure.
import type { Node } from "@babel/types";
import { textOf, walk, type Module } from "../edit/index.js";
import type { Found } from "./find.js";
import { CONVEX_AUTH } from "./libraries.js";

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
    if (node.type === "TSTypeReference" && TYPE.test(textOf(module, node))) found.push(node);
    return undefined;
  });
  return found.map((node) => ({
    library: CONVEX_AUTH,
    part: "id",
    module,
    node,
    name: textOf(module, node),
    isInTheWay: true,
  }));
}

// --- internal ---

const VALIDATOR = /^v\.id\(\s*["']users["']\s*,?\s*\)$/;
const TYPE = /^(Id|Doc)<\s*["']users["']\s*>$/;
