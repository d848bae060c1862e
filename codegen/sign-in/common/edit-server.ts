// Edits of the functions directory: the routes of http.ts, the entries of auth.config.ts, a component in
// convex.config.ts. Into an editor; what is not understood stays as it is.
import { join } from "node:path";
import type { Node, Statement } from "@babel/types";
import {
  addImport,
  endOf,
  listBindings,
  listImports,
  removeItems,
  startOf,
  textOf,
  walk,
  type Editor,
  type Module,
} from "../../edit/index.js";
import { relativeSpecifier } from "../../load/module-resolution.js";
import { importOf } from "../../modules/names.js";
import { HTTP_SOURCE } from "../../patch/auth-routes.js";
import { isCallOf, listCalls, statementOf } from "../../patch/calls.js";
import { corsOf } from "./edit-cors.js";
import { isDeclared } from "./edit-names.js";
import { BY_HAND, PEER } from "./libraries.js";
import { nodesAround } from "./references.js";
import type { Edit, Found } from "./types.js";
import { placeOf } from "./places.js";

/** Puts `registerRoutes` in the place of a library's call, with the origins that it let in. */
export function editRegistration(edit: Edit, { node, library, isWrapped }: Found): boolean {
  if (node.type !== "CallExpression" || library === BY_HAND || isWrapped) return false;
  const { editor, gone, extension, ws } = edit;
  const [router] = node.arguments;
  // It may be edited already: the options are in it all the same.
  const home = edit.home === undefined ? undefined : ws.module(edit.home);
  const cors = corsOf(editor.module, node, home);
  if (!cors) return false;
  if (!router || router.type === "SpreadElement") return false;
  const register = importFree(editor, { source: HTTP_SOURCE, name: "registerRoutes" });
  const routes = join(ws.project.functionsDir, "generated/routes.ts");
  const source = relativeSpecifier(editor.module.path, routes, extension);
  const handler = addImport(editor, { source, name: "authRoutes" });
  const given = cors.text === undefined ? "" : `, { ${cors.text} }`;
  for (const one of cors.notes) {
    const { file, line } = placeOf(ws, one);
    edit.notes.push(`${file}:${line}: ${one.text}`);
  }
  const text = `${register}(${textOf(editor.module, router)}, ${handler}${given})`;
  editor.edits.update(startOf(node), endOf(node), text);
  // The router is in the new call, too.
  gone.add(node.callee);
  for (const argument of node.arguments.slice(1))
    for (const part of nodesWithout(argument, cors.kept)) gone.add(part);
  return true;
}

/** Has Convex ask kitcn's provider, where an entry named the deployment itself. */
export function editEntry({ editor, gone }: Edit, { node, isInTheWay, name }: Found): boolean {
  if (!isInTheWay) return false;
  const wanted = { source: "kitcn/auth/config", name: "getAuthConfigProvider" };
  const [list] = nodesAround(editor.module, node);
  const isThere =
    editor.wanted.some(
      ({ source, name: one }) => source === wanted.source && one === wanted.name,
    ) || listCalls(editor.module).some((call) => isCallOf(editor.module, call, wanted));
  // Of several entries of one service the first becomes kitcn's.
  if (isThere && list?.type === "ArrayExpression") {
    removeItems(editor, list, [node]);
    gone.add(node);
    return true;
  }
  if (node.type === "CallExpression" && name === wanted.name) {
    // Its options are the same: where the routes are, and the keys.
    editor.edits.update(startOf(node.callee), endOf(node.callee), takeOverImport(editor, wanted));
    gone.add(node.callee);
    return true;
  }
  editor.edits.update(startOf(node), endOf(node), `${addImport(editor, wanted)}()`);
  gone.add(node);
  return true;
}

/** Unmounts a component. */
export function editComponent({ editor, gone }: Edit, { node }: Found): boolean {
  const statement = statementOf(editor.module, node);
  if (statement?.type !== "ExpressionStatement" || statement.expression !== node) return false;
  removeStatement(editor, statement);
  gone.add(node);
  return true;
}

