// The workspace of a run: the app's files as the disk has them, and over them what the run is about to write.
// Planners read each other's edits from it and stage their own. It writes nothing: changes.ts does.
import { join, sep } from "node:path";
import { printModule } from "../edit/format.js";
import type { CodeStyle, Module } from "../edit/index.js";
import type { FileChange, Project } from "../types.js";
import { openTree, type Entry, type Tree } from "./tree.js";

/** One view of an app's files. All paths are absolute. */
export type Workspace = {
  readonly project: Project;
  /** The text of a file as the run leaves it so far. */
  readonly read: (path: string) => string | undefined;
  /** The same, parsed. @throws CodegenError `SYNTAX_ERROR` */
  readonly module: (path: string) => Module | undefined;
  /** True for a file that is on disk or staged. */
  readonly has: (path: string) => boolean;
  /** What a folder holds, staged files included, in the order of names. */
  readonly entries: (folder: string) => readonly Entry[];
  /** What is on disk, whatever is staged for it. */
  readonly onDisk: (path: string) => string | undefined;
  /** A text as the module of a path; equal texts are parsed once. */
  readonly parse: Tree["parse"];
  /** What was loaded from a file on disk in another form than a module, once. */
  readonly remember: Tree["remember"];
  /** Takes the text that a file will have. Its own text lists it as one that is left alone. */
  readonly stage: (path: string, text: string) => void;
  /** Has a file go. One that is not on disk is forgotten. */
  readonly remove: (path: string) => void;
  /** Every staged file once, in the order of paths; `before` is what is on disk. */
  readonly changes: () => FileChange[];
  /** A workspace that begins with what is staged here, and keeps its own edits to itself. */
  readonly fork: () => Workspace;
  /** The same files, staged ones included, seen from another package: what either stages, both have. */
  readonly at: (project: Project) => Workspace;
};

/**
 * Opens the workspace of an app.
 *
 * @example
 * const ws = openWorkspace(project);
 * ws.stage(path, text);
 * writeChanges(ws.changes(), { root: project.root });
 */
export function openWorkspace(project: Project): Workspace {
  return over(openTree(), { project, staged: new Map(), removed: new Set() });
}

/** Stages a new file; one that is there is left alone. Modules are laid out in this style. */
export async function stageNew(
  ws: Workspace,
  {
    path,
    text,
    style,
  }: { readonly path: string; readonly text: string; readonly style: CodeStyle },
): Promise<void> {
  const existing = ws.read(path);
  if (existing !== undefined) return ws.stage(path, existing);
  const isModule = /\.[jt]sx?$/.test(path);
  const inStyle = text.replaceAll("\n", style.eol);
  ws.stage(path, isModule ? await printModule({ path, style, text }) : inStyle);
}

/** Stages the patch of a module that is there, over what was staged for it before. */
export async function stagePatch(
  ws: Workspace,
  path: string,
  change: (module: Module) => Patched | Promise<Patched>,
): Promise<void> {
  const module = ws.module(path);
  if (!module) throw new Error(`${path} was to be patched, and is not there.`);
  const { text = module.text } = await change(module);
  ws.stage(path, text);
}

/** The changes that are some: files left alone are none of them. */
export function realChanges(ws: Workspace): FileChange[] {
  return ws.changes().filter(({ before, after, isRemoved }) => isRemoved ?? before !== after);
}

// --- internal ---

/** `text` is undefined for a module that stays as it is. */
type Patched = { readonly text: string | undefined };

type Staged = {
  readonly project: Project;
  readonly staged: Map<string, string>;
  /** Files that are on disk, and go. None of them is staged. */
  readonly removed: Set<string>;
};

function over(tree: Tree, { project, staged, removed }: Staged): Workspace {
  const read = (path: string) =>
    staged.get(path) ?? (removed.has(path) ? undefined : tree.read(path));
  return {
    project,
    read,
    module(path) {
      const text = read(path);
      return text === undefined ? undefined : tree.parse(text, path);
    },
    has: (path) => staged.has(path) || (!removed.has(path) && tree.has(path)),
    entries(folder) {
      const left = tree.entries(folder).filter(({ path }) => !removed.has(path));
      return withStaged(left, folder, staged.keys());
    },
    onDisk: tree.read,
    parse: tree.parse,
    remember: tree.remember,
    stage(path, text) {
      removed.delete(path);
      staged.set(path, text);
    },
    remove(path) {
      staged.delete(path);
      if (tree.has(path)) removed.add(path);
    },
    changes() {
      const written = [...staged].map(([path, after]) => ({
        path,
        before: tree.read(path),
        after,
      }));
      const gone = [...removed].map((path): FileChange => {
        return { path, before: tree.read(path), after: "", isRemoved: true };
      });
      return [...written, ...gone].sort((a, b) => (a.path < b.path ? -1 : 1));
    },
    fork: () => over(tree, { project, staged: new Map(staged), removed: new Set(removed) }),
    at: (other) => over(tree, { project: other, staged, removed }),
  };
}

function withStaged(
  entries: readonly Entry[],
  folder: string,
  staged: Iterable<string>,
): readonly Entry[] {
  const all = new Map(entries.map((entry) => [entry.name, entry]));
  for (const path of staged) {
    if (!path.startsWith(folder + sep)) continue;
    const [name = "", ...below] = path.slice(folder.length + 1).split(sep);
    if (!all.has(name))
      all.set(name, { name, path: join(folder, name), isFolder: below.length > 0 });
  }
  return [...all.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}
