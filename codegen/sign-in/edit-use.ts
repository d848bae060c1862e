// Edits of calls to `authComponent`, `createAuth` and the peer's helpers: to what kitcn has for them, where the meaning
// is the same. Where the context may be an action's, the helper asks a query.
import { join } from "node:path";
import type { CallExpression, Node, TSTypeQuery } from "@babel/types";
import {
  addImport,
  endOf,
  finishEdit,
  listExports,
  listImports,
  openEditor,
  startOf,
  textOf,
  unwrap,
  walk,
  type Module,
} from "../edit/index.js";
import { relativeSpecifier } from "../load/module-resolution.js";
import { modulePath, functionsLanguage } from "../shell/language.js";
import { methodOf } from "../patch/calls.js";
import { findFunctionsModule } from "../workspace/find.js";
import { editBoundary, REACT_SOURCE } from "./common/edit-front.js";
import { editPlugin } from "./peer/edit-auth.js";
import { importForPeers, importFree, takeOverImport } from "./common/edit-server.js";
import {
  printAnywhere,
  printById,
  printContextHelpers,
  printUserHelpers,
} from "./peer/print-helpers.js";
import { editActions } from "./convex-auth/edit-auth.js";
import { editNextCall } from "./convex-auth/edit-next.js";
import { CONVEX_AUTH, OLD_START, OLD_TOKEN, PEER } from "./common/libraries.js";
import { editHandler, HANDLER } from "./edit-routes.js";
import { editOldToken, editOldHandler } from "./peer/edit-old-next.js";
import { editOldStart } from "./peer/edit-old-start.js";
import { contextOf } from "./peer/context-of.js";
import { userIdCalls } from "./peer/triggers.js";
import { namesOfPattern, nodesAround } from "./common/references.js";
import type { Edit, Found } from "./common/types.js";
import { placeOf } from "./common/places.js";

/** Rewrites one call, or one element. */
export function editUse(edit: Edit, { library, node, name }: Found): boolean {
  if (node.type === "TSTypeQuery") return editTypeQuery(edit, node, name);
  if (library === PEER && node.type === "JSXElement")
    return name === "AuthBoundary" && editBoundary(edit, node);
  if (library === PEER && name === HANDLER) return editHandler(edit, { node });
  if (node.type !== "CallExpression") return false;
  if (library === CONVEX_AUTH && name === "useAuthActions") return editActions(edit, node);
  if (library === CONVEX_AUTH && USER_ID.has(name)) return editUserId(edit, node);
  if (library === CONVEX_AUTH) return editNextCall(edit, node, name);
  if (library !== PEER) return false;
  if (name === OLD_TOKEN) return editOldToken(edit, node);
  if (name === "nextJsHandler") return editOldHandler(edit, node);
  if (OLD_START.has(name)) return editOldStart(edit, node, name);
  const { editor, gone } = edit;
  if (name === "convex" || name === "crossDomain") return editPlugin(edit, node, name);
  const text = replacementOf(edit, node, name);
  if (text === undefined) return false;
  editor.edits.update(startOf(text.node), endOf(text.node), text.text);
  gone.add(node.callee);
  for (const argument of name === "getAuth" ? node.arguments.slice(0, 1) : []) gone.add(argument);
  return true;
}

// --- internal ---

/** `getAuthUserId(ctx)`, and `auth.getUserId(ctx)` with the `auth` of convexAuth(). */
const USER_ID: ReadonlySet<string> = new Set(["getAuthUserId", "getUserId"]);

/** The same type, of kitcn's function. */
function editTypeQuery(edit: Edit, { exprName }: TSTypeQuery, name: string): boolean {
  const { editor, gone } = edit;
  const isHelper = name === "getAuthUser" || name === "safeGetAuthUser";
  if (!isHelper && name !== "createAuth") return false;
  const object = exprName.type === "TSQualifiedName" ? exprName.left : exprName;
  // What was imported as a type alone stays so.
  const typeOnly = listImports(editor.module).some(
    (one) => one.typeOnly && object.type === "Identifier" && one.local === object.name,
  );
  const text = isHelper ? userHelper(edit, name, typeOnly) : getAuth(edit, typeOnly);
  editor.edits.update(startOf(exprName), endOf(exprName), text);
  gone.add(exprName);
  return true;
}

