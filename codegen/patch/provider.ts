// Turns an app's ConvexProvider into ConvexAuthProvider. Pure: text in, text out.
import type { JSXElement, Node } from "@babel/types";
import { providerTaken as takenProvider } from "../errors/edits-front.js";
import {
  addAttribute,
  addImport,
  endOf,
  finishEdit,
  indentAt,
  isNode,
  keysByName,
  listElements,
  listImports,
  locationOf,
  openEditor,
  removeImport,
  renameElement,
  startOf,
  textOf,
  walk,
  type Editor,
  type JsxFormatter,
  type Module,
} from "../edit/index.js";
import type { ImportedName } from "../modules/names.js";
import type { Patch } from "./types.js";

/** What an element's name is to the package it comes from. */
export type NameResolver = (module: Module, spelled: string) => ImportedName | undefined;

/** What a module says about the provider of Convex. */
export type ProviderUse =
  | { readonly kind: "none" }
  /** ConvexAuthProvider is in use; `lacking` are those without the auth client. */
  | { readonly kind: "ours"; readonly lacking: readonly JSXElement[] }
  | { readonly kind: "plain"; readonly elements: readonly JSXElement[] };

/**
 * Looks for a provider of Convex in a module.
 *
 * @throws CodegenError `PROVIDER_TAKEN` where another auth library's provider stands
 */
export function findProvider(module: Module, resolve: NameResolver): ProviderUse {
  const elements = listElements(module);
  const isImported = listImports(module).some(
    ({ source, imported, typeOnly }) =>
      source === OURS.source && imported === OURS.name && !typeOnly,
  );
  const own = (element: JSXElement) => isOf(element, OURS);
  const isOf = (element: JSXElement, wanted: ImportedName) => {
    const name = resolve(module, textOf(module, element.openingElement.name));
    return name?.source === wanted.source && name.name === wanted.name;
  };
  if (isImported || elements.some(own))
    return {
      kind: "ours",
      lacking: elements.filter((one) => own(one) && lacksClient(module, one)),
    };
  for (const element of elements) {
    const taken = OTHERS.find((other) => isOf(element, other));
    if (taken) throw providerTaken(module, element, taken);
  }
  const plain = elements.filter((element) => isOf(element, PLAIN));
  return plain.length > 0 ? { kind: "plain", elements: plain } : { kind: "none" };
}

/** The elements of a module that patchProvider() would edit. */
export function openProviders(module: Module, resolve: NameResolver): readonly JSXElement[] {
  const use = findProvider(module, resolve);
  if (use.kind === "none") return [];
  return use.kind === "ours" ? use.lacking : use.elements;
}

/**
 * Replaces every ConvexProvider of a module. One that no longer fits on its line is broken over several.
 *
 * @param input.authClient specifier of the module that exports `authClient`
 * @example
 * await patchProvider(module, { authClient: "../lib/auth-client", format });
 */
export async function patchProvider(
  module: Module,
  input: {
    readonly authClient: string;
    readonly resolve: NameResolver;
    readonly format: JsxFormatter;
  },
): Promise<Patch> {
  const { authClient, resolve, format } = input;
  const use = findProvider(module, resolve);
  if (use.kind === "ours") return completeProvider(module, use.lacking, authClient);
  if (use.kind !== "plain") return { text: undefined };
  const editor = openEditor(module);
  const provider = addImport(editor, OURS);
  const client = addImport(editor, { source: authClient, name: "authClient" });
  const attribute = `authClient={${client}}`;
  for (const element of use.elements) {
    const given = { element, name: provider, attribute };
    if (await breakElement(editor, { ...given, format })) continue;
    renameElement(editor, element, provider);
    addAttribute(editor, element, attribute);
  }
  const gone = new Set(use.elements.flatMap(tagNames));
  for (const { source, imported } of importsOf(module, use.elements))
    removeImport(editor, { source, name: imported }, gone);
  return { text: finishEdit(editor) };
}

// --- internal ---

const PLAIN = { source: "convex/react", name: "ConvexProvider" } as const;
const OURS = { source: "kitcn/auth/client", name: "ConvexAuthProvider" } as const;

/** Providers that bring users of their own. */
const OTHERS = [
  { source: "convex/react", name: "ConvexProviderWithAuth" },
  { source: "convex/react-auth0", name: "ConvexProviderWithAuth0" },
  { source: "convex/react-clerk", name: "ConvexProviderWithClerk" },
  { source: "@convex-dev/auth/react", name: "ConvexAuthProvider" },
  { source: "@convex-dev/auth/nextjs", name: "ConvexAuthNextjsProvider" },
  { source: "@convex-dev/better-auth/react", name: "ConvexBetterAuthProvider" },
  { source: "@convex-dev/workos", name: "ConvexProviderWithAuthKit" },
] as const;

