// Findings about CORS on a Hono router: `hono/cors` has to cover the auth routes where it covers any. Pure, but for
// the reader of modules.
import type { CallExpression, Node } from "@babel/types";
import { trimBasePath } from "../../src/auth/http/base-path.js";
import { findProperty, locationOf, resolveExpression, type Module } from "../edit/index.js";
import { corsMissesAuth } from "../errors/doctor-origins.js";
import { reachableFrom } from "../modules/reach.js";
import type { ModuleReader } from "../modules/resolve.js";
import { HTTP_SOURCE } from "../patch/auth-routes.js";
import { importedBy, isCallOf, listCalls, methodOf } from "../patch/calls.js";
import { covers } from "../patch/hono-paths.js";
import type { SourceFile } from "./check-files.js";
import type { Finding } from "./types.js";

/**
 * `CORS_MISSES_AUTH`. Nothing is said of an app that uses no CORS, which may be on the site of its routes, nor of paths
 * that are not plain texts.
 *
 * @param input.basePath Better Auth's
 */
export function checkCors(
  { open }: SourceFile,
  { read, basePath }: { readonly read: ModuleReader; readonly basePath: string },
): Finding[] {
  const http = open();
  if (http === undefined) return [];
  const calls = reachableFrom([http], read).flatMap((module) =>
    listCalls(module).map((call) => ({ module, call })),
  );
  const wiring = calls.find(({ module, call }) => isAuthMiddleware(module, call));
  // Its own `cors` covers its routes.
  if (!wiring || hasCors(wiring.call)) return [];
  const uses = calls.filter(({ module, call }) => isUseOfCors(module, call));
  const [first] = uses;
  const paths = uses.map(({ module, call }) => pathOf(module, call));
  const base = trimBasePath(basePath);
  if (!first || paths.some((path) => path === undefined || covers(path, base))) return [];
  const at = locationOf(first.module, first.call);
  const covered = paths.filter((path) => path !== undefined);
  return [corsMissesAuth({ at, paths: covered, basePath: base })];
}

// --- internal ---

function isAuthMiddleware(module: Module, call: CallExpression): boolean {
  const name = importedBy(module, call.callee);
  return name?.source === HTTP_SOURCE && name.name === "authMiddleware";
}

/** What is not written out may be anything. */
function hasCors({ arguments: [, options] }: CallExpression): boolean {
  if (!options) return false;
  return options.type !== "ObjectExpression" || findProperty(options, "cors") !== undefined;
}

function isUseOfCors(module: Module, call: CallExpression): boolean {
  return methodOf(call)?.name === "use" && call.arguments.some((one) => isCors(module, one));
}

function isCors(module: Module, node: Node): boolean {
  const made = resolveExpression(module, node);
  return isCallOf(module, made, { source: "hono/cors", name: "cors" });
}

/** Undefined for one that is computed. */
function pathOf(module: Module, { arguments: [first] }: CallExpression): string | undefined {
  if (first?.type === "StringLiteral") return first.value;
  return first && isCors(module, first) ? "*" : undefined;
}
