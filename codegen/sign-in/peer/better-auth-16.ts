// What Better Auth 1.6 had that the one of kitcn has otherwise, in an app that comes with it: the client of generic OAuth,
// which is a social provider now, the answer of `twoFactor.enable()`, which has two forms now, and plugins that have packages
// of their own now. Stages.
import type { ArrayExpression, CallExpression, Node, OptionalCallExpression } from "@babel/types";
import {
  endOf,
  findProperty,
  finishEdit,
  keysByName,
  openEditor,
  removeItems,
  removeOrphanedImports,
  startOf,
  unwrap,
  walk,
  type Editor,
  type Module,
} from "../../edit/index.js";
import type { ModuleReader } from "../../modules/resolve.js";
import { openReadable } from "../../modules/readable.js";
import { isCallOf, listCalls } from "../../patch/calls.js";
import type { Shell } from "../../shell/detect.js";
import type { Workspace } from "../../workspace/stage.js";
import { clientMemberOf, namesOfMember } from "./client-members.js";
import type { Library } from "../common/libraries.js";
import { packagedIn } from "./packaged-plugins.js";
import { modulesThatRun } from "../common/roots.js";
import { editAnswer } from "./two-factor-answer.js";
import { placeOf } from "../common/places.js";
import type { Found } from "../common/types.js";

/** `text` is undefined for a module that stays as it is. */
export type Raised = {
  readonly text: string | undefined;
  /** Code that has to change, in a form that kitcn cannot edit. */
  readonly left: readonly { readonly node: Node; readonly name: string }[];
  /** Calls of `twoFactor.enable()` whose answer other code gets. */
  readonly elsewhere?: readonly Node[];
};

/** As reports name it. No import leads to it: the package's name stays. */
const BETTER_AUTH_16: Library = { name: "Better Auth 1.6", sources: /^\b$/ };

/**
 * Edits every module of the app. The plugin of generic OAuth stays while one of its calls does.
 *
 * @returns what kitcn cannot edit, a note for each file that it edited, and one for each answer that it cannot follow
 */
export function stageRaised(
  ws: Workspace,
  shell: Shell,
  shorten: (path: string) => string,
): { readonly left: readonly Found[]; readonly notes: readonly string[] } {
  const read = openReadable(ws);
  const modules = modulesThatRun(ws, shell);
  const raiseAll = (keepsPlugin: boolean) =>
    modules.map((module) => ({ module, ...raiseModule(module, read, { keepsPlugin }) }));
  const first = raiseAll(false);
  const keepsPlugin = first.some((one) => one.left.some(({ name }) => Object.hasOwn(CALLS, name)));
  const left: Found[] = [];
  const notes: string[] = [];
  for (const { module, text, ...raised } of keepsPlugin ? raiseAll(true) : first) {
    const shared = { library: BETTER_AUTH_16, part: "use", module, isInTheWay: true } as const;
    left.push(...[...packagedIn(module), ...raised.left].map((one) => ({ ...shared, ...one })));
    for (const node of raised.elsewhere ?? []) {
      const { file, line } = placeOf(ws, { module, node });
      notes.push(
        `${file}:${line}: other code gets the answer of twoFactor.enable(). There, write \`if (data?.method === "totp")\` before you read data.totpURI: since Better Auth 1.7, the answer can be another one.`,
      );
    }
    if (text === undefined) continue;
    ws.stage(module.path, text);
    notes.push(
      `${shorten(module.path)} calls Better Auth as its version 1.7 has it: docs/from-convex-dev-better-auth.md lists these calls.`,
    );
  }
  return { left, notes };
}

/**
 * Edits one module.
 *
 * @param options.keepsPlugin true while a call of generic OAuth stays in another module
 * @example
 * // authClient.signIn.oauth2({ providerId: "id" }) becomes authClient.signIn.social({ provider: "id" })
 */
export function raiseModule(
  module: Module,
  read: ModuleReader,
  { keepsPlugin = false }: { readonly keepsPlugin?: boolean } = {},
): Raised {
  if (!/genericOAuthClient|oauth2|twoFactor|forgetPassword|\blink\b|\benable\b/.test(module.text))
    return { text: undefined, left: [] };
  const editor = openEditor(module);
  const gone = new Set<Node>();
  const { left, elsewhere } = editCalls(editor, read);
  const isKept = keepsPlugin || left.some(({ name }) => Object.hasOwn(CALLS, name));
  const stuck = isKept ? [] : removePlugin(editor, gone);
  removeOrphanedImports(editor, gone);
  const text = finishEdit(editor);
  return {
    text: text === module.text ? undefined : text,
    left: [...stuck, ...left],
    ...(elsewhere.length > 0 && { elsewhere }),
  };
}

// --- internal ---

type Left = Raised["left"];

const PLUGIN = { source: "better-auth/client/plugins", name: "genericOAuthClient" };

/** The calls of generic OAuth, and the names that take their place. */
const CALLS: Readonly<Record<string, string>> = {
  "signIn.oauth2": "social",
  "oauth2.link": "linkSocial",
};

/** A call that is the same by another name. It is of the releases before 1.4, which older ones of the peer came with. */
const FORGET = { before: "forgetPassword", now: "requestPasswordReset" };

