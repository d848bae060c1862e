// Modules that front ends share: those of another package of the repository. The auth client is a front end's own, so
// kitcn imports it into no such module. Reads package.json files; stages nothing.
import { dirname, join } from "node:path";
import type { Workspace } from "../workspace/stage.js";

/** True for a module of another package than the front end's. */
export function isShared(ws: Workspace, path: string): boolean {
  return packageOf(ws, path) !== ws.project.root;
}

// --- internal ---

/** The folder of the nearest package with a name: a package.json without one only says how Node reads modules. */
function packageOf(ws: Workspace, path: string): string {
  const folder = dirname(path);
  if (folder === ws.project.root || folder === dirname(folder)) return folder;
  const manifest = ws.read(join(folder, "package.json"));
  return manifest !== undefined && /"name"\s*:/.test(manifest) ? folder : packageOf(ws, folder);
}
