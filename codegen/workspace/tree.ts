// The disk as one run sees it: each file is read once, each text parsed once, each folder listed once.
// Reads only. What a run is about to write is stage.ts's business.
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { readTextFile } from "../disk/read-text.js";
import { parseModule, type Module } from "../edit/index.js";
import { timed } from "../terminal/timing.js";

/** What a folder holds under a name. */
export type Entry = { readonly name: string; readonly path: string; readonly isFolder: boolean };

export type Tree = {
  /**
   * The text of a file; undefined where there is no file.
   *
   * @throws CodegenError `UNREADABLE_FILE`
   */
  readonly read: (path: string) => string | undefined;
  /** True for a file, whether or not it can be read. */
  readonly has: (path: string) => boolean;
  /**
   * A text as the module of a path.
   *
   * @throws CodegenError `SYNTAX_ERROR`
   */
  readonly parse: (text: string, path: string) => Module;
  /** What was loaded from a file in another form than a module, once. */
  readonly remember: <V>(path: string, load: () => V) => V;
  /** What a folder holds, in the order of names; nothing where there is no folder. */
  readonly entries: (folder: string) => readonly Entry[];
};

/** Opens the disk. */
export function openTree(): Tree {
  const texts = new Map<string, string | undefined>();
  const files = new Map<string, boolean>();
  const modules = new Map<string, Module[]>();
  const folders = new Map<string, readonly Entry[]>();
  const others = new Map<string, unknown>();
  const has = (path: string) => remembered(files, path, isFile);
  const read = (path: string) =>
    remembered(texts, path, () => reading(() => (has(path) ? readTextFile(path) : undefined)));
  return {
    has,
    read,
    parse(text, path) {
      const known = remembered(modules, path, () => []);
      const found = known.find((one) => one.text === text);
      if (found) return found;
      const onDisk = read(path);
      const parsed = reading(() => parseModule(text, path));
      const module = onDisk === text ? parsed : { ...parsed, onDisk };
      known.push(module);
      return module;
    },
    // One path is loaded by one reader, in one form.
    remember: <V>(path: string, load: () => V) =>
      remembered(others, path, () => reading(load)) as V,
    entries: (folder) => remembered(folders, folder, () => reading(() => listFolder(folder))),
  };
}

// --- internal ---

function reading<V>(work: () => V): V {
  return timed("read and parse files", work);
}

function remembered<V>(known: Map<string, V>, path: string, load: (path: string) => V): V {
  const found = known.get(path);
  if (found !== undefined || known.has(path)) return found as V; // what was put in below
  const value = load(path);
  known.set(path, value);
  return value;
}

/** What cannot be looked at counts as a file: whoever reads it learns why. */
function isFile(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
  } catch {
    return true;
  }
}

function listFolder(folder: string): readonly Entry[] {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return [];
  return readdirSync(folder, { withFileTypes: true })
    .map((entry) => ({
      name: entry.name,
      path: join(folder, entry.name),
      isFolder: entry.isDirectory(),
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
