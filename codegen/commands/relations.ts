// The part of a schema run that keeps relations.ts. Loads, plans and merges; writes nothing.
import { join } from "node:path";
import { detectStyle, parseModule } from "../edit/index.js";
import { createFormatter } from "../format.js";
import type { AppFiles } from "../load/load-schema.js";
import type { OwnedRelations, Ownership } from "../lock/types.js";
import { mergeRelations } from "../merge/relations.js";
import type { Conflict, MergeOptions, Orphan } from "../merge/types.js";
import { planRelations } from "../plan/plan-relations.js";
import type { TablesPlan } from "../plan/types.js";
import { EMPTY_RELATIONS } from "../print/relations.js";
import type { FileChange, Project } from "../types.js";

export type RelationsStep = {
  readonly path: string;
  readonly changes: readonly FileChange[];
  readonly owned: OwnedRelations;
  readonly conflicts: readonly Conflict[];
  readonly orphans: readonly Orphan[];
};

/**
 * Plans `<fn>/relations.ts`. Undefined where it is not asked for and the lock knows of none.
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
  const asked = input.relations ?? Object.keys(base.relations).length > 0;
  if (!asked) return undefined;
  const names = ["relations.ts", "relations.js"].map((name) => join(project.functionsDir, name));
  const path =
    names.find((one) => files.read(one) !== undefined) ??
    join(project.functionsDir, "relations.ts");
  const text = files.read(path);
  const module = parseModule(text ?? EMPTY_RELATIONS, path);
  const format = createFormatter({ path, style: detectStyle(module) });
  const planned = planRelations(plan.tables);
  const merged = await mergeRelations({ module, planned, base: base.relations, options, format });
  const after = text === undefined ? await format.file(merged.text) : merged.text;
  const before = files.onDisk(path);
  return {
    path,
    changes: before === after ? [] : [{ path, before, after }],
    owned: merged.owned,
    conflicts: merged.conflicts,
    orphans: merged.orphans,
  };
}
