// Moves into auth.ts what other modules have of it: the options, from the folder of a local component, and the library's
// client, from a module of its own. kitcn edits both in auth.ts alone. Stages; an auth.ts that clashes stays as it is.
import { dirname, join, relative, resolve } from "node:path";
import type { ImportDeclaration, Node, Statement, StringLiteral } from "@babel/types";
import {
  endOf,
  finishEdit,
  isNode,
  listBindings,
  listImports,
  openEditor,
  parseModule,
  specifiersOf,
  startOf,
  textOf,
  unwrap,
  walk,
  type Editor,
  type Module,
} from "../../../edit/index.js";
import { importExtension } from "../../../load/module-resolution.js";
import { isCallOf, listCalls, methodOf } from "../../../patch/calls.js";
import { modulePath, functionsLanguage } from "../../../shell/language.js";
import { isRelative, targetsOf } from "../../../modules/resolve.js";
import { findFunctionsModule } from "../../../workspace/find.js";
import type { Workspace } from "../../../workspace/stage.js";
import { removeStatement } from "../../common/edit-server.js";
import { findOptionsHome } from "../options-home.js";
import { openReadable, readModule } from "../../../modules/readable.js";
import { callsBetterAuth, filesOf, findMounts } from "./component.js";
import { sourcesOf } from "./sources.js";

/** The module of a local component's folder that calls betterAuth() for the app, where auth.ts does not. */
export function findServer(ws: Workspace): Module | undefined {
  const path = findFunctionsModule(ws, "auth");
  const home = path === undefined ? undefined : readModule(ws, path);
  if (home && listCalls(home).some((call) => callsBetterAuth(home, call))) return undefined;
  const folders = findMounts(ws).flatMap(({ folder }) => folder ?? []);
  return folders
    .flatMap((folder) => filesOf(ws, folder).map((file) => ({ ...file, folder })))
    .find(({ kind, module, folder }) => {
      if (kind !== "own" || !module || takesFrom(ws, module, join(folder, "_generated/server")))
        return false;
      return listCalls(module).some((call) => callsBetterAuth(module, call));
    })?.module;
}

/**
 * The module that makes the client for auth.ts, if all of it can move there. It cannot if it has functions of Convex:
 * browsers call these by the module's name.
 */
export function findClient(ws: Workspace): Module | undefined {
  const path = findOptionsHome(ws);
  const home = path === undefined ? undefined : readModule(ws, path);
  if (!home || !listCalls(home).some((call) => callsBetterAuth(home, call))) return undefined;
  const read = openReadable(ws);
  const client = listImports(home)
    .flatMap(({ source }) => read(source, home) ?? [])
    .find((one) => listCalls(one).some((call) => isCallOf(one, call, CREATE_CLIENT)));
  if (!client || hasFunctions(ws, client)) return undefined;
  const isCircle = [...specifiersOf(client)].some((one) => read(one, client)?.path === home.path);
  return isCircle || textAtHome(ws, client, home.path) === undefined ? undefined : client;
}

/**
 * Stages the moves.
 *
 * @returns false where nothing is to be moved, or the options cannot be
 */
export function stageHome(ws: Workspace): boolean {
  const server = findServer(ws);
  if (server && !stageModule(ws, server)) return false;
  const client = findClient(ws);
  const isClientMoved = client !== undefined && stageModule(ws, client, findOptionsHome(ws));
  return server !== undefined || isClientMoved;
}

/** `export const auth = createAuth({} as any)`: made without a context, and so for no request. */
export function isStandIn(module: Module, statement: Statement): boolean {
  const declaration =
    statement.type === "ExportNamedDeclaration" ? statement.declaration : statement;
  if (declaration?.type !== "VariableDeclaration") return false;
  const own = listBindings(module);
  return declaration.declarations.every(({ init }) => {
    const call = init ? unwrap(init) : undefined;
    if (call?.type !== "CallExpression" || call.callee.type !== "Identifier") return false;
    const isStatic: boolean = isCallOf(module, call, STATIC);
    if (isStatic) return true;
    const [given, ...others] = call.arguments;
    const context = given && unwrap(given);
    const isEmpty = context?.type === "ObjectExpression" && context.properties.length === 0;
    return isEmpty && others.length === 0 && own.has(call.callee.name);
  });
}