/** The function of the same meaning. */
function editUserId({ editor, gone }: Edit, { callee }: CallExpression): boolean {
  const name = takeOverImport(editor, { source: "kitcn/auth", name: "getAuthUserId" });
  editor.edits.update(startOf(callee), endOf(callee), name);
  gone.add(callee);
  return true;
}

type Replacement = { readonly node: Node; readonly text: string };

function replacementOf(edit: Edit, call: CallExpression, name: string): Replacement | undefined {
  const { editor } = edit;
  const { module } = editor;
  const given = call.arguments.map((one) => textOf(module, one));
  switch (name) {
    case "createAuth":
      if (given.length !== 1) return undefined;
      return { node: call.callee, text: getAuth(edit) };
    case "getHeaders":
      return { node: call.callee, text: headers(edit) };
    case "getAuth": {
      const awaited = awaitOf(module, call);
      const [, ctx] = given;
      if (ctx === undefined || (!awaited && isStatement(module, call, /(^|[;{}])\s*$/)))
        return undefined;
      const text = printAuthOf(edit, ctx, awaited);
      // Who asks for a promise gets one.
      if (!awaited) return { node: call, text: `(async () => (${text}))()` };
      return { node: awaited, text: isStatement(module, awaited) ? `(${text})` : text };
    }
    case "getAuthUser":
    case "safeGetAuthUser":
    case "getAnyUserById":
      return userCall(edit, call, name);
    case "setUserId":
      return setUserId(edit, call);
    case "clientApi":
      return clientApi(edit, call);
    case "usePreloadedAuthQuery":
      return { node: call.callee, text: importForPeers(editor, { source: REACT_SOURCE, name }) };
    case "requireActionCtx":
    case "requireRunMutationCtx":
      return { node: call.callee, text: contextHelper(edit, name) };
    default:
      return undefined;
  }
}

/** What `getAuth()` of the client gave; of a pattern without others, only what it takes: more does not compile. */
function printAuthOf(edit: Edit, ctx: string, awaited: Node | undefined): string {
  const [holder] = awaited ? nodesAround(edit.editor.module, awaited) : [];
  const pattern = holder?.type === "VariableDeclarator" ? holder.id : undefined;
  const names = pattern?.type === "ObjectPattern" ? namesOfPattern(pattern) : undefined;
  const parts = [
    ...(names?.has("auth") === false ? [] : [`auth: ${getAuth(edit)}(${ctx})`]),
    ...(names?.has("headers") === false ? [] : [`headers: await ${headers(edit)}(${ctx})`]),
  ];
  return `{ ${parts.join(", ")} }`;
}

function getAuth({ editor, ws, extension }: Edit, typeOnly = false): string {
  const path = join(ws.project.functionsDir, "generated/auth.ts");
  const source = relativeSpecifier(editor.module.path, path, extension);
  return importFree(editor, { source, name: "getAuth", typeOnly });
}

function headers({ editor }: Edit): string {
  return importFree(editor, { source: "kitcn/auth", name: "getHeaders" });
}

/** `export const { getAuthUser } = authComponent.clientApi()`, as the query that it makes. */
function clientApi(edit: Edit, call: CallExpression): Replacement | undefined {
  const { editor, ws, extension } = edit;
  const { module } = editor;
  const [declarator] = nodesAround(module, call);
  if (declarator?.type !== "VariableDeclarator" || declarator.id.type !== "ObjectPattern")
    return undefined;
  const names = namesOfPattern(declarator.id);
  const name = names?.get("getAuthUser");
  if (name === undefined || names?.size !== 1) return undefined;
  const path = join(ws.project.functionsDir, "_generated/server.ts");
  const source = relativeSpecifier(module.path, path, extension);
  const query = addImport(editor, { source, name: "query" });
  const text = `${name} = ${query}({ args: {}, handler: (ctx) => ${userHelper(edit, "getAuthUser")}(ctx) })`;
  return { node: declarator, text };
}

