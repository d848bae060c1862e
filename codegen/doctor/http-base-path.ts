// The `basePath` that http.ts, or a module behind it, gives to the auth routes. Pure, but for the reader.
import type { Node } from "@babel/types";
import { findProperty, listImports, locationOf, type Module } from "../edit/index.js";
import type { ModuleReader } from "../modules/resolve.js";
import { reachableFrom } from "../modules/reach.js";
import { HTTP_SOURCE, isAuthHandler } from "../patch/auth-routes.js";
import { importedBy, listCalls } from "../patch/calls.js";
import { DEFAULT_BASE_PATH } from "../../src/auth/http/base-path.js";
import type { SourceFile } from "./check-files.js";
import type { ConfigFacts } from "./check-config.js";

/**
 * Undefined where http.ts does not wire the routes, where the path is not a plain text, and where it is left to what
 * codegen wrote, whose freshness is another check.
 */
export function findHttpBasePath({ open }: SourceFile, read: ModuleReader): ConfigFacts["http"] {
  const http = open();
  if (http === undefined) return undefined;
  const modules = reachableFrom([http], read);
  const calls = modules.flatMap((module) => listCalls(module).map((call) => ({ module, call })));
  for (const { module, call } of calls) {
    const name = importedBy(module, call.callee);
    if (name?.source !== HTTP_SOURCE) continue;
    const [handler, options] = call.arguments.slice(name.name === "registerRoutes" ? 1 : 0);
    const at = locationOf(module, call);
    if (options && options.type !== "ObjectExpression") return undefined;
    const member = options && findProperty(options, "basePath");
    if (!member)
      return knowsItsPath(module, handler) ? undefined : { basePath: DEFAULT_BASE_PATH, at };
    if (member.type !== "ObjectProperty" || member.value.type !== "StringLiteral") return undefined;
    return { basePath: member.value.value, at };
  }
  return undefined;
}

// --- internal ---

/** `authRoutes` and `getAuth` carry the path that codegen found in auth.ts. */
function knowsItsPath(module: Module, handler: Node | undefined): boolean {
  if (handler?.type !== "Identifier") return false;
  return listImports(module).some((one) => one.local === handler.name && isAuthHandler(one));
}
