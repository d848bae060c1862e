// Edits of hooks of a service that only ask whether somebody is signed in, or sign in and out: to Convex's hook and
// the auth client. One member whose meaning is another, and the whole call stays. Into an editor.
import type { CallExpression, Node, VariableDeclarator } from "@babel/types";
import { addImport, endOf, startOf, textOf, type Module } from "../../edit/index.js";
import { removeStatement } from "../common/edit-server.js";
import { printPath } from "../../shell/base-path.js";
import { printSignOut } from "./elements.js";
import { frontOf, importAuthClient } from "../common/front.js";
import {
  isTruthTest,
  mentionsOf,
  namesOfPattern,
  nodesAround,
  type Mention,
} from "../common/references.js";
import type { Edit, Found } from "../common/types.js";

/** Edits one call of a hook. */
export function editHook(edit: Edit, { node, name, library }: Found): boolean {
  const members = HOOKS[`${library.name} ${name}`];
  if (node.type !== "CallExpression" || node.arguments.length > 0 || !members || !frontOf(edit))
    return false;
  const [parent, statement] = nodesAround(edit.editor.module, node);
  if (parent?.type === "MemberExpression" && parent.property.type === "Identifier")
    return editMember(edit, { node: parent, call: node, kind: members[parent.property.name] });
  if (parent?.type !== "VariableDeclarator" || statement?.type !== "VariableDeclaration")
    return false;
  return editPattern(edit, { call: node, declarator: parent, statement, members });
}

// --- internal ---

/** What a member of a hook is to kitcn. */
type Kind = "signedIn" | "loading" | "loaded" | "user" | "signIn" | "signUp" | "signOut";

/** True for what leads visitors to a page. */
function isEntry(kind: Kind): kind is "signIn" | "signUp" {
  return kind === "signIn" || kind === "signUp";
}

type Members = Readonly<Record<string, Kind>>;

/** By library and hook. Members that are missing here have no counterpart of the same meaning. */
const HOOKS: Readonly<Record<string, Members>> = {
  "Clerk useAuth": {
    isSignedIn: "signedIn",
    isLoaded: "loaded",
    userId: "user",
    signOut: "signOut",
  },
  "Clerk useUser": { isSignedIn: "signedIn", isLoaded: "loaded", user: "user" },
  "Clerk useClerk": {
    signOut: "signOut",
    openSignIn: "signIn",
    openSignUp: "signUp",
    redirectToSignIn: "signIn",
    redirectToSignUp: "signUp",
  },
  "WorkOS AuthKit useAuth": {
    user: "user",
    loading: "loading",
    isLoading: "loading",
    signIn: "signIn",
    signUp: "signUp",
    signOut: "signOut",
  },
  "Auth0 useAuth0": {
    isAuthenticated: "signedIn",
    isLoading: "loading",
    user: "user",
    loginWithRedirect: "signIn",
    loginWithPopup: "signIn",
    logout: "signOut",
  },
};

/** `useAuth().isSignedIn` */
function editMember(
  { editor, gone }: Edit,
  { node, call, kind }: { node: Node; call: CallExpression; kind: Kind | undefined },
): boolean {
  const member =
    kind === "signedIn" ? "isAuthenticated" : kind === "loading" ? "isLoading" : undefined;
  const [around] = nodesAround(editor.module, node);
  if (member === undefined || around?.type === "BinaryExpression") return false;
  const hook = addImport(editor, { source: "convex/react", name: "useConvexAuth" });
  editor.edits.update(startOf(node), endOf(node), `${hook}().${member}`);
  gone.add(call);
  return true;
}

type Pattern = {
  readonly call: CallExpression;
  readonly declarator: VariableDeclarator;
  readonly statement: Extract<Node, { type: "VariableDeclaration" }>;
  readonly members: Members;
};

type Named = { readonly kind: Kind; readonly local: string; readonly mentions: readonly Mention[] };

