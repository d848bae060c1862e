// The routes of a front end below /api/auth, and lib/auth-server, which makes their handlers. A route that only hands on the
// library's is replaced as a whole; in one with code of its owner the handlers are replaced by name, or it stays.
import type { Node, ObjectProperty, Statement } from "@babel/types";
import {
  addImport,
  endOf,
  finishEdit,
  keyOf,
  listExports,
  listImports,
  openEditor,
  startOf,
  stripTypes,
  unwrap,
  walk,
  type Module,
} from "../edit/index.js";
import { openReadable } from "../modules/readable.js";
import { memberName } from "../modules/names.js";
import type { ModuleReader } from "../modules/resolve.js";
import { importedBy } from "../patch/calls.js";
import {
  printNextRoute,
  printNextServer,
  printStartRoute,
  printStartServer,
} from "../print/client.js";
import { authServerOf, specifierOf, variableOf, type Front } from "../shell/front.js";
import type { Workspace } from "../workspace/stage.js";
import { PEER } from "./common/libraries.js";
import { isResultOf, type Wanted } from "./common/made-directly.js";
import { mentionsAtTop } from "./common/mentions.js";
import { modulesThatRun } from "./common/roots.js";
import type { Edit, Found } from "./common/types.js";
import { placeOf } from "./common/places.js";

/** The peer's name for what answers, and the calls that give it. */
export const HANDLER = "handler";

/** Has the server module of a front end make kitcn's handlers. */
export function editRouteServer(edit: Edit, { node, name }: Found): boolean {
  const { editor, gone, notes, ws } = edit;
  if (node.type !== "CallExpression") return false;
  const isNext = name === "convexBetterAuthNextJs";
  const maker = isNext
    ? { source: "kitcn/auth/nextjs", name: "createNextAuth" }
    : { source: "kitcn/auth/start", name: "createStartAuth" };
  editor.edits.update(startOf(node.callee), endOf(node.callee), addImport(editor, maker));
  gone.add(node.callee);
  const [options] = node.arguments;
  for (const one of options?.type === "ObjectExpression" ? options.properties : []) {
    const key = one.type === "SpreadElement" ? undefined : keyOf(one);
    if (key === undefined || SERVER_OPTIONS.has(key)) continue;
    dropMember(edit, one, node);
    const { file, line } = placeOf(ws, { module: editor.module, node: one });
    const why = DROPPED[key] ?? `${maker.name}() has no such option.`;
    notes.push(`${file}:${line}: ${key} is not carried over: ${why}`);
  }
  renameHandler(edit, node);
  return true;
}

/** Where modules take the peer's handlers of Next: an import, a member, a pattern. kitcn's have the same form. */
export function handlersOf(module: Module, read: ModuleReader): Node[] {
  const found: Node[] = [];
  const isMade = (node: Node | null | undefined) =>
    node?.type === "Identifier" && isResultOf({ module, name: node.name }, NEXT, read);
  walk(module.program, (node) => {
    if (node.type === "ImportSpecifier") {
      const isOne = isResultOf({ module, name: node.local.name }, NEXT_HANDLER, read);
      if (isOne) found.push(node);
    }
    if (node.type === "MemberExpression" && memberName(node) === HANDLER && isMade(node.object))
      found.push(node.property);
    if (node.type === "VariableDeclarator" && node.id.type === "ObjectPattern" && isMade(node.init))
      found.push(...node.id.properties.filter((one) => isHandler(one)));
  });
  return found;
}

/** Writes kitcn's name for such a place. */
export function editHandler({ editor }: Edit, { node }: Pick<Found, "node">): boolean {
  const { edits } = editor;
  if (node.type === "ImportSpecifier")
    edits.update(startOf(node), endOf(node), `handlers as ${node.local.name}`);
  else if (node.type === "ObjectProperty" && node.value.type === "Identifier")
    edits.update(startOf(node), endOf(node), `handlers: ${node.value.name}`);
  else if (node.type === "Identifier") edits.update(startOf(node), endOf(node), "handlers");
  else return false;
  return true;
}

