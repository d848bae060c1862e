// Where Clerk opens the app after a sign-in, as attributes of its elements say: a part of the link where kitcn's page can
// do the same, and a note with the line where it cannot. Reads syntax.
import type { JSXAttribute, JSXElement, Node } from "@babel/types";
import { textOf, type Module } from "../../edit/index.js";
import type { Workspace } from "../../workspace/stage.js";
import { placeOf } from "../common/places.js";
import type { SignInPaths } from "../common/types.js";

/** The path of a link, and what is said of attributes that it does not keep. */
export type Destination = { readonly path: string; readonly notes: readonly string[] };

/**
 * The page on which visitors sign in or up, with where they go after that.
 *
 * @example
 * // <SignInButton forceRedirectUrl="/notes" />
 * withDestination(ws, { module, element, path: "/auth", paths }); // { path: "/auth?redirectTo=/notes", notes: [] }
 */
export function withDestination(
  ws: Workspace,
  input: {
    readonly module: Module;
    readonly element: JSXElement;
    readonly path: string;
    readonly paths: SignInPaths;
    readonly isSignUp: boolean;
  },
): Destination {
  const { module, element, path, paths, isSignUp } = input;
  const given = destinationsOf(element);
  const [own, other] = isSignUp ? [UP, IN] : [IN, UP];
  const isFor = (side: string) => (name: string) => new RegExp(side, "i").test(name);
  const ranked = ORDER.flatMap((end) => given.filter(({ name }) => end.test(name)));
  const wanted = ranked.find(({ name }) => !isFor(other)(name) || isFor(own)(name));
  const to = paths.hasPage && wanted ? pathIn(wanted.node) : undefined;
  const lost = ranked.filter(({ node }) => to === undefined || pathIn(node) !== to);
  // What another attribute comes before was never opened.
  const told = lost.filter((one) => one === wanted || isFor(other)(one.name));
  return {
    path:
      to === undefined
        ? path
        : `${path}?redirectTo=${encodeURIComponent(to).replaceAll("%2F", "/")}`,
    notes: told.map(({ node }) => printNote(ws, module, node, ADD)),
  };
}

/** Notes for an element that goes with such attributes. */
export function lostDestinations(ws: Workspace, module: Module, element: JSXElement): string[] {
  return destinationsOf(element).flatMap(({ name, node }) => {
    if (!/SignOut/.test(name)) return [printNote(ws, module, node, ADD)];
    // Its own default, which is said of no other app either.
    return pathIn(node) === "/" ? [] : [printNote(ws, module, node, OPEN)];
  });
}

// --- internal ---

const IN = "signIn";
const UP = "signUp";

/** The first of them that an element has counts. */
const ORDER = [
  /forceRedirectUrl$/i,
  /fallbackRedirectUrl$/i,
  /^redirectUrl$/,
  /^afterSign(In|Up)Url$/,
];

const DESTINATION =
  /^((sign(In|Up))?(force|fallback)RedirectUrl|redirectUrl|afterSign(In|Up|Out)Url)$/i;

function destinationsOf({ openingElement }: JSXElement) {
  return openingElement.attributes.flatMap((node) => {
    if (node.type !== "JSXAttribute" || node.name.type !== "JSXIdentifier") return [];
    const { name } = node.name;
    return DESTINATION.test(name) ? [{ name, node }] : [];
  });
}

/** A path of the app's own site that is written out. */
function pathIn({ value }: JSXAttribute): string | undefined {
  const given = value?.type === "JSXExpressionContainer" ? value.expression : value;
  const text = given?.type === "StringLiteral" ? given.value : undefined;
  return text !== undefined && /^\/(?!\/)/.test(text) ? text : undefined;
}

function printNote(ws: Workspace, module: Module, node: Node, what: string): string {
  const { file, line } = placeOf(ws, { module, node });
  return `${file}:${line} ${textOf(module, node)} is not kept. ${what}`;
}

const ADD =
  "To open a page after the sign-in, add its path to the links that lead to the sign-in: /auth?redirectTo=/page for kitcn's page.";

const OPEN = "To open a page after a sign-out, do it where `authClient.signOut()` has returned.";
