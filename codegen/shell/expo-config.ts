// Reads an app's configuration for Expo: app.json, or app.config.ts. A link with the app's scheme opens the app.
// Stages what app.json lacks; must not edit app.config.ts.
import type { Node, ObjectExpression } from "@babel/types";
import { join } from "node:path";
import { shortPath } from "../disk/project.js";
import {
  findDefaultExport,
  finishEdit,
  insertMembers,
  keyOf,
  openEditor,
  parseModule,
  resolveExpression,
  unwrap,
  walk,
  type Module,
} from "../edit/index.js";
import { findModule } from "../workspace/find.js";
import type { Workspace } from "../workspace/stage.js";
import { configValues, valueOf } from "./config-values.js";

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
  const values = own
    ? configValues(own, "scheme", "expo").map((value) => resolveExpression(own, value))
    : [];
  const written = own && schemeIn(values, own.path);
  if (written) return written;
  const json = !own || takesJson(own) ? jsonConfig(ws) : undefined;
  const object = json && expoObject(json);
  const value = object && valueOf(object, "scheme");
  const passed = json && value && schemeIn([value], json.path);
  if (passed || !own || values.length > 0) return passed;
  return schemeIn(schemesAnywhere(own), own.path);
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

/** The first of these values that is a text. */
function schemeIn(values: readonly Node[], path: string): SchemePlace | undefined {
  for (const value of values) {
    const scheme = nameOf(value);
    if (scheme !== undefined) return { scheme, path, line: value.loc?.start.line ?? 1 };
  }
  return undefined;
}

/** Wherever in the module an object has one, but for those of another meaning, such as the links of Android. */
function schemesAnywhere(module: Module): Node[] {
  const found: Node[] = [];
  walk(module.program, (node) => {
    if (node.type === "ObjectProperty" && OF_OTHERS.has(keyOf(node) ?? "")) return false;
    const value = node.type === "ObjectExpression" ? valueOf(node, "scheme") : undefined;
    if (value && !/^https?$/.test(nameOf(value) ?? "")) found.push(value);
  });
  return found;
}

/** `data` is what a link of Android consists of. */
const OF_OTHERS: ReadonlySet<string> = new Set([
  "android",
  "data",
  "intentFilters",
  "ios",
  "plugins",
]);

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