/** True for a route that is replaced as a whole. */
export function isWhole({ part, node, module }: Found): boolean {
  return part === "route" && node.type === "Program" && isPlain(module);
}

/** The text of a route below /api/auth with kitcn's handlers; a server module that is missing is staged. */
export function replaceRoute(
  { ws, shell }: Pick<Edit, "ws" | "shell">,
  module: Module,
): string | undefined {
  if (shell.kind !== "next" && shell.kind !== "start") return undefined;
  const front: Front = { ws, shell };
  const server = authServerOf(front);
  const imported = listImports(module).find(({ imported }) => imported === HANDLER);
  // The module that the route imports makes them.
  if (!imported && !ws.has(server))
    ws.stage(
      server,
      shell.kind === "next" ? printNextServer() : printStartServer(variableOf(front)),
    );
  const source = imported?.source ?? specifierOf(front, module.path, server);
  const route = shell.kind === "next" ? printNextRoute(source) : printStartRoute(source);
  return /\.[cm]?tsx?$/.test(module.path) ? route : stripTypes(route);
}

/** Has lib/auth-server export the handlers that a route was given, where nothing made them there before. */
export function exportHandlers(ws: Workspace, shell: Edit["shell"]): void {
  if (shell.kind !== "next") return;
  const path = authServerOf({ ws, shell });
  const module = ws.module(path);
  if (!module || listExports(module, "handlers").length > 0) return;
  // What a call of kitcn's gave is asked; a second one would read the options again.
  const made = listImports(module).find(({ imported }) => imported === "createNextAuth");
  const holder = made && holderOf(module, made.local);
  const editor = openEditor(module);
  const { eol, semicolons } = editor.style;
  const maker = { source: "kitcn/auth/nextjs", name: "createNextAuth" };
  const value = holder ?? `${addImport(editor, maker)}()`;
  const line = `export const { handlers } = ${value}${semicolons ? ";" : ""}`;
  ws.stage(path, `${finishEdit(editor).trimEnd()}${eol}${eol}${line}${eol}`);
}

// --- internal ---

/** What createNextAuth and createStartAuth take of the options of their counterparts. */
const SERVER_OPTIONS: ReadonlySet<string> = new Set(["convexUrl", "convexSiteUrl", "basePath"]);

/** Why others are not needed. */
const DROPPED: Readonly<Record<string, string>> = {
  jwtCache: "kitcn asks the deployment for a token once for each render, and keeps none.",
  cookiePrefix: "kitcn finds the session's cookie by the end of its name.",
};

const NEXT: Wanted = {
  form: "value",
  origins: [{ source: "@convex-dev/better-auth/nextjs", name: "convexBetterAuthNextJs" }],
};

const NEXT_HANDLER: Wanted = { ...NEXT, form: "member", member: HANDLER };

function isHandler(one: Node): one is ObjectProperty {
  return one.type === "ObjectProperty" && keyOf(one) === HANDLER;
}

/** The name of `export const auth = createNextAuth(...)`. */
function holderOf(module: Module, maker: string): string | undefined {
  for (const statement of module.program.body) {
    const declaration =
      statement.type === "ExportNamedDeclaration" ? statement.declaration : statement;
    if (declaration?.type !== "VariableDeclaration") continue;
    for (const { id, init } of declaration.declarations) {
      const call = init && unwrap(init);
      if (call?.type !== "CallExpression" || call.callee.type !== "Identifier") continue;
      if (call.callee.name === maker && id.type === "Identifier") return id.name;
    }
  }
  return undefined;
}

/** True where a module does no more than to hand on a library's handlers. */
function isPlain(module: Module): boolean {
  return module.program.body.every(
    (one) => one.type === "ImportDeclaration" || handsOn(module, one),
  );
}

