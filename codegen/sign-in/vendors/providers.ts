// The provider of a service around an app: where Convex's own is below it, and the edit that takes it out.
// What it covered is covered by Convex's then. Reads modules behind imports; edits into an editor.
import type { JSXElement, Node } from "@babel/types";
import {
  childrenOf,
  endOf,
  indentAt,
  listElements,
  startOf,
  textOf,
  walk,
  type Module,
} from "../../edit/index.js";
import { findHome, findPackageName, importOf } from "../../modules/names.js";
import type { ModuleReader } from "../../modules/resolve.js";
import { BOUND_PROVIDERS, libraryOf } from "../common/libraries.js";
import { lostDestinations } from "./destinations.js";
import { nodesAround } from "../common/references.js";
import type { Edit, Root } from "../common/types.js";

/** The providers of services in a module that give Convex nothing. */
export function rootsIn(module: Module, read: ModuleReader): Root[] {
  const elements = listElements(module);
  return elements
    .filter((one) => isRoot(module, one, read))
    .map((element) => {
      const below = elements.filter((one) => one !== element && isInside(one, element));
      return { element, convex: below.find((one) => holdsConvex({ module, element: one }, read)) };
    });
}

/** Takes a service's provider out. */
export function leaveProvider(edit: Edit, node: Node): boolean {
  const root = edit.roots?.find(({ element }) => element === node);
  if (!root) return false;
  const { element, convex } = root;
  if (convex && !isOnly(element, convex)) {
    if (!isReplaceable(element, convex)) return false;
    moveUp(edit, element, convex);
  } else unwrap(edit, element);
  edit.notes.push(...lostDestinations(edit.ws, edit.editor.module, element));
  return true;
}

/** Leaves what an element holds, in its place. */
export function unwrap(edit: Edit, element: JSXElement): void {
  const { editor, gone } = edit;
  const { openingElement: opening, closingElement: closing } = element;
  gone.add(opening);
  if (closing) gone.add(closing);
  const children = childrenOf(element);
  const [only, ...others] = children;
  const [parent] = nodesAround(editor.module, element);
  const isInJsx = parent?.type === "JSXElement" || parent?.type === "JSXFragment";
  if (!only || !closing) {
    editor.edits.update(startOf(element), endOf(element), isInJsx ? "" : "null");
    return;
  }
  const isElement = others.length === 0 && only.type === "JSXElement";
  if (isElement) {
    editor.edits.remove(startOf(element), startOf(only));
    editor.edits.remove(endOf(only), endOf(element));
    outdent(edit, { node: only, from: startOf(only), to: startOf(element) });
    return;
  }
  const isBare = isInJsx && others.length === 0;
  const [from, to] = isBare ? [startOf(only), endOf(only)] : [endOf(opening), startOf(closing)];
  const [before, after] = isBare || isInJsx ? ["", ""] : ["<>", "</>"];
  editor.edits.update(startOf(element), from, before);
  editor.edits.update(to, endOf(element), after);
}

// --- internal ---

/** Moves the lines of a node as far to the left as its first one moved. Texts of templates stay. */
function outdent(
  { editor: { module, edits } }: Edit,
  { node, from, to }: { node: Node; from: number; to: number },
): void {
  const depth = indentAt(module, from).length - indentAt(module, to).length;
  if (depth <= 0) return;
  const templates: Node[] = [];
  walk(node, (one) => void (one.type === "TemplateElement" && templates.push(one)));
  for (const { index } of module.text.slice(from, endOf(node)).matchAll(/\n/g)) {
    const start = from + index + 1;
    const isText = templates.some((one) => startOf(one) < start && start <= endOf(one));
    const blanks = /^[ \t]*/.exec(module.text.slice(start))?.[0].length ?? 0;
    if (!isText && blanks >= depth) edits.remove(start, start + depth);
  }
}

function isInside(node: Node, outer: Node): boolean {
  return startOf(outer) <= startOf(node) && endOf(node) <= endOf(outer);
}

function isRoot(module: Module, element: JSXElement, read: ModuleReader): boolean {
  const name = findPackageName(module, textOf(module, element.openingElement.name), read);
  if (!name || BOUND_PROVIDERS.has(name.name) || !/Provider$/.test(name.name)) return false;
  return libraryOf(name.source)?.vendor !== undefined;
}

type At = { readonly module: Module; readonly element: JSXElement };

/** True for Convex's provider, or a component of the app that renders it. */
function holdsConvex({ module, element }: At, read: ModuleReader, depth = 0): boolean {
  const spelled = textOf(module, element.openingElement.name);
  const name = findPackageName(module, spelled, read);
  if (name) return name.name === "ConvexProvider" || BOUND_PROVIDERS.has(name.name);
  const imported = importOf(module, spelled);
  const behind = imported && read(imported.source, module);
  const home =
    imported && behind && (findHome({ module: behind, name: imported.name }, read) ?? behind);
  if (!home || depth > MAX_DEPTH) return false;
  return listElements(home).some((one) =>
    holdsConvex({ module: home, element: one }, read, depth + 1),
  );
}

/** Providers of providers are looked through this far. */
const MAX_DEPTH = 4;

/** True where nothing else is between the tags of the two. */
function isOnly(outer: JSXElement, inner: JSXElement): boolean {
  const [only, ...others] = childrenOf(outer);
  if (others.length > 0 || only?.type !== "JSXElement") return false;
  return only === inner || isOnly(only, inner);
}

/** True where all between the two is JSX: what the inner one is given means the same further out. */
function isReplaceable(outer: JSXElement, inner: JSXElement): boolean {
  return outer.children.some(
    (child) => child === inner || (child.type === "JSXElement" && isReplaceable(child, inner)),
  );
}

/** Puts the inner element's tags in the place of the outer's. */
function moveUp({ editor, gone }: Edit, outer: JSXElement, inner: JSXElement): void {
  const { module, edits } = editor;
  const { openingElement: opening, closingElement: closing } = outer;
  const { openingElement: moved, closingElement: end } = inner;
  gone.add(opening);
  if (!closing || !end) return;
  gone.add(closing);
  edits.update(startOf(opening), endOf(opening), textOf(module, moved));
  edits.update(startOf(closing), endOf(closing), textOf(module, end));
  edits.remove(startOf(moved), endOf(moved));
  edits.remove(startOf(end), endOf(end));
}
