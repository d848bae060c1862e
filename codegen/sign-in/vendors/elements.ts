// Edits of the elements that a service renders: what shows its children to users or visitors, links to its pages,
// its buttons. Into an editor; an element whose meaning kitcn cannot keep stays as it is.
import type { JSXAttribute, JSXElement, JSXSpreadAttribute, Node } from "@babel/types";
import {
  childrenOf,
  endOf,
  listImports,
  renameElement,
  startOf,
  textOf,
  type Module,
} from "../../edit/index.js";
import { libraryOf } from "../common/libraries.js";
import { isForBrowser, renderersOf } from "../common/roots.js";
import {
  frontOf,
  importAuthClient,
  importServerState,
  importSignOutButton,
  importState,
  isClientModule,
  openLink,
  type StateName,
} from "../common/front.js";
import { lostDestinations, withDestination } from "./destinations.js";
import { SIGN_IN_PATH } from "./paths.js";
import { nodesAround } from "../common/references.js";
import type { Edit, Found } from "../common/types.js";

/** Edits one element of a service. */
export function editElement(edit: Edit, { node, name }: Found): boolean {
  if (node.type !== "JSXElement") return false;
  if (node.openingElement.attributes.some(({ type }) => type === "JSXSpreadAttribute"))
    return false;
  const state = stateOf(node, name);
  if (state) return editState(edit, node, state);
  switch (name) {
    case "SignIn":
    case "SignUp":
      // A link in the place of a form leads nowhere but to kitcn's page.
      return edit.leaving.paths.hasPage && editLink(edit, node, name);
    case "SignInButton":
    case "SignUpButton":
      return editLink(edit, node, name);
    case "UserButton":
      return editUserButton(edit, node);
    case "SignOutButton":
      return editSignOut(edit, node);
    default:
      return false;
  }
}

/** The value of an attribute that is a text; undefined where it is another, or missing. */
export function textAttribute(element: JSXElement, name: string): string | undefined {
  const found = element.openingElement.attributes.find((one) => attributeName(one) === name);
  return found?.type === "JSXAttribute" && found.value?.type === "StringLiteral"
    ? found.value.value
    : undefined;
}

/** The call, and where the browser goes then. */
export function printSignOut(
  edit: Edit,
  { authClient, leavesTo }: { readonly authClient: string; readonly leavesTo: string | undefined },
): string {
  const call = `${authClient}.signOut()`;
  if (leavesTo === undefined) return call;
  return `${call}.then(() => window.location.assign(${quoted(edit, leavesTo)}))`;
}

/** A text in the module's quotes. */
export function quoted({ editor: { style } }: Edit, text: string): string {
  return style.quote + text.replaceAll(style.quote, `\\${style.quote}`) + style.quote;
}

// --- internal ---

type Attribute = JSXAttribute | JSXSpreadAttribute;

function attributeName(one: Attribute): string {
  return one.type === "JSXAttribute" && one.name.type === "JSXIdentifier" ? one.name.name : "";
}

/** What shows the same to the same people; undefined where more decides, such as a role. */
function stateOf(element: JSXElement, name: string): StateName | undefined {
  const names = element.openingElement.attributes.map(attributeName);
  const isPlain = names.every((one) => one === "key" || one === "treatPendingAsSignedOut");
  if (name === "SignedIn" && isPlain) return "Authenticated";
  if (name === "SignedOut" && isPlain) return "Unauthenticated";
  if (name === "Protect" && names.length === 0) return "Authenticated";
  if (name !== "Show" || names.length !== 1) return undefined;
  const when = textAttribute(element, "when");
  if (when === "signed-in") return "Authenticated";
  return when === "signed-out" ? "Unauthenticated" : undefined;
}

function editState(edit: Edit, element: JSXElement, state: StateName): boolean {
  const front = frontOf(edit);
  if (!front || !element.closingElement || isAboveConvex(edit, element)) return false;
  const { editor, gone } = edit;
  const { openingElement: opening, closingElement: closing } = element;
  const place = state === "Authenticated" ? placeOfSecret(edit, element) : "browser";
  if (place === undefined) return false;
  const kept = opening.attributes.filter((one) => attributeName(one) === "key");
  const dropped = opening.attributes.filter((one) => !kept.includes(one));
  const tag = place === "server" ? importServerState(edit, front) : importState(edit, front, state);
  renameElement(editor, element, tag);
  const [first] = dropped;
  if (first) editor.edits.remove(endOf(opening.name), endOf(dropped.at(-1) ?? first));
  const keys = kept.map((one) => ` ${textOf(editor.module, one)}`).join("");
  if (first && keys !== "") editor.edits.appendLeft(endOf(opening.name), keys);
  for (const one of [opening.name, closing.name, ...dropped]) gone.add(one);
  return true;
}

/**
 * Where it is decided who sees what is in an element for users: a service decides on the server where the server
 * renders, so that visitors are sent nothing of it. Undefined for a module that both render.
 */
function placeOfSecret(
  { ws, shell, editor: { module } }: Edit,
  element: JSXElement,
): "server" | "browser" | undefined {
  const isButtons = childrenOf(element).every((one) => isButtonOfService(module, one));
  if (shell.kind !== "next" || isForBrowser(module) || isButtons) return "browser";
  const { server, browser } = renderersOf(ws, shell, module.path);
  if (server && browser) return undefined;
  return server ? "server" : "browser";
}

