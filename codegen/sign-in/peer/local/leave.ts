// Takes a local component of `@convex-dev/better-auth` apart: its own files go, and the author's functions in its folder
// become functions of the app. Stages; what it cannot edit is listed, and then nothing of the run is written.
import { join } from "node:path";
import {
  endOf,
  findProperty,
  listBindings,
  listImports,
  specifiersOf,
  startOf,
  textOf,
  walk,
  type Module,
} from "../../../edit/index.js";
import { targetsOf } from "../../../modules/resolve.js";
import { listCalls, methodOf } from "../../../patch/calls.js";
import type { Workspace } from "../../../workspace/stage.js";
import { importExtension } from "../../../load/module-resolution.js";
import { readModule } from "../../../modules/readable.js";
import { BY_HAND, PEER } from "../../common/libraries.js";
import { filesOf, findMounts, ownTables, type LocalFile, type Mount } from "./component.js";
import { editCalls, mentionsComponent } from "./calls.js";
import { findServer } from "./home.js";
import { IMPORT, INDEX, READ } from "./names.js";
import { editOwn, editTypes } from "./own.js";
import { sourcesOf } from "./sources.js";
import { placeOf } from "../../common/places.js";
import type { Found } from "../../common/types.js";

/** The library's components of an app, with the files of those that are folders of it. */
export type LocalComponents = {
  readonly mounts: readonly Mount[];
  readonly files: readonly LocalFile[];
};

/** What is left for the app's author. */
export type LocalLeft = {
  /** What has to change before the run. */
  readonly left: readonly Found[];
  /** What to look at after it. */
  readonly yours: readonly Found[];
  /** What goes, and what the author may want to write again. */
  readonly notes: readonly string[];
};

/** Looks for them, in the app as it is. The module that has the options of auth.ts is none of their files. */
export function findLocal(ws: Workspace): LocalComponents {
  const mounts = findMounts(ws);
  const server = findServer(ws)?.path;
  const files = mounts.flatMap(({ folder }) => (folder ? filesOf(ws, folder) : []));
  return { mounts, files: files.filter(({ path }) => path !== server) };
}

/** The places of an app, with one for each file of the folder in the place of what is in it. */
export function withLocal(found: readonly Found[], { files }: LocalComponents): Found[] {
  const going = new Set(files.filter(goes).map(({ path }) => path));
  const others = found.filter(({ module }) => !going.has(module.path));
  const places = files.flatMap(({ kind, module, standIns }): Found[] => {
    if (!module) return [];
    if (kind !== "own") return [placeIn(module, NAMES[kind])];
    return [
      ...standIns.map((node) => ({ ...placeIn(module, NAMES.instance), node })),
      ...functionsIn(module).map(({ node, name }) => ({ ...ownPlace(module, name), node })),
    ];
  });
  return [...others.filter((one) => !isStandIn(files, one)), ...places].sort((a, b) =>
    a.module.path < b.module.path
      ? -1
      : a.module.path > b.module.path
        ? 1
        : (a.node.start ?? 0) - (b.node.start ?? 0),
  );
}

/** True for a place that needs no edit, because its whole file or its statement is removed. */
export function goesWith({ files }: LocalComponents, place: Found): boolean {
  const { path } = place.module;
  return files.some((one) => one.path === path && goes(one)) || isStandIn(files, place);
}

/**
 * Removes the files and edits the functions, once the rest of the app is staged.
 *
 * @param hasTables whether the app's schema gets the tables; else functions that read them are its author's to write
 */
export function stageLocal(
  ws: Workspace,
  { mounts, files }: LocalComponents,
  hasTables: boolean,
): LocalLeft {
  const going = files.filter(goes).map(({ path }) => path);
  const own = files.flatMap(({ kind, module, standIns }) =>
    kind === "own" && module
      ? [
          {
            path: module.path,
            before: module,
            standIns: standIns.map((one) => textOf(module, one)),
          },
        ]
      : [],
  );
  const yours: Found[] = [];
  const notes: string[] = [];
  const left: Found[] = [
    ...findMounts(ws).flatMap(({ folder, module, call }) =>
      folder !== undefined && call ? [{ ...placeIn(module, "app.use"), node: call }] : [],
    ),
    ...files.flatMap(({ kind, module }) =>
      kind === "schema" && module
        ? ownTables(module).map(({ name, node }) => ({ ...placeIn(module, tableName(name)), node }))
        : [],
    ),
  ];
  const extension = importExtension(ws);
  for (const { folder } of mounts) {
    if (folder === undefined) continue;
    for (const { path, before, standIns } of own) {
      if (!path.startsWith(join(folder, "/"))) continue;
      // It may be edited already.
      const module = readModule(ws, path) ?? before;
      const edited = editOwn(ws, { module, folder, going, extension, standIns });
      if (edited.text !== undefined) ws.stage(module.path, edited.text);
      left.push(...edited.left.map(({ name, node }) => ({ ...placeIn(module, name), node })));
    }
  }
  for (const path of going) ws.remove(path);
  const hasLocal = mounts.some(({ folder }) => folder !== undefined);
  const kept = new Set(own.map(({ path }) => path));
  for (const path of mounts.length === 0 ? [] : sourcesOf(ws)) {
    if (!hasLocal && !ws.read(path)?.includes("components")) continue;
    const before = readModule(ws, path);
    if (!before) continue;
    for (const { folder } of mounts) {
      const text = folder && editTypes(ws, { module: before, folder, extension });
      if (text) ws.stage(path, text);
    }
    const module = readModule(ws, path);
    if (!module) continue;
    const isOpen = !left.some((one) => one.module.path === path);
    if (kept.has(path) && isOpen && !hasTables)
      for (const node of readsIn(module)) yours.push({ ...ownPlace(module, READ), node });
    else if (kept.has(path) && isOpen)
      for (const node of indexesIn(module)) yours.push({ ...ownPlace(module, INDEX), node });
    if (isOpen && !importsLibrary(module)) left.push(...importsOf(ws, module, going));
    const names = mounts.map(({ name }) => name);
    if (!mentionsComponent(module, names)) continue;
    const edited = editCalls(ws, { module, mounts, kept, extension, hasTables });
    if (edited.text !== undefined) ws.stage(path, edited.text);
    notes.push(...edited.notes);
    left.push(...edited.left.map(({ name, node }) => ({ ...placeIn(module, name), node })));
  }
  return { left, yours, notes: [...files.flatMap((one) => indexNotes(ws, one)), ...notes] };
}

