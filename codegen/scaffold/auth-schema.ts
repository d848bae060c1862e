// The plain Convex surface (`--preset convex`): auth tables in authSchema.ts, which schema.ts lists with one spread.
// Decides where the tables go; which tables there are is merging's business. Writes nothing.
import { existsSync, readdirSync } from "node:fs";
import { extname, join } from "node:path";
import {
  addImport,
  finishEdit,
  locationOf,
  openEditor,
  parseModule,
  type Module,
} from "../edit/index.js";
import { CodegenError } from "../errors.js";
import { loadLock, loadSchema, openFiles, type AppFiles } from "../load/load-schema.js";
import { importExtension, relativeSpecifier } from "../load/module-resolution.js";
import { readOwnership } from "../lock/ownership.js";
import { listTables } from "../merge/apply.js";
import { AUTH_SCHEMA, findAuthTables, findSchema } from "../merge/find-schema.js";
import { createScope } from "../merge/scope.js";
import { manualEdit } from "../patch/types.js";
import { shortPath } from "../project.js";
import { functionsLanguage } from "../shell/language.js";
import type { Project } from "../types.js";
import { printEmptySchema } from "./texts.js";

/**
 * Only a Convex app that runs without kitcn's own surface, or has this preset already, can have it.
 *
 * @throws CodegenError `NOT_INITIALIZED`, `OTHER_PRESET`, and those of the lock
 */
export async function assertPlainConvex(project: Project): Promise<void> {
  const { functionsDir } = project;
  if (!existsSync(functionsDir) || readdirSync(functionsDir).length === 0)
    throw new CodegenError({
      code: "NOT_INITIALIZED",
      message: `${shortPath(project, functionsDir)}/ has no functions: --preset convex needs a Convex app that is initialized.`,
      hint: "Run `npx convex dev --once` or `npx kitcn init --yes`, then the command again. Nothing was written.",
    });
  const files = openFiles();
  const { placement } = readOwnership(await loadLock(project, files));
  if (placement === undefined || findFile(project, files) !== undefined) return;
  throw new CodegenError({
    code: "OTHER_PRESET",
    message: `${shortPath(project, functionsDir)}/schema.ts has kitcn's auth tables already, not authSchema.ts.`,
    hint: "Run `npx kitcn add auth --schema --yes` to refresh them there. Nothing was written.",
  });
}

/**
 * Texts by path: authSchema.ts, and schema.ts with its tables among the listed ones. Files of this run stand
 * before what is on disk; what says so already stays as it is.
 *
 * @throws CodegenError `AUTH_SCHEMA_TAKEN`, `NO_SCHEMA_PLACE`, `SYNTAX_ERROR`
 */
export function planAuthSchema(
  project: Project,
  planned: ReadonlyMap<string, string> = new Map(),
): ReadonlyMap<string, string> {
  const files = openFiles(planned);
  const newSchema = `schema.${functionsLanguage(project, files)}` as const; // not just any string
  const fallback = { name: newSchema, text: printEmptySchema() };
  const schema = loadSchema(project, files, fallback);
  const path =
    findFile(project, files) ??
    join(project.functionsDir, `${AUTH_SCHEMA.file}${extname(schema.module.path)}`);
  const module = parseModule(files.read(path) ?? `export const ${AUTH_SCHEMA.name} = {};\n`, path);
  if (!findAuthTables(module)) throw taken(module);

  const { readModule: read } = schema;
  const place = findSchema(schema.module, { scope: createScope(read), read });
  const texts = new Map([...planned, [path, module.text] as const]);
  if (place.module.path === path) return texts;
  const editor = openEditor(place.module);
  const name = addImport(editor, {
    source: relativeSpecifier(place.module.path, path, importExtension(project, files)),
    name: AUTH_SCHEMA.name,
  });
  listTables([`...${name}`], { editor, place });
  return texts.set(place.module.path, finishEdit(editor));
}

// --- internal ---

function findFile({ functionsDir }: Project, files: AppFiles): string | undefined {
  return [".ts", ".mts", ".js", ".mjs"]
    .map((ending) => join(functionsDir, AUTH_SCHEMA.file + ending))
    .find((path) => files.read(path) !== undefined);
}

function taken(module: Module) {
  return manualEdit({
    code: "AUTH_SCHEMA_TAKEN",
    at: locationOf(module),
    reason: `kitcn would create this file, and it is there already, without an object \`${AUTH_SCHEMA.name}\`.`,
    lines: ["// rename the file, or add", `export const ${AUTH_SCHEMA.name} = {};`],
  });
}