// --- internal ---

const CREATE_CLIENT = { source: "@convex-dev/better-auth", name: "createClient" } as const;

function stageModule(
  ws: Workspace,
  server: Module,
  found = findFunctionsModule(ws, "auth"),
): boolean {
  const to = found ?? modulePath(join(ws.project.functionsDir, "auth.ts"), functionsLanguage(ws));
  const text = textAtHome(ws, server, to);
  if (text === undefined) return false;
  // Names lead to the module as long as it is there.
  const pointed = sourcesOf(ws).flatMap((path) => {
    const module = path === to ? undefined : readModule(ws, path);
    const now = module && pointedTo(ws, { module, from: server.path, to });
    return module && now !== undefined && now !== module.text ? [{ path, now }] : [];
  });
  ws.stage(to, text);
  ws.remove(server.path);
  for (const { path, now } of pointed) if (path !== server.path) ws.stage(path, now);
  return true;
}

/** auth.ts with a module in it; undefined where that cannot be. */
function textAtHome(ws: Workspace, server: Module, to: string): string | undefined {
  const home = readModule(ws, to);
  if (ws.has(to) && !home) return undefined;
  const moved = parseModule(movedText(server, to), to);
  return home ? merged(ws, { moved, home, server }) : moved.text;
}

/** True for a module with functions of Convex beside the triggers, or one that runs on Node. */
function hasFunctions(ws: Workspace, module: Module): boolean {
  const builders = join(ws.project.functionsDir, "_generated/server");
  const isBuilder = listImports(module).some(
    ({ source, typeOnly }) =>
      !typeOnly && targetsOf(ws, source, module.path).map(withoutEnding).includes(builders),
  );
  const isApi = listCalls(module).some((call) => methodOf(call)?.name === "clientApi");
  return isBuilder || isApi || module.program.directives.length > 0;
}

const STATIC = { source: "@convex-dev/better-auth", name: "getStaticAuth" } as const;

function withoutEnding(path: string): string {
  return path.replace(/(\.d)?\.[cm]?[jt]sx?$/, "");
}

function takesFrom(ws: Workspace, module: Module, path: string): boolean {
  return listImports(module).some(({ source }) =>
    targetsOf(ws, source, module.path).map(withoutEnding).includes(path),
  );
}

/** The module as it is at its new place, without what only the CLI or the adapter took from it. */
function movedText(module: Module, to: string): string {
  const editor = openEditor(module);
  for (const source of sourcesIn(module)) {
    if (!isRelative(source.value)) continue;
    const path = resolve(dirname(module.path), source.value);
    const spelled = relative(dirname(to), path).replaceAll("\\", "/");
    replaceSource(editor, source, spelled.startsWith(".") ? spelled : `./${spelled}`);
  }
  for (const statement of module.program.body)
    if (isStandIn(module, statement)) removeStatement(editor, statement);
  return finishEdit(editor);
}

