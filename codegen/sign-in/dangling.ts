// Names that a module has no longer once it was edited, where it or other modules mention them: the app would not compile.
// Finds each mention; an import that nothing mentions is taken out.
import type { Node } from "@babel/types";
import {
  endOf,
  finishEdit,
  hasName,
  listExports,
  listImports,
  openEditor,
  removeImports,
  specifiersOf,
  startOf,
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
import { CLIENT, MAKERS } from "./common/find-members.js";
import { isResultOf } from "./common/made-directly.js";
import { mentionsAtTop, namesAtTop, type TopMention } from "./common/mentions.js";
import { LIBRARIES, PEER, type Library } from "./common/libraries.js";
import { modulesThatRun } from "./common/roots.js";
import { listTaken } from "./common/taken-names.js";
import type { Found } from "./common/types.js";

/** The app at three times: as it is, with all options in auth.ts, and after the edits. */
export type Times = { readonly before: Workspace; readonly homed: Workspace };

/** The places that take them, in the order of files. */
export function findDangling(moved: Workspace, shell: Shell, { before, homed }: Times): Found[] {
  const read = openReadable(moved);
  const lostBy = lossesOf(moved, before);
  const path = findFunctionsModule(moved, "auth");
  const auth = path === undefined ? undefined : moved.module(path);
  const found = modulesThatRun(moved, shell).flatMap((module) => [
    ...unboundIn(module, homed),
    ...listTaken(module).flatMap(({ source, name, node }) => {
      const lost = lostBy(read(source, module), name);
      if (!lost) return [];
      if (node.type !== "ImportDeclaration") return foundAt(module, node, lost);
      const mentions = listImports(module)
        .filter((one) => one.declaration === node && one.imported === name)
        .flatMap(({ local }) => mentionsAtTop(module, local));
      if (mentions.length === 0) return foundAt(module, node, lost);
      return mentions.map((one) => foundAt(module, one.node, lost, one));
    }),
    ...functionsOfAuth(module).flatMap(({ name, node }) => {
      const lost = lostBy(auth, name);
      return lost ? foundAt(module, node, lost) : [];
    }),
  ]);
  // `createAuth` in `authComponent.getAuth(createAuth, ctx)` goes with the call.
  return found.filter(
    (one) => !found.some((other) => other.lost === undefined && isIn(one, other)),
  );
}

/** Takes out imports that nothing mentions: of names that are lost, and of a package that goes. */
export function stageUnused(
  moved: Workspace,
  shell: Shell,
  {
    before,
    library,
    stay,
  }: {
    readonly before: Workspace;
    readonly library: Library;
    /** Modules to leave alone. */
    readonly stay: ReadonlySet<string>;
  },
): void {
  const read = openReadable(moved);
  const lostBy = lossesOf(moved, before);
  for (const module of modulesThatRun(moved, shell)) {
    if (stay.has(module.path)) continue;
    const unused = listImports(module).filter(({ source, imported, local }) => {
      const isGone = library.sources.test(source) || lostBy(read(source, module), imported);
      return isGone && !module.program.body.some((one) => mentions(one, local));
    });
    if (unused.length === 0) continue;
    const editor = openEditor(module);
    const names = unused.map(({ source, imported }) => ({ source, name: imported }));
    removeImports(editor, names, new Set());
    const text = finishEdit(editor);
    moved.stage(module.path, /^\s/.test(module.text) ? text : text.trimStart());
  }
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

/** A name that a module has no longer, the module that made it, and what it was. */
type Lost = {
  readonly name: string;
  readonly home: Module | undefined;
  readonly kind: NonNullable<Found["lost"]>;
};

/** Whether a module exports a name no longer. */
function lossesOf(moved: Workspace, before: Workspace) {
  const read = openReadable(moved);
  const readBefore = openReadable(before);
  return (home: Module | undefined, name: string): Lost | undefined => {
    const old = home && before.module(home.path);
    if (!home || !old || has(home, name, read) || !has(old, name, readBefore)) return undefined;
    return {
      name,
      home: findHome({ module: old, name }, readBefore),
      kind: kindOf({ module: old, name }, readBefore),
    };
  };
}

function kindOf(at: { readonly module: Module; readonly name: string }, read: ModuleReader) {
  // What a module exports may have another name in it.
  const names = listExports(at.module, at.name).flatMap((one) =>
    one.kind === "name" ? one.local : [],
  );
  const isOne = (name: string, form: "value" | "call", origins: typeof MAKERS) =>
    isResultOf({ module: at.module, name }, { form, origins }, read);
  const all = names.length > 0 ? names : [at.name];
  if (all.some((name) => isOne(name, "value", [CLIENT]))) return "client";
  return all.some((name) => isOne(name, "call", MAKERS)) ? "maker" : "other";
}

function foundAt(module: Module, node: Node, lost: Lost, mention?: TopMention): Found {
  const library = (lost.home && libraryBehind(lost.home)) ?? PEER;
  const shared = { module, node, library, part: "use", isInTheWay: true } as const;
  if (library !== PEER) return { ...shared, name: lost.name };
  const isOfClient = lost.kind === "client" && mention?.member !== undefined;
  const name = isOfClient ? (mention.member ?? lost.name) : lost.name;
  return isOfClient
    ? { ...shared, name }
    : { ...shared, name: lost.kind === "maker" ? "createAuth" : name, lost: lost.kind };
}

function isIn(one: Found, outer: Found): boolean {
  if (one.module !== outer.module || one.node === outer.node) return false;
  return startOf(outer.node) <= startOf(one.node) && endOf(one.node) <= endOf(outer.node);
}

/** Names of the module's own top level that its edits took away, where it still mentions them. */
function unboundIn(module: Module, homed: Workspace): Found[] {
  const old = homed.module(module.path);
  if (!old || old.text === module.text) return [];
  const now = namesAtTop(module);
  const read = openReadable(homed);
  return [...namesAtTop(old)].flatMap((name) =>
    now.has(name)
      ? []
      : mentionsAtTop(module, name).map((one) =>
          foundAt(
            module,
            one.node,
            { name, home: old, kind: kindOf({ module: old, name }, read) },
            one,
          ),
        ),
  );
}

function mentions(statement: Node, name: string): boolean {
  return statement.type !== "ImportDeclaration" && hasName(statement, name);
}

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
