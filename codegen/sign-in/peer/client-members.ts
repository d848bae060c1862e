// Which member of a client of Better Auth an expression is: through names, destructuring, imports and exports, as far
// as syntax says. Pure but for the reader of modules.
import type {
  CallExpression,
  Expression,
  NewExpression,
  Node,
  OptionalCallExpression,
} from "@babel/types";
import { keysByName, listExports, unwrap, walk, type Module } from "../../edit/index.js";
import { importOf, memberName } from "../../modules/names.js";
import type { ModuleReader } from "../../modules/resolve.js";
import { importedBy } from "../../patch/calls.js";
import { nodesAround } from "../common/references.js";

/**
 * `members` leads from the client to the value. "unknown": it may be a client, such as a parameter. "other": it is
 * certainly none.
 */
export type ClientMember = { readonly members: readonly string[] } | "unknown" | "other";

/**
 * Resolves an expression of a module.
 *
 * @example
 * // const { signIn: enter } = createAuthClient();
 * // enter.oauth2 gives { members: ["signIn", "oauth2"] }
 */
export function clientMemberOf(module: Module, node: Node, read: ModuleReader): ClientMember {
  return resolve({ module, node }, { read, seen: new Set() });
}

/** The names of `a?.b.c`, its root included; a computed one, and a root without a name, is "". */
export function namesOfMember(node: Node): readonly string[] {
  const inner = unwrap(node);
  if (isMember(inner)) return [...namesOfMember(inner.object), memberName(inner) ?? ""];
  return [inner.type === "Identifier" ? inner.name : ""];
}

/**
 * What binds a name where a node mentions it, in the nearest scope that has the name: a declarator, an import, or the
 * function, class, loop or catch clause whose name it is.
 */
export function binderOf(module: Module, node: Node, name: string): Node | undefined {
  for (const scope of [...nodesAround(module, node), module.program]) {
    const found = boundIn(scope, name);
    if (found !== undefined) return found;
  }
  return undefined;
}

// --- internal ---

type At = { readonly module: Module; readonly node: Node };

type Search = { readonly read: ModuleReader; readonly seen: ReadonlySet<Node | string> };

const CLIENT_SOURCES = /^better-auth\/(react|client|vue|svelte|solid|lynx)$/;

/** Functions of packages that give what the app put somewhere else. */
const GIVERS = /^(use|inject$|get)/;

function isMember(node: Node) {
  return node.type === "MemberExpression" || node.type === "OptionalMemberExpression";
}

function resolve({ module, node }: At, search: Search): ClientMember {
  const inner = unwrap(node);
  if (search.seen.has(inner)) return "other";
  const { read } = search;
  const past = { read, seen: new Set([...search.seen, inner]) };
  if (inner.type === "Identifier") return resolveName(module, inner, inner.name, past);
  if (inner.type === "AwaitExpression") return resolve({ module, node: inner.argument }, past);
  if (isMember(inner)) return resolveMember(module, inner, past);
  // Of a class, nobody looks for what its members are.
  if (inner.type === "ThisExpression" || inner.type === "Super") return "unknown";
  if (isCall(inner)) return resolveCall(module, inner, past);
  if (inner.type === "ConditionalExpression" || inner.type === "LogicalExpression") {
    const sides =
      inner.type === "LogicalExpression"
        ? [inner.left, inner.right]
        : [inner.consequent, inner.alternate];
    const isOther = sides.every((one) => resolve({ module, node: one }, past) === "other");
    return isOther ? "other" : "unknown";
  }
  return hasClient(module, inner, past) ? "unknown" : "other";
}

function isCall(node: Node) {
  return (
    node.type === "CallExpression" ||
    node.type === "OptionalCallExpression" ||
    node.type === "NewExpression"
  );
}

function isFunctionOrClass({ type }: Node): boolean {
  return /^(ArrowFunction|Function|Class)|Method$/.test(type);
}

function resolveMember(
  module: Module,
  node: Extract<Node, { type: "MemberExpression" | "OptionalMemberExpression" }>,
  search: Search,
): ClientMember {
  const name = memberName(node);
  const object = unwrap(node.object);
  const imported = object.type === "Identifier" ? importOf(module, object.name) : undefined;
  if (imported?.name === "*" && name !== undefined)
    return resolveExport(module, { source: imported.source, name }, search);
  const owner = resolve({ module, node: object }, search);
  if (typeof owner === "string") return owner;
  return name === undefined ? "unknown" : { members: [...owner.members, name] };
}