/** A node without another one that is inside it, in parts. */
export function nodesWithout(node: Node, inner: Node | undefined): Node[] {
  const parts: Node[] = [];
  walk(node, (one) => {
    if (one === inner) return false;
    if (inner && startOf(one) <= startOf(inner) && endOf(inner) <= endOf(one)) return undefined;
    parts.push(one);
    return false;
  });
  return parts;
}

/** A name to import, as a type alone or not. */
export type Wanted = {
  readonly source: string;
  readonly name: string;
  readonly typeOnly?: boolean;
};

/** Imports a name; that other code has a member of that name does not count. */
export function importFree(editor: Editor, wanted: Wanted): string {
  const { module } = editor;
  const isTaken =
    listImports(module).some(({ local }) => local === wanted.name) ||
    listBindings(module).has(wanted.name);
  return isTaken ? addImport(editor, wanted) : takeOverImport(editor, wanted);
}

/** Imports a name that the peer's import of the same name has; any other use of the name counts. */
export function importForPeers(editor: Editor, wanted: Wanted): string {
  if (isDeclared(editor.module, wanted.name)) return addImport(editor, wanted);
  const imported = importOf(editor.module, wanted.name);
  const isFree = imported !== undefined && PEER.sources.test(imported.source);
  return isFree ? takeOverImport(editor, wanted) : importFree(editor, wanted);
}

/** Imports a name that what goes has taken: the old import of it goes, too. */
export function takeOverImport(editor: Editor, wanted: Wanted): string {
  const { source, name, typeOnly = false } = wanted;
  const pending = editor.wanted.find((one) => one.source === source && one.name === name);
  const request = { source, name, local: name, typeOnly };
  if (!pending) editor.wanted.push(request);
  else if (pending.typeOnly && !typeOnly) editor.wanted[editor.wanted.indexOf(pending)] = request;
  return name;
}

/**
 * Removes a statement with its line.
 *
 * @param from where what goes begins, if that is not the statement itself
 */
export function removeStatement(
  { module, edits }: Editor,
  statement: Node,
  from = startOf(statement),
): void {
  const before = /\r?\n[ \t]*$/.exec(module.text.slice(0, from))?.[0] ?? "";
  const above = module.text.slice(0, from - before.length);
  // Of two blank lines around it one goes, too.
  const gap = /^[ \t]*\r?\n(?=[ \t]*\r?\n)/.exec(module.text.slice(endOf(statement)))?.[0] ?? "";
  const isAlone = /(^|\n)[ \t]*$/.test(above);
  const end = endOf(statement) + (isAlone ? gap.length : 0);
  edits.remove(from - before.length, end);
}

/**
 * Where the comment begins that is right above a statement, or the statement itself: one with a blank line below it, or
 * at the start of the file, is about more than the statement.
 */
export function startWithComment(module: Module, statement: Node): number {
  const { text, comments } = module;
  let start = startOf(statement);
  for (const comment of comments.toReversed()) {
    const [from, to] = [comment.start ?? 0, comment.end ?? 0];
    if (to > start) continue;
    const isAbove = /^[ \t]*\r?\n[ \t]*$/.test(text.slice(to, start));
    const isAlone = /\n[ \t]*$/.test(text.slice(0, from));
    if (!isAbove || !isAlone) break;
    start = from;
  }
  return start;
}

/** Takes the names that statements declare out of the module's lists of exports: `export { createAuth };`. */
export function unlistExports(editor: Editor, removed: readonly Statement[]): void {
  const { module, edits } = editor;
  const names = new Set(
    [...listBindings(module).values()].flatMap(({ name, statement }) =>
      removed.includes(statement) ? [name] : [],
    ),
  );
  for (const statement of module.program.body) {
    if (statement.type !== "ExportNamedDeclaration" || statement.source) continue;
    const { specifiers } = statement;
    const kept = specifiers.filter((one) => {
      return one.type !== "ExportSpecifier" || !names.has(one.local.name);
    });
    if (kept.length === specifiers.length) continue;
    const [first, last] = [specifiers[0], specifiers.at(-1)];
    if (kept.length === 0 || !first || !last) removeStatement(editor, statement);
    else
      edits.update(startOf(first), endOf(last), kept.map((one) => textOf(module, one)).join(", "));
  }
}
