// Finds the modules of an app that use procedures of lib/crpc.ts, before kitcn takes some of them out.
// Reads and parses modules; stages nothing.
import { shortPath } from "../disk/project.js";
import { specifiersOf, walk, type Module } from "../edit/index.js";
import { resolveInApp } from "../modules/resolve.js";
import { readModule } from "../modules/readable.js";
import { listFiles } from "../workspace/find.js";
import type { Workspace } from "../workspace/stage.js";

/** One module, and the procedures that it mentions. */
export type ProcedureUse = {
  /** From the app's folder. */
  readonly file: string;
  readonly names: readonly string[];
};

/**
 * The modules of the app that import from lib/crpc.ts and mention one of these names, also through a module that
 * re-exports everything of it. A name in a comment counts too: a procedure that stays breaks nothing. In a
 * module that does not parse, such as a template, every mention counts.
 *
 * @param path the absolute path of lib/crpc.ts
 */
export function findProcedureUses(
  ws: Workspace,
  path: string,
  names: readonly string[],
): ProcedureUse[] {
  const { root } = ws.project;
  const modules = listFiles(ws, root, ({ name }) => SKIPPED.test(name)).filter(
    (file) => MODULE.test(file) && file !== path,
  );
  const texts = modules.map((file) => ({ file, text: ws.read(file) ?? "" }));
  const sources = sourcesOf(ws, path, texts);
  return texts.flatMap(({ file, text }) => {
    const used = names.filter((name) => new RegExp(`\\b${name}\\b`).test(text));
    if (used.length === 0 || !importsAny(ws, file, sources)) return [];
    return [{ file: shortPath(ws.project, file), names: used }];
  });
}

// --- internal ---

const SKIPPED = /^(node_modules|_generated|dist|build|\..*)$/;

const MODULE = /(?<!\.d)\.[cm]?[jt]sx?$/;

type Text = { readonly file: string; readonly text: string };

/** lib/crpc.ts, and the modules that give all of it to others. */
function sourcesOf(ws: Workspace, path: string, texts: readonly Text[]): ReadonlySet<string> {
  const sources = new Set([path]);
  const candidates = texts.filter(({ text }) => /\bexport\s*\*/.test(text));
  for (let size = 0; size < sources.size;) {
    size = sources.size;
    for (const { file, text } of candidates) {
      const module = readModule(ws, file);
      const specifiers = module ? passedOn(module) : passedOnByText(text);
      if (specifiers.some((one) => sources.has(resolveInApp(ws, one, file) ?? "")))
        sources.add(file);
    }
  }
  return sources;
}

function passedOn(module: Module): string[] {
  const specifiers: string[] = [];
  walk(module.program, (node) => {
    if (node.type === "ExportAllDeclaration") specifiers.push(node.source.value);
  });
  return specifiers;
}

/** The same for a module that does not parse. */
function passedOnByText(text: string): string[] {
  const all = text.matchAll(/\bexport\s*\*[^"']*\bfrom\s*(["'])(.+?)\1/g);
  return [...all].map(([, , specifier = ""]) => specifier);
}

/** True for a module that does not parse, too: nobody knows what it imports. */
function importsAny(ws: Workspace, file: string, sources: ReadonlySet<string>): boolean {
  const module = readModule(ws, file);
  if (!module) return true;
  return [...specifiersOf(module)].some((one) => sources.has(resolveInApp(ws, one, file) ?? ""));
}
