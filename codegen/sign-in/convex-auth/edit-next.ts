// Next's middleware of Convex Auth as one of kitcn, with the author's own function: only what it asks of Convex Auth
// changes. A form in which more than that is asked stays as it is. Into an editor.
import type { CallExpression, Node } from "@babel/types";
import {
  addImport,
  endOf,
  findDefaultExport,
  freeName,
  isNode,
  keyOf,
  listImports,
  startOf,
  unwrap,
  walk,
  type Module,
} from "../../edit/index.js";
import { importedBy, listCalls, methodOf } from "../../patch/calls.js";
import type { Front } from "../../shell/front.js";
import { awaitingOf, type Awaiting } from "../common/edit-await.js";
import { importFree } from "../common/edit-server.js";
import { isDeclared } from "../common/edit-names.js";
import { CONVEX_AUTH, CONVEX_AUTH_MIDDLEWARE } from "../common/libraries.js";
import { authServerImport, frontOf } from "../common/front.js";
import {
  addRedirectHelpers,
  helperNames,
  printHead,
  printIsForAuth,
  typeOfRequest,
} from "../vendors/middleware-helpers.js";
import { planMatchers } from "../vendors/middleware.js";
import { namesOfPattern, nodesAround } from "../common/references.js";
import type { Edit, Found } from "../common/types.js";

/** True for a middleware that only lets Convex Auth look at requests: it goes as a whole. */
export function isIdleConvexAuthMiddleware({ module, node, name }: Found): boolean {
  const isWhole = module.program.body.every(
    (one) =>
      (one.type === "ImportDeclaration" && CONVEX_AUTH.sources.test(one.source.value)) ||
      one.type === "ExportDefaultDeclaration" ||
      isConfig(one),
  );
  if (name !== CONVEX_AUTH_MIDDLEWARE || node.type !== "CallExpression" || !isWhole) return false;
  return defaultExport(module)?.call === node && node.arguments.length === 0;
}

/** Edits a middleware that has a function of the author's. */
export function editConvexAuthMiddleware(edit: Edit, { node, name }: Found): boolean {
  const { editor, shell } = edit;
  const { module, edits } = editor;
  const found = defaultExport(module);
  if (name !== CONVEX_AUTH_MIDDLEWARE || shell.kind !== "next" || node.type !== "CallExpression")
    return false;
  if (!found || found.call !== node || !frontOf(edit) || !isKnown(module)) return false;
  const [given, options, ...others] = node.arguments;
  const fn = given && isNode(given) ? unwrap(given) : undefined;
  if (fn?.type !== "ArrowFunctionExpression" && fn?.type !== "FunctionExpression") return false;
  if (others.length > 0 || !isForConvexAuth(options)) return false;
  const [request, context, ...more] = fn.params;
  if (more.length > 0 || (request && request.type !== "Identifier")) return false;
  const matchers = planMatchers(edit);
  const uses = context ? planUses(edit, { fn, context }) : [];
  const calls = planCalls(edit, fn);
  if (!matchers || !uses || !calls) return false;
  for (const apply of [...matchers, ...uses, ...calls]) apply();
  const redirects = renameRedirects(edit);
  const requestName = request?.name ?? freeName(module, "request");
  const isBlock = fn.body.type === "BlockStatement";
  const path = `${helperNames(module).pathOf}(${requestName})`;
  const head = `${printHead(module)}(${requestName}${typeOfRequest(edit)}) {
  // What signs users in is open to everybody.
  if (${printIsForAuth(edit, { path, request: requestName })}) return undefined;
`;
  const end = endOf(found.statement);
  const from = isBlock ? startOf(fn.body) + 1 : startOf(fn.body);
  edits.update(startOf(found.statement), from, isBlock ? head : `${head}  return `);
  if (endOf(fn.body) < end) edits.update(endOf(fn.body), end, isBlock ? "" : ";\n}");
  for (const one of [node.callee, ...fn.params.slice(1), ...node.arguments.slice(1)])
    edit.gone.add(one);
  addRedirectHelpers(edit, { end, asksPaths: matchers.length > 0, redirects });
  return true;
}

/** Edits `convexAuthNextjsToken()` and `isAuthenticatedNextjs()` of Next's server. */
export function editNextCall(edit: Edit, call: CallExpression, name: string): boolean {
  const front = frontOf(edit);
  const instead = SERVER_CALLS[name];
  if (!front || edit.shell.kind !== "next" || !instead || call.arguments.length > 0) return false;
  const awaiting = awaitingOf(edit.editor.module, call);
  if (awaiting) replaceCall(edit, { front, call, name: instead, awaiting });
  return awaiting !== undefined;
}

// --- internal ---

const SERVER_CALLS: Readonly<Record<string, string>> = {
  convexAuthNextjsToken: "getToken",
  isAuthenticatedNextjs: "isAuthenticated",
};

/** Puts a call of lib/auth-server in the place of one that has no arguments either. */
function replaceCall(
  edit: Edit,
  input: { front: Front; call: CallExpression; name: string; awaiting: Awaiting },
): void {
  const { front, call, name, awaiting } = input;
  const text = `${awaiting.before}${importServer(edit, front, name)}()${awaiting.after}`;
  edit.editor.edits.update(startOf(call), endOf(call), text);
  edit.gone.add(call.callee);
}

