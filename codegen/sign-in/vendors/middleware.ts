// Next's middleware of a service as one of kitcn: the same pages are closed to visitors, by the same patterns.
// A form in which that is not certain stays, and keeps its pages closed. Into an editor.
import type { CallExpression, Node, ObjectExpression } from "@babel/types";
import {
  endOf,
  findDefaultExport,
  findProperty,
  freeName,
  isNode,
  listImports,
  startOf,
  textOf,
  unwrap,
  walk,
  type Module,
} from "../../edit/index.js";
import { importedBy, listCalls, statementOf } from "../../patch/calls.js";
import { libraryOf } from "../common/libraries.js";
import { frontOf, importAuthServer } from "../common/front.js";
import { addVisitorHelpers, helperNames, printHead, typeOfRequest } from "./middleware-helpers.js";
import { isTruthTest, mentionsOf, namesOfPattern, nodesAround } from "../common/references.js";
import { printPattern } from "./routes.js";
import type { Edit, Found } from "../common/types.js";

/** True for a middleware that does nothing but let its service look at requests: it goes as a whole. */
export function isIdleMiddleware({ module }: Pick<Found, "module">): boolean {
  const found = findDefaultExport(module);
  const call = found?.kind === "expression" ? unwrap(found.node) : undefined;
  if (call?.type !== "CallExpression" || nameOf(module, call) === undefined) return false;
  return isIdle(call) && module.program.body.every((one) => isImportOf(one) || isExport(one));
}

/** Edits a middleware that closes pages. */
export function editMiddleware(edit: Edit, { node }: Found): boolean {
  const { editor, shell } = edit;
  const { module } = editor;
  const found = findDefaultExport(module);
  if (shell.kind !== "next" || found?.kind !== "expression" || unwrap(found.node) !== node)
    return false;
  const { signIn } = edit.leaving.paths;
  if (node.type !== "CallExpression" || signIn === undefined || !isKnown(module)) return false;
  const name = nameOf(module, node);
  const plan = name === "clerkMiddleware" ? planClerk(edit, node) : planAuthkit(edit, node);
  if (!plan) return false;
  const end = endOf(found.statement);
  plan.write(printHead(module), { start: startOf(found.statement), end });
  addVisitorHelpers(edit, { end, asksPaths: plan.asksPaths, signIn });
  return true;
}

// --- internal ---

type Range = { readonly start: number; readonly end: number };

/** Writes the function in the place of the export. */
type Plan = {
  readonly write: (head: string, statement: Range) => void;
  /** Whether it asks for lists of paths. */
  readonly asksPaths: boolean;
};

/** True for a call that closes no page, and says nothing to browsers. */
function isIdle({ arguments: [first] }: CallExpression): boolean {
  const given = first && isNode(first) ? unwrap(first) : undefined;
  return isPlain(given) && !(given && findProperty(given, "middlewareAuth"));
}

/** True for options that are written out, and none of which is for the app's pages: a policy for browsers is. */
function isPlain(given: Node | undefined): given is ObjectExpression | undefined {
  if (!given) return true;
  if (given.type !== "ObjectExpression") return false;
  const isWritten = given.properties.every(({ type }) => type === "ObjectProperty");
  return isWritten && !findProperty(given, "contentSecurityPolicy");
}

function nameOf(module: Module, call: CallExpression): string | undefined {
  const name = importedBy(module, call.callee);
  return name && libraryOf(name.source)?.vendor && MAKERS.has(name.name) ? name.name : undefined;
}

const MAKERS: ReadonlySet<string> = new Set(["clerkMiddleware", "authkitMiddleware"]);

function isImportOf(statement: Node): boolean {
  if (statement.type !== "ImportDeclaration") return false;
  return statement.importKind === "type" || libraryOf(statement.source.value) !== undefined;
}

/** The middleware itself, and `export const config`. */
function isExport(statement: Node): boolean {
  if (statement.type === "ExportDefaultDeclaration") return true;
  const declaration = statement.type === "ExportNamedDeclaration" && statement.declaration;
  if (!declaration || declaration.type !== "VariableDeclaration") return false;
  return declaration.declarations.every(
    ({ id }) => id.type === "Identifier" && id.name === "config",
  );
}

/** False where the module uses more of the service than its middleware and its matcher of paths. */
function isKnown(module: Module): boolean {
  return listImports(module).every(
    ({ source, imported, typeOnly }) =>
      libraryOf(source)?.vendor === undefined ||
      typeOnly ||
      MAKERS.has(imported) ||
      imported === "createRouteMatcher",
  );
}

