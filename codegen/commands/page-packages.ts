// The packages that parts of the auth pages import: what front ends lack of them, and what they can show without.
// Reads; plans no command.
import { PLUGINS } from "../catalog/plugins.js";
import { hasReact } from "../shell/detect.js";
import type { FrontPackage } from "../shell/fronts.js";
import { lackedOf } from "./lacks.js";

/**
 * The packages that the auth page of a front end lacks for plugins.
 *
 * @param ids of plugins
 */
export function lackedForPage({ ws, shell }: FrontPackage, ids: readonly string[]): string[] {
  if (!isInBrowser(shell)) return [];
  const wanted = PLUGINS.flatMap(({ id, onPages = [] }) => (ids.includes(id) ? onPages : []));
  return lackedOf(ws.project, wanted);
}

/** True for a front end whose auth page can draw QR codes. */
export function drawsCodes(front: FrontPackage): boolean {
  return isInBrowser(front.shell) && lackedForPage(front, ["two-factor"]).length === 0;
}

// --- internal ---

/** The page of an Expo app has other parts. */
function isInBrowser(shell: FrontPackage["shell"]): boolean {
  return hasReact(shell) && shell.kind !== "expo";
}
