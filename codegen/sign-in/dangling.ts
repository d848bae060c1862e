// Imports of names that a module has no longer once it was edited: the app would not compile. Reads.
import type { Node } from "@babel/types";
import {
  listExports,
  listImports,
  specifiersOf,
  textOf,
  walk,
  type Module,
} from "../edit/index.js";
import { openReadable } from "../modules/readable.js";
import type { Shell } from "../shell/detect.js";
import { findFunctionsModule } from "../workspace/find.js";
import type { Workspace } from "../workspace/stage.js";
import type { Found } from "./find.js";
import { LIBRARIES, PEER, type Library } from "./libraries.js";
import { modulesThatRun } from "./roots.js";

/** The imports, in the order of files. */
export function findDangling(moved: Workspace, shell: Shell, before: Workspace): Found[] {
  const read = openReadable(moved);
  const isGone = (home: Module | undefined, imported: string) => {
    const old = home && before.module(home.path);
    return old !== undefined && old.text !== home?.text && isLost({ imported, old, home });
  };
  const foundAt = (module: Module, node: Node, { name, home }: Lost): Found => {
    const old = home && before.module(home.path);
    const library = (old && libraryBehind(old)) ?? PEER;
    return { module, node, name, library, part: "use", isInTheWay: true };
  };
  const path = findFunctionsModule(moved, "auth");
  const auth = path === undefined ? undefined : moved.module(path);
  return modulesThatRun(moved, shell).flatMap((module) => [
    ...listImports(module)
      .filter(({ source, imported }) => isGone(read(source, module), imported))
      .map(({ source, declaration, imported }) =>
        foundAt(module, declaration, { name: imported, home: read(source, module) }),
      ),
    ...functionsOfAuth(module)
      .filter(({ name }) => isGone(auth, name))
      .map(({ node, name }) => foundAt(module, node, { name, home: auth })),
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

/** A name that a module has no longer. */
type Lost = { readonly name: string; readonly home: Module | undefined };

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

function isLost({
  imported,
  old,
  home,
}: {
  imported: string;
  old: Module;
  home: Module | undefined;
}): boolean {
  if (!home) return false;
  return (
    imported !== "*" &&
    listExports(old, imported).length > 0 &&
    listExports(home, imported).length === 0
  );
}
