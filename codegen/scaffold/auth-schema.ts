// The plain Convex surface (`--preset convex`): auth tables in authSchema.ts, which schema.ts lists with one spread.
// Decides where the tables go; which tables there are is merging's business. Writes nothing.
import { extname, join } from "node:path";
import { authSchemaTaken } from "../errors/edits-backend.js";
import { shortPath } from "../disk/project.js";
import { addImport, finishEdit, locationOf, openEditor, type Module } from "../edit/index.js";
import { notInitialized, otherPreset } from "../errors/scaffold.js";
import { loadLock, loadSchema } from "../load/load-schema.js";
import { importExtension, relativeSpecifier } from "../load/module-resolution.js";
import { readOwnership } from "../lock/ownership.js";
import { listTables } from "../merge/apply.js";
import { AUTH_SCHEMA, findAuthTables, findSchema } from "../merge/find-schema.js";
import { createScope } from "../modules/names.js";
import { functionsLanguage } from "../shell/language.js";
import { findModule } from "../workspace/find.js";
import type { Workspace } from "../workspace/stage.js";
import { printNewSchema } from "./new-schema.js";

/**
 * Only a Convex app that runs without kitcn's own surface, or has this preset already, can have it.
 *
 * @throws CodegenError `NOT_INITIALIZED`, `OTHER_PRESET`, and those of the lock
 */
export async function assertPlainConvex(ws: Workspace): Promise<void> {
  const { project } = ws;
  const { functionsDir } = project;
  if (ws.entries(functionsDir).length === 0)
    throw notInitialized({ functionsDir: shortPath(project, functionsDir) });
  const { placement } = readOwnership(await loadLock(ws));
  if (placement === undefined || findFile(ws) !== undefined) return;
  throw otherPreset({ schema: `${shortPath(project, functionsDir)}/schema.ts` });
}

/**
 * Stages authSchema.ts, and schema.ts with its tables among the listed ones. What says so already stays as it is.
 *
 * @throws CodegenError `AUTH_SCHEMA_TAKEN`, `NO_SCHEMA_PLACE`, `SYNTAX_ERROR`
 */
export function planAuthSchema(ws: Workspace): void {
  const newSchema = `schema.${functionsLanguage(ws)}` as const; // not just any string
  const fallback = { name: newSchema, text: () => printNewSchema(ws) };
  const schema = loadSchema(ws, fallback);
  const path =
    findFile(ws) ??
    join(ws.project.functionsDir, `${AUTH_SCHEMA.file}${extname(schema.module.path)}`);
  const isMissing = !ws.has(path);
  const text = `export const ${AUTH_SCHEMA.name} = {};\n`;
  const module = ws.module(path) ?? ws.parse(text, path);
  if (!findAuthTables(module)) throw taken(module);

  const { readModule: read } = schema;
  const place = findSchema(schema.module, { scope: createScope(read), read });
  if (isMissing) ws.stage(path, module.text);
  if (place.module.path === path) return;
  const editor = openEditor(place.module);
  const name = addImport(editor, {
    source: relativeSpecifier(place.module.path, path, importExtension(ws)),
    name: AUTH_SCHEMA.name,
  });
  listTables([`...${name}`], { editor, place });
  ws.stage(place.module.path, finishEdit(editor));
}

// --- internal ---

function findFile(ws: Workspace): string | undefined {
  return findModule(ws, join(ws.project.functionsDir, AUTH_SCHEMA.file));
}

function taken(module: Module) {
  return authSchemaTaken({
    at: locationOf(module),
    name: AUTH_SCHEMA.name,
    lines: ["// rename the file, or add", `export const ${AUTH_SCHEMA.name} = {};`],
  });
}