/** `const { isSignedIn, signOut } = useAuth();` */
function editPattern(edit: Edit, { call, declarator, statement, members }: Pattern): boolean {
  const { editor, gone } = edit;
  const { module } = editor;
  if (declarator.id.type !== "ObjectPattern") return false;
  const names = namesOfPattern(declarator.id);
  if (!names) return false;
  const found: Named[] = [];
  for (const [key, local] of names) {
    const kind = members[key];
    const mentions = mentionsOf(module, { name: local, declaration: declarator });
    if (!kind || !mentions || !mentions.every((one) => isCarried(module, kind, one))) return false;
    found.push({ kind, local, mentions });
  }
  if (found.some(({ kind }) => isEntry(kind) && edit.leaving.paths[kind] === undefined))
    return false;
  const parts = partsOf(found);
  const isAlone = statement.declarations.length === 1;
  if (!parts || (parts.length === 0 && !isAlone)) return false;
  for (const one of found) for (const mention of one.mentions) editMention(edit, one.kind, mention);
  if (parts.length === 0) removeStatement(editor, statement);
  else {
    const hook = addImport(editor, { source: "convex/react", name: "useConvexAuth" });
    const text = `{ ${parts.join(", ")} } = ${hook}()`;
    editor.edits.update(startOf(declarator), endOf(declarator), text);
  }
  gone.add(call.callee).add(declarator.id);
  return true;
}

/** What is taken of Convex's hook; undefined where two names would stand for one of its members. */
function partsOf(found: readonly Named[]): string[] | undefined {
  const parts = new Map<string, string>();
  for (const { kind, local } of found) {
    if (isEntry(kind) || kind === "signOut") continue;
    const member = kind === "signedIn" || kind === "user" ? "isAuthenticated" : "isLoading";
    const name = kind === "loaded" ? "isLoading" : local;
    if (parts.has(member)) return undefined;
    parts.set(member, name);
  }
  return [...parts].map(([member, name]) => (member === name ? name : `${member}: ${name}`));
}

function isCarried(module: Module, kind: Kind, mention: Mention): boolean {
  const { node, around } = mention;
  const [parent, outer] = around;
  switch (kind) {
    case "signedIn":
    case "loading":
      // Clerk's is undefined while it loads, and Convex's is false: `=== false` asks for one of the two.
      return parent?.type !== "BinaryExpression";
    case "loaded":
      return parent?.type !== "ObjectProperty";
    case "user":
      return isTruthTest(mention);
    case "signIn":
    case "signUp":
    case "signOut":
      if (isHandler(mention)) return true;
      if (parent?.type !== "CallExpression" || parent.callee !== node) return false;
      if (outer?.type === "MemberExpression") return false;
      if (isEntry(kind)) return parent.arguments.length === 0;
      return targetOf(module, parent) !== "unknown";
  }
}

/** `onClick={signOut}` */
function isHandler({ around: [parent, outer] }: Mention): boolean {
  return (
    parent?.type === "JSXExpressionContainer" &&
    outer?.type === "JSXAttribute" &&
    outer.name.type === "JSXIdentifier" &&
    outer.name.name === "onClick"
  );
}

/** Where the browser goes after the sign-out, as far as the call says; undefined for nowhere. */
function targetOf(module: Module, call: CallExpression): string | undefined {
  const [first, ...others] = call.arguments;
  if (!first) return undefined;
  if (others.length > 0) return "unknown";
  const text = textOf(module, first).replaceAll(/\s/g, "");
  if (/^\{logoutParams:\{returnTo:window\.location\.origin,?\},?\}$/.test(text)) return "/";
  return /^\{(?:redirectUrl|returnTo):["'](\/[^"']*)["'],?\}$/.exec(text)?.[1] ?? "unknown";
}

function editMention(edit: Edit, kind: Kind, mention: Mention): void {
  const { edits, module } = edit.editor;
  const { node, around } = mention;
  const [parent] = around;
  switch (kind) {
    case "signedIn":
    case "loading":
    case "user":
      return;
    case "loaded": {
      const isNegated = parent?.type === "UnaryExpression" && parent.operator === "!";
      const whole = isNegated ? parent : node;
      edits.update(startOf(whole), endOf(whole), isNegated ? "isLoading" : "!isLoading");
      return;
    }
    case "signIn":
    case "signUp":
    case "signOut": {
      const front = frontOf(edit);
      if (!front || !parent) return;
      const isCall = parent.type === "CallExpression" && parent.callee === node;
      const path = isEntry(kind) ? edit.leaving.paths[kind] : undefined;
      const call =
        path !== undefined
          ? `window.location.assign(${printPath(front, path, edit.editor.style.quote)})`
          : printSignOut(edit, {
              authClient: importAuthClient(edit, front),
              leavesTo: isCall ? targetOf(module, parent) : undefined,
            });
      const whole = isCall ? parent : node;
      edits.update(startOf(whole), endOf(whole), isCall ? call : `() => void ${call}`);
    }
  }
}
