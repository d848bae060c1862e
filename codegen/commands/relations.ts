// The part of a schema run that keeps relations.ts. Loads, plans and merges; writes nothing.
import { join } from "node:path";
import {
  detectStyle,
  findDefaultExport,
  findImport,
  listBindings,
  parseModule,
  type Module,
} from "../edit/index.js";
import { createFormatter } from "../format.js";
import { isBlank, type AppFiles } from "../load/load-schema.js";
import type { OwnedRelations, Ownership } from "../lock/types.js";
import { mergeRelations } from "../merge/relations.js";
import type { Conflict, MergeOptions, Orphan } from "../merge/types.js";
import { planRelations } from "../plan/plan-relations.js";
import type { TablesPlan } from "../plan/types.js";
import type { RelationsModule } from "../print/generated-server.js";
import { EMPTY_RELATIONS, RELATIONS_IMPORT } from "../print/relations.js";
import { functionsLanguage, modulePath } from "../shell/language.js";
import type { FileChange, Project } from "../types.js";

export type RelationsStep = {
  readonly path: string;
  readonly changes: readonly FileChange[];
  readonly owned: OwnedRelations;
  readonly conflicts: readonly Conflict[];
  readonly orphans: readonly Orphan[];
};

/**
 * Plans `<fn>/relations.ts`. Undefined where it is not asked for and the lock knows of none, and where there
 * is nothing to write into a new one.
 *
 * @throws CodegenError `NO_RELATIONS_PLACE`, `SYNTAX_ERROR`
 */
export async function planRelationsFile(input: {
  readonly project: Project;
  readonly relations?: boolean;
  readonly plan: TablesPlan;
  readonly base: Ownership;
  readonly files: AppFiles;
  readonly options: MergeOptions;
}): Promise<RelationsStep | undefined> {
  const { project, plan, base, files, options } = input;
  const asked = input.relations ?? base.relations !== undefined;
  if (!asked) return undefined;
  const planned = planRelations(plan.tables);
  const path = findRelations(project, files) ?? newRelations(project, files);
  const text = files.read(path);
  const isNew = text === undefined || isBlank(text);
  if (isNew && planned.length === 0) return undefined;
  const module = parseModule(isNew ? EMPTY_RELATIONS : text, path);
  const format = createFormatter({ path, style: detectStyle(module) });
  const owned = base.relations ?? {};
  const merged = await mergeRelations({ module, planned, base: owned, options, format });
  const after = isNew ? await format.file(merged.text) : merged.text;
  const before = files.onDisk(path);
  return {
    path,
    changes: before === after ? [] : [{ path, before, after }],
    owned: merged.owned,
    conflicts: merged.conflicts,
    orphans: merged.orphans,
  };
}

/**
 * The relations of an app as it will be: relations.ts, kitcn's or the user's own, else an exported `relations`
 * of schema.ts.
 */
export function relationsModule(
  { project, files }: { readonly project: Project; readonly files: AppFiles },
  { step, schema }: { readonly step: RelationsStep | undefined; readonly schema: Module },
): RelationsModule | undefined {
  const path = findRelations(project, files);
  const own = path !== undefined && parseModule(files.read(path) ?? "", path);
  if (step || (own && findDefaultExport(own) && findImport(own, RELATIONS_IMPORT)))
    return { module: "relations", name: "default" };
  return declaresRelations(schema) ? { module: "schema", name: "relations" } : undefined;
}

/** Whether schema.ts declares the app's relations itself. */
export function declaresRelations(schema: Module): boolean {
  const binding = listBindings(schema).get("relations");
  return binding?.exported === true && findImport(schema, RELATIONS_IMPORT) !== undefined;
}

// --- internal ---

function newRelations(project: Project, files: AppFiles): string {
  const path = join(project.functionsDir, "relations.ts");
  return modulePath(path, functionsLanguage(project, files));
}

function findRelations({ functionsDir }: Project, files: AppFiles): string | undefined {
  return ["relations.ts", "relations.js"]
    .map((name) => join(functionsDir, name))
    .find((path) => files.read(path) !== undefined);
}
