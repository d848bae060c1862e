// Edits of a front end that another library signs users in to: its provider and its auth client. Into an
// editor; what is not understood stays as it is.
import type { JSXElement } from "@babel/types";
import { addImport, childrenOf, endOf, startOf, textOf, walk } from "../../edit/index.js";
import { authClientOf, specifierOf } from "../../shell/front.js";
import { isShared } from "../../shell/shared-module.js";
import { importForPeers, takeOverImport } from "./edit-server.js";
import { frontOf } from "./front.js";
import type { Edit, Found } from "./types.js";

/** Where kitcn's components and hooks for the inside of the provider are. */
export const REACT_SOURCE = "kitcn/auth/react";

/** Puts `ConvexAuthProvider` in the place of a provider, with the client and the token it was given. */
export function editProvider(edit: Edit, { node, name }: Found): boolean {
  if (node.type !== "JSXElement") return false;
  if (name === "ConvexAuthNextjsServerProvider") return unwrapElement(edit, node);
  const { editor, gone } = edit;
  const front = frontOf(edit);
  const { openingElement: opening, closingElement: closing } = node;
  const attributes = opening.attributes;
  const { module } = editor;
  // A front end that kitcn does not wire has an auth client all the same.
  const hasClient = attributes.some((one) => attributeName(one) === "authClient");
  if (isShared(edit.ws, module.path) || (!front && !hasClient)) return false;
  if (!isBound(name) || attributes.some(({ type }) => type === "JSXSpreadAttribute")) return false;
  const provider = takeOverImport(editor, {
    source: "kitcn/auth/client",
    name: "ConvexAuthProvider",
  });
  const kept = attributes.filter((one) => KEPT.has(attributeName(one)));
  for (const one of attributes) if (!kept.includes(one)) gone.add(one);
  const texts = kept.map((one) => textOf(module, one));
  if (front && !hasClient) {
    const source = specifierOf(front, module.path, authClientOf(front));
    texts.push(`authClient={${addImport(editor, { source, name: "authClient" })}}`);
  }
  const last = attributes.at(-1);
  const gap =
    last && /\n/.test(module.text.slice(endOf(opening.name), startOf(last)))
      ? (/\s+$/.exec(module.text.slice(endOf(opening.name), startOf(last)))?.[0] ?? " ")
      : " ";
  const text = texts.map((one) => gap + one).join("");
  editor.edits.update(startOf(opening.name), endOf(last ?? opening.name), provider + text);
  gone.add(opening.name);
  if (closing) {
    editor.edits.update(startOf(closing.name), endOf(closing.name), provider);
    gone.add(closing.name);
  }
  const spelled = textOf(module, opening.name);
  walk(module.program, (one) => {
    // `Parameters<typeof ConvexBetterAuthProvider>[0]["authClient"]`: the properties are the same.
    if (one.type !== "TSTypeQuery" || gone.has(one.exprName)) return;
    if (textOf(module, one.exprName) !== spelled) return;
    editor.edits.update(startOf(one.exprName), endOf(one.exprName), provider);
    gone.add(one.exprName);
  });
  return true;
}

/** Puts kitcn's `AuthBoundary` in the place of the peer's. It asks the provider where that one asked the auth client. */
export function editBoundary({ editor, gone }: Edit, element: JSXElement): boolean {
  const { openingElement: opening, closingElement: closing } = element;
  const boundary = importForPeers(editor, { source: REACT_SOURCE, name: "AuthBoundary" });
  for (const tag of closing ? [opening, closing] : [opening]) {
    editor.edits.update(startOf(tag.name), endOf(tag.name), boundary);
    gone.add(tag.name);
  }
  for (const one of opening.attributes) {
    if (attributeName(one) !== "authClient") continue;
    const { text } = editor.module;
    const gap = /\s*$/.exec(text.slice(0, startOf(one)))?.[0].length ?? 0;
    editor.edits.remove(startOf(one) - gap, endOf(one));
    gone.add(one);
  }
  return true;
}

/** Has a plugin of the auth client come from kitcn. */
export function editClient({ editor, gone }: Edit, { node, name }: Found): boolean {
  if (node.type !== "CallExpression") return false;
  const plugin = takeOverImport(editor, { source: "kitcn/auth/client", name });
  editor.edits.update(startOf(node.callee), endOf(node.callee), plugin);
  gone.add(node.callee);
  return true;
}

// --- internal ---

const KEPT: ReadonlySet<string> = new Set(["client", "authClient", "initialToken", "key"]);

function isBound(name: string): boolean {
  return /^Convex/.test(name);
}

function attributeName(one: JSXElement["openingElement"]["attributes"][number]): string {
  return one.type === "JSXAttribute" && one.name.type === "JSXIdentifier" ? one.name.name : "";
}

/** Leaves what an element holds, in its place. */
function unwrapElement({ editor, gone }: Edit, element: JSXElement): boolean {
  const { openingElement: opening, closingElement: closing } = element;
  const [only, ...others] = childrenOf(element);
  if (!only || !closing) return false;
  gone.add(opening.name).add(closing.name);
  const isElement = others.length === 0 && only.type === "JSXElement";
  const [from, to] = isElement ? [startOf(only), endOf(only)] : [endOf(opening), startOf(closing)];
  editor.edits.update(startOf(opening), from, isElement ? "" : "<>");
  editor.edits.update(to, endOf(closing), isElement ? "" : "</>");
  return true;
}
