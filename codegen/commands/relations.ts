// The part of a schema run that keeps relations.ts. Loads, plans and merges; writes nothing.
import { join } from "node:path";
import { detectStyle, findImport, type Module } from "../edit/index.js";
import { createFormatter } from "../format.js";
import type { OwnedRelations, Ownership } from "../lock/types.js";
import { mergeRelations } from "../merge/relations.js";
import { noRelationsExport, relationsCalls, relationsExports } from "../merge/relations-exports.js";
import type { Conflict, MergeOptions, Orphan } from "../merge/types.js";
import { planRelations } from "../plan/plan-relations.js";
import type { TablesPlan } from "../plan/types.js";
import type { RelationsModule } from "../print/generated-server.js";
import { EMPTY_RELATIONS, RELATIONS_IMPORT } from "../print/relations.js";
import { functionsLanguage, modulePath } from "../shell/language.js";
import { findModule, isBlank } from "../workspace/find.js";
import type { Workspace } from "../workspace/stage.js";

export type RelationsStep = {
  readonly path: string;
  readonly owned: OwnedRelations;
  readonly conflicts: readonly Conflict[];
  readonly orphans: readonly Orphan[];
  /** An export that the file on disk lacks, with its line. */
  readonly missingExport: string | undefined;
};

/**
 * Stages `<fn>/relations.ts`. Undefined where it is not asked for and the lock knows of none, and where there
 * is nothing to write into a new one.
 *
 * @throws CodegenError `NO_RELATIONS_PLACE`, `NO_RELATIONS_EXPORT`, `SYNTAX_ERROR`
 */
export async function planRelationsFile(input: {
  readonly ws: Workspace;
  readonly relations?: boolean;
  readonly plan: TablesPlan;
  readonly base: Ownership;
  readonly options: MergeOptions;
}): Promise<RelationsStep | undefined> {
  const { ws, plan, base, options } = input;
  const asked = input.relations ?? base.relations !== undefined;
  if (!asked) return undefined;
  const planned = planRelations(plan.tables);
  const path = findRelations(ws) ?? newRelations(ws);
  const text = ws.read(path);
  const isNew = text === undefined || isBlank(text);
  if (isNew && planned.length === 0) return undefined;
  const module = ws.parse(isNew ? EMPTY_RELATIONS : text, path);
  const format = createFormatter({ path, style: detectStyle(module) });
  const owned = base.relations ?? {};
  const merged = await mergeRelations({ module, planned, base: owned, options, format });
  const after = isNew ? await format.file(merged.text) : merged.text;
  if (ws.onDisk(path) !== after) ws.stage(path, after);
  return {
    path,
    owned: merged.owned,
    conflicts: merged.conflicts,
    orphans: merged.orphans,
    missingExport: merged.missingExport,
  };
}

/**
 * The relations of an app as it will be: relations.ts, kitcn's or the user's own, else an exported `relations`
 * of schema.ts.
 *
 * @throws CodegenError `NO_RELATIONS_EXPORT` for relations that no module can import
 */
export function relationsModule(
  ws: Workspace,
  { step, schema }: { readonly step: RelationsStep | undefined; readonly schema: Module },
): RelationsModule | undefined {
  if (step) return { module: "relations", name: "relations" };
  const path = findRelations(ws);
  const own = path === undefined ? undefined : ws.module(path);
  const [name] = own && findImport(own, RELATIONS_IMPORT) ? relationsExports(own) : [];
  if (name !== undefined) return { module: "relations", name };
  if (declaresRelations(schema)) return { module: "schema", name: "relations" };
  for (const module of own ? [own, schema] : [schema]) {
    const [call] = relationsCalls(module);
    if (call) throw noRelationsExport(module, call);
  }
  return undefined;
}

/** Whether schema.ts declares the app's relations itself. */
export function declaresRelations(schema: Module): boolean {
  return (
    findImport(schema, RELATIONS_IMPORT) !== undefined &&
    relationsExports(schema).includes("relations")
  );
}

// --- internal ---

function newRelations(ws: Workspace): string {
  return modulePath(join(ws.project.functionsDir, "relations.ts"), functionsLanguage(ws));
}

function findRelations(ws: Workspace): string | undefined {
  return findModule(ws, join(ws.project.functionsDir, "relations"), [".ts", ".js"]);
}
