// Stages modules of the functions directory, in the language and the style of those that are there.
// A module that exists is left alone, unless it is empty or kitcn's own and unchanged.
import { join } from "node:path";
import { printModule } from "../edit/format.js";
import { DEFAULT_STYLE, detectStyle, type CodeStyle, type Module } from "../edit/index.js";
import { functionsLanguage, modulePath } from "../shell/language.js";
import { findFunctionsModule, isBlank } from "../workspace/find.js";
import type { Workspace } from "../workspace/stage.js";

/** A module by its path in the functions directory without ending; undefined for one that is missing or empty. */
export function openModule(ws: Workspace, name: string): Module | undefined {
  const path = findFunctionsModule(ws, name);
  if (path === undefined || isBlank(ws.read(path) ?? "")) return undefined;
  return ws.module(path);
}

/** Stages a module where there is none, or an empty one. */
export async function stageModule(ws: Workspace, name: string, text: string): Promise<void> {
  const found = findFunctionsModule(ws, name);
  const current = found === undefined ? "" : (ws.read(found) ?? "");
  if (found !== undefined && !isBlank(current)) return ws.stage(found, current);
  const named = join(ws.project.functionsDir, `${name}.ts`);
  const path = found ?? modulePath(named, functionsLanguage(ws));
  ws.stage(path, await printModule({ path, style: styleOf(ws), text }));
}

/** The same, and in the place of one that kitcn wrote as `replaces` and nobody changed since. */
export async function stageOrReplace(
  ws: Workspace,
  name: string,
  { text, replaces }: { readonly text: string; readonly replaces: readonly string[] },
): Promise<void> {
  const path = findFunctionsModule(ws, name);
  const isOurs = path !== undefined && (await isAnyOf(ws, path, replaces));
  if (!isOurs) return stageModule(ws, name, text);
  ws.stage(path, await printModule({ path, style: styleOf(ws), text }));
}

/** True for a module that is one of these texts, as kitcn prints them. */
export async function isAnyOf(
  ws: Workspace,
  path: string,
  texts: readonly string[],
): Promise<boolean> {
  const current = ws.read(path) ?? "";
  if (isBlank(current)) return false;
  const style = styleOf(ws);
  const printed = await Promise.all(texts.map((text) => printModule({ path, style, text })));
  return printed.includes(current);
}

// --- internal ---

/** New files look like the ones that are on disk. */
function styleOf(ws: Workspace): CodeStyle {
  for (const name of ["schema", "http", "convex.config", "auth.config"]) {
    const path = findFunctionsModule(ws, name);
    const text = path === undefined ? undefined : ws.onDisk(path);
    if (path !== undefined && text !== undefined) return detectStyle(ws.parse(text, path));
  }
  return DEFAULT_STYLE;
}
