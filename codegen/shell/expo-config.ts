// Reads an app's configuration for Expo: app.json, or app.config.ts. A link with the app's scheme opens the app.
// Stages what app.json lacks; must not edit app.config.ts.
import type {
  ArrowFunctionExpression,
  FunctionDeclaration,
  FunctionExpression,
  Node,
  ObjectExpression,
} from "@babel/types";
import { join } from "node:path";
import { shortPath } from "../disk/project.js";
import {
  findDefaultExport,
  findProperty,
  finishEdit,
  insertMembers,
  openEditor,
  parseModule,
  resolveExpression,
  textOf,
  unwrap,
  walk,
  type Module,
} from "../edit/index.js";
import { findModule } from "../workspace/find.js";
import type { Workspace } from "../workspace/stage.js";

/** A scheme as a configuration says it in words. */
export type SchemePlace = { readonly scheme: string; readonly path: string; readonly line: number };

/**
 * The scheme of the app's links, such as `notes` in `notes://`. If the app has none, the one that `planExpoConfig`
 * writes.
 */
export function schemeOf(ws: Workspace): string {
  return foundScheme(ws)?.scheme ?? newScheme(ws);
}

/**
 * The scheme that the app has, and where. Undefined for none, and for one that code makes. The first of several, which
 * Expo also uses.
 */
export function foundScheme(ws: Workspace): SchemePlace | undefined {
  const own = moduleConfig(ws);
  const written = own && schemeIn(exportedObjects(own), own.path);
  if (written !== undefined) return written;
  const json = jsonConfig(ws);
  if (!json || (own && !takesJson(own))) return undefined;
  const object = expoObject(json);
  return object && schemeIn([object], json.path);
}

/**
 * Stages the scheme, and the plugin of expo-secure-store in app.json.
 *
 * @returns sentences about what is left to do by hand
 */
export function planExpoConfig(ws: Workspace): string[] {
  const { project, stage } = ws;
  const json = jsonConfig(ws);
  const own = moduleConfig(ws);
  const hasScheme = foundScheme(ws) !== undefined;
  if (json) {
    const { path, text } = json;
    const after = patched(json, hasScheme ? [] : [`"scheme": ${JSON.stringify(newScheme(ws))}`]);
    stage(path, after ?? text);
    // A module that exports an object does not read app.json.
    if (!own || hasScheme || ws.read(path)?.includes('"scheme"') === false) return [];
    if (takesJson(own)) return [];
  }
  if (hasScheme) return [];
  const line = `scheme: ${JSON.stringify(newScheme(ws))}`;
  const place = own ? shortPath(project, own.path) : "app.json";
  return [`Add \`${line}\` to ${place}: links with this scheme open your app.`];
}

// --- internal ---

type JsonConfig = { readonly path: string; readonly text: string; readonly module: Module };

/** With this before it, JSON is a module that the editor can parse. */
const PREFIX = "export default ";

function jsonConfig(ws: Workspace): JsonConfig | undefined {
  const path = join(ws.project.root, "app.json");
  const text = ws.read(path);
  return text === undefined ? undefined : { path, text, module: parseModule(PREFIX + text, path) };
}

function moduleConfig(ws: Workspace): Module | undefined {
  const path = findModule(ws, join(ws.project.root, "app.config"), [".ts", ".js", ".mjs", ".cjs"]);
  return path === undefined ? undefined : ws.module(path);
}

/** The object that Expo reads: the value of the key `expo`, if it exists. */
function expoObject({ module }: JsonConfig): ObjectExpression | undefined {
  const found = findDefaultExport(module);
  const root = found?.kind === "expression" ? unwrap(found.node) : undefined;
  if (root?.type !== "ObjectExpression") return undefined;
  const expo = valueOf(root, "expo");
  return expo?.type === "ObjectExpression" ? expo : root;
}

/** The text with these members and the plugin; undefined if nothing is missing. */
function patched(json: JsonConfig, members: readonly string[]): string | undefined {
  const object = expoObject(json);
  if (!object) return undefined;
  const editor = openEditor(json.module);
  const plugins = valueOf(object, "plugins");
  const more = [...members, ...(plugins ? [] : [`"plugins": [${SECURE_STORE}]`])];
  if (more.length > 0) insertMembers(editor, object, more);
  const isListed =
    plugins?.type !== "ArrayExpression" ||
    plugins.elements.some((one) => one !== null && nameOf(one) === JSON.parse(SECURE_STORE));
  if (plugins?.type === "ArrayExpression" && !isListed)
    insertMembers(editor, plugins, [SECURE_STORE]);
  const text = finishEdit(editor).slice(PREFIX.length);
  return text === json.text ? undefined : text;
}