function removePlugin(editor: Editor, gone: Set<Node>): Left {
  const { module } = editor;
  const calls = listCalls(module).filter((call) => isCallOf(module, call, PLUGIN));
  const left: { node: Node; name: string }[] = [];
  for (const call of calls) {
    const list = listWith(module, call);
    if (!list) {
      left.push({ node: call, name: PLUGIN.name });
      continue;
    }
    removeItems(editor, list, [call]);
    gone.add(call);
  }
  return left;
}

function listWith(module: Module, call: CallExpression): ArrayExpression | undefined {
  let found: ArrayExpression | undefined;
  walk(module.program, (node) => {
    if (node.type === "ArrayExpression" && node.elements.includes(call)) found = node;
  });
  return found;
}

type Calls = { readonly left: Left; readonly elsewhere: readonly Node[] };

function editCalls(editor: Editor, read: ModuleReader): Calls {
  const { module } = editor;
  const left: { node: Node; name: string }[] = [];
  const elsewhere: Node[] = [];
  const edited = new Set<Node>();
  walk(module.program, (node) => {
    if (node.type === "CallExpression" || node.type === "OptionalCallExpression") {
      const callee = unwrap(node.callee);
      const { name, isSure } = nameOfMember(module, callee, read);
      if (name === TWO_FACTOR) {
        const answer = editAnswer(editor, node, isSure);
        left.push(...answer.left.map((one) => ({ node: one, name: "totpURI" })));
        elsewhere.push(...answer.elsewhere);
      }
      if (name === FORGET.before && isSure && isMember(callee) && !isComputed(callee))
        editor.edits.update(startOf(callee.property), endOf(callee.property), FORGET.now);
      if (name === undefined || !Object.hasOwn(CALLS, name)) return;
      edited.add(callee);
      if (!isSure || !editCall(editor, node, name)) left.push({ node, name });
    }
    const mentioned = mentionOf(module, node, edited, read);
    if (mentioned !== undefined) left.push({ node, name: mentioned });
  });
  return { left, elsewhere };
}

const TWO_FACTOR = "twoFactor.enable";

const LAST_NAMES: ReadonlySet<string> = new Set(["oauth2", "link", "enable", FORGET.before]);

/** Which of the members that changed an expression is. Undefined for every other one. */
function nameOfMember(module: Module, node: Node, read: ModuleReader) {
  const names = namesOfMember(node);
  const isCandidate = names.length === 1 || LAST_NAMES.has(names.at(-1) ?? "");
  if (!isCandidate || names.length + Number(names[0] !== "") < 2) return NO_MEMBER;
  const found = clientMemberOf(module, node, read);
  if (found === "other") return NO_MEMBER;
  const isSure = found !== "unknown";
  const name = isSure ? found.members.join(".") : names.slice(-2).join(".");
  const isKnown = Object.hasOwn(CALLS, name) || name === TWO_FACTOR || name === FORGET.before;
  return { name: isKnown ? name : undefined, isSure };
}

const NO_MEMBER = { name: undefined, isSure: false } as const;

/** A mention that is no call: a method that is handed on, or taken out of a client. */
function mentionOf(
  module: Module,
  node: Node,
  edited: ReadonlySet<Node>,
  read: ModuleReader,
): string | undefined {
  if (node.type === "MemberExpression" || node.type === "OptionalMemberExpression") {
    if (edited.has(node)) return undefined;
    const { name } = nameOfMember(module, node, read);
    return name !== undefined && Object.hasOwn(CALLS, name) ? name : undefined;
  }
  if (node.type !== "VariableDeclarator" || !node.init || node.id.type !== "ObjectPattern")
    return undefined;
  const taken = [...keysByName(node.id).values()].filter((keys) =>
    LAST_NAMES.has(keys.at(-1) ?? ""),
  );
  if (taken.length === 0) return undefined;
  const owner = clientMemberOf(module, node.init, read);
  if (typeof owner === "string") return undefined;
  return taken
    .map((keys) => [...owner.members, ...keys].join("."))
    .find((name) => Object.hasOwn(CALLS, name));
}

/** False for a call in a form that cannot be edited. */
function editCall(
  { edits }: Editor,
  { callee, arguments: [given] }: CallExpression | OptionalCallExpression,
  name: string,
): boolean {
  const property =
    given?.type === "ObjectExpression" ? findProperty(given, "providerId") : undefined;
  const method = unwrap(callee);
  if (property?.type !== "ObjectProperty" || !isMember(method)) return false;
  // `oauth2.link` becomes one name; `oauth2` itself may be a variable.
  const owner = unwrap(method.object);
  const first =
    name === "oauth2.link" ? (isMember(owner) ? owner.property : undefined) : method.property;
  if (!first || isComputed(method) || (first !== method.property && isComputed(owner)))
    return false;
  edits.update(startOf(first), endOf(method.property), CALLS[name] ?? "");
  if (property.shorthand) edits.update(startOf(property), endOf(property), "provider: providerId");
  else edits.update(startOf(property.key), endOf(property.key), "provider");
  return true;
}

function isMember(node: Node) {
  return node.type === "MemberExpression" || node.type === "OptionalMemberExpression";
}

function isComputed(node: Node): boolean {
  return "computed" in node && node.computed === true;
}
