// Finds uses of what a library's server gives: `authComponent.getAuthUser(ctx)`, `createAuth(ctx)`, and their types.
// Only the client and the function itself count: a function of the app that calls them is the app's own. Reads only.
import type { CallExpression, Node } from "@babel/types";
import { walk, type Module } from "../../edit/index.js";
import type { ImportedName } from "../../modules/names.js";
import type { ModuleReader } from "../../modules/resolve.js";
import { REGISTERS } from "../../patch/auth-routes.js";
import { methodOf } from "../../patch/calls.js";
import { CONVEX_AUTH, PEER } from "./libraries.js";
import { isResult, isResultOf, type Wanted } from "./made-directly.js";
import type { Found } from "./types.js";

/** What makes the client. */
export const CLIENT: ImportedName = { source: "@convex-dev/better-auth", name: "createClient" };

/** What makes an instance. */
export const MAKERS: readonly ImportedName[] = ["better-auth", "better-auth/minimal"].map(
  (source) => ({
    source,
    name: "betterAuth",
  }),
);

/** What names are followed with. */
export type Following = {
  readonly read: ModuleReader;
  /** Whether a module has the options that kitcn takes over. */
  readonly isHome: (module: Module) => boolean;
};

/** A call of a method of the client, or of the function that makes an instance. */
export function memberOf(module: Module, call: CallExpression, following: Following): Found[] {
  const method = methodOf(call);
  const object = method ? method.object : call.callee;
  if (object.type !== "Identifier" || NO_USES.has(method?.name ?? "")) return [];
  if (method && isResultOf({ module, name: object.name }, AUTH, following.read)) {
    // auth.ts has no `auth` any more; what is edited there is `getUserId`.
    const isInTheWay = method.name === "getUserId";
    const shared = { library: CONVEX_AUTH, part: "use", module, node: call } as const;
    return [{ ...shared, name: method.name, isInTheWay }];
  }
  return made(module, { node: call, object: object.name, method: method?.name }, following);
}

/** `typeof createAuth` and `typeof authComponent.getAuthUser`, in types. */
export function typesOf(module: Module, following: Following): Found[] {
  const found: Found[] = [];
  walk(module.program, (node) => {
    if (node.type !== "TSTypeQuery") return;
    const { exprName } = node;
    const isMember = exprName.type === "TSQualifiedName";
    const object = isMember ? exprName.left : exprName;
    if (object.type !== "Identifier") return;
    const method = isMember ? exprName.right.name : undefined;
    found.push(...made(module, { node, object: object.name, method }, following));
  });
  return found;
}

/** True for `registerRoutes(http, fn)` where `fn` is not the function that makes an instance, but one of the app's. */
export function isWrapped(module: Module, call: CallExpression, following: Following): boolean {
  const [, given] = call.arguments;
  if (!REGISTERS.has(methodOf(call)?.name ?? "") || !given) return false;
  const wanted = { form: "call", origins: MAKERS, isHome: following.isHome } as const;
  return !isResult({ module, node: given }, wanted, following.read);
}

// --- internal ---

/** http.ts and the options of auth.ts have these. */
const NO_USES: ReadonlySet<string> = new Set([
  ...REGISTERS,
  "addHttpRoutes",
  "adapter",
  "triggersApi",
]);

const AUTH: Wanted = {
  form: "member",
  member: "auth",
  origins: [{ source: "@convex-dev/auth/server", name: "convexAuth" }],
};

function made(
  module: Module,
  use: { readonly node: Node; readonly object: string; readonly method: string | undefined },
  { read, isHome }: Following,
): Found[] {
  const { node, object, method } = use;
  const wanted =
    method === undefined
      ? ({ form: "call", origins: MAKERS, isHome } as const)
      : ({ form: "value", origins: [CLIENT] } as const);
  if (!isResultOf({ module, name: object }, wanted, read)) return [];
  const name = method ?? "createAuth";
  // What gives it goes from auth.ts.
  return [{ library: PEER, part: "use", module, node, name, isInTheWay: true }];
}
