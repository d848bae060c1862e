// The modules of an app that parse: where what does not parse is none of the caller's business, it is passed over.
// Must not be used for a module that a run edits: its author has to hear of a syntax error there.
import type { Module } from "../edit/index.js";
import { CodegenError } from "../errors.js";
import type { Workspace } from "../workspace/stage.js";
import { openModules, type ModuleReader } from "./resolve.js";

/**
 * The modules behind imports, without those that do not parse: nothing is known of them, and they are none of kitcn's
 * business. The push and the app's own build name them.
 */
export function openReadable(ws: Workspace): ModuleReader {
  const read = openModules(ws);
  return (specifier, importer) => readable(() => read(specifier, importer));
}

/** A module of the app; undefined where nothing is there, or it does not parse. */
export function readModule(ws: Workspace, path: string): Module | undefined {
  return readable(() => ws.module(path));
}

/** A text as a module, such as the script of a component; undefined for one that does not parse. */
export function readText(ws: Workspace, text: string, path: string): Module | undefined {
  return readable(() => ws.parse(text, path));
}

// --- internal ---

function readable(open: () => Module | undefined): Module | undefined {
  try {
    return open();
  } catch (error) {
    if (error instanceof CodegenError && error.code === "SYNTAX_ERROR") return undefined;
    throw error;
  }
}