/** True for what becomes a link or a button of kitcn's, which is no secret. */
function isButtonOfService(module: Module, node: Node): boolean {
  if (node.type !== "JSXElement" || childrenOf(node).length > 0) return false;
  const spelled = textOf(module, node.openingElement.name);
  const found = listImports(module).find(({ local }) => local === spelled);
  return (
    found !== undefined &&
    libraryOf(found.source)?.vendor !== undefined &&
    /^(UserButton|Sign(In|Up|Out)Button)$/.test(found.imported)
  );
}

/** A link to the page on which visitors sign in or up, around what was in it. */
function editLink(edit: Edit, element: JSXElement, name: string): boolean {
  const { editor, leaving } = edit;
  const isSignIn = name.startsWith("SignIn");
  const path = isSignIn ? leaving.paths.signIn : leaving.paths.signUp;
  if (!frontOf(edit) || path === undefined) return false;
  const { openingElement: opening, closingElement: closing } = element;
  const { ws, notes } = edit;
  const given = { module: editor.module, element, path, paths: leaving.paths };
  const to = withDestination(ws, { ...given, isSignUp: !isSignIn });
  notes.push(...to.notes);
  const { tag, open } = openLink(edit, to.path);
  goTags(edit, element);
  if (!closing || childrenOf(element).length === 0) {
    editor.edits.update(
      startOf(element),
      endOf(element),
      `<${open}>${isSignIn ? "Sign in" : "Sign up"}</${tag}>`,
    );
    return true;
  }
  const last = opening.attributes.at(-1) ?? opening.name;
  editor.edits.update(startOf(opening.name), endOf(last), open);
  editor.edits.update(startOf(closing.name), endOf(closing.name), tag);
  return true;
}

/** A link to kitcn's page, which shows who is signed in, and signs out. */
function editUserButton(edit: Edit, element: JSXElement): boolean {
  const front = frontOf(edit);
  if (!front || !edit.leaving.paths.hasPage || childrenOf(element).length > 0) return false;
  if (isAboveConvex(edit, element)) return false;
  const { editor } = edit;
  const around = nodesAround(editor.module, element);
  const isForUsers = around.some((one) => one.type === "JSXElement" && isUsersOnly(edit, one));
  const { tag, open } = openLink(edit, SIGN_IN_PATH);
  const link = `<${open}>Account</${tag}>`;
  const state = isForUsers ? "" : importState(edit, front, "Authenticated");
  const text = isForUsers ? link : `<${state}>${link}</${state}>`;
  edit.notes.push(...lostDestinations(edit.ws, editor.module, element));
  editor.edits.update(startOf(element), endOf(element), text);
  goTags(edit, element);
  return true;
}

function isUsersOnly({ editor: { module } }: Edit, element: JSXElement): boolean {
  const name = textOf(module, element.openingElement.name);
  if (name === "Show") return textAttribute(element, "when") === "signed-in";
  return name === "SignedIn" || name === "Authenticated";
}

function editSignOut(edit: Edit, element: JSXElement): boolean {
  const front = frontOf(edit);
  const { editor } = edit;
  const { openingElement: opening, closingElement: closing } = element;
  const names = opening.attributes.map(attributeName);
  const leavesTo = textAttribute(element, "redirectUrl");
  if (!front || names.some((one) => one !== "redirectUrl")) return false;
  if (names.length > 0 && leavesTo === undefined) return false;
  const children = childrenOf(element);
  const [only] = children;
  const isText = children.every(({ type }) => type === "JSXText");
  if (!isClientModule(edit)) {
    if (!isText || leavesTo !== undefined) return false;
    renameElement(editor, element, importSignOutButton(edit, front));
    goTags(edit, element);
    return true;
  }
  const handler = `onClick={() => void ${printSignOut(edit, { authClient: importAuthClient(edit, front), leavesTo })}}`;
  if (!closing || isText) {
    const text = closing ? editor.module.text.slice(endOf(opening), startOf(closing)) : "Sign out";
    const button = `<button type="button" ${handler}>${text}</button>`;
    editor.edits.update(startOf(element), endOf(element), button);
    goTags(edit, element);
    return true;
  }
  if (children.length !== 1 || only?.type !== "JSXElement") return false;
  const attributes = only.openingElement.attributes;
  if (attributes.some((one) => attributeName(one) === "onClick" || attributeName(one) === ""))
    return false;
  editor.edits.remove(startOf(element), startOf(only));
  editor.edits.appendLeft(
    endOf(attributes.at(-1) ?? only.openingElement.typeParameters ?? only.openingElement.name),
    ` ${handler}`,
  );
  editor.edits.remove(endOf(only), endOf(element));
  goTags(edit, element);
  return true;
}

/** The tags are replaced; what is between them is not. */
function goTags({ gone }: Edit, { openingElement, closingElement }: JSXElement): void {
  gone.add(openingElement);
  if (closingElement) gone.add(closingElement);
}

/**
 * True in the provider of a service, and outside of the one of Convex that the same module has in there: what asks
 * Convex cannot be rendered in such a place.
 */
function isAboveConvex(edit: Edit, node: Node): boolean {
  const { roots } = edit;
  const around = nodesAround(edit.editor.module, node);
  const root = roots?.find(({ element }) => around.includes(element));
  return root !== undefined && root.convex === undefined;
}
