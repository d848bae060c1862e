// Turns a module that calls `betterAuth()` into one that exports `defineAuth()` with the same options, plugins and
// triggers. By syntax; a form that is not understood stays as it is. The other statements of the module stay.
import { join } from "node:path";
import type { CallExpression, Node, ObjectExpression, Statement } from "@babel/types";
import {
  addImport,
  endOf,
  hasName,
  findProperty,
  insertMembers,
  keyOf,
  listBindings,
  startOf,
  textOf,
  unwrap,
  walk,
} from "../../edit/index.js";
import { relativeSpecifier } from "../../load/module-resolution.js";
import { openReadable } from "../../modules/readable.js";
import { importedBy, isCallOf, listCalls, statementOf } from "../../patch/calls.js";
import { removeStatement, takeOverImport, unlistExports } from "../common/edit-server.js";
import { NO_TRIGGERS, removeClient, triggersOf, type Triggers } from "./edit-client.js";
import { PEER } from "../common/libraries.js";
import { isNameFor, returnedAtEnd } from "../common/made-directly.js";
import { fixedNames, removeMember, replaceFixed, type Fn } from "./fixed-names.js";
import { modulesThatRun } from "../common/roots.js";
import { isStandIn } from "./local/home.js";
import { spreadObjects } from "../common/spread-options.js";
import { addUserId, takesUserId } from "./user-id.js";
import type { Edit, Found } from "../common/types.js";

/** Edits the module; both of its calls come here, and the one of `betterAuth()` does the work. */
export function editAuth(edit: Edit, { name, isInTheWay }: Found): boolean {
  if (!isInTheWay || name === "convexAuth") return false;
  const { module } = edit.editor;
  // Of two definitions, the callers of one would lose its options.
  const [call, ...others] = listCalls(module).filter((one) => isBetterAuth(edit, one));
  const definition = call && others.length === 0 ? findDefinition(edit, call) : undefined;
  if (!definition || !fixedNames(module, definition) || isGivenMore(edit, definition)) return false;
  // One that is not known may have what kitcn sets itself.
  const spread = spreadObjects(module, definition.options);
  if (!spread || spread.some((one) => findProperty(one, "database"))) return false;
  if (name === "createClient") return true;
  const client = listCalls(module).find((one) => isCallOf(module, one, CREATE_CLIENT));
  const given = client ? triggersOf(edit, client) : NO_TRIGGERS;
  if (!given || (given.setsUserId && !takesUserId(definition.options))) return false;
  define(edit, definition, given);
  const { statement, other } = definition;
  const standIns = module.program.body.filter(
    (one) => one !== statement && one !== other && isStandIn(module, one),
  );
  for (const one of standIns) {
    removeStatement(edit.editor, one);
    edit.gone.add(one);
  }
  const removed = [
    statement,
    ...standIns,
    ...(other ? [other] : []),
    ...(client ? removeClient(edit, client, given.node) : []),
  ];
  unlistExports(edit.editor, removed);
  return true;
}

/** `convex()` and `crossDomain()` come from kitcn; what the first has beside kitcn's options goes. */
export function editPlugin(edit: Edit, call: CallExpression, name: string): boolean {
  const { editor, gone } = edit;
  const { module, edits } = editor;
  const local = takeOverImport(editor, { source: "kitcn/auth", name });
  edits.update(startOf(call.callee), endOf(call.callee), local);
  gone.add(call.callee);
  const [given] = call.arguments;
  if (name !== "convex" || (given && given.type !== "ObjectExpression")) return true;
  const properties = given?.properties ?? [];
  const kept = properties.filter((one) => CONVEX_OPTIONS.has(keyOf(one) ?? "..."));
  for (const one of properties) if (!kept.includes(one)) gone.add(one);
  const has = (key: string) => kept.some((one) => [key, undefined].includes(keyOf(one)));
  const texts = [
    // The releases before 0.10 took none.
    ...(has("authConfig") ? [] : [printAuthConfig(edit)]),
    ...kept.map((one) => textOf(module, one)),
    ...(kept.some((one) => keyOf(one) === "jwks") ? [] : ["jwks: process.env.JWKS"]),
  ];
  edits.update(endOf(call.callee), endOf(call), `({ ${texts.join(", ")} })`);
  return true;
}

// --- internal ---

/** The option, from auth.config.ts. */
function printAuthConfig({ editor, ws, extension }: Edit): string {
  const path = join(ws.project.functionsDir, "auth.config.ts");
  const source = relativeSpecifier(editor.module.path, path, extension);
  const local = addImport(editor, { source, name: "default", local: "authConfig" });
  return local === "authConfig" ? local : `authConfig: ${local}`;
}

/** The function that gives the options, and what is replaced by the definition. */
type Definition = {
  readonly fn: Fn;
  readonly options: ObjectExpression;
  /** What the function returns: the options, or `betterAuth(options)`. */
  readonly returned: Node;
  readonly statement: Statement;
  /** The statement of `createAuth`, where the options are a function of their own. */
  readonly other: Statement | undefined;
};

const CREATE_CLIENT = { source: "@convex-dev/better-auth", name: "createClient" } as const;

function isBetterAuth({ editor }: Edit, call: CallExpression): boolean {
  return ["better-auth", "better-auth/minimal"].some((source) =>
    isCallOf(editor.module, call, { source, name: "betterAuth" }),
  );
}

