// The context that callbacks of auth.ts send with: the parameter of the function that defineAuth takes, and whether a
// place in the code sees it. Stages the parameter where it is missing; touches nothing else.
import type { Node } from "@babel/types";
import {
  addImport,
  endOf,
  finishEdit,
  freeName,
  isFunction,
  listBindings,
  listImports,
  openEditor,
  startOf,
  walk,
  type AnyFunction,
  type Module,
} from "../edit/index.js";
import { findDefinition } from "../modules/auth-options.js";
import type { Workspace } from "../workspace/stage.js";
import type { Server } from "./server-half.js";

/** Imports the type of the parameter into a module, where TypeScript cannot know it. */
export type CtxType = { readonly source: (from: string) => string; readonly name: string };

/**
 * The name of the context at a node; undefined where none can be used.
 *
 * @returns `isNew`: the parameter has still to be added
 */
export function findCtx(
  { module: auth, read }: Server,
  { module, node }: { readonly module: Module; readonly node: Node },
): { readonly name: string; readonly isNew: boolean } | undefined {
  const definition = findDefinition(auth, read);
  if (!definition || definition.module.path !== module.path) return undefined;
  const { node: made } = definition;
  if (!isFunction(made) || !contains(made, node)) return undefined;
  const [first] = made.params;
  if (!first) return { name: newName(definition.module, made), isNew: true };
  const given = first.type === "AssignmentPattern" ? first.left : first;
  if (given.type !== "Identifier" || isHidden(made, node, given.name)) return undefined;
  return { name: given.name, isNew: false };
}

/** Stages the definition with its parameter. */
export function addCtx(
  { ws, module: auth, read }: Server & { readonly ws: Workspace },
  name: string,
  type: CtxType,
): void {
  const definition = findDefinition(auth, read);
  if (!definition || !isFunction(definition.node)) throw new Error("findCtx() saw a function.");
  const { module, node, isArgument } = definition;
  const editor = openEditor(module);
  const before = node.typeParameters ?? ("id" in node ? node.id : undefined);
  const from = before ? endOf(before) : startOf(node);
  const isTyped = isArgument || !/\.[cm]?tsx?$/.test(module.path);
  const request = { source: type.source(module.path), name: type.name, typeOnly: true };
  const annotation = isTyped ? "" : `: ${addImport(editor, request)}`;
  editor.edits.appendLeft(module.text.indexOf("(", from) + 1, `${name}${annotation}`);
  ws.stage(module.path, finishEdit(editor));
}

// --- internal ---

function contains(outer: Node, inner: Node): boolean {
  return startOf(outer) <= startOf(inner) && endOf(inner) <= endOf(outer);
}

/** A name that the module and the function's own body do not use for something else. */
function newName(module: Module, definition: AnyFunction): string {
  const taken = new Set([
    ...listBindings(module).keys(),
    ...listImports(module).map(({ local }) => local),
    ...declaredIn(definition.body),
  ]);
  return taken.has("ctx") ? freeName(module, "ctx") : "ctx";
}

/** True where something between the definition and the node has the same name. */
function isHidden(definition: AnyFunction, node: Node, name: string): boolean {
  let hidden = false;
  walk(definition.body, (one) => {
    if (!contains(one, node)) return false;
    if (one.type === "BlockStatement") hidden ||= declaredIn(one).includes(name);
    if (isFunction(one)) hidden ||= one.params.some((param) => namesOf(param).includes(name));
    return true;
  });
  return hidden;
}

/** The names that the statements of a body declare. */
function declaredIn(body: Node): string[] {
  if (body.type !== "BlockStatement") return [];
  return body.body.flatMap((statement) => {
    if (statement.type === "FunctionDeclaration") return statement.id ? [statement.id.name] : [];
    if (statement.type !== "VariableDeclaration") return [];
    return statement.declarations.flatMap(({ id }) => namesOf(id));
  });
}

function namesOf(pattern: Node): string[] {
  const names: string[] = [];
  walk(pattern, (one) => {
    if (one.type === "Identifier") names.push(one.name);
  });
  return names;
}
