// Whether auth tables may move to another place: only while the deployment has no rows in them.
// Asks the deployment's own generated functions; never writes.
import { placementUnanswered, placementUnchecked, tablesNotEmpty } from "../errors/keys.js";
import { LOCK_FILE } from "../lock/lock.js";
import type { Placement, Project } from "../types.js";
import { openConvexCli } from "./convex-cli.js";
import { findDeployment } from "./deployment.js";

/**
 * Refuses a change of placement where rows would be left behind, or where nobody can tell.
 *
 * @param input.models the models that would move
 * @throws CodegenError `PLACEMENT_CHANGED`
 */
export async function assertMovable(input: {
  readonly project: Project;
  readonly from: Placement;
  readonly to: Placement;
  readonly models: readonly string[];
}): Promise<void> {
  const { project, from, to, models } = input;
  const said = { from, to, lock: LOCK_FILE };
  if (models.length === 0) return;
  if (findDeployment(project).kind === "none") throw placementUnchecked(said);
  const operations = models.map((model) => ({
    kind: "findMany",
    input: { model, where: [], limit: 1 },
  }));
  const rows = await openConvexCli(project)
    .run("generated/store:authRead", { operations })
    .catch((cause: unknown) => {
      throw placementUnanswered({ ...said, cause });
    });
  const full = models.filter((_, at) => !Array.isArray(rows) || !isEmpty(rows[at]));
  if (full.length > 0) throw tablesNotEmpty({ ...said, models: full });
}

// --- internal ---

function isEmpty(rows: unknown): boolean {
  return Array.isArray(rows) && rows.length === 0;
}
