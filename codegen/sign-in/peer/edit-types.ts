// The peer's type of a context, as the types that Convex generates for the app: the meaning is the same. And casts of the
// auth client to the peer's type of one, which kitcn's provider does not need. Stages; a name that is only half a type,
// such as one in a namespace, stays.
import { join } from "node:path";
import type { Node, TSAsExpression } from "@babel/types";
import {
  addImport,
  endOf,
  finishEdit,
  keyOf,
  listImports,
  openEditor,
  removeOrphanedImports,
  startOf,
  textOf,
  walk,
  type Module,
} from "../../edit/index.js";
import { importExtension, relativeSpecifier } from "../../load/module-resolution.js";
import type { Shell } from "../../shell/detect.js";
import type { Workspace } from "../../workspace/stage.js";
import { PEER } from "../common/libraries.js";
import { modulesThatRun } from "../common/roots.js";
import { nodesAround } from "../common/references.js";

/** Writes `ActionCtx | MutationCtx | QueryCtx` for `GenericCtx<DataModel>`, and nothing where Convex says the type itself. Modules that stay are left alone. */
export function stageTypes(
  ws: Workspace,
  shell: Shell,
  { stay }: { readonly stay: ReadonlySet<string> },
): void {
  for (const module of modulesThatRun(ws, shell)) {
    if (stay.has(module.path)) continue;
    const types = peersContexts(module);
    const casts = clientCasts(module);
    if (types.length + casts.length === 0) continue;
    const editor = openEditor(module);
    for (const one of casts) editor.edits.remove(endOf(withoutCasts(one)), endOf(one));
    const path = join(ws.project.functionsDir, "_generated/server.ts");
    const source = relativeSpecifier(module.path, path, importExtension(ws));
    for (const type of types) {
      const [parent] = nodesAround(module, type);
      const annotation = isSaidByBuilder(module, type) ? parent : undefined;
      if (annotation) editor.edits.remove(startOf(annotation), endOf(annotation));
      else {
        const names = ["ActionCtx", "MutationCtx", "QueryCtx"].map((name) =>
          addImport(editor, { source, name, typeOnly: true }),
        );
        const isWhole = parent !== undefined && WHOLE.has(parent.type);
        const text = names.join(" | ");
        editor.edits.update(startOf(type), endOf(type), isWhole ? text : `(${text})`);
      }
    }
    removeOrphanedImports(
      editor,
      new Set([...types, ...casts.map(({ typeAnnotation }) => typeAnnotation)]),
    );
    const text = finishEdit(editor);
    ws.stage(module.path, /^\s/.test(module.text) ? text : text.trimStart());
  }
}

/**
 * True for the type of the context that `query({ handler: (ctx: Type) => ... })` and the like give: without it, Convex
 * says which context it is.
 */
export function isSaidByBuilder(module: Module, type: Node): boolean {
  const [annotation, parameter, fn, holder, , call] = nodesAround(module, type);
  if (annotation?.type !== "TSTypeAnnotation" || parameter?.type !== "Identifier") return false;
  const isFirst = fn && "params" in fn && Array.isArray(fn.params) && fn.params[0] === parameter;
  if (!isFirst) return false;
  const isMethod = fn.type === "ObjectMethod";
  const member = isMethod ? fn : holder;
  const builder = isMethod ? nodesAround(module, fn)[1] : call;
  if (member?.type !== "ObjectMethod" && member?.type !== "ObjectProperty") return false;
  if (keyOf(member) !== "handler") return false;
  return builder?.type === "CallExpression" && BUILDER.test(textOf(module, builder.callee));
}

/** True for the peer's type of any context. */
export function isPeersContext(module: Module, type: Node): boolean {
  return isPeers(module, type, "GenericCtx");
}

// --- internal ---

const BUILDER = /^(internal)?(query|mutation|action)$/i;

/** What a union may stand in without parentheses. */
const WHOLE: ReadonlySet<string> = new Set<Node["type"]>([
  "TSTypeAnnotation",
  "TSTypeAliasDeclaration",
  "TSTypeParameterInstantiation",
  "TSUnionType",
  "TSAsExpression",
]);

function isPeers(module: Module, type: Node, name: string): boolean {
  if (type.type !== "TSTypeReference" || type.typeName.type !== "Identifier") return false;
  const spelled = type.typeName.name;
  return listImports(module).some(
    ({ local, imported, source }) =>
      local === spelled && imported === name && PEER.sources.test(source),
  );
}

/** `authClient={authClient as unknown as AuthClient}`, on an element. */
function clientCasts(module: Module): TSAsExpression[] {
  const found: TSAsExpression[] = [];
  walk(module.program, (node) => {
    if (node.type !== "JSXAttribute" || node.name.name !== "authClient") return;
    const given = node.value?.type === "JSXExpressionContainer" ? node.value.expression : undefined;
    if (given?.type !== "TSAsExpression") return;
    if (isPeers(module, given.typeAnnotation, "AuthClient")) found.push(given);
  });
  return found;
}

function withoutCasts(node: Node): Node {
  return node.type === "TSAsExpression" ? withoutCasts(node.expression) : node;
}

function peersContexts(module: Module): Node[] {
  const found: Node[] = [];
  walk(module.program, (node) => {
    if (isPeersContext(module, node)) found.push(node);
  });
  return found;
}
