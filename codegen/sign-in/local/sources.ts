// The modules of an app that may import a file of a local component, tests included. Reads.
import { listFiles } from "../../workspace/find.js";
import type { Workspace } from "../../workspace/stage.js";

/** Their paths. */
export function sourcesOf(ws: Workspace): string[] {
  const files = listFiles(ws, ws.project.root, ({ name }) => SKIPPED.test(name));
  return files.filter((path) => SOURCE.test(path));
}

// --- internal ---

const SKIPPED = /^(\.|node_modules$|_generated$|dist$|build$|out$|coverage$)/;
const SOURCE = /\.[cm]?[jt]sx?$/;
