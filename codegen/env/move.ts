// Whether auth tables may move to another place: only while the deployment has no rows in them.
// Asks the deployment's own generated functions; never writes.
import { CodegenError } from "../errors.js";
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
  const { project, models } = input;
  if (models.length === 0) return;
  if (findDeployment(project).kind === "none")
    throw refused(
      input,
      "no deployment is configured, so kitcn cannot check that the tables are empty",
    );
  const operations = models.map((model) => ({
    kind: "findMany",
    input: { model, where: [], limit: 1 },
  }));
  const rows = await openConvexCli(project)
    .run("generated/store:authRead", { operations })
    .catch((cause: unknown) => {
      throw refused(input, "the deployment did not say whether the tables are empty", cause);
    });
  const full = models.filter((_, at) => !Array.isArray(rows) || !isEmpty(rows[at]));
  if (full.length > 0) throw refused(input, `the tables have rows of ${full.join(", ")}`);
}

// --- internal ---

function isEmpty(rows: unknown): boolean {
  return Array.isArray(rows) && rows.length === 0;
}

function refused(
  { from, to }: { readonly from: Placement; readonly to: Placement },
  reason: string,
  cause?: unknown,
): CodegenError {
  return new CodegenError({
    code: "PLACEMENT_CHANGED",
    message: `The auth tables of this app have placement "${from}". kitcn did not change it to "${to}": ${reason}.`,
    hint:
      "kitcn does not move documents. Export the auth tables, remove the better-auth entries from " +
      `${LOCK_FILE} and the auth tables from schema.ts, run the command again, then import the documents.`,
    cause,
  });
}