/** `clerkMiddleware(async (auth, req) => { ... })`, with the matchers that it asks. */
function planClerk(edit: Edit, call: CallExpression): Plan | undefined {
  const { edits } = edit.editor;
  const [callback, options] = call.arguments;
  const fn = callback && isNode(callback) ? unwrap(callback) : undefined;
  if (fn?.type !== "ArrowFunctionExpression" && fn?.type !== "FunctionExpression") return undefined;
  if (!isPlain(options && unwrap(options))) return undefined;
  const [auth, request, ...others] = fn.params;
  if (
    auth?.type !== "Identifier" ||
    others.length > 0 ||
    (request && request.type !== "Identifier")
  )
    return undefined;
  const requestName = request?.name ?? freeName(edit.editor.module, "request");
  const matchers = planMatchers(edit);
  const uses = matchers && planUses(edit, { fn, auth: auth.name, request: requestName });
  if (!matchers || !uses) return undefined;
  const write: Plan["write"] = (head, statement) => {
    for (const apply of [...matchers, ...uses]) apply();
    const type = typeOfRequest(edit);
    const isBlock = fn.body.type === "BlockStatement";
    const before = `${head}(${requestName}${type}) ${isBlock ? "" : "{ return "}`;
    edits.update(statement.start, startOf(fn.body), before);
    if (endOf(fn.body) < statement.end)
      edits.update(endOf(fn.body), statement.end, isBlock ? "" : "; }");
    for (const one of [call.callee, auth, ...call.arguments.slice(1)]) edit.gone.add(one);
  };
  return { write, asksPaths: matchers.length > 0 };
}

/** `createRouteMatcher([...])` as functions of the request; undefined where a pattern is not understood. */
export function planMatchers(edit: Edit): (() => void)[] | undefined {
  const { editor, gone } = edit;
  const { module, edits } = editor;
  const plans: (() => void)[] = [];
  const calls = listCalls(module).filter(
    (one) => importedBy(module, one.callee)?.name === "createRouteMatcher",
  );
  for (const call of calls) {
    const routes = patternsOf(module, call.arguments[0], "i");
    if (!routes || !statementOf(module, call)) return undefined;
    plans.push(() => {
      const type = typeOfRequest(edit);
      const text = `(request${type}) => ${helperNames(module).isOneOf}(request, [${routes.join(", ")}])`;
      edits.update(startOf(call), endOf(call), text);
      gone.add(call.callee);
    });
  }
  return plans;
}

function patternsOf(
  module: Module,
  given: Node | undefined,
  flags: "" | "i",
): string[] | undefined {
  const list = given && unwrap(given);
  const items = list?.type === "ArrayExpression" ? list.elements : list ? [list] : undefined;
  if (!items) return undefined;
  const patterns = items.map((one) => {
    if (one?.type === "StringLiteral") return printPattern(one.value, flags);
    return one?.type === "RegExpLiteral" ? textOf(module, one) : undefined;
  });
  return patterns.every((one) => one !== undefined) ? patterns : undefined;
}

type Callback = Extract<Node, { type: "ArrowFunctionExpression" | "FunctionExpression" }>;

/** What the callback asks of `auth`; undefined where that is more than whether somebody is signed in. */
function planUses(
  edit: Edit,
  { fn, auth, request }: { fn: Callback; auth: string; request: string },
): (() => void)[] | undefined {
  const { module } = edit.editor;
  const plans: (() => void)[] = [];
  let isExact = true;
  walk(fn.body, (node) => {
    if (node.type !== "Identifier" || node.name !== auth) return;
    const [parent] = nodesAround(module, node);
    if (parent?.type === "MemberExpression" && parent.property === node && !parent.computed) return;
    const plan = planUse(edit, { fn, node, request });
    if (plan) plans.push(plan);
    else isExact = false;
  });
  return isExact ? plans : undefined;
}