/** In auth.ts, where the options get the field that this writes. */
function setUserId(
  { editor: { module }, home }: Edit,
  call: CallExpression,
): Replacement | undefined {
  const object = methodOf(call)?.object;
  if (!object || home !== module.path) return undefined;
  const calls = userIdCalls(module, new Set([textOf(module, object)]));
  return calls.find(({ node }) => node === call);
}

/** A helper of authUser.ts. */
function userHelper(edit: Edit, name: string, typeOnly = false): string {
  return helper(edit, { module: "authUser", name, print: printUserHelpers, typeOnly });
}

function userCall(edit: Edit, call: CallExpression, name: string): Replacement | undefined {
  const context = contextOf(edit, call);
  if (context === "database") return { node: call.callee, text: userHelper(edit, name) };
  const isKnown = context === "any" && name !== BY_ID && call.arguments.length === 1;
  return isKnown ? { node: call.callee, text: anywhere(edit, call, name) } : undefined;
}

/** A helper for a context that can be that of an action. */
function anywhere(edit: Edit, call: CallExpression, name: string): string {
  const text = userHelper(edit, `${name}Anywhere`);
  const { file, line } = placeOf(edit.ws, { module: edit.editor.module, node: call });
  edit.notes.push(
    `${file}:${line}: the context can be that of an action, so ${name}() becomes ${name}Anywhere() of authUser.ts: in an action, it asks a query.`,
  );
  return text;
}

/** A helper of authContext.ts. */
function contextHelper(edit: Edit, name: string): string {
  return helper(edit, { module: "authContext", name, print: printContextHelpers });
}

/** A name of a module of helpers, which is staged with the first. */
function helper(
  { editor, ws, extension }: Edit,
  input: {
    readonly module: string;
    readonly name: string;
    readonly print: (extension: "" | ".js", isTyped: boolean) => string;
    readonly typeOnly?: boolean;
  },
): string {
  const { module, name, print, typeOnly = false } = input;
  const language = functionsLanguage(ws);
  const path =
    findFunctionsModule(ws, module) ??
    modulePath(join(ws.project.functionsDir, `${module}.ts`), language);
  if (!ws.has(path)) ws.stage(path, print(extension, language === "ts"));
  const home = ws.module(path);
  const isTyped = language === "ts";
  if (home && listExports(home, name).length === 0) {
    if (name === BY_ID) ws.stage(path, `${home.text.trimEnd()}\n\n${printById(isTyped)}`);
    if (ANYWHERE.test(name)) ws.stage(path, withAnywhere(home, extension, isTyped));
  }
  const source = relativeSpecifier(editor.module.path, path, extension);
  return importForPeers(editor, { source, name, typeOnly });
}

const BY_ID = "getAnyUserById";

const ANYWHERE = /Anywhere$/;

/** authUser.ts with the functions for every context. */
function withAnywhere(home: Module, extension: "" | ".js", isTyped: boolean): string {
  const editor = openEditor(home);
  const server = `./_generated/server${extension}`;
  addImport(editor, { source: `./_generated/api${extension}`, name: "internal" });
  addImport(editor, { source: server, name: "internalQuery" });
  for (const name of isTyped ? ["ActionCtx", "MutationCtx"] : [])
    addImport(editor, { source: server, name, typeOnly: true });
  if (isTyped)
    addImport(editor, {
      source: `./_generated/dataModel${extension}`,
      name: "Doc",
      typeOnly: true,
    });
  return `${finishEdit(editor).trimEnd()}\n\n${printAnywhere(isTyped)}`;
}

function awaitOf(module: Module, call: CallExpression): Node | undefined {
  let found: Node | undefined;
  walk(module.program, (node) => {
    if (node.type === "AwaitExpression" && unwrap(node.argument) === call) found = node;
  });
  return found;
}

/** At the start of a statement, or of an arrow's body, braces are a block. */
function isStatement(module: Module, node: Node, start = /(^|[;{}]|=>)\s*$/): boolean {
  return start.test(module.text.slice(0, startOf(node)));
}
