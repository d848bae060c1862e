// Whether the context of a call is certainly one of a query or a mutation, in an app of the peer: kitcn's helpers read the
// database. By syntax; edits nothing.
import type { CallExpression, Node } from "@babel/types";
import { textOf } from "../../edit/index.js";
import { openReadable } from "../../modules/readable.js";
import { methodOf } from "../../patch/calls.js";
import { hasDatabase } from "./context-type.js";
import { isPeersContext, isSaidByBuilder } from "./edit-types.js";
import { nodesAround } from "../common/references.js";
import type { Edit } from "../common/types.js";

/**
 * True where the context that a call is given has the database: by the type that its function says, else below
 * `query({...})`, `mutation({...})` and the like.
 */
export function readsDatabase(
  { editor: { module }, ws }: Pick<Edit, "editor" | "ws">,
  call: CallExpression,
): boolean {
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
    // stageTypes() takes such a type away.
    const given = type.type === "TSTypeAnnotation" ? type.typeAnnotation : type;
    if (isPeersContext(module, given) && isSaidByBuilder(module, given)) break;
    return hasDatabase({ module, type }, openReadable(ws));
  }
  const makers = around.flatMap((node) =>
    node.type === "CallExpression" ? [textOf(module, node.callee)] : [],
  );
  if (makers.some((text) => /action/i.test(text))) return false;
  // An action, too, calls `ctx.runQuery()`.
  return makers.some((text) => /(query|mutation)/i.test(text) && !/\brun[A-Z]/.test(text));
}
