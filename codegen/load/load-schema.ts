// Reads schema.ts, the lock, and what schema.ts imports from the app. Reading only.
import { join } from "node:path";
import type { Module } from "../edit/index.js";
import { EMPTY_LOCK, LOCK_FILE, type Lock } from "../lock/lock.js";
import { openModules, type ModuleReader } from "../modules/resolve.js";
import { findFunctionsModule, isBlank } from "../workspace/find.js";
import type { Workspace } from "../workspace/stage.js";

/** The schema module of an app; a new one where there is none. */
export type LoadedSchema = {
  readonly module: Module;
  readonly isNew: boolean;
  /** Follows imports by path and by alias, to the modules as they are staged. */
  readonly readModule: ModuleReader;
};

/**
 * Loads `<fn>/schema.ts` (or schema.js).
 *
 * @throws CodegenError `SYNTAX_ERROR`, `UNSEEN_MODULE`
 */
export function loadSchema(ws: Workspace, fallback: NewSchema): LoadedSchema {
  const path = findFunctionsModule(ws, "schema") ?? join(ws.project.functionsDir, fallback.name);
  // An empty file is one that somebody began.
  const isNew = isBlank(ws.read(path) ?? "");
  const found = isNew ? undefined : ws.module(path);
  const module = found ?? ws.parse(fallback.text(), path);
  const read = openModules(ws);
  return {
    module,
    isNew,
    readModule: (specifier, importer) => {
      const other = read(specifier, importer);
      return other?.path === path && isBlank(other.text) ? module : other;
    },
  };
}

/** The file to make where an app has no schema yet. */
export type NewSchema = { readonly name: "schema.ts" | "schema.js"; readonly text: () => string };

/** Loads plugins.lock.json; zod is imported only where there is one. */
export async function loadLock({ project, read }: Workspace): Promise<Lock> {
  const path = join(project.functionsDir, LOCK_FILE);
  const text = read(path);
  if (text === undefined) return EMPTY_LOCK;
  const { parseLock } = await import("../lock/parse-lock.js");
  return parseLock(text, path);
}