/** `createAuth = (ctx) => betterAuth({...})`, or `betterAuth(createOptions(ctx))` with that function. */
function findDefinition({ editor }: Edit, call: CallExpression): Definition | undefined {
  const { module } = editor;
  const statement = statementOf(module, call);
  const [argument] = call.arguments;
  if (!statement || !argument) return undefined;
  const given = unwrap(argument);
  if (given.type === "ObjectExpression") {
    const fn = functionOf(statement);
    const returned = fn && returnedAtEnd(fn);
    const isWhole = returned && unwrap(returned) === call;
    return fn && isWhole
      ? { fn, options: given, returned, statement, other: undefined }
      : undefined;
  }
  if (given.type !== "CallExpression" || given.callee.type !== "Identifier") return undefined;
  const made = listBindings(module).get(given.callee.name)?.statement;
  const fn = made && functionOf(made);
  const returned = fn && returnedAtEnd(fn);
  const options = returned && unwrap(returned);
  if (!made || !fn || !returned || options?.type !== "ObjectExpression") return undefined;
  return { fn, options, returned, statement: made, other: statement };
}

/** True where a call gives the function more than the context: then no parameter has one value for all of them. */
function isGivenMore({ ws, shell, editor }: Edit, { fn }: Definition): boolean {
  if (fn.params.length < 2) return false;
  const read = openReadable(ws);
  const made = { module: editor.module, node: fn };
  return modulesThatRun(ws, shell).some((module) =>
    listCalls(module).some(({ callee, arguments: given }) => {
      const isMore = given.length > 1 || given.some(({ type }) => type === "SpreadElement");
      return isMore && isNameFor({ module, node: callee }, made, read);
    }),
  );
}

/** The function that a statement declares. */
function functionOf(statement: Statement): Fn | undefined {
  const declaration =
    statement.type === "ExportNamedDeclaration" ? statement.declaration : statement;
  if (declaration?.type === "FunctionDeclaration") return declaration;
  if (declaration?.type !== "VariableDeclaration") return undefined;
  const [only, ...others] = declaration.declarations;
  const made = only?.init && others.length === 0 ? unwrap(only.init) : undefined;
  return made?.type === "ArrowFunctionExpression" || made?.type === "FunctionExpression"
    ? made
    : undefined;
}

/** Writes `export default defineAuth((ctx) => ({ ... }))` in the place of the statement. */
function define(edit: Edit, definition: Definition, triggers: Triggers): void {
  const { editor, gone, extension, ws } = edit;
  const { edits, style, module } = editor;
  const { fn, options, returned, statement, other } = definition;
  const generated = join(ws.project.functionsDir, "generated/auth.ts");
  const source = relativeSpecifier(module.path, generated, extension);
  const define = addImport(editor, { source, name: "defineAuth" });
  editPlugins(edit);
  replaceFixed(edit, definition);
  const database = findProperty(options, "database");
  if (database) removeMember(edit, database, options);
  addMembers(edit, options, [triggers.setsUserId ? addUserId(edit, options) : "", triggers.text]);
  const context = contextOf(fn, database);
  const isBlock = fn.body.type === "BlockStatement";
  const end = style.semicolons ? ";" : "";
  const head = `export default ${define}((${context}) => `;
  if (isBlock) {
    edits.update(startOf(statement), startOf(fn.body), head);
    // `betterAuth(` or the like; there is nothing before options that only have a type behind them.
    replaceRest(edit, startOf(returned), startOf(options));
    replaceRest(edit, endOf(options), endOf(returned));
    replaceRest(edit, endOf(fn.body), endOf(statement));
    edits.appendLeft(endOf(fn.body), `)${end}`);
  } else {
    edits.update(startOf(statement), startOf(options), `${head}(`);
    replaceRest(edit, endOf(options), endOf(statement));
    edits.appendLeft(endOf(options), `))${end}`);
  }
  // What stands around the options went; what is in them stays.
  for (const parameter of fn.params) gone.add(parameter);
  if ("returnType" in fn && fn.returnType) gone.add(fn.returnType);
  const returnedNode = other ? undefined : unwrap(returned);
  if (returnedNode?.type === "CallExpression") gone.add(returnedNode.callee);
  walk(returned, (node) => {
    if (node === options) return false;
    if (node.type === "TSSatisfiesExpression" || node.type === "TSAsExpression")
      gone.add(node.typeAnnotation);
    return undefined;
  });
  if (other) {
    removeStatement(editor, other);
    gone.add(other);
  }
}

function replaceRest({ editor }: Edit, from: number, to: number): void {
  if (from < to) editor.edits.remove(from, to);
}

/** `ctx`, where the options use it but for the database. */
function contextOf({ params: [first], body }: Fn, database: Node | undefined): string {
  if (first?.type !== "Identifier") return "";
  return hasName(body, first.name, database ? [database] : []) ? first.name : "";
}

/** Those in the module, wherever its options take them from. */
function editPlugins(edit: Edit): void {
  const { module } = edit.editor;
  for (const call of listCalls(module)) {
    const made = importedBy(module, call.callee);
    const isOne =
      made && PEER.sources.test(made.source) && /^(convex|crossDomain)$/.test(made.name);
    if (isOne) editPlugin(edit, call, made.name);
  }
}

const CONVEX_OPTIONS: ReadonlySet<string> = new Set([
  "authConfig",
  "jwks",
  "jwt",
  "options",
  "...",
]);

/** Limits and what is given, after the options that stay. */
function addMembers({ editor, gone }: Edit, options: ObjectExpression, given: readonly string[]) {
  const all = [options, ...(spreadObjects(editor.module, options) ?? [])];
  const limits = all.some((one) => findProperty(one, "rateLimit")) ? "" : LIMITS;
  const members = [limits, ...given].filter((one) => one !== "");
  insertMembers(editor, options, members, { without: gone });
}

const LIMITS = 'rateLimit: { enabled: true, storage: "database" }';
