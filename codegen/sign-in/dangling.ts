// Imports of names that a module has no longer once it was edited: the app would not compile. Reads.
import { listExports, listImports, type Module } from "../edit/index.js";
import { openModules } from "../modules/resolve.js";
import type { Shell } from "../shell/detect.js";
import type { Workspace } from "../workspace/stage.js";
import type { Found } from "./find.js";
import { PEER, type Library } from "./libraries.js";
import { modulesThatRun } from "./roots.js";

/** The imports, in the order of files. */
export function findDangling(moved: Workspace, shell: Shell, before: Workspace): Found[] {
  const read = openModules(moved);
  return modulesThatRun(moved, shell).flatMap((module) =>
    listImports(module).flatMap(({ source, imported, declaration }): Found[] => {
      const home = read(source, module);
      const old = home && before.module(home.path);
      if (!old || old.text === home.text || !isLost({ imported, old, home })) return [];
      const shared = { module, node: declaration, name: imported };
      return [{ ...shared, library: PEER, part: "use", isInTheWay: true }];
    }),
  );
}

/** What still imports a library, types included. */
export function findImports(ws: Workspace, shell: Shell, library: Library): Found[] {
  return modulesThatRun(ws, shell).flatMap((module) =>
    listImports(module).flatMap(({ source, imported, declaration }): Found[] => {
      if (!library.sources.test(source)) return [];
      const shared = { library, module, node: declaration, name: imported };
      return [{ ...shared, part: "use", isInTheWay: true }];
    }),
  );
}

// --- internal ---

function isLost({ imported, old, home }: { imported: string; old: Module; home: Module }): boolean {
  return (
    imported !== "*" &&
    listExports(old, imported).length > 0 &&
    listExports(home, imported).length === 0
  );
}
