// Reads schema.ts, the lock, and what schema.ts imports from the app. Reading only.
import { existsSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { parseModule, type Module } from "../edit/index.js";
import { CodegenError } from "../errors.js";
import { EMPTY_LOCK, LOCK_FILE, type Lock } from "../lock/lock.js";
import { openTargets } from "./aliases.js";
import type { ModuleReader } from "../merge/scope.js";
import { readTextFile } from "../read-text.js";
import type { Project } from "../types.js";

/** Files of the app as a run sees them: texts not written yet stand before what is on disk. */
export type AppFiles = {
  readonly read: (path: string) => string | undefined;
  /** What is on disk, whatever is planned for it. */
  readonly onDisk: (path: string) => string | undefined;
};

/** A view of the app's files. */
export function openFiles(planned: ReadonlyMap<string, string> = new Map()): AppFiles {
  return {
    onDisk: readText,
    read: (path) => planned.get(path) ?? readText(path),
  };
}

/** The schema module of an app; a new one where there is none. */
export type LoadedSchema = {
  readonly module: Module;
  readonly isNew: boolean;
  /** Follows imports by path and by alias; each module is parsed once. */
  readonly readModule: ModuleReader;
};

/**
 * Loads `<fn>/schema.ts` (or schema.js).
 *
 * @throws CodegenError `SYNTAX_ERROR`, `UNSEEN_MODULE`
 */
export function loadSchema(project: Project, files: AppFiles, fallback: NewSchema): LoadedSchema {
  const path = findSeenModule(project, files, "schema");
  const text = path === undefined ? "" : (files.read(path) ?? "");
  // An empty file is one that somebody began.
  const isNew = isBlank(text);
  const module = parseModule(
    isNew ? fallback.text : text,
    path ?? join(project.functionsDir, fallback.name),
  );
  return { module, isNew, readModule: openModules(project, files, [module]) };
}

/** True for a file that holds nothing yet. */
export function isBlank(text: string): boolean {
  return text.trim() === "";
}

/**
 * One of the modules that Convex looks for by its whole name: schema, auth.config, convex.config.
 *
 * @throws CodegenError `UNSEEN_MODULE` for one under a name at which Convex does not look
 */
export function findSeenModule(
  { functionsDir }: Pick<Project, "functionsDir">,
  files: AppFiles,
  name: string,
): string | undefined {
  const find = (endings: readonly string[]) =>
    endings
      .map((ending) => join(functionsDir, name + ending))
      .find((path) => files.read(path) !== undefined);
  const seen = find([".ts", ".js"]);
  const unseen = seen === undefined ? find(UNSEEN) : undefined;
  if (unseen === undefined) return seen;
  const renamed = name + (unseen.includes("js", unseen.lastIndexOf(".")) ? ".js" : ".ts");
  throw new CodegenError({
    code: "UNSEEN_MODULE",
    message: `Convex does not see ${unseen}: it looks for ${name}.ts or ${name}.js.`,
    hint: `Rename ${basename(unseen)} to ${renamed}, then run the command again. Nothing was written.`,
  });
}

/** Gives the modules behind imports by path and by alias, the functions directory included; each is parsed once. */
export function openModules(
  { root }: Pick<Project, "root">,
  files: AppFiles,
  parsed: readonly Module[] = [],
): ModuleReader {
  const known = new Map(parsed.map((module) => [module.path, module]));
  const targets = openTargets({ root, read: files.read });
  return (specifier, importer) => {
    const found = resolveModule(targets(specifier, importer.path), files);
    if (found === undefined) return undefined;
    const module = known.get(found.path) ?? parseModule(found.text, found.path);
    known.set(found.path, module);
    return module;
  };
}

/** The file to make where an app has no schema yet. */
export type NewSchema = { readonly name: "schema.ts" | "schema.js"; readonly text: string };

/** Loads plugins.lock.json; zod is imported only where there is one. */
export async function loadLock(project: Project, files: AppFiles): Promise<Lock> {
  const path = join(project.functionsDir, LOCK_FILE);
  const text = files.read(path);
  if (text === undefined) return EMPTY_LOCK;
  const { parseLock } = await import("../lock/parse-lock.js");
  return parseLock(text, path);
}

// --- internal ---

const UNSEEN = [".tsx", ".mts", ".cts", ".jsx", ".mjs", ".cjs"];

const EXTENSIONS = ["", ".ts", ".tsx", ".mts", ".js", ".jsx", ".mjs"];

function resolveModule(targets: readonly string[], files: AppFiles) {
  const typed = targets.map((target) => target.replace(/\.([cm]?)js(x?)$/, ".$1ts$2"));
  const candidates = [...targets, ...typed].flatMap((one) => [
    ...EXTENSIONS.map((extension) => one + extension),
    ...EXTENSIONS.slice(1).map((extension) => join(one, `index${extension}`)),
  ]);
  for (const path of candidates) {
    if (!/\.[cm]?[jt]sx?$/.test(path)) continue;
    const text = files.read(path);
    if (text !== undefined) return { path, text };
  }
  return undefined;
}

function readText(path: string): string | undefined {
  // What cannot be looked at is told by the reader.
  return existsSync(path) && !statSync(path).isFile() ? undefined : readTextFile(path);
}
