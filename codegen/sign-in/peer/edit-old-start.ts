// What `@convex-dev/better-auth/react-start` gave before 0.10, in an app on TanStack Start: `setupFetchClient()`, the token
// by `getCookieName()`, and `fetchSession()`. Into an editor; another form than the documented one stays as it is.
import type { CallExpression, Node, VariableDeclaration } from "@babel/types";
import {
  addImport,
  endOf,
  hasName,
  isFunctionOrMethod,
  isNode,
  keyOf,
  listExports,
  listImports,
  startOf,
  unwrap,
  walk,
  withoutAwait,
  type Module,
} from "../../edit/index.js";
import { printStartServer } from "../../print/client.js";
import {
  authClientOf,
  authServerOf,
  specifierOf,
  variableOf,
  type Front,
} from "../../shell/front.js";
import { importForPeers, removeStatement } from "../common/edit-server.js";
import { frontOf } from "../common/front.js";
import { nodesAround } from "../common/references.js";
import type { Edit } from "../common/types.js";

/** Edits one of them. */
export function editOldStart(edit: Edit, call: CallExpression, name: string): boolean {
  const front = frontOf(edit);
  if (edit.shell.kind !== "start" || !front) return false;
  if (name === "setupFetchClient") return editFetchClient(edit, front, call);
  return name === "getCookieName" ? editCookie(edit, front, call) : editSession(edit, front, call);
}

// --- internal ---

/** Its functions, by kitcn's names of them. */
const FETCHERS: Readonly<Record<string, string>> = {
  fetchQuery: "fetchAuthQuery",
  fetchMutation: "fetchAuthMutation",
  fetchAction: "fetchAuthAction",
};

/** `{ fetchQuery, ... } = await setupFetchClient(...)`. lib/auth-server also gets what the route and pages import. */
function editFetchClient({ editor, gone }: Edit, front: Front, call: CallExpression): boolean {
  const { module } = editor;
  const around = nodesAround(module, call);
  const declarator = around.find(({ type }) => type === "VariableDeclarator");
  if (declarator?.type !== "VariableDeclarator" || declarator.id.type !== "ObjectPattern")
    return false;
  if (!declarator.init || withoutAwait(declarator.init) !== call) return false;
  const names = declarator.id.properties.map((one) => {
    const key = one.type === "ObjectProperty" ? keyOf(one) : undefined;
    const wanted = key === undefined ? undefined : FETCHERS[key];
    const local = one.type === "ObjectProperty" ? one.value : undefined;
    return wanted && local?.type === "Identifier" ? `${wanted}: ${local.name}` : undefined;
  });
  if (names.includes(undefined)) return false;
  const isServer = module.path === authServerOf(front);
  const isExported = around.some(({ type }) => type === "ExportNamedDeclaration");
  const added = ["handlers", "getToken", "isAuthenticated"].filter(
    (one) => isServer && isExported && listExports(module, one).length === 0,
  );
  const read = variableOf(front);
  const create = addImport(editor, { source: "kitcn/auth/start", name: "createStartAuth" });
  const { eol, indent } = editor.style;
  const list = (lines: readonly (string | undefined)[]) =>
    ["{", ...lines.map((one) => `${indent}${one},`), "}"].join(eol);
  const options = list([
    `convexUrl: ${read("CONVEX_URL")}`,
    `convexSiteUrl: ${read("CONVEX_SITE_URL")}`,
  ]);
  const text = `${list([...added, ...names])} = ${create}(${options})`;
  editor.edits.update(startOf(declarator), endOf(declarator), text);
  gone.add(declarator);
  return true;
}

/** `getCookie(getCookieName(createAuth))`, be it with a variable between them: the token itself. */
function editCookie(edit: Edit, front: Front, call: CallExpression): boolean {
  const { editor, gone } = edit;
  const { module } = editor;
  const around = nodesAround(module, call);
  const fn = around.find(isFunctionOrMethod);
  if (!fn || !("async" in fn) || fn.async !== true) return false;
  const [outer] = around.filter(({ type }) => type !== "AwaitExpression");
  let asked: Node | undefined = outer;
  let named: VariableDeclaration | undefined;
  if (outer?.type === "VariableDeclarator" && outer.id.type === "Identifier") {
    const { name } = outer.id;
    const declaration = around.find((one) => one.type === "VariableDeclaration");
    const uses = callsIn(fn).filter((one) =>
      one.arguments.some((given) => given.type === "Identifier" && given.name === name),
    );
    if (declaration?.type !== "VariableDeclaration" || declaration.declarations.length !== 1)
      return false;
    // One more mention than that, and the name is used otherwise.
    if (uses.length !== 1 || countOf(fn, name) !== 2) return false;
    [asked] = uses;
    named = declaration;
  }
  if (asked?.type !== "CallExpression" || asked.arguments.length !== 1) return false;
  if (asked.callee.type !== "Identifier" || !isGetCookie(module, asked.callee.name)) return false;
  const holder = nodesAround(module, asked)[0];
  if (
    !holder ||
    !/^(VariableDeclarator|ReturnStatement|ObjectProperty|AwaitExpression)$/.test(holder.type)
  )
    return false;
  const token = importServer(edit, front, "getToken");
  if (token === undefined) return false;
  const isAwaited = holder.type === "AwaitExpression";
  editor.edits.update(startOf(asked), endOf(asked), `${isAwaited ? "" : "await "}${token}()`);
  gone.add(asked);
  if (named) {
    removeStatement(editor, named);
    gone.add(named);
  }
  leaveLoaded(edit, fn, call);
  return true;
}

