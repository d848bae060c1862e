// Finds modules in a workspace by their names, in whichever language they are written.
// Looks at names; parses nothing and stages nothing.
import { basename, join } from "node:path";
import { unseenModule } from "../errors/modules.js";
import type { Workspace } from "./stage.js";
import type { Entry } from "./tree.js";

/** The endings of modules, in the order in which they are looked for. */
export const MODULE_ENDINGS = [".ts", ".tsx", ".mts", ".js", ".jsx", ".mjs"] as const;

/**
 * The module of a path without its ending.
 *
 * @example
 * findModule(ws, join(project.functionsDir, "auth")); // "/app/convex/auth.ts"
 */
export function findModule(
  ws: Pick<Workspace, "has">,
  path: string,
  endings: readonly string[] = MODULE_ENDINGS,
): string | undefined {
  return endings.map((ending) => path + ending).find((one) => ws.has(one));
}

/**
 * A module of the functions directory, by its path in there without ending (`http`, `../lib/crpc`). Convex looks for
 * schema, auth.config and convex.config by their whole names.
 *
 * @throws CodegenError `UNSEEN_MODULE` for one of those under a name at which Convex does not look
 */
export function findFunctionsModule(ws: Workspace, name: string): string | undefined {
  const path = join(ws.project.functionsDir, name);
  if (!SEEN.includes(name)) return findModule(ws, path);
  const seen = findModule(ws, path, [".ts", ".js"]);
  const unseen = seen === undefined ? findModule(ws, path, UNSEEN) : undefined;
  if (unseen === undefined) return seen;
  const renamed = name + (unseen.includes("js", unseen.lastIndexOf(".")) ? ".js" : ".ts");
  throw unseenModule({ path: unseen, name, file: basename(unseen), renamed });
}

/** Every file below a folder, folders that are skipped left out, each folder's files before the next. */
export function listFiles(
  ws: Pick<Workspace, "entries">,
  folder: string,
  skips: (folder: Entry) => boolean = () => false,
): string[] {
  return ws.entries(folder).flatMap((entry) => {
    if (!entry.isFolder) return [entry.path];
    return skips(entry) ? [] : listFiles(ws, entry.path, skips);
  });
}

/** Every file below the folder of a package that its author may have written: nothing installed, generated or built. */
export function listOwnFiles(ws: Pick<Workspace, "entries">, folder: string): string[] {
  return listFiles(ws, folder, ({ name }) => NOT_OWN.test(name));
}

/** True for a file that holds nothing yet. */
export function isBlank(text: string): boolean {
  return text.trim() === "";
}

// --- internal ---

const NOT_OWN = /^(\.|_generated$|node_modules$|dist$|build$|out$|coverage$)/;

const SEEN = ["schema", "auth.config", "convex.config"];

const UNSEEN = [".tsx", ".mts", ".cts", ".jsx", ".mjs", ".cjs"];