function handsOn(module: Module, statement: Statement): boolean {
  if (statement.type === "ExportNamedDeclaration" && !statement.declaration) return true;
  const declaration =
    statement.type === "ExportNamedDeclaration" ? statement.declaration : statement;
  if (declaration?.type !== "VariableDeclaration") return false;
  return declaration.declarations.every(({ id, init }) => {
    if (!init) return false;
    const isRoute = id.type === "Identifier" && /^(Server)?Route$/.test(id.name);
    return isRoute ? isPlainRoute(init) : isLibrarys(module, init);
  });
}

/** `handler`, `handler.GET`, `auth.handler`, `nextJsHandler()`: by names alone. */
function isLibrarys(module: Module, given: Node): boolean {
  const node = unwrap(given);
  if (node.type === "MemberExpression") return isLibrarys(module, node.object);
  if (node.type === "CallExpression")
    return PEER.sources.test(importedBy(module, node.callee)?.source ?? "");
  return node.type === "Identifier";
}

/** A route of TanStack Start whose methods give the request to one function. */
function isPlainRoute(init: Node): boolean {
  let isPlainSoFar = true;
  walk(init, (node) => {
    if (node.type === "ObjectProperty" || node.type === "ObjectMethod")
      isPlainSoFar &&= ROUTE_KEYS.has(keyOf(node) ?? "");
    if (node.type === "BlockStatement") isPlainSoFar &&= node.body.length === 1;
    if (/Statement$/.test(node.type)) isPlainSoFar &&= ROUTE_STATEMENTS.has(node.type);
    if (node.type === "CallExpression" && node.callee.type === "Identifier")
      isPlainSoFar &&= node.arguments.length < 2;
    isPlainSoFar &&= !/^(Conditional|Logical|Binary|Await|New|Template)/.test(node.type);
  });
  return isPlainSoFar;
}

const ROUTE_KEYS: ReadonlySet<string> = new Set(
  "server handlers request GET POST PUT PATCH DELETE OPTIONS HEAD ANY".split(" "),
);

const ROUTE_STATEMENTS: ReadonlySet<string> = new Set(["BlockStatement", "ReturnStatement"]);

/** Removes an option with its line, or with its comma. */
function dropMember({ editor, gone }: Edit, member: Node, list: Node): void {
  const { module, edits } = editor;
  const rest = module.text.slice(endOf(member), endOf(list));
  const comma = /^\s*,/.exec(rest)?.[0].length ?? 0;
  edits.remove(lineStart(module, startOf(member)), endOf(member) + comma);
  gone.add(member);
}

/** The start of what stands before a node on its line, where that is blank. */
function lineStart(module: Module, offset: number): number {
  const blanks = /\n?[ \t]*$/.exec(module.text.slice(0, offset))?.[0].length ?? 0;
  return offset - blanks;
}

/** `{ handler, ... } = made()` becomes `{ handlers, ... }`; a name that is used keeps its value. */
function renameHandler({ editor, ws, shell }: Edit, call: Node): void {
  const { module, edits } = editor;
  walk(module.program, (node) => {
    if (node.type !== "VariableDeclarator" || !node.init || unwrap(node.init) !== call) return;
    if (node.id.type !== "ObjectPattern") return;
    for (const one of node.id.properties.filter((property) => isHandler(property))) {
      const local = one.value.type === "Identifier" ? one.value.name : HANDLER;
      const own: readonly Node[] = [one.key, one.value];
      const isUsed = mentionsAtTop(module, local).some((mention) => !own.includes(mention.node));
      // Start's has both; of Next's, the modules that take it take the other name.
      const isTaken = shell.kind === "start" && takesHandler(ws, shell, module);
      const kept = isTaken ? [HANDLER] : isUsed || local !== HANDLER ? [`handlers: ${local}`] : [];
      edits.update(startOf(one), endOf(one), ["handlers", ...kept].join(", "));
    }
  });
}

/** True where a module that stays as it is imports the handler. */
function takesHandler(ws: Workspace, shell: Edit["shell"], server: Module): boolean {
  const read = openReadable(ws);
  return modulesThatRun(ws, shell).some(
    (module) =>
      !isPlain(module) &&
      listImports(module).some(
        ({ source, imported }) =>
          imported === HANDLER && read(source, module)?.path === server.path,
      ),
  );
}
