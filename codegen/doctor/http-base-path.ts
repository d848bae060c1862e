// The `basePath` that http.ts, or a module behind it, gives to the auth routes. Pure, but for the reader.
import { findProperty, locationOf, parseModule, textOf, type Module } from "../edit/index.js";
import type { ModuleReader } from "../merge/scope.js";
import { HTTP_SOURCE, modulesBehind } from "../patch/auth-routes.js";
import { importedBy, listCalls } from "../patch/calls.js";
import { BASE_PATH_TARGET } from "../print/generated-auth.js";
import { DEFAULT_BASE_PATH } from "../../src/auth/base-path.js";
import type { SourceFile } from "./check-files.js";
import type { ConfigFacts } from "./check-config.js";

/** Undefined where http.ts does not wire the routes, or the path is not a plain text. */
export function findHttpBasePath(
  { path, text }: SourceFile,
  read: ModuleReader,
): ConfigFacts["http"] {
  if (text === undefined) return undefined;
  const modules = modulesBehind(parseModule(text, path), read);
  const calls = modules.flatMap((module) => listCalls(module).map((call) => ({ module, call })));
  for (const { module, call } of calls) {
    const name = importedBy(module, call.callee);
    if (name?.source !== HTTP_SOURCE) continue;
    const options = call.arguments[name.name === "registerRoutes" ? 2 : 1];
    const at = locationOf(module, call);
    if (options === undefined) return { basePath: carriedBasePath(modules, read), at };
    if (options.type !== "ObjectExpression") return undefined;
    const member = findProperty(options, "basePath");
    if (!member) return { basePath: carriedBasePath(modules, read), at };
    if (member.type !== "ObjectProperty" || member.value.type !== "StringLiteral") return undefined;
    return { basePath: member.value.value, at };
  }
  return undefined;
}

// --- internal ---

/** What codegen wrote onto `getAuth`, which the routes take where they are given no path. */
function carriedBasePath(modules: readonly Module[], read: ModuleReader): string {
  const [http] = modules;
  const generated = http && read("./generated/auth", http);
  const statements = generated?.program.body ?? [];
  for (const statement of statements) {
    if (!generated || statement.type !== "ExpressionStatement") continue;
    const { expression } = statement;
    if (expression.type !== "AssignmentExpression" || expression.right.type !== "StringLiteral")
      continue;
    if (textOf(generated, expression.left) === BASE_PATH_TARGET) return expression.right.value;
  }
  return DEFAULT_BASE_PATH;
}
