// Plans `_generated` for an app that has never met a deployment. The convex CLI's own files are never touched.
import { join, relative, sep } from "node:path";
import { CodegenError } from "../errors.js";
import { findPackage } from "../disk/find-package.js";
import { readTextFile } from "../disk/read-text.js";
import { listUses, nameOf, sourceOf } from "../patch/app-definition.js";
import {
  isOurConvexGenerated,
  printConvexGenerated,
  type ComponentTypes,
} from "../print/convex-generated.js";
import { readModule } from "../modules/readable.js";
import { findFunctionsModule, listFiles } from "../workspace/find.js";
import type { Workspace } from "../workspace/stage.js";
import { SCHEMAS } from "./functions-dir.js";

/** Stages the files of `_generated` that are missing, and those of ours that are out of date. */
export function planConvexGenerated(ws: Workspace): void {
  const { functionsDir } = ws.project;
  const folder = join(functionsDir, "_generated");
  const texts = printConvexGenerated({
    modules: listModules(ws),
    hasSchema: SCHEMAS.some((name) => ws.has(join(functionsDir, name))),
    components: listComponents(ws),
  });
  for (const [name, after] of Object.entries(texts)) {
    const path = join(folder, name);
    const before = ws.onDisk(path);
    // With `codegen.fileType: "ts"` the convex CLI writes api.ts and no declarations.
    const isTypeScript = ws.onDisk(path.replace(/(\.d)?\.[jt]s$/, ".ts")) !== undefined;
    if (isTypeScript || (before !== undefined && !isOurConvexGenerated(before))) continue;
    if (before !== after) ws.stage(path, after);
  }
}

/** The same for an app whose `_generated` is ours so far; nothing for another. */
export function refreshConvexGenerated(ws: Workspace): void {
  const text = ws.read(join(ws.project.functionsDir, "_generated", "api.d.ts"));
  if (text !== undefined && isOurConvexGenerated(text)) planConvexGenerated(ws);
}

// --- internal ---

/** Components of convex.config.ts that are packages with types of their own. */
function listComponents(ws: Workspace): ComponentTypes[] {
  const path = findFunctionsModule(ws, "convex.config");
  const module = path === undefined ? undefined : readModule(ws, path);
  if (!module) return [];
  return listUses(module).flatMap((use) => {
    const name = nameOf(module, use);
    const source = /^(?!\.)(.+)\/convex\.config(\.js)?$/.exec(sourceOf(module, use) ?? "")?.[1];
    const isTyped = name !== undefined && source !== undefined && hasTypes(ws, source);
    return isTyped ? [{ name, package: source }] : [];
  });
}

function hasTypes({ project }: Workspace, name: string): boolean {
  const folder = findPackage(project.root, name);
  const text = folder && readTextFile(join(folder, "package.json"));
  return text?.includes('"./_generated/component.js"') ?? false;
}

/** Modules as the convex CLI finds them, sorted. */
function listModules(ws: Workspace): string[] {
  const { functionsDir } = ws.project;
  // A component of the app's own has functions of its own.
  const skips = ({ name, path }: { name: string; path: string }) =>
    /^(_generated|node_modules)$/.test(name) || ws.has(join(path, "convex.config.ts"));
  return listFiles(ws, functionsDir, skips)
    .filter((path) => isEntryPoint(relative(functionsDir, path)) && hasModuleSyntax(ws, path))
    .map((path) =>
      relative(functionsDir, path)
        .split(sep)
        .join("/")
        .replace(/\.\w+$/, ""),
    )
    .sort();
}

/** The convex CLI's rule: no dotfiles, no `#` temporaries, no second dot, no spaces, no schema. */
function isEntryPoint(path: string): boolean {
  const name = path.split(sep).at(-1) ?? "";
  const isSkipped = /^[.#]/.test(name) || /[ ]/.test(path) || /^_generated\b/.test(path);
  return !isSkipped && /^[^.]+\.(ts|tsx|js|jsx)$/.test(name) && !/^schema\.[jt]s$/.test(path);
}

function hasModuleSyntax(ws: Workspace, path: string): boolean {
  if (!/\b(import|export)\b/.test(ws.read(path) ?? "")) return false;
  try {
    const { body } = ws.module(path)?.program ?? { body: [] };
    return body.some(({ type }) => /^(Im|Ex)port/.test(type));
  } catch (error) {
    // What does not parse is a module all the same; the push names its mistake.
    if (error instanceof CodegenError && error.code === "SYNTAX_ERROR") return true;
    throw error;
  }
}
