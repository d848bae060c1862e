// Plans convex.json for an app whose functions are not in `convex/`: without it, the convex CLI does not find them.
// Stages a new file; must not edit one that exists, since it already names the folder.
import { join } from "node:path";
import { shortPath } from "../disk/project.js";
import type { Workspace } from "../workspace/stage.js";

/** Stages convex.json where the app has none and its functions are not in `convex/`. */
export function planConvexJson(ws: Workspace): void {
  const { root, functionsDir } = ws.project;
  const path = join(root, "convex.json");
  const text = ws.read(path);
  if (text !== undefined || functionsDir === join(root, "convex")) return;
  // Relative to the file, also in a repository of several packages.
  const functions = `${shortPath({ root }, functionsDir)}/`;
  ws.stage(path, `${JSON.stringify({ functions }, null, 2)}\n`);
}
