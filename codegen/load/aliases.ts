// Which paths of the app an import names: through its folder, or an alias of a tsconfig above the importer.
// Looks at no file but tsconfigs: whether anything is there is the caller's question.
import { dirname, join, resolve } from "node:path";
import { aliasTargets, readTsconfig, type TextReader, type Tsconfig } from "./tsconfig.js";

export type Targets = (specifier: string, importer: string) => readonly string[];

/** Opens the aliases of an app; each tsconfig is read once. */
export function openTargets({ root, read }: { root: string; read: TextReader }): Targets {
  const configs = new Map<string, Tsconfig | undefined>();
  const configAt = (path: string): Tsconfig | undefined => {
    if (!configs.has(path)) configs.set(path, readTsconfig(path, read));
    return configs.get(path);
  };
  return (specifier, importer) => {
    if (isRelative(specifier)) return [resolve(dirname(importer), specifier)];
    // Every tsconfig up to the root, nearest first: bundlers agree on no single one.
    return foldersAbove(importer, root).flatMap((folder) =>
      ["tsconfig.json", "jsconfig.json"].flatMap((name) => {
        const config = configAt(join(folder, name));
        return config ? aliasTargets(specifier, config) : [];
      }),
    );
  };
}

/** True for imports by path. */
export function isRelative(specifier: string): boolean {
  return /^\.{1,2}(\/|$)/.test(specifier) || specifier.startsWith("/");
}

// --- internal ---

/** Folders from the importer's up to the app's root. */
function foldersAbove(importer: string, root: string): string[] {
  const folders: string[] = [];
  for (let folder = dirname(importer); ; folder = dirname(folder)) {
    folders.push(folder);
    if (folder === root || dirname(folder) === folder) return folders;
  }
}
