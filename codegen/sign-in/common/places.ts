// Where a place is, as its owner knows it: the file and the line on disk. Reads the workspace; decides nothing.
import { lineOf, mapLine } from "../../edit/index.js";
import { shortPath } from "../../disk/project.js";
import type { Workspace } from "../../workspace/stage.js";
import type { Found } from "./types.js";

/** A place as the user knows it: its file and its line on disk, also where the run has edited or moved the code. */
export function placeOf(ws: Workspace, { module, node }: Pick<Found, "module" | "node">) {
  const here = { file: shortPath(ws.project, module.path), line: lineOf(module, node) };
  const line = node.loc?.start.line ?? 1;
  const { text, onDisk } = module;
  const isOnDisk = ws.onDisk(module.path) !== undefined;
  if (isOnDisk && (onDisk === undefined || mapLine({ from: text, to: onDisk, line }).isThere))
    return here;
  return movedFrom(ws, text.split("\n")[line - 1] ?? "") ?? here;
}

// --- internal ---

/** Where a line was on disk that the run has put into another file. */
function movedFrom(ws: Workspace, text: string) {
  const wanted = text.trim();
  if (wanted === "") return undefined;
  for (const { path, before } of ws.changes()) {
    const at = before?.split("\n").findIndex((one) => one.trim() === wanted) ?? -1;
    if (at >= 0) return { file: shortPath(ws.project, path), line: at + 1 };
  }
  return undefined;
}
