// The modules of an app that may import a file of a local component, tests included. Reads.
import { listOwnFiles } from "../../../workspace/find.js";
import type { Workspace } from "../../../workspace/stage.js";

/** Their paths: of the front end's package, and of the one with the functions where that is another. */
export function sourcesOf(ws: Workspace): string[] {
  const { root, backend } = ws.project;
  const roots = new Set([root, ...(backend ? [backend.root] : [])]);
  const files = [...roots].flatMap((one) => listOwnFiles(ws, one));
  return [...new Set(files)].filter((path) => SOURCE.test(path));
}

// --- internal ---

const SOURCE = /\.[cm]?[jt]sx?$/;
