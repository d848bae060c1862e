// Names that a module has no longer once it was edited, where other modules take them: the app would not compile. Reads.
import type { Node } from "@babel/types";
import {
  listExports,
  listImports,
  specifiersOf,
  textOf,
  walk,
  type Module,
} from "../edit/index.js";
import { findHome } from "../modules/names.js";
import { openReadable } from "../modules/readable.js";
import type { ModuleReader } from "../modules/resolve.js";
import type { Shell } from "../shell/detect.js";
import { findFunctionsModule } from "../workspace/find.js";
import type { Workspace } from "../workspace/stage.js";
import type { Found } from "./find.js";
import { LIBRARIES, PEER, type Library } from "./libraries.js";
import { modulesThatRun } from "./roots.js";
import { listTaken } from "./taken-names.js";

/** The places that take them, in the order of files. */
export function findDangling(moved: Workspace, shell: Shell, before: Workspace): Found[] {
  const read = openReadable(moved);
  const readBefore = openReadable(before);
  const foundAt = (module: Module, node: Node, { name, home }: Lost): Found => {
    const library = (home && libraryBehind(home)) ?? PEER;
    return { module, node, name, library, part: "use", isInTheWay: true };
  };
  const lostBy = (home: Module | undefined, name: string): Lost | undefined => {
    const old = home && before.module(home.path);
    if (!home || !old || has(home, name, read) || !has(old, name, readBefore)) return undefined;
    return { name, home: findHome({ module: old, name }, readBefore) };
  };
  const path = findFunctionsModule(moved, "auth");
  const auth = path === undefined ? undefined : moved.module(path);
  return modulesThatRun(moved, shell).flatMap((module) => [
    ...listTaken(module).flatMap(({ source, name, node }) => {
      const lost = lostBy(read(source, module), name);
      return lost ? foundAt(module, node, lost) : [];
    }),
    ...functionsOfAuth(module).flatMap(({ name, node }) => {
      const lost = lostBy(auth, name);
      return lost ? foundAt(module, node, lost) : [];
    }),
  ]);
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

/** A name that a module has no longer, and the module that made it. */
type Lost = { readonly name: string; readonly home: Module | undefined };

/** Through re-exports of the app's modules; what a package gives is there before the run and after it. */
function has(
  module: Module,
  name: string,
  read: ModuleReader,
  seen: readonly Module[] = [],
): boolean {
  if (seen.includes(module)) return false;
  return listExports(module, name).some((one) => {
    const other = one.kind === "from" && one.name !== "*" ? read(one.source, module) : undefined;
    return !other || has(other, one.kind === "from" ? one.name : name, read, [...seen, module]);
  });
}

/** The library that a module was made with. */
function libraryBehind(old: Module): Library | undefined {
  const sources = [...specifiersOf(old)];
  return LIBRARIES.find((one) => sources.some((source) => one.sources.test(source)));
}

/** `api.auth.isAuthenticated`, `internal.auth.onCreate`. */
function functionsOfAuth(module: Module): { readonly node: Node; readonly name: string }[] {
  const found: { node: Node; name: string }[] = [];
  walk(module.program, (node) => {
    if (node.type !== "MemberExpression") return;
    const name = /^(?:api|internal)\.auth\.(\w+)$/.exec(textOf(module, node))?.[1];
    if (name !== undefined) found.push({ node, name });
  });
  return found;
}
