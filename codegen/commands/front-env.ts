// Keeps .env.local of the front ends of other packages in step with the backend's deployment, which `convex dev` may
// configure after `add auth` ran.
import { recoverWrites, writeChanges } from "../disk/changes.js";
import { homeOf, shortPath } from "../disk/project.js";
import { planFrontEnvs } from "../shell/plan-client.js";
import type { Project } from "../types.js";
import { openWorkspace, realChanges } from "../workspace/stage.js";
import type { Refreshed } from "../dev/refresh-lines.js";

/** Writes the addresses that the front ends lack, or that kitcn wrote there before a deployment was known. */
export function refreshFrontEnvs(project: Project): Refreshed {
  recoverWrites(homeOf(project));
  const ws = openWorkspace(project);
  const notes = planFrontEnvs(ws);
  const changes = realChanges(ws);
  if (changes.length > 0) writeChanges(changes, { root: homeOf(project) });
  return { files: changes.map(({ path }) => ({ path: shortPath(project, path) })), notes };
}
