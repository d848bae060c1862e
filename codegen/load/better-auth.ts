// The Better Auth of the app: its version and its getAuthTables. Never the one beside kitcn.
// Resolves from the app; imports only `better-auth/db`.
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { noBetterAuth } from "../errors/load.js";
import { installLineIn } from "../packages/satellites.js";
import { assertWhole } from "../packages/whole-package.js";
import type { SourceTables } from "../plan/types.js";
import { timed } from "../terminal/timing.js";

export type BetterAuth = {
  readonly version: string;
  readonly getAuthTables: (options: object) => SourceTables;
};

/**
 * Loads `better-auth/db` as the file `from` would.
 *
 * @throws CodegenError `NO_BETTER_AUTH`, `BROKEN_PACKAGE`
 */
export async function loadBetterAuth(from: string): Promise<BetterAuth> {
  const path = resolveFrom("better-auth/db", from);
  if (path === undefined) {
    assertWhole({ root: dirname(from) }, ["better-auth"]);
    throw notInstalled(from);
  }
  const module: unknown = await timed(
    "import packages",
    () => import(pathToFileURL(path).href) as Promise<unknown>, // whatever it holds
  );
  if (!hasTables(module)) throw notInstalled(from);
  return { version: versionOf("better-auth", path), getAuthTables: module.getAuthTables };
}

// --- internal ---

function resolveFrom(specifier: string, from: string): string | undefined {
  try {
    return createRequire(from).resolve(specifier);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "MODULE_NOT_FOUND" || code === "ERR_PACKAGE_PATH_NOT_EXPORTED") return undefined;
    throw error;
  }
}

function hasTables(module: unknown): module is Pick<BetterAuth, "getAuthTables"> {
  return (
    typeof module === "object" &&
    module !== null &&
    "getAuthTables" in module &&
    typeof module.getAuthTables === "function"
  );
}

function versionOf(name: string, file: string): string {
  for (let folder = dirname(file); dirname(folder) !== folder; folder = dirname(folder)) {
    const path = join(folder, "package.json");
    if (!existsSync(path)) continue;
    // Read defensively: nested package.json files of a package carry neither name nor version.
    const json = JSON.parse(readFileSync(path, "utf8")) as { name?: unknown; version?: unknown };
    if (json.name === name && typeof json.version === "string") return json.version;
  }
  return "unknown";
}

function notInstalled(from: string): Error {
  return noBetterAuth({ command: installLineIn(dirname(from), "better-auth") });
}
