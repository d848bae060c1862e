// What the context of a call is, in an app of the peer: certainly one of a query or a mutation, whose database kitcn's helpers
// read, or perhaps one of an action. By syntax; edits nothing.
import type { CallExpression, Node } from "@babel/types";
import { textOf } from "../../edit/index.js";
import { openReadable } from "../../modules/readable.js";
import { methodOf } from "../../patch/calls.js";
import { hasDatabase, isContextType } from "./context-type.js";
import { isPeersContext, isSaidByBuilder } from "./edit-types.js";
import { nodesAround } from "../common/references.js";
import type { Edit } from "../common/types.js";

/**
 * "database" where the context that a call is given has one: by the type that its function says, else below
 * `query({...})`, `mutation({...})` and the like. "any" where it may be an action's. Undefined where its type says
 * nothing that is understood.
 */
export function contextOf(
  { editor: { module }, ws }: Pick<Edit, "editor" | "ws">,
  call: CallExpression,
): "database" | "any" | undefined {
  const around = nodesAround(module, call);
  // `ctx.runQuery(...)` is a call on the context itself.
  const method = methodOf(call);
  const given = method && /^run[A-Z]/.test(method.name) ? method.object : call.arguments[0];
  const isContext = (node: Node | undefined) =>
    node?.type === "Identifier" && given?.type === "Identifier" && node.name === given.name;
  for (const node of around) {
    const first = "params" in node && Array.isArray(node.params) ? node.params[0] : undefined;
    if (first?.type !== "Identifier" || !isContext(first)) continue;
    const type = first.typeAnnotation;
    if (!type || textOf(module, type) === ": any") break;
    const said = type.type === "TSTypeAnnotation" ? type.typeAnnotation : type;
    // stageTypes() writes Convex's types in its place, or none below a builder.
    if (isPeersContext(module, said)) {
      if (isSaidByBuilder(module, said)) break;
      return "any";
    }
    const at = { module, type };
    const read = openReadable(ws);
    if (hasDatabase(at, read)) return "database";
    return isContextType(at, read) ? "any" : undefined;
  }
  const makers = around.flatMap((node) =>
    node.type === "CallExpression" ? [textOf(module, node.callee)] : [],
  );
  if (makers.some((text) => /action/i.test(text))) return "any";
  // An action, too, calls `ctx.runQuery()`.
  const isMade = makers.some((text) => /(query|mutation)/i.test(text) && !/\brun[A-Z]/.test(text));
  return isMade ? "database" : "any";
}