function planUse(
  edit: Edit,
  { fn, node, request }: { fn: Callback; node: Node; request: string },
): (() => void) | undefined {
  const { module, edits, style } = edit.editor;
  const end = style.semicolons ? ";" : "";
  const around = nodesAround(module, node);
  const inner = around.slice(0, around.indexOf(fn));
  // A function in the function answers nothing for it.
  if (inner.some(({ type }) => /Function/.test(type))) return undefined;
  const statement = inner.find(({ type }) => /(Statement|Declaration)$/.test(type));
  if (!statement) return undefined;
  const text = textOf(module, statement).replace(/;$/, "").replaceAll(/\s+/g, " ");
  const name = textOf(module, node);
  const protects = [
    `await ${name}.protect()`,
    `${name}().protect()`,
    `await ${name}().protect()`,
    `(await ${name}()).protect()`,
  ];
  if (statement.type === "ExpressionStatement" && protects.includes(text))
    return () => {
      const refused = `const refused = await ${helperNames(module).refuseVisitor}(${request})${end}`;
      const block = `{ ${refused} if (refused) return refused${end} }`;
      edits.update(startOf(statement), endOf(statement), block);
    };
  return statement.type === "VariableDeclaration"
    ? planNames(edit, { statement, name, request })
    : undefined;
}

/** `const { userId, redirectToSignIn } = await auth();` */
function planNames(
  edit: Edit,
  input: {
    statement: Extract<Node, { type: "VariableDeclaration" }>;
    name: string;
    request: string;
  },
): (() => void) | undefined {
  const { statement, name, request } = input;
  const { module, edits } = edit.editor;
  const [declarator, ...others] = statement.declarations;
  if (!declarator || others.length > 0 || declarator.id.type !== "ObjectPattern") return undefined;
  const made = declarator.init ? textOf(module, declarator.init) : "";
  if (made !== `await ${name}()` && made !== `${name}()`) return undefined;
  const names = namesOfPattern(declarator.id);
  const user = [...(names ?? [])].filter(([key]) => key === "userId" || key === "isAuthenticated");
  const redirect = names?.get("redirectToSignIn");
  const known = user.length + (redirect === undefined ? 0 : 1);
  if (!names || user.length !== 1 || known !== names.size) return undefined;
  const [[, local] = []] = user;
  if (local === undefined) return undefined;
  const tests = mentionsOf(module, { name: local, declaration: declarator });
  const redirects =
    redirect === undefined ? [] : mentionsOf(module, { name: redirect, declaration: declarator });
  if (!tests?.every(isTruthTest) || !redirects) return undefined;
  const calls = redirects.map(({ node, around: [call, outer] }) =>
    call?.type === "CallExpression" && call.callee === node && outer?.type === "ReturnStatement"
      ? call
      : undefined,
  );
  if (calls.includes(undefined)) return undefined;
  return () => {
    const front = frontOf(edit);
    if (!front) return;
    const asked = importAuthServer(edit, front, "isAuthenticated");
    edits.update(startOf(declarator), endOf(declarator), `${local} = await ${asked}()`);
    const { refuseVisitor } = helperNames(module);
    for (const call of calls)
      if (call) edits.update(startOf(call), endOf(call), `${refuseVisitor}(${request})`);
  };
}

/** `authkitMiddleware({ middlewareAuth: { enabled: true, unauthenticatedPaths: [...] } })` */
function planAuthkit(edit: Edit, call: CallExpression): Plan | undefined {
  const { editor } = edit;
  const { module, edits } = editor;
  const [options] = call.arguments;
  const given = options && isNode(options) ? unwrap(options) : undefined;
  if (given?.type !== "ObjectExpression") return undefined;
  if (given.properties.some((one) => one.type !== "ObjectProperty")) return undefined;
  const member = findProperty(given, "middlewareAuth");
  const auth = member?.type === "ObjectProperty" ? unwrap(member.value) : undefined;
  if (auth?.type !== "ObjectExpression") return undefined;
  const [enabled, paths] = ["enabled", "unauthenticatedPaths"].map((name) => {
    const found = findProperty(auth, name);
    return found?.type === "ObjectProperty" ? found.value : undefined;
  });
  if (enabled?.type !== "BooleanLiteral" || !enabled.value) return undefined;
  const open = paths ? patternsOf(module, paths, "") : [];
  if (!open) return undefined;
  const asksPaths = open.length > 0;
  const write: Plan["write"] = (head, statement) => {
    const type = typeOfRequest(edit);
    const paths = freeName(module, "OPEN_PATHS");
    const { isOneOf, refuseVisitor } = helperNames(module);
    const list = `const ${paths} = [${open.join(", ")}];\n\n`;
    const text = `${asksPaths ? list : ""}${head}(request${type}) {
  ${asksPaths ? `if (${isOneOf}(request, ${paths})) return undefined;\n  ` : ""}return ${refuseVisitor}(request);
}`;
    edits.update(statement.start, statement.end, text.replaceAll("\n", editor.style.eol));
    edit.gone.add(call);
  };
  return { write, asksPaths };
}