/** Imports a name of lib/auth-server. A member of Convex Auth's with that name goes, and does not count. */
function importServer({ editor }: Edit, front: Front, name: string): string {
  const wanted = authServerImport(editor, front, name);
  return isDeclared(editor.module, name) ? addImport(editor, wanted) : importFree(editor, wanted);
}

const REDIRECT = "nextjsMiddlewareRedirect";

function defaultExport(module: Module): { call: Node; statement: Node } | undefined {
  const found = findDefaultExport(module);
  if (found?.kind !== "expression") return undefined;
  return { call: unwrap(found.node), statement: found.statement };
}

function isConfig(statement: Node): boolean {
  const declaration = statement.type === "ExportNamedDeclaration" && statement.declaration;
  if (!declaration || declaration.type !== "VariableDeclaration") return false;
  return declaration.declarations.every(
    ({ id }) => id.type === "Identifier" && id.name === "config",
  );
}

/** False where the module uses more of Convex Auth than its functions for a middleware. */
function isKnown(module: Module): boolean {
  const known = [
    CONVEX_AUTH_MIDDLEWARE,
    "createRouteMatcher",
    REDIRECT,
    ...Object.keys(SERVER_CALLS),
  ];
  return listImports(module).every(
    ({ source, imported, typeOnly }) =>
      !CONVEX_AUTH.sources.test(source) || typeOnly || known.includes(imported),
  );
}

/** True for options that say nothing of how long users stay signed in, or where. */
function isForConvexAuth(options: Node | undefined): boolean {
  if (!options) return true;
  const given = unwrap(options);
  if (given.type !== "ObjectExpression") return false;
  return given.properties.every((one) => /^(verbose|convexUrl)$/.test(keyOf(one) ?? ""));
}

type Fn = Extract<Node, { type: "ArrowFunctionExpression" | "FunctionExpression" }>;

/** What the function asks of its context; undefined where that is more than the token or whether somebody is there. */
function planUses(
  edit: Edit,
  { fn, context }: { fn: Fn; context: Node },
): (() => void)[] | undefined {
  const { module } = edit.editor;
  const front = frontOf(edit);
  const isWhole = context.type === "Identifier";
  const names = context.type === "ObjectPattern" ? namesOfPattern(context) : undefined;
  const local = isWhole ? context.name : names?.size === 1 ? names.get("convexAuth") : undefined;
  if (!front || local === undefined) return undefined;
  const plans: (() => void)[] = [];
  let isExact = true;
  walk(fn.body, (node) => {
    if (node.type !== "Identifier" || node.name !== local) return;
    const around = nodesAround(module, node);
    const [parent] = around;
    if (parent?.type === "MemberExpression" && parent.property === node && !parent.computed) return;
    const holder = isWhole ? around[0] : node;
    const isHolder =
      !isWhole ||
      (holder?.type === "MemberExpression" &&
        holder.property.type === "Identifier" &&
        holder.property.name === "convexAuth");
    const call = isWhole ? around[2] : around[1];
    const method = call?.type === "CallExpression" ? methodOf(call) : undefined;
    const isCall =
      call?.type === "CallExpression" && method?.object === holder && call.arguments.length === 0;
    const name = method?.name ?? "";
    const awaiting = isCall ? awaitingOf(module, call, fn) : undefined;
    if (!isHolder || !isCall || !awaiting || !/^(isAuthenticated|getToken)$/.test(name)) {
      isExact = false;
      return;
    }
    plans.push(() => replaceCall(edit, { front, call, name, awaiting }));
  });
  return isExact ? plans : undefined;
}

/** Calls of `isAuthenticatedNextjs()` and the like, as releases before 0.0.75 have them; undefined outside of the function. */
function planCalls(edit: Edit, fn: Fn): (() => void)[] | undefined {
  const { module } = edit.editor;
  const front = frontOf(edit);
  const plans = listCalls(module).flatMap((call) => {
    const name = SERVER_CALLS[importedBy(module, call.callee)?.name ?? ""];
    if (name === undefined) return [];
    const isInside = startOf(fn.body) <= startOf(call) && endOf(call) <= endOf(fn.body);
    const isPlain = isInside && call.arguments.length === 0;
    const awaiting = isPlain ? awaitingOf(module, call, fn) : undefined;
    return [front && awaiting && (() => replaceCall(edit, { front, call, name, awaiting }))];
  });
  return plans.includes(undefined) ? undefined : plans.flatMap((one) => one ?? []);
}

/** `nextjsMiddlewareRedirect(request, "/signin")` becomes a function of the module's own. */
function renameRedirects({ editor, gone }: Edit): boolean {
  const { module, edits } = editor;
  const calls = listCalls(module).filter(
    ({ callee }) => importedBy(module, callee)?.name === REDIRECT,
  );
  const { redirectTo } = helperNames(module);
  for (const { callee } of calls) {
    edits.update(startOf(callee), endOf(callee), redirectTo);
    gone.add(callee);
  }
  return calls.length > 0;
}