// --- internal ---

function isStandIn(files: readonly LocalFile[], { module, node }: Found): boolean {
  const own = files.find(({ path }) => path === module.path)?.standIns ?? [];
  return own.some((one) => startOf(one) <= startOf(node) && endOf(node) <= endOf(one));
}

const NAMES: Readonly<Record<Exclude<LocalFile["kind"], "own">, string>> = {
  definition: "defineComponent",
  adapter: "createApi",
  schema: "defineSchema",
  instance: "createAuth",
  generated: "_generated",
};

function goes({ kind }: LocalFile): boolean {
  return kind !== "own";
}

function tableName(name: string): string {
  return `defineTable of ${name}`;
}

function placeIn(module: Module, name: string): Found {
  return { library: PEER, part: "local", module, node: module.program, name, isInTheWay: true };
}

/** One that works on, and of which only its author knows more. */
function ownPlace(module: Module, name: string): Found {
  return { ...placeIn(module, name), library: BY_HAND, isInTheWay: false };
}

/** Exported functions of Convex: `export const getUser = query({ ... })`. */
function functionsIn(module: Module): { readonly node: Found["node"]; readonly name: string }[] {
  return [...listBindings(module).values()].flatMap(({ exported, init, name, statement }) => {
    const [given] = exported && init?.type === "CallExpression" ? init.arguments : [];
    const isFunction =
      given?.type === "ObjectExpression" && findProperty(given, "handler") !== undefined;
    return isFunction ? [{ node: statement, name }] : [];
  });
}

/** Indexes that the author gave the component's tables. */
function indexNotes(ws: Workspace, { kind, module }: LocalFile): string[] {
  if (kind !== "schema" || !module) return [];
  return ownIndexes(module).map((node) => {
    const { file, line } = placeOf(ws, { module, node });
    const text = textOf(module, node)
      .replace(/^\w+\.\w+/, "")
      .trim();
    return `${file}:${line} adds ${text} to a table of the component. If functions of yours read by it, add it to that table in your schema.`;
  });
}

/** `tables.user.index("name", ["field"])`, whole. */
function ownIndexes(module: Module): Found["node"][] {
  const found: Found["node"][] = [];
  walk(module.program, (node) => {
    if (node.type !== "CallExpression" || !/^\w+\.\w+\s*\.index\(/.test(textOf(module, node)))
      return;
    found.push(node);
    return false;
  });
  return found;
}

function readsIn(module: Module): Found["node"][] {
  return listCalls(module).filter((call) => DATABASE.test(textOf(module, call.callee)));
}

const DATABASE = /(^|\.)db\.(get|query|insert|patch|replace|delete)$/;

function indexesIn(module: Module): Found["node"][] {
  return listCalls(module).filter((call) =>
    /^with(Search)?Index$/.test(methodOf(call)?.name ?? ""),
  );
}

/** Such a module is listed for that: the run could not edit it. */
function importsLibrary(module: Module): boolean {
  return listImports(module).some(({ source }) => PEER.sources.test(source));
}

/** What still imports a file that goes. */
function importsOf(ws: Workspace, module: Module, going: readonly string[]): Found[] {
  const isGoing = (source: string) =>
    targetsOf(ws, source, module.path).some((target) => going.some((one) => isAt(one, target)));
  const imports = listImports(module).filter(({ source }) => isGoing(source));
  const nodes = new Set<Found["node"]>(imports.map(({ declaration }) => declaration));
  if (nodes.size === 0 && [...specifiersOf(module)].some(isGoing)) {
    walk(module.program, (node) => {
      if (node.type === "StringLiteral" && isGoing(node.value)) nodes.add(node);
    });
  }
  return [...nodes].map((node) => ({ ...placeIn(module, IMPORT), node }));
}

/** True for a file that an import without its ending names. */
function isAt(path: string, target: string): boolean {
  const plain = (text: string) => text.replace(/(\.d)?\.[cm]?[jt]sx?$/, "");
  return plain(path) === plain(target);
}
