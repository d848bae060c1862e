// Which auth routes an app registers already, in http.ts or in a module behind it: kitcn's, or another's.
// By syntax: names are followed to where they are made. Pure, but for the reader of modules it is given.
import type { CallExpression, Node } from "@babel/types";
import {
  findProperty,
  listImports,
  locationOf,
  resolveExpression,
  unwrap,
  walk,
  type Module,
} from "../edit/index.js";
import type { ModuleReader } from "../modules/resolve.js";
import { isMadeWith } from "../modules/made-with.js";
import { reachableFrom } from "../modules/reach.js";
import { importedBy, isCallOf, listCalls, methodOf } from "./calls.js";

/** Routes of somebody else's below /api/auth. */
export type ForeignRoutes = {
  /** `path:line` */
  readonly at: string;
  /** False for a route that the user wrote. */
  readonly isLibrary: boolean;
};

export type AuthRoutes = {
  /** The module that registers kitcn's, or where the user answers with the handler of `getAuth(ctx)`. */
  readonly ours?: Module;
  readonly foreign?: ForeignRoutes;
};

export const HTTP_SOURCE = "kitcn/auth/http";

/** Looks through http.ts and the modules behind it. */
export function findAuthRoutes(http: Module, read: ModuleReader): AuthRoutes {
  const modules = reachableFrom([http], read);
  const ours = modules.find(isWired);
  if (ours) return { ours };
  for (const module of modules)
    for (const call of listCalls(module)) {
      const isLibrary = isOtherAuth(module, call, read);
      if (isLibrary || isAuthRoute(call))
        return { foreign: { at: locationOf(module, call), isLibrary } };
    }
  return {};
}

/** Every call that registers a library's routes below /api/auth, in http.ts and the modules behind it. */
export function listForeignRoutes(
  http: Module,
  read: ModuleReader,
): { readonly module: Module; readonly call: CallExpression }[] {
  return reachableFrom([http], read).flatMap((module) =>
    // A route that answers with kitcn's handler is wired by hand.
    isWired(module)
      ? []
      : listCalls(module).flatMap((call) =>
          isOtherAuth(module, call, read) ? [{ module, call }] : [],
        ),
  );
}

/** True for an import of what answers auth requests: `authRoutes` of generated/routes, `getAuth` of generated/auth. */
export function isAuthHandler({
  source,
  imported,
  typeOnly,
}: ReturnType<typeof listImports>[number]): boolean {
  const module = /(?:^|\/)generated\/(auth|routes)(?:\.[jt]s)?$/.exec(source)?.[1];
  return !typeOnly && module !== undefined && HANDLERS[module] === imported;
}

/** The second one calls the function of the options with the first request. */
export const REGISTERS: ReadonlySet<string> = new Set(["registerRoutes", "registerRoutesLazy"]);

// --- internal ---

/** By module below generated/. */
const HANDLERS: Readonly<Record<string, string>> = { auth: "getAuth", routes: "authRoutes" };

/** What makes the objects whose `registerRoutes` is about auth: other libraries have one, too. */
const PEER = { source: "@convex-dev/better-auth", name: "createClient" } as const;

function isWired(module: Module): boolean {
  const handlers = new Set(
    listImports(module)
      .filter(isAuthHandler)
      .map(({ local }) => local),
  );
  const isAuth = (node: Node): boolean => {
    const made = unwrap(node.type === "AwaitExpression" ? node.argument : node);
    return (
      made.type === "CallExpression" &&
      made.callee.type === "Identifier" &&
      handlers.has(made.callee.name)
    );
  };
  let found = false;
  const names = new Set<string>();
  walk(module.program, (node) => {
    if (node.type === "CallExpression")
      found ||= importedBy(module, node.callee)?.source === HTTP_SOURCE;
    if (node.type === "VariableDeclarator" && node.init && isAuth(unwrap(node.init))) {
      if (node.id.type === "Identifier") names.add(node.id.name);
      // const { handler } = getAuth(ctx);
      found ||= node.id.type === "ObjectPattern" && hasHandler(node.id.properties);
    }
    if (node.type !== "MemberExpression" || node.property.type !== "Identifier") return;
    if (node.property.name !== "handler") return;
    const object = unwrap(node.object);
    found ||= isAuth(object) || (object.type === "Identifier" && names.has(object.name));
  });
  return found;
}

function hasHandler(properties: readonly Node[]): boolean {
  return properties.some(
    (one) =>
      one.type === "ObjectProperty" && one.key.type === "Identifier" && one.key.name === "handler",
  );
}

/** `auth.addHttpRoutes(http)` of Convex Auth, `authComponent.registerRoutes(http, createAuth)` of the peer. */
function isOtherAuth(module: Module, call: CallExpression, read: ModuleReader): boolean {
  const method = methodOf(call);
  if (method?.name === "addHttpRoutes") return true;
  if (!method || !REGISTERS.has(method.name)) return false;
  const object = unwrap(method.object);
  if (object.type === "Identifier") {
    const imported = listImports(module).find((one) => one.local === object.name);
    const home = imported && read(imported.source, module);
    if (home) return isMadeWith({ module: home, name: imported.imported }, PEER, read);
    const made = resolveExpression(module, object);
    if (made !== object) return isCallOf(module, made, PEER);
  }
  // Nothing is known of the object: only auth is told how to make one.
  return call.arguments[1]?.type === "Identifier";
}

function isAuthRoute(call: CallExpression): boolean {
  const [route] = call.arguments;
  if (methodOf(call)?.name !== "route" || route?.type !== "ObjectExpression") return false;
  const member = findProperty(route, "pathPrefix");
  if (member?.type !== "ObjectProperty" || member.value.type !== "StringLiteral") return false;
  return member.value.value.replace(/\/+$/, "") === "/api/auth";
}
