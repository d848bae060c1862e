// Better Auth's `createSchema` hook (`npx auth generate`): the same blocks as `kitcn add auth --schema`.
// Writes nothing, and leaves the lock to kitcn, whose next run knows the blocks again.
import { isAbsolute, join, relative } from "node:path";
import { detectStyle, type Module } from "../edit/index.js";
import { createFormatter } from "../format.js";
import { loadLock, openFiles } from "../load/load-schema.js";
import { readOwnership } from "../lock/ownership.js";
import { applyEdits } from "../merge/apply.js";
import { mergeSchema } from "../merge/merge-schema.js";
import { planTables } from "../plan/plan-tables.js";
import type { PlanOptions, SourceTables } from "../plan/types.js";
import type { Placement, Project } from "../types.js";
import { openSchema } from "./open-schema.js";

/** What Better Auth's CLI takes from an adapter. */
export type CreatedSchema = {
  readonly code: string;
  /** Relative to the current folder. */
  readonly path: string;
  readonly overwrite: true;
};

/**
 * The text of schema.ts with the tables Better Auth asks for.
 *
 * @param input.tables as the hook gets them
 * @param input.file the path the user asked for; default `<fn>/schema.ts`
 * @throws CodegenError as `add auth --schema` does
 */
export async function createSchema(input: {
  readonly project: Project;
  readonly tables: SourceTables;
  readonly options?: PlanOptions;
  readonly file?: string | undefined;
  readonly placement?: Placement;
}): Promise<CreatedSchema> {
  const { project, tables } = input;
  const files = openFiles();
  const base = readOwnership(await loadLock(project, files));
  const placement = base.placement ?? input.placement ?? "split";
  const plan = planTables(tables, { placement, ...(input.options && { options: input.options }) });
  const { place, scope } = await openSchema({
    project,
    files,
    fallback: { name: "schema.ts", text: NEW_SCHEMA },
    wanted: plan.app.map(({ table }) => table),
  });
  const options = { overwrite: false, prune: false };
  const { edits } = mergeSchema({ plan, place, scope, base, options });
  const formatterFor = (module: Module) =>
    createFormatter({ path: module.path, style: detectStyle(module) });
  const texts = await applyEdits({ edits, place, formatterFor });
  const path = input.file === undefined ? place.module.path : absolute(input.file, project);
  return {
    code: texts.get(place.module.path) ?? place.module.text,
    path: relative(process.cwd(), path),
    overwrite: true,
  };
}

// --- internal ---

const NEW_SCHEMA =
  'import { defineSchema } from "convex/server";\n\nexport default defineSchema({});\n';

function absolute(file: string, project: Project): string {
  return isAbsolute(file) ? file : join(project.root, file);
}