/** `fetchSession(request)`, which lib/auth-server has then. */
function editSession(edit: Edit, front: Front, call: CallExpression): boolean {
  const { editor, gone } = edit;
  const request = call.arguments.at(-1);
  if (!request || call.arguments.length > 2) return false;
  const name = importServer(edit, front, "fetchSession");
  if (name === undefined) return false;
  editor.edits.update(startOf(call.callee), endOf(call.callee), name);
  gone.add(call.callee);
  const [first] = call.arguments;
  if (first && first !== request) {
    editor.edits.remove(startOf(first), startOf(request));
    gone.add(first);
  }
  return true;
}

function callsIn(scope: Node): CallExpression[] {
  const found: CallExpression[] = [];
  walk(scope, (node) => {
    if (node.type === "CallExpression") found.push(node);
  });
  return found;
}

function countOf(scope: Node, name: string): number {
  let count = 0;
  walk(scope, (node) => {
    if (node.type === "Identifier" && node.name === name) count += 1;
  });
  return count;
}

function isGetCookie(module: Module, local: string): boolean {
  return listImports(module).some(
    (one) => one.local === local && one.imported === "getCookie" && /start|vinxi/.test(one.source),
  );
}

/** `const { createAuth } = await import("convex/auth")` in the function, which nothing else mentions. */
function leaveLoaded({ editor, gone }: Edit, fn: Node, call: CallExpression): void {
  const [given] = call.arguments;
  if (given) gone.add(given);
  const name = given && unwrap(given);
  const body = "body" in fn && isNode(fn.body) ? fn.body : undefined;
  if (name?.type !== "Identifier" || body?.type !== "BlockStatement") return;
  const loads = (one: Node): one is VariableDeclaration =>
    one.type === "VariableDeclaration" &&
    one.declarations.length === 1 &&
    one.declarations.every(({ id, init }) => {
      const made = init && withoutAwait(init);
      const isImport = made?.type === "CallExpression" && made.callee.type === "Import";
      const isAlone = id.type === "ObjectPattern" && id.properties.length === 1;
      return isImport && isAlone && hasName(id, name.name);
    });
  const loaded = body.body.find(loads);
  const others = body.body.filter((one) => one !== loaded && hasName(one, name.name, [...gone]));
  if (!loaded || others.length > 0) return;
  removeStatement(editor, loaded);
  gone.add(loaded);
}

/** Imports a name of lib/auth-server, which is staged where it is missing, and completed where it lacks the name. */
function importServer(
  { editor }: Edit,
  front: Front,
  name: "getToken" | "fetchSession",
): string | undefined {
  const { ws } = front;
  const path = authServerOf(front);
  if (!ws.has(path)) ws.stage(path, printStartServer(variableOf(front)));
  const server = ws.module(path);
  const needed = name === "fetchSession" ? "handlers" : name;
  if (!server || listExports(server, needed).length === 0) return undefined;
  if (name === "fetchSession" && listExports(server, name).length === 0) {
    const client = specifierOf(front, path, authClientOf(front));
    ws.stage(path, printSession(server.text, client, /\.tsx?$/.test(path)));
  }
  const source = specifierOf(front, editor.module.path, path);
  return importForPeers(editor, { source, name });
}

function printSession(text: string, client: string, isTyped: boolean): string {
  const type = isTyped ? `import type { authClient } from ${JSON.stringify(client)};\n` : "";
  const [given, answer, cast] = isTyped
    ? ["request: Request", ": Promise<{ session: Session | null }>", " as Session | null"]
    : ["request", "", ""];
  return `${type}${text.trimEnd()}
${isTyped ? "\ntype Session = typeof authClient.$Infer.Session;\n" : ""}
/** The session of a request and its user, or null. */
export async function fetchSession(${given})${answer} {
  const url = new URL("/api/auth/get-session", request.url);
  const answer = await handlers.GET({ request: new Request(url, { headers: request.headers }) });
  return { session: answer.ok ? (await answer.json())${cast} : null };
}
`;
}
