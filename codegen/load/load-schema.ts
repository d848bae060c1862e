// Reads schema.ts, the lock, and what schema.ts imports from the app. Reading only.
import { join } from "node:path";
import type { Module } from "../edit/index.js";
import { EMPTY_LOCK, LOCK_FILE, type Lock } from "../lock/lock.js";
import type { ModuleReader } from "../merge/scope.js";
import { findFunctionsModule, isBlank } from "../workspace/find.js";
import type { Workspace } from "../workspace/stage.js";
import { openTargets } from "./aliases.js";

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
  const module = found ?? ws.parse(fallback.text, path);
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

/** Gives the modules behind imports by path and by alias, the functions directory included. */
export function openModules(ws: Workspace): ModuleReader {
  const targets = openTargets({ root: ws.project.root, read: ws.read });
  return (specifier, importer) => {
    const found = resolveModule(targets(specifier, importer.path), ws);
    return found === undefined ? undefined : ws.module(found);
  };
}

/** The file to make where an app has no schema yet. */
export type NewSchema = { readonly name: "schema.ts" | "schema.js"; readonly text: string };

/** Loads plugins.lock.json; zod is imported only where there is one. */
export async function loadLock({ project, read }: Workspace): Promise<Lock> {
  const path = join(project.functionsDir, LOCK_FILE);
  const text = read(path);
  if (text === undefined) return EMPTY_LOCK;
  const { parseLock } = await import("../lock/parse-lock.js");
  return parseLock(text, path);
}

// --- internal ---

const EXTENSIONS = ["", ".ts", ".tsx", ".mts", ".js", ".jsx", ".mjs"];

function resolveModule(targets: readonly string[], { has }: Workspace): string | undefined {
  const typed = targets.map((target) => target.replace(/\.([cm]?)js(x?)$/, ".$1ts$2"));
  const candidates = [...targets, ...typed].flatMap((one) => [
    ...EXTENSIONS.map((extension) => one + extension),
    ...EXTENSIONS.slice(1).map((extension) => join(one, `index${extension}`)),
  ]);
  return candidates.find((path) => /\.[cm]?[jt]sx?$/.test(path) && has(path));
}
