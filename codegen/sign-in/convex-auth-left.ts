// What an app of Convex Auth still calls of it after the edits, in a way that gives nothing any more or works on tables that
// nobody reads: each is listed for its author. By syntax; reads only.
import type { Node } from "@babel/types";
import { keyOf, listImports, textOf, walk, withoutAwait, type Module } from "../edit/index.js";
import type { Shell } from "../shell/detect.js";
import type { Workspace } from "../workspace/stage.js";
import { findSignIn, type Found } from "./find.js";
import { CONVEX_AUTH } from "./libraries.js";
import { modulesThatRun } from "./roots.js";

/** What is read of the answer of `signIn()`, which opened the browser itself. */
export const REDIRECT = "redirect of signIn()";

/** The places, in an app after the edits. */
export function findConvexAuthLeft(ws: Workspace, shell: Shell): Found[] {
  const uses = findSignIn(ws, shell).filter(
    (one) => one.library === CONVEX_AUTH && one.part === "use" && !one.isInTheWay,
  );
  const redirects = modulesThatRun(ws, shell).flatMap((module) =>
    redirectsIn(module).map((node): Found => ({
      library: CONVEX_AUTH,
      part: "use",
      module,
      node,
      name: REDIRECT,
      isInTheWay: false,
    })),
  );
  return [...uses, ...redirects];
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
