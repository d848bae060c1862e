// Edits of what a service gives Next's server: the token for Convex, and whether somebody is signed in.
// Into an editor; a call that gives more than that stays as it is.
import type { CallExpression, Node } from "@babel/types";
import { addImport, endOf, startOf, textOf, unwrap, type Module } from "../../edit/index.js";
import { methodOf } from "../../patch/calls.js";
import { quoted } from "./elements.js";
import { frontOf, importAuthServer } from "../common/front.js";
import {
  isTruthTest,
  mentionsOf,
  namesOfPattern,
  nodesAround,
  type Mention,
} from "../common/references.js";
import type { Edit, Found } from "../common/types.js";

/** Edits `auth()` of Clerk or `withAuth()` of WorkOS, with what is taken of it. */
export function editServerCall(edit: Edit, { node, name }: Found): boolean {
  const { shell, editor } = edit;
  if (shell.kind !== "next" || node.type !== "CallExpression") return false;
  if (name === "auth.protect") return editProtect(edit, node);
  const awaited = nodesAround(editor.module, node)[0];
  if (awaited?.type !== "AwaitExpression") return false;
  const around = nodesAround(editor.module, awaited);
  const ensures = ensuresSignedIn(node);
  if (ensures === undefined) return false;
  const [parent, outer] = around;
  if (name === "auth" && parent?.type === "MemberExpression" && outer?.type === "CallExpression")
    return editToken(edit, { member: parent, call: outer, source: node });
  if (parent?.type !== "VariableDeclarator" || parent.id.type !== "ObjectPattern" || ensures)
    return false;
  return editNames(edit, { call: node, declarator: parent, statement: outer });
}

// --- internal ---

type Kind = "user" | "token" | "getToken";

const MEMBERS: Readonly<Record<string, Kind>> = {
  userId: "user",
  user: "user",
  isAuthenticated: "user",
  accessToken: "token",
  getToken: "getToken",
};

/** Whether the call sends visitors away; undefined for options that are not known. */
function ensuresSignedIn({ arguments: [first, ...others] }: CallExpression): boolean | undefined {
  if (!first) return false;
  if (others.length > 0 || first.type !== "ObjectExpression") return undefined;
  return first.properties.length === 0 ? false : undefined;
}

/** `(await auth()).getToken({ template: "convex" })` */
function editToken(
  edit: Edit,
  input: { member: Node; call: CallExpression; source: CallExpression },
): boolean {
  const { member, call, source } = input;
  const front = frontOf(edit);
  if (!front || call.callee !== member || methodOf(call)?.name !== "getToken") return false;
  const { module } = edit.editor;
  if (!isForConvex(call) || isInHeader(module, nodesAround(module, call))) return false;
  const getToken = importAuthServer(edit, front, "getToken");
  edit.editor.edits.update(startOf(call), endOf(call), `${getToken}()`);
  edit.gone.add(source);
  return true;
}

/** The token for Convex, which is the one that kitcn has. */
function isForConvex({ arguments: given }: CallExpression): boolean {
  const [first, ...others] = given;
  if (others.length > 0) return false;
  if (!first) return true;
  if (first.type !== "ObjectExpression") return false;
  return first.properties.every(
    (one) =>
      one.type === "ObjectProperty" &&
      one.key.type === "Identifier" &&
      one.key.name === "template" &&
      one.value.type === "StringLiteral" &&
      one.value.value === "convex",
  );
}

function editNames(
  edit: Edit,
  input: { call: CallExpression; declarator: Node; statement: Node | undefined },
): boolean {
  const { call, declarator, statement } = input;
  const front = frontOf(edit);
  const { editor, gone } = edit;
  if (!front || declarator.type !== "VariableDeclarator") return false;
  const names = declarator.id.type === "ObjectPattern" && namesOfPattern(declarator.id);
  if (!names || names.size === 0 || statement?.type !== "VariableDeclaration") return false;
  const found = [...names].map(([key, local]) => {
    const mentions = mentionsOf(editor.module, { name: local, declaration: declarator });
    const kind = MEMBERS[key];
    return { kind, local, mentions: mentions ?? [], isKnown: mentions !== undefined };
  });
  const isExact = found.every(
    ({ kind, mentions, isKnown }) =>
      kind !== undefined &&
      isKnown &&
      mentions.every((one) => isCarried(kind, one) && !isSent(editor.module, kind, one)),
  );
  if (!isExact) return false;
  const made = found.map(({ kind, local, mentions }) => {
    if (kind === "user")
      return `${local} = await ${importAuthServer(edit, front, "isAuthenticated")}()`;
    const getToken = importAuthServer(edit, front, "getToken");
    if (kind === "token") return `${local} = await ${getToken}()`;
    for (const { around } of mentions) dropArguments(edit, around[0]);
    return `${local} = ${getToken}`;
  });
  // A name that is what is imported needs no declaration.
  const kept = made.filter((text) => text !== "getToken = getToken");
  if (kept.length === 0 && statement.declarations.length === 1)
    editor.edits.remove(startOf(statement), endOf(statement));
  else if (kept.length === 0) return false;
  else editor.edits.update(startOf(declarator), endOf(declarator), kept.join(", "));
  gone.add(call.callee).add(declarator.id);
  return true;
}

function isCarried(kind: Kind, mention: Mention): boolean {
  if (kind === "user") return isTruthTest(mention);
  if (kind === "token") return true;
  const [parent] = mention.around;
  return parent?.type === "CallExpression" && parent.callee === mention.node && isForConvex(parent);
}

/** A token in a header is for some server, and kitcn's is none of another's business. */
function isSent(module: Module, kind: Kind, { around }: Mention): boolean {
  return kind !== "user" && isInHeader(module, around);
}

function isInHeader(module: Module, around: readonly Node[]): boolean {
  const statement = around.find(({ type }) => /(Statement|Declaration)$/.test(type));
  return statement !== undefined && /\b(authorization|bearer)\b/i.test(textOf(module, statement));
}

function dropArguments({ editor }: Edit, call: Node | undefined): void {
  if (call?.type !== "CallExpression") return;
  const [first] = call.arguments;
  const last = call.arguments.at(-1);
  if (first && last) editor.edits.remove(startOf(first), endOf(last));
}

/** `await auth.protect();` in a page, a layout or an action: visitors go to the sign-in page. */
function editProtect(edit: Edit, call: CallExpression): boolean {
  const front = frontOf(edit);
  const { editor, gone, leaving } = edit;
  const path = leaving.paths.signIn;
  if (!front || path === undefined || call.arguments.length > 0) return false;
  const [awaited, statement] = nodesAround(editor.module, call);
  if (awaited?.type !== "AwaitExpression" || statement?.type !== "ExpressionStatement")
    return false;
  if (unwrap(statement.expression) !== awaited) return false;
  const isAuthenticated = importAuthServer(edit, front, "isAuthenticated");
  const redirect = addImport(editor, { source: "next/navigation", name: "redirect" });
  const end = editor.style.semicolons ? ";" : "";
  const text = `if (!(await ${isAuthenticated}())) ${redirect}(${quoted(edit, path)})${end}`;
  const isInBlock = nodesAround(editor.module, statement)[0]?.type === "BlockStatement";
  editor.edits.update(startOf(statement), endOf(statement), isInBlock ? text : `{ ${text} }`);
  gone.add(call);
  return true;
}