/** Both modules in one; undefined where their names clash. */
function merged(
  ws: Workspace,
  {
    moved,
    home,
    server,
  }: { readonly moved: Module; readonly home: Module; readonly server: Module },
): string | undefined {
  const isOfServer = (source: string) =>
    targetsOf(ws, source, home.path).map(withoutEnding).includes(withoutEnding(server.path));
  const editor = openEditor(home);
  const taken = new Map(listImports(moved).map((one) => [one.local, one]));
  const imports: string[] = [];
  const own = new Set(listBindings(moved).keys());
  const found = listImports(home);
  for (const statement of home.program.body) {
    if (isFrom(statement) && isOfServer(statement.source.value)) {
      const isPlain = statement.specifiers.every(isSameName);
      if (!isPlain) return undefined;
      removeStatement(editor, statement);
    } else if (statement.type === "ExportAllDeclaration" && isOfServer(statement.source.value)) {
      removeStatement(editor, statement);
    } else if (statement.type === "ImportDeclaration") {
      const rest = statement.specifiers.filter(({ local }) => {
        const other = taken.get(local.name);
        if (!other || other.source !== statement.source.value) return true;
        return other.typeOnly && !found.some((one) => one.typeOnly && one.local === local.name);
      });
      if (rest.some(({ local }) => taken.has(local.name) || own.has(local.name))) return undefined;
      if (rest.length > 0) imports.push(printImport(home, statement, rest));
      removeStatement(editor, statement);
    }
  }
  const clashes = [...listBindings(home).keys()].some((name) => own.has(name) || taken.has(name));
  if (clashes) return undefined;
  const { eol } = editor.style;
  const rest = finishEdit(editor).trim();
  const head = imports.map((one) => one + eol).join("");
  return `${head}${moved.text.trimEnd()}${eol}${rest === "" ? "" : `${eol}${rest}${eol}`}`;
}

type From = Extract<Statement, { type: "ImportDeclaration" | "ExportNamedDeclaration" }> & {
  readonly source: StringLiteral;
};

function isFrom(statement: Statement): statement is From {
  return (
    statement.type === "ImportDeclaration" ||
    (statement.type === "ExportNamedDeclaration" && Boolean(statement.source))
  );
}

function isSameName(one: From["specifiers"][number]): boolean {
  if (one.type === "ImportSpecifier")
    return one.imported.type === "Identifier" && one.imported.name === one.local.name;
  if (one.type !== "ExportSpecifier") return false;
  return one.exported.type === "Identifier" && one.exported.name === one.local.name;
}

function printImport(
  module: Module,
  declaration: ImportDeclaration,
  kept: ImportDeclaration["specifiers"],
): string {
  if (kept.length === declaration.specifiers.length) return textOf(module, declaration);
  const named = kept.filter(({ type }) => type === "ImportSpecifier");
  const others = kept.filter(({ type }) => type !== "ImportSpecifier");
  const parts = [
    ...others.map((one) => textOf(module, one)),
    ...(named.length > 0 ? [`{ ${named.map((one) => textOf(module, one)).join(", ")} }`] : []),
  ];
  const keyword = declaration.importKind === "type" ? "import type" : "import";
  const end = module.text.slice(startOf(declaration.source), endOf(declaration));
  return `${keyword} ${parts.join(", ")} from ${end}`;
}

/** Every place of a module that names another one. */
function sourcesIn(module: Module): StringLiteral[] {
  const sources: StringLiteral[] = [];
  walk(module.program, (node) => {
    if ("source" in node && isText(node.source)) sources.push(node.source);
    const isImport = node.type === "CallExpression" && node.callee.type === "Import";
    const [given] = isImport ? node.arguments : [];
    if (isText(given)) sources.push(given);
  });
  return sources;
}

function isText(node: unknown): node is StringLiteral {
  return isNode(node) && node.type === "StringLiteral";
}

function replaceSource({ module, edits }: Editor, source: Node, text: string): void {
  const [quote = '"'] = textOf(module, source);
  edits.update(startOf(source), endOf(source), quote + text + quote);
}

function pointedTo(
  ws: Workspace,
  { module, from, to }: { readonly module: Module; readonly from: string; readonly to: string },
): string {
  const editor = openEditor(module);
  const extension = importExtension(ws);
  const read = openReadable(ws);
  for (const source of sourcesIn(module)) {
    const isThere = isRelative(source.value)
      ? targetsOf(ws, source.value, module.path).map(withoutEnding).includes(withoutEnding(from))
      : read(source.value, module)?.path === from;
    if (!isThere) continue;
    const spelled = relative(dirname(module.path), withoutEnding(to)).replaceAll("\\", "/");
    replaceSource(editor, source, (spelled.startsWith(".") ? spelled : `./${spelled}`) + extension);
  }
  return finishEdit(editor);
}
