// Better Auth's `createSchema` hook (`npx auth generate`): the same blocks as `kitcn add auth --schema`.
// Writes nothing, and leaves the lock to kitcn, whose next run knows the blocks again.
import { isAbsolute, join, relative } from "node:path";
import { loadLock } from "../load/load-schema.js";
import { readOwnership } from "../lock/ownership.js";
import { planTables } from "../plan/plan-tables.js";
import type { PlanOptions, SourceTables } from "../plan/types.js";
import type { Placement, Project } from "../types.js";
import { openWorkspace } from "../workspace/stage.js";
import { planSchemaModule } from "./schema-module.js";

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
  const ws = openWorkspace(project);
  const base = readOwnership(await loadLock(ws));
  const placement = base.placement ?? input.placement ?? "split";
  const plan = planTables(tables, { placement, ...(input.options && { options: input.options }) });
  const { schema } = await planSchemaModule({
    ws,
    plan,
    base,
    options: { overwrite: false, prune: false },
    authFile: join(project.functionsDir, "auth.ts"),
  });
  const { module } = schema.place;
  const path = input.file === undefined ? module.path : absolute(input.file, project);
  return {
    code: ws.read(module.path) ?? module.text,
    path: relative(process.cwd(), path),
    overwrite: true,
  };
}

// --- internal ---

function absolute(file: string, project: Project): string {
  return isAbsolute(file) ? file : join(project.root, file);
}
