// Puts components around what an app renders: the provider around the page, the auth page beside it.
// Text in, text out; refuses what it does not understand.
import type { JSXElement, JSXFragment, Node } from "@babel/types";
import { noEntry, noPlaceForProvider, secondPlace } from "../errors/edits-front.js";
import {
  addImport,
  childrenOf,
  endOf,
  findDefaultExport,
  finishEdit,
  isElementOf,
  listElements,
  locationOf,
  openEditor,
  startOf,
  textOf,
  unwrap,
  walk,
  wrapNode,
  type JsxFormatter,
  type JsxNode,
  type Module,
} from "../edit/index.js";
import { listCalls, methodOf } from "./calls.js";
import type { Patch } from "./types.js";

/** A component to put in, by the module it comes from. */
export type Component = { readonly name: string; readonly source: string };

/**
 * Wraps what a root layout renders in its `<body>`: `{children}`, else `<Outlet />`.
 *
 * @throws CodegenError `LAYOUT_UNKNOWN_FORM`
 * @example
 * await wrapChildren(module, { provider: { name: "ConvexClientProvider", source: "../components/ConvexClientProvider" }, format });
 */
export async function wrapChildren(
  module: Module,
  { provider, format }: { provider: Component; format: JsxFormatter },
): Promise<Patch> {
  const places = findChildren(module);
  const [place] = places;
  if (!place || places.length > 1) throw unknownLayout(module, { provider, places });
  const editor = openEditor(module);
  const name = addImport(editor, provider);
  const print = (inner: string) => `<${name}>${inner}</${name}>`;
  await wrapNode(editor, { ...place, format, print });
  return { text: finishEdit(editor) };
}

/**
 * Wraps what `createRoot(...).render(...)` is given: in a provider, and in a choice of another page.
 *
 * @param input.page shown instead of the app at `path`, which is code
 * @throws CodegenError `ENTRY_UNKNOWN_FORM`
 */
export async function wrapRendered(
  module: Module,
  input: {
    readonly provider?: Component | undefined;
    readonly page?: (Component & { readonly path: string }) | undefined;
    readonly format: JsxFormatter;
  },
): Promise<Patch> {
  const { provider, page, format } = input;
  const place = findRendered(module);
  if (!place) throw unknownEntry(module, input);
  const editor = openEditor(module);
  const shown = page && addImport(editor, page);
  const around = provider && addImport(editor, provider);
  const isChild = around !== undefined || place.parent !== undefined;
  const print = (inner: string) => {
    const choice = shown && page ? choose(shown, page.path, inner) : inner;
    const child = shown && isChild ? `{${choice}}` : choice;
    return around === undefined ? child : `<${around}>${child}</${around}>`;
  };
  await wrapNode(editor, { ...place, format, print });
  return { text: finishEdit(editor) };
}

// --- internal ---

type Place = { readonly node: JsxNode; readonly parent: JSXElement | JSXFragment | undefined };

function choose(page: string, path: string, app: string): string {
  // Hosts and people add a slash.
  return `window.location.pathname.replace(/\\/$/, "") === ${path} ? <${page} /> : ${app}`;
}

/** Every `{children}`, or `<Outlet />`; only those of `<body>` where it has any. */
function findChildren(module: Module): readonly Place[] {
  const places = placesOf(module);
  const inBody = places.filter(({ node }) => isInBody(module, node));
  return inBody.length > 0 ? inBody : places;
}

function placesOf(module: Module): Place[] {
  const slots: Place[] = [];
  const outlets: Place[] = [];
  walk(module.program, (parent) => {
    if (parent.type !== "JSXElement" && parent.type !== "JSXFragment") return;
    for (const node of parent.children) {
      if (node.type === "JSXExpressionContainer" && isChildrenName(node.expression))
        slots.push({ node, parent });
      if (node.type === "JSXElement" && isElementOf(module, node, OUTLET))
        outlets.push({ node, parent });
    }
  });
  return slots.length > 0 ? slots : outlets;
}

const OUTLET = { source: "@tanstack/react-router", name: "Outlet" } as const;

/** `children`, or `props.children`. */
function isChildrenName(node: Node): boolean {
  const { type } = node;
  if (type === "Identifier") return node.name === "children";
  if (type !== "MemberExpression" || node.computed) return false;
  return node.property.type === "Identifier" && node.property.name === "children";
}

function isInBody(module: Module, node: Node): boolean {
  return listElements(module).some(
    (element) =>
      textOf(module, element.openingElement.name) === "body" &&
      startOf(element) < startOf(node) &&
      endOf(node) < endOf(element),
  );
}

/** What the one `.render(<...>)` renders, below StrictMode and the provider of Convex. */
function findRendered(module: Module): Place | undefined {
  const rendered = listCalls(module).flatMap((call) => {
    const [first] = call.arguments;
    const node = methodOf(call)?.name === "render" && first ? unwrap(first) : undefined;
    return node?.type === "JSXElement" || node?.type === "JSXFragment" ? [node] : [];
  });
  const [only] = rendered;
  if (rendered.length !== 1 || !only) return undefined;
  let place: Place = { node: only, parent: undefined };
  for (;;) {
    const { node } = place;
    if (node.type === "JSXExpressionContainer" || !isTransparent(module, node)) return place;
    const children = childrenOf(node);
    const [child] = children;
    if (children.length !== 1 || !child) return place;
    if (child.type !== "JSXElement" && child.type !== "JSXFragment") return place;
    place = { node: child, parent: node };
  }
}

const TRANSPARENT = [
  { source: "react", name: "StrictMode" },
  { source: "kitcn/auth/client", name: "ConvexAuthProvider" },
] as const;

function isTransparent(module: Module, node: JSXElement | JSXFragment): boolean {
  if (node.type === "JSXFragment") return true;
  const isNamed = TRANSPARENT.some((wanted) => isElementOf(module, node, wanted));
  return isNamed || /\.StrictMode$/.test(textOf(module, node.openingElement.name));
}

function unknownLayout(
  module: Module,
  { provider, places }: { provider: Component; places: readonly Place[] },
) {
  const second = places[1]?.node;
  return (second ? secondPlace : noPlaceForProvider)({
    at: locationOf(module, second ?? findDefaultExport(module)?.statement),
    lines: [
      importOf(provider),
      "",
      "// around what the layout renders",
      `<${provider.name}>{children}</${provider.name}>`,
    ],
  });
}

function unknownEntry(
  module: Module,
  {
    provider,
    page,
  }: { provider?: Component | undefined; page?: (Component & { path: string }) | undefined },
) {
  const app = page ? `{${choose(page.name, page.path, "<App />")}}` : "<App />";
  const call = listCalls(module).find((one) => methodOf(one)?.name === "render");
  return noEntry({
    at: locationOf(module, call),
    lines: [
      ...(provider ? [importOf(provider)] : []),
      ...(page ? [importOf(page)] : []),
      "",
      "// in the place of what is rendered",
      provider ? `<${provider.name}>${app}</${provider.name}>` : `<>${app}</>`,
    ],
  });
}

function importOf({ name, source }: Component): string {
  return `import { ${name} } from ${JSON.stringify(source)};`;
}
