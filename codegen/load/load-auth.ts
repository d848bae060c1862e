// Loads auth.ts: its options, and the tables the app's own Better Auth makes of them.
// In memory only; process.env, stdout and the app stay as they were.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { readTextFile } from "../disk/read-text.js";
import { findDefaultExport, locationOf, type Module } from "../edit/index.js";
import { DEFAULT_BASE_PATH } from "../../src/auth/http/base-path.js";
import { countsInDatabase, type LimitOptions } from "../../src/auth/limits/limit-storage.js";
import {
  asyncDefinition,
  noAuthFile,
  noDefaultExport,
  noFunctionsDir,
  notDefinition,
  notOptions,
} from "../errors/load.js";
import type { PlanOptions, SourcePlugin, SourceTables } from "../plan/types.js";
import { findModule } from "../workspace/find.js";
import { timed } from "../terminal/timing.js";
import type { Workspace } from "../workspace/stage.js";
import { loadBetterAuth } from "./better-auth.js";
import { inert } from "./inert.js";
import { findMissingPlugins, type MissingPlugin } from "./missing-plugins.js";
import { assertEncryptedKeys, assertPlugins, pluginsOf } from "./plugins.js";
import type { Runner } from "./module-runner.js";
import { runInSandbox } from "./sandbox.js";

/** What auth.ts says, as plain as planning needs it. */
export type LoadedAuth = {
  readonly options: PlanOptions;
  /** Where its routes are, with a slash before it. */
  readonly basePath: string;
  readonly tables: SourceTables;
  readonly plugins: readonly SourcePlugin[];
  /** Plugins that fail for want of another one. */
  readonly missingPlugins: readonly MissingPlugin[];
  /** Version of the app's better-auth. */
  readonly version: string;
  readonly authFile: string;
  /** Absolute paths of the app's modules that auth.ts is made of, itself included. */
  readonly modules: readonly string[];
};

/**
 * Loads the app's auth.ts and asks its Better Auth for the tables.
 *
 * @throws CodegenError `NO_AUTH_FILE`, `NO_DEFAULT_EXPORT`, `NOT_A_DEFINITION`, `ASYNC_DEFINITION`,
 *   `NOT_A_PLUGIN`, `PLAIN_PRIVATE_KEY`, `MODULE_NOT_FOUND`, `EXPORT_NOT_FOUND`, `SYNTAX_ERROR`, `INSISTED_ON_VALUE`, `NO_BETTER_AUTH`, `AUTH_FAILED`
 * @example
 * const { tables } = await loadAuth(openWorkspace(project));
 */
export async function loadAuth(
  ws: Workspace,
  { authFile = findAuthFile(ws) }: { readonly authFile?: string } = {},
): Promise<LoadedAuth> {
  const sandbox = { ws, entry: authFile };
  const ask = async (runner: Runner): Promise<LoadedAuth> => {
    const betterAuth = await loadBetterAuth(authFile);
    const exports = await runner.run(authFile);
    const module = runner.modules.get(authFile);
    const options = optionsOf(exports.default, module);
    const modules = [...runner.modules.values()];
    const where = defaultExportPlace(module);
    assertPlugins(options, where);
    assertEncryptedKeys(options, { modules, where });
    const tables = betterAuth.getAuthTables(withStoredLimits(options));
    return {
      options,
      basePath: basePathOf(options),
      tables,
      plugins: pluginsOf(options, modules),
      missingPlugins: await findMissingPlugins(options),
      version: betterAuth.version,
      authFile,
      modules: modules.map(({ path }) => path),
    };
  };
  return timed("evaluate auth.ts", () => runInSandbox(sandbox, ask));
}

/** `<fn>/auth.ts`, or auth.js and the like. */
export function findAuthFile(ws: Workspace): string {
  const { root, functionsDir } = ws.project;
  const found = findModule(ws, join(functionsDir, "auth"));
  if (found !== undefined) return found;
  const config = join(root, "convex.json");
  const isNamed = /"functions"\s*:/.test(readTextFile(config) ?? "");
  if (isNamed && !existsSync(functionsDir)) throw noFunctionsDir({ folder: functionsDir, config });
  throw noAuthFile({ path: join(functionsDir, "auth.ts") });
}

// --- internal ---

/** Better Auth plans a table for counts only if its options say that it counts in the database. */
function withStoredLimits(options: object): object {
  const limits: LimitOptions = options; // of Better Auth's options, which are not typed here
  if (!countsInDatabase(limits)) return options;
  return { ...options, rateLimit: { ...limits.rateLimit, storage: "database" } };
}

function optionsOf(definition: unknown, module: Module | undefined): object & PlanOptions {
  const place = defaultExportPlace(module);
  if (definition === undefined) throw noDefaultExport({ place });
  if (typeof definition !== "function") throw notDefinition({ place, found: describe(definition) });
  const options: unknown = definition(inert("ctx", "object"));
  if (isPromise(options)) {
    // Nobody waits for it; a late failure must not end the process.
    options.then(undefined, () => undefined);
    throw asyncDefinition({ place });
  }
  // An instance has none of the options' names: its plugins would be missing without a word.
  if (typeof options === "object" && options !== null && !isInstance(options)) return options;
  throw notOptions({ place, found: describe(options) });
}

/** As Better Auth reads it: an empty one is the default, and a slash before it may be missing. */
function basePathOf(options: object): string {
  const path: unknown = "basePath" in options ? options.basePath : undefined;
  if (typeof path !== "string" || path === "") return DEFAULT_BASE_PATH;
  return path.startsWith("/") ? path : `/${path}`;
}

function defaultExportPlace(module: Module | undefined): string {
  if (!module) return "auth.ts";
  return locationOf(module, findDefaultExport(module)?.statement);
}

function isPromise(value: unknown): value is Promise<unknown> {
  return (
    typeof value === "object" &&
    value !== null &&
    "then" in value &&
    typeof value.then === "function"
  );
}

function isInstance(value: object): boolean {
  return "handler" in value && "api" in value;
}

function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value !== "object") return `a ${typeof value}`;
  if (isInstance(value)) return "a Better Auth instance";
  return Array.isArray(value) ? "an array" : "an object";
}
