// The part of a schema run that keeps relations.ts. Loads, plans and merges; writes nothing.
import { join } from "node:path";
import { detectStyle, findImport, type Module } from "../edit/index.js";
import { createFormatter } from "../edit/format.js";
import type { OwnedRelations, Ownership } from "../lock/types.js";
import { mergeRelations } from "../merge/relations.js";
import {
  noRelationsExport,
  relationsCalls,
  relationsExports,
  type RelationsExport,
} from "../merge/relations-exports.js";
import type { Conflict, MergeOptions, Orphan } from "../merge/types.js";
import { isMadeWith } from "../modules/made-with.js";
import { openModules } from "../modules/resolve.js";
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
  /** Tables that this run removes. */
  readonly gone: ReadonlySet<string>;
}): Promise<RelationsStep | undefined> {
  const { ws, plan, base, options, gone } = input;
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
  const merged = await mergeRelations({ module, planned, base: owned, options, gone, format });
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
  const [name] = own ? exportedRelations(ws, own) : [];
  if (name !== undefined) return { module: "relations", name };
  if (declaresRelations(ws, schema)) return { module: "schema", name: "relations" };
  for (const module of own ? [own, schema] : [schema]) {
    const [call] = relationsCalls(module);
    if (call) throw noRelationsExport(module, call);
  }
  return undefined;
}

/** Whether schema.ts exports the app's relations, its own or those of another module. */
export function declaresRelations(ws: Workspace, schema: Module): boolean {
  return exportedRelations(ws, schema).includes("relations");
}

/**
 * What to say where the generated server imports relations that its next version does not have.
 *
 * @param before generated/server.ts on disk
 */
export function describeLostRelations(
  before: string | undefined,
  relations: RelationsModule | undefined,
): string[] {
  const [, source] = (relations === undefined && SERVER_IMPORT.exec(before ?? "")) || [];
  if (source === undefined) return [];
  return [
    `generated/server.ts imported the relations of ${source}, which exports none now: ctx.orm has no relations. To have them back, write \`export const relations = defineRelations({ ... });\` there, with \`import { ${RELATIONS_IMPORT.name} as defineRelations } from "${RELATIONS_IMPORT.source}";\`.`,
  ];
}

// --- internal ---

const SERVER_IMPORT = /import\s+\{?\s*relations\s*\}?\s+from\s+["']([^"']+)["']/;

/** The exports that are relations, the preferred one first; made here, or in a module that this one exports from. */
function exportedRelations(ws: Workspace, module: Module): RelationsExport[] {
  if (findImport(module, RELATIONS_IMPORT)) return relationsExports(module);
  const read = openModules(ws);
  return (["relations", "default"] as const).filter((name) =>
    isMadeWith({ module, name }, RELATIONS_IMPORT, read),
  );
}

function newRelations(ws: Workspace): string {
  return modulePath(join(ws.project.functionsDir, "relations.ts"), functionsLanguage(ws));
}

function findRelations(ws: Workspace): string | undefined {
  return findModule(ws, join(ws.project.functionsDir, "relations"), [".ts", ".js"]);
}