const SECURE_STORE = '"expo-secure-store"';

/** `"name"`, or `["name", { ... }]`. */
function nameOf(node: Node): string | undefined {
  if (node.type === "StringLiteral") return node.value;
  const first = node.type === "ArrayExpression" ? node.elements[0] : undefined;
  return first?.type === "StringLiteral" ? first.value : undefined;
}

/** True for a module whose default export is a function: Expo passes the values of app.json to it. */
function takesJson(module: Module): boolean {
  const found = findDefaultExport(module);
  const node = found?.kind === "expression" ? resolveExpression(module, found.node) : undefined;
  return node !== undefined && /Function/.test(node.type);
}

/** Of the configuration itself: other objects in it have schemes of another meaning, such as the links of Android. */
function schemeIn(objects: readonly ObjectExpression[], path: string): SchemePlace | undefined {
  for (const object of objects) {
    const value = valueOf(object, "scheme");
    const scheme = value && nameOf(value);
    if (value && scheme !== undefined) return { scheme, path, line: value.loc?.start.line ?? 1 };
  }
  return undefined;
}

/** The objects that a module of the configuration exports, as it is, from a function, or through a call. */
function exportedObjects(module: Module): ObjectExpression[] {
  const seen = new Set<Node>();
  const objectsIn = (given: Node): ObjectExpression[] => {
    const node = unwrap(given);
    if (seen.has(node)) return [];
    seen.add(node);
    if (node.type === "Identifier") return declaredAs(module, node.name).flatMap(objectsIn);
    if (node.type === "CallExpression") return node.arguments.flatMap(objectsIn);
    if (node.type === "ConditionalExpression")
      return [node.consequent, node.alternate].flatMap(objectsIn);
    if (isFunction(node)) return returnedBy(node).flatMap(objectsIn);
    if (node.type !== "ObjectExpression") return [];
    const inner = valueOf(node, "expo");
    const spread = node.properties.flatMap((one) =>
      one.type === "SpreadElement" ? one.argument : [],
    );
    return [node, ...[...(inner ? [inner] : []), ...spread].flatMap(objectsIn)];
  };
  return exportedBy(module).flatMap(objectsIn);
}

/** `export default ...`, `module.exports = ...` */
function exportedBy(module: Module): Node[] {
  const found = findDefaultExport(module);
  const exported: Node[] = found?.kind === "expression" ? [found.node] : [];
  walk(module.program, (node) => {
    if (node.type !== "AssignmentExpression") return;
    if (textOf(module, node.left) === "module.exports") exported.push(node.right);
  });
  return exported;
}

/** What a name is declared as, at the top or in a function. */
function declaredAs(module: Module, name: string): Node[] {
  const found: Node[] = [];
  walk(module.program, (node) => {
    const isNamed = "id" in node && node.id?.type === "Identifier" && node.id.name === name;
    if (isNamed && node.type === "VariableDeclarator" && node.init) found.push(node.init);
    if (isNamed && node.type === "FunctionDeclaration") found.push(node);
  });
  return found;
}

function returnedBy({ body }: AnyFunction): Node[] {
  if (body.type !== "BlockStatement") return [body];
  const found: Node[] = [];
  walk(body, (node) => {
    if (isFunction(node)) return false;
    if (node.type === "ReturnStatement" && node.argument) found.push(node.argument);
  });
  return found;
}

type AnyFunction = ArrowFunctionExpression | FunctionDeclaration | FunctionExpression;

function isFunction(node: Node): node is AnyFunction {
  return /^(ArrowFunctionExpression|FunctionDeclaration|FunctionExpression)$/.test(node.type);
}

function valueOf(object: ObjectExpression, name: string): Node | undefined {
  const member = findProperty(object, name);
  return member?.type === "ObjectProperty" ? unwrap(member.value) : undefined;
}

/** A scheme from the letters and digits of the app's slug or name. */
function newScheme(ws: Workspace): string {
  const json = jsonConfig(ws);
  const slug = json && expoObject(json) && valueOf(expoObject(json)!, "slug");
  const { name } = ws.project.packageJson;
  const wished = slug?.type === "StringLiteral" ? slug.value : String(name ?? "");
  const letters = wished
    .toLowerCase()
    .replace(/^.*\//, "")
    .replace(/[^a-z0-9]/g, "");
  return letters.replace(/^\d+/, "") || "myapp";
}
