// The part of a schema run that keeps relations.ts. Loads, plans and merges; writes nothing.
import { join } from "node:path";
import { detectStyle, findImport, parseModule, type Module } from "../edit/index.js";
import { createFormatter } from "../format.js";
import { isBlank, type AppFiles } from "../load/load-schema.js";
import type { OwnedRelations, Ownership } from "../lock/types.js";
import { mergeRelations } from "../merge/relations.js";
import { noRelationsExport, relationsCalls, relationsExports } from "../merge/relations-exports.js";
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
  /** An export that the file on disk lacks, with its line. */
  readonly missingExport: string | undefined;
};

/**
 * Plans `<fn>/relations.ts`. Undefined where it is not asked for and the lock knows of none, and where there
 * is nothing to write into a new one.
 *
 * @throws CodegenError `NO_RELATIONS_PLACE`, `NO_RELATIONS_EXPORT`, `SYNTAX_ERROR`
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
  { project, files }: { readonly project: Project; readonly files: AppFiles },
  { step, schema }: { readonly step: RelationsStep | undefined; readonly schema: Module },
): RelationsModule | undefined {
  if (step) return { module: "relations", name: "relations" };
  const path = findRelations(project, files);
  const own = path === undefined ? undefined : parseModule(files.read(path) ?? "", path);
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

function newRelations(project: Project, files: AppFiles): string {
  const path = join(project.functionsDir, "relations.ts");
  return modulePath(path, functionsLanguage(project, files));
}

function findRelations({ functionsDir }: Project, files: AppFiles): string | undefined {
  return ["relations.ts", "relations.js"]
    .map((name) => join(functionsDir, name))
    .find((path) => files.read(path) !== undefined);
}