function resolveCall(
  module: Module,
  call: CallExpression | OptionalCallExpression | NewExpression,
  search: Search,
): ClientMember {
  const made = importedBy(module, call.callee);
  if (made?.name === "createAuthClient" && CLIENT_SOURCES.test(made.source)) return { members: [] };
  if (!made || search.read(made.source, module)) {
    const callee = resolve({ module, node: call.callee }, search);
    // What a method of a client gives is no client.
    return typeof callee === "string" ? "unknown" : "other";
  }
  if (GIVERS.test(made.name)) return "unknown";
  return call.arguments.some((one) => hasClient(module, one, search)) ? "unknown" : "other";
}

/** True where code mentions what is a client. */
function hasClient(module: Module, code: Node, search: Search): boolean {
  let found = false;
  walk(code, (node) => {
    if (found || isFunctionOrClass(node)) return false;
    if (node.type === "Identifier" || node.type === "CallExpression")
      found = typeof resolve({ module, node }, search) !== "string";
  });
  return found;
}

function resolveName(module: Module, at: Node, name: string, search: Search): ClientMember {
  const binder = binderOf(module, at, name);
  if (binder?.type === "ImportDeclaration") {
    const imported = importOf(module, name);
    return imported && imported.name !== "*" ? resolveExport(module, imported, search) : "other";
  }
  if (binder === undefined) return "other";
  if (binder.type !== "VariableDeclarator" || !binder.init) return "unknown";
  return resolveInit(module, { id: binder.id, init: binder.init, name }, search);
}

function resolveInit(
  module: Module,
  { id, init, name }: { readonly id: Node; readonly init: Expression; readonly name: string },
  search: Search,
): ClientMember {
  const value = resolve({ module, node: init }, search);
  const keys = keysByName(id).get(name);
  if (typeof value === "string" || keys?.length === 0) return value;
  return keys && !keys.includes("") ? { members: [...value.members, ...keys] } : "unknown";
}

/** A package's export is no client; an export of the app's may be one. */
function resolveExport(
  module: Module,
  { source, name }: { readonly source: string; readonly name: string },
  search: Search,
): ClientMember {
  const other = search.read(source, module);
  const key = `${other?.path} ${name}`;
  if (!other || search.seen.has(key)) return "other";
  const past = { read: search.read, seen: new Set([...search.seen, key]) };
  const found = listExports(other, name).map((one): ClientMember => {
    if (one.kind === "from") return resolveExport(other, one, past);
    const node = one.kind === "expression" ? one.node : other.program;
    return one.kind === "expression"
      ? resolve({ module: other, node }, past)
      : resolveName(other, node, one.local, past);
  });
  return found.find((one) => one !== "other") ?? "other";
}

function boundIn(scope: Node, name: string): Node | undefined {
  const has = (pattern: Node) => keysByName(pattern).has(name);
  if ("params" in scope && Array.isArray(scope.params))
    return scope.params.some((one) => has(one)) ? scope : undefined;
  if (scope.type === "CatchClause") return scope.param && has(scope.param) ? scope : undefined;
  if (scope.type === "ForStatement") return scope.init ? boundBy(scope.init, name) : undefined;
  if (scope.type === "ForOfStatement" || scope.type === "ForInStatement")
    return boundBy(scope.left, name) && scope;
  if (scope.type !== "BlockStatement" && scope.type !== "Program") return undefined;
  for (const statement of scope.body) {
    const isExport = statement.type === "ExportNamedDeclaration";
    const found = boundBy((isExport ? statement.declaration : undefined) ?? statement, name);
    if (found !== undefined) return found;
  }
  return undefined;
}

function boundBy(statement: Node, name: string): Node | undefined {
  if (statement.type === "VariableDeclaration")
    return statement.declarations.find(({ id }) => keysByName(id).has(name));
  if (statement.type === "ImportDeclaration")
    return statement.specifiers.some(({ local }) => local.name === name) ? statement : undefined;
  const isNamed = statement.type === "FunctionDeclaration" || statement.type === "ClassDeclaration";
  return isNamed && statement.id?.name === name ? statement : undefined;
}
