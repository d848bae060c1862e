// What an app of Convex Auth still calls of it after the edits, in a way that gives nothing any more or works on tables that
// nobody reads: each is listed for its author. By syntax; reads only.
import type { Node } from "@babel/types";
import { keyOf, listImports, textOf, walk, withoutAwait, type Module } from "../../edit/index.js";
import { listCalls, methodOf } from "../../patch/calls.js";
import type { Shell } from "../../shell/detect.js";
import type { Workspace } from "../../workspace/stage.js";
import { CONVEX_AUTH } from "../common/libraries.js";
import { modulesThatRun } from "../common/roots.js";
import type { Found } from "../common/types.js";

/** What is read of the answer of `signIn()`, which opened the browser itself. */
export const REDIRECT = "redirect of signIn()";

/** Documents of Convex Auth's table of users, which has no new ones. */
export const OLD_ROWS = 'query("users")';

/**
 * The places, in an app after the edits.
 *
 * @param found what still signs users in there
 */
export function findConvexAuthLeft(ws: Workspace, shell: Shell, found: readonly Found[]): Found[] {
  const all = found.filter(({ library }) => library === CONVEX_AUTH);
  const uses = all.filter((one) => one.part === "use" && !one.isInTheWay);
  const modules = modulesThatRun(ws, shell);
  const use = (module: Module, name: string) => (node: Node) =>
    ({ library: CONVEX_AUTH, part: "use", module, node, name, isInTheWay: false }) as const;
  const redirects = modules.flatMap((one) => redirectsIn(one).map(use(one, REDIRECT)));
  const hasTables = all.some(({ part }) => part === "tables");
  const rows = hasTables ? modules.flatMap((one) => queriesIn(one).map(use(one, OLD_ROWS))) : [];
  return [...uses, ...redirects, ...rows];
}

// --- internal ---

/** `const { redirect } = await signIn(...)`, `(await signIn(...)).redirect`, and the same in two steps. */
function redirectsIn(module: Module): Node[] {
  if (!listImports(module).some(({ imported }) => imported === "useAuthActions")) return [];
  const found: Node[] = [];
  const results = new Set<string>();
  const isSignIn = (given: Node | null | undefined): boolean => {
    const node = given && withoutAwait(given);
    return node?.type === "CallExpression" && /(^|\.)signIn$/.test(textOf(module, node.callee));
  };
  walk(module.program, (node) => {
    if (node.type === "VariableDeclarator" && isSignIn(node.init)) {
      if (node.id.type === "Identifier") results.add(node.id.name);
      const keys = node.id.type === "ObjectPattern" ? node.id.properties : [];
      for (const one of keys)
        if (one.type === "ObjectProperty" && keyOf(one) === "redirect") found.push(one);
    }
    if (node.type !== "MemberExpression" && node.type !== "OptionalMemberExpression") return;
    const isResult = node.object.type === "Identifier" && results.has(node.object.name);
    const isRedirect = node.property.type === "Identifier" && node.property.name === "redirect";
    if (isRedirect && (isResult || isSignIn(node.object))) found.push(node);
  });
  return found;
}

/** `ctx.db.query("users")` */
function queriesIn(module: Module): Node[] {
  return listCalls(module).filter((call) => {
    const [table] = call.arguments;
    const method = methodOf(call);
    if (method?.name !== "query" || !/(^|\.)db$/.test(textOf(module, method.object))) return false;
    return table?.type === "StringLiteral" && table.value === "users";
  });
}