/** True for a provider that is not given `authClient`, or a name that is nothing in its module. */
function lacksClient(module: Module, { openingElement: { attributes } }: JSXElement): boolean {
  if (attributes.some(({ type }) => type === "JSXSpreadAttribute")) return false;
  const given = clientOf(attributes);
  return !given || (given.type === "Identifier" && !declaresName(module, given.name));
}

function clientOf(attributes: JSXElement["openingElement"]["attributes"]): Node | undefined {
  const found = attributes.find(
    (one) => one.type === "JSXAttribute" && one.name.name === "authClient",
  );
  if (found?.type !== "JSXAttribute") return undefined;
  const { value } = found;
  return value?.type === "JSXExpressionContainer" ? value.expression : (value ?? found);
}

/** Whether some declaration of the module gives the name, at its top or in a function. */
function declaresName(module: Module, name: string): boolean {
  let isDeclared = listImports(module).some(({ local }) => local === name);
  walk(module.program, (node) => {
    if (node.type === "VariableDeclarator") isDeclared ||= keysByName(node.id).has(name);
    if ("params" in node && Array.isArray(node.params))
      isDeclared ||= node.params.some((one) => isNode(one) && keysByName(one).has(name));
  });
  return isDeclared;
}

/** Gives the providers that are kitcn's already the auth client that they lack. */
function completeProvider(
  module: Module,
  lacking: readonly JSXElement[],
  authClient: string,
): Patch {
  if (lacking.length === 0) return { text: undefined };
  const editor = openEditor(module);
  for (const element of lacking) {
    const given = clientOf(element.openingElement.attributes);
    // The name is written there: it has to be that one.
    if (given) {
      const local = textOf(module, given);
      if (!editor.wanted.some((one) => one.local === local))
        editor.wanted.push({ source: authClient, name: "authClient", local, typeOnly: false });
      continue;
    }
    const client = addImport(editor, { source: authClient, name: "authClient" });
    addAttribute(editor, element, `authClient={${client}}`);
  }
  return { text: finishEdit(editor) };
}

const MAX_LINE = 80;

/** `return <A>...</A>;` on one line, where that grows too long, as formatters break it. */
async function breakElement(
  editor: Editor,
  input: {
    readonly element: JSXElement;
    readonly name: string;
    readonly attribute: string;
    readonly format: JsxFormatter;
  },
): Promise<boolean> {
  const { module, edits, style } = editor;
  const { element, name, attribute, format } = input;
  const { openingElement: opening, closingElement: closing } = element;
  const [line = "", before = ""] = lineAround(module, element);
  const isReturned = /^\s*(return|.*=>) $/.test(before) && closing;
  const grown = line.length + attribute.length + 2 * (name.length - PLAIN.name.length);
  if (!isReturned || textOf(module, element).includes("\n") || grown <= MAX_LINE) return false;
  const attributes = module.text.slice(endOf(opening.name), endOf(opening) - 1);
  const children = module.text.slice(endOf(opening), startOf(closing));
  const base = indentAt(module, startOf(element));
  const indent = base + style.indent;
  const text = `<${name}${attributes} ${attribute}>${children}</${name}>`;
  const lines = (await format(text, indent.length)).replaceAll("\n", `\n${indent}`);
  const broken = `(\n${indent}${lines}\n${base})`.replaceAll("\n", style.eol);
  edits.update(startOf(element), endOf(element), broken);
  return true;
}

/** The line an element starts on, and what of it stands before the element. */
function lineAround(module: Module, element: JSXElement): [line: string, before: string] {
  const from = module.text.lastIndexOf("\n", startOf(element)) + 1;
  const line = /^[^\r\n]*/.exec(module.text.slice(from))?.[0] ?? "";
  return [line, module.text.slice(from, startOf(element))];
}

/** The imports that the elements' names are, from Convex or from another module of the app. */
function importsOf(module: Module, elements: readonly JSXElement[]) {
  const names = new Set(elements.map(({ openingElement }) => textOf(module, openingElement.name)));
  return listImports(module).filter(({ local }) => names.has(local));
}

function tagNames({ openingElement, closingElement }: JSXElement): Node[] {
  return [openingElement.name, ...(closingElement ? [closingElement.name] : [])];
}

function providerTaken(
  module: Module,
  element: JSXElement,
  { name, source }: typeof PLAIN | (typeof OTHERS)[number],
) {
  return takenProvider({
    at: locationOf(module, element),
    name,
    source,
    lines: [
      "// in its place",
      'import { ConvexAuthProvider } from "kitcn/auth/client";',
      "",
      "<ConvexAuthProvider client={convex} authClient={authClient}>",
    ],
  });
}
