// Plans `_generated` for an app that has never met a deployment. The convex CLI's own files are never touched.
import { existsSync, readdirSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { parseModule } from "../edit/index.js";
import { CodegenError } from "../errors.js";
import { openFiles, type AppFiles } from "../load/load-schema.js";
import { isOurConvexGenerated, printConvexGenerated } from "../print/convex-generated.js";
import type { FileChange, Project } from "../types.js";
import { SCHEMAS } from "./functions-dir.js";

/**
 * The files of `_generated` that are missing, and those of ours that are out of date.
 *
 * @param planned texts by path that the same run writes
 */
export function planConvexGenerated(
  { functionsDir }: Project,
  planned: ReadonlyMap<string, string>,
): FileChange[] {
  const files = openFiles(planned);
  const folder = join(functionsDir, "_generated");
  const modules = listModules(functionsDir, planned, files);
  const texts = printConvexGenerated({
    modules,
    hasSchema: SCHEMAS.some((name) => files.read(join(functionsDir, name)) !== undefined),
  });
  return Object.entries(texts).flatMap(([name, after]) => {
    const path = join(folder, name);
    const before = files.onDisk(path);
    // With `codegen.fileType: "ts"` the convex CLI writes api.ts and no declarations.
    const isTypeScript = files.onDisk(path.replace(/(\.d)?\.[jt]s$/, ".ts")) !== undefined;
    if (isTypeScript || (before !== undefined && !isOurConvexGenerated(before))) return [];
    return before === after ? [] : [{ path, before, after }];
  });
}

// --- internal ---

/** Modules as the convex CLI finds them, sorted. */
function listModules(
  functionsDir: string,
  planned: ReadonlyMap<string, string>,
  files: AppFiles,
): string[] {
  const paths = new Set(listFiles(functionsDir));
  for (const path of planned.keys()) if (path.startsWith(functionsDir + sep)) paths.add(path);
  return [...paths]
    .filter((path) => isEntryPoint(relative(functionsDir, path)) && hasModuleSyntax(path, files))
    .map((path) =>
      relative(functionsDir, path)
        .split(sep)
        .join("/")
        .replace(/\.\w+$/, ""),
    )
    .sort();
}

function listFiles(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (!entry.isDirectory()) return [path];
    // A component of the app's own has functions of its own.
    const isOther = entry.name === "_generated" || existsSync(join(path, "convex.config.ts"));
    return isOther || entry.name === "node_modules" ? [] : listFiles(path);
  });
}

/** The convex CLI's rule: no dotfiles, no `#` temporaries, no second dot, no spaces, no schema. */
function isEntryPoint(path: string): boolean {
  const name = path.split(sep).at(-1) ?? "";
  const isSkipped = /^[.#]/.test(name) || /[ ]/.test(path) || /^_generated\b/.test(path);
  return !isSkipped && /^[^.]+\.(ts|tsx|js|jsx)$/.test(name) && !/^schema\.[jt]s$/.test(path);
}

function hasModuleSyntax(path: string, files: AppFiles): boolean {
  const text = files.read(path) ?? "";
  if (!/\b(import|export)\b/.test(text)) return false;
  try {
    return parseModule(text, path).program.body.some(({ type }) => /^(Im|Ex)port/.test(type));
  } catch (error) {
    // What does not parse is a module all the same; the push names its mistake.
    if (error instanceof CodegenError && error.code === "SYNTAX_ERROR") return true;
    throw error;
  }
}
