// What planning a file of the functions directory needs: the app, its files, how they import and how they look.
// Finds and prints modules; writes nothing.
import { join } from "node:path";
import { DEFAULT_STYLE, detectStyle, parseModule, type CodeStyle } from "../edit/index.js";
import { printModule } from "../format.js";
import { findSeenModule, isBlank, openFiles, type AppFiles } from "../load/load-schema.js";
import { importExtension } from "../load/module-resolution.js";
import { functionsLanguage, modulePath } from "../shell/language.js";
import type { FileChange, Project } from "../types.js";
import type { Extension } from "./texts.js";

/** A file that auth needs, as it will be. `before` and `after` are equal for one that is left alone. */
export type PlannedFile = FileChange;

export type Workshop = {
  readonly project: Project;
  readonly files: AppFiles;
  readonly extension: Extension;
  readonly style: CodeStyle;
};

/** Opens the workshop of an app; `planned` are texts by path that the same run writes. */
export function openWorkshop(project: Project, planned?: ReadonlyMap<string, string>): Workshop {
  const files = openFiles(planned);
  const extension = importExtension(project, files);
  return { project, files, extension, style: styleOf(project, files) };
}

/** A module of the functions directory, by its path in there without ending (`http`, `../lib/crpc`). */
export function findModule(
  { project, files }: Pick<Workshop, "project" | "files">,
  name: string,
): { path: string; text: string } | undefined {
  if (SEEN.includes(name)) {
    const path = findSeenModule(project, files, name);
    return path === undefined ? undefined : { path, text: files.read(path) ?? "" };
  }
  for (const ending of MODULE_ENDINGS) {
    const path = join(project.functionsDir, name + ending);
    const text = files.read(path);
    if (text !== undefined) return { path, text };
  }
  return undefined;
}

/** Makes a module, or fills one that is empty. */
export async function create(shop: Workshop, name: string, text: string): Promise<PlannedFile> {
  const found = findModule(shop, name);
  if (found && !isBlank(found.text))
    return { path: found.path, before: found.text, after: found.text };
  const { project, files, style } = shop;
  const language = functionsLanguage(project, files);
  const path = found?.path ?? modulePath(join(project.functionsDir, `${name}.ts`), language);
  return { path, before: found?.text, after: await printModule({ path, style, text }) };
}

/** The same, and in the place of one that kitcn wrote as `replaces` and nobody changed since. */
export async function createOrReplace(
  shop: Workshop,
  name: string,
  { text, replaces }: { readonly text: string; readonly replaces: readonly string[] },
): Promise<PlannedFile> {
  const found = findModule(shop, name);
  if (!found || isBlank(found.text)) return create(shop, name, text);
  const { path, text: before } = found;
  const print = (one: string) => printModule({ path, style: shop.style, text: one });
  const old = await Promise.all(replaces.map(print));
  return { path, before, after: old.includes(before) ? await print(text) : before };
}

// --- internal ---

const MODULE_ENDINGS = [".ts", ".tsx", ".mts", ".js", ".jsx", ".mjs"];

/** Modules that Convex finds by their whole name. */
const SEEN = ["schema", "auth.config", "convex.config"];

/** New files look like the ones that are there. */
function styleOf(project: Project, files: AppFiles): CodeStyle {
  for (const name of ["schema", "http", "convex.config", "auth.config"]) {
    const found = findModule({ project, files }, name);
    if (found) return detectStyle(parseModule(found.text, found.path));
  }
  return DEFAULT_STYLE;
}
