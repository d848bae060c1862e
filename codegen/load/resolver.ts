// Finds the file behind an import of the app: relative, path alias of a tsconfig, package, or kitcn itself.
// Reads the file system only to look; runs nothing.
import { existsSync, statSync } from "node:fs";
import { isBuiltin } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { createJiti as CreateJiti, Jiti } from "jiti";
import { kitcnRoot, resolveKitcn } from "./kitcn-package.js";

export type Resolver = {
  /** An absolute path, or the name of a Node builtin; undefined when there is no such module. */
  readonly resolve: (specifier: string, importer: string) => string | undefined;
  /** True for built files of this package. */
  readonly isKitcn: (path: string) => boolean;
};

/** Opens a resolver for an app; `files` exist although they are not on disk yet. */
export function createResolver(input: {
  readonly root: string;
  readonly files: ReadonlyMap<string, string>;
  readonly createJiti: typeof CreateJiti;
}): Resolver {
  const resolvers = new Map<string | false, Jiti>();
  const resolverFor = (tsconfigPaths: string | false): Jiti => {
    const known = resolvers.get(tsconfigPaths);
    if (known) return known;
    const options = { fsCache: false, tsconfigPaths };
    const jiti = input.createJiti(join(input.root, "_kitcn.js"), options);
    resolvers.set(tsconfigPaths, jiti);
    return jiti;
  };
  const exists = (path: string) => input.files.has(path) || isFile(path);

  return {
    isKitcn: (path) => path.startsWith(join(kitcnRoot(), "dist")),
    resolve(specifier, importer) {
      if (isBuiltin(specifier)) return specifier;
      if (specifier === "kitcn" || specifier.startsWith("kitcn/")) return resolveKitcn(specifier);
      if (/^\.{1,2}(\/|$)/.test(specifier) || specifier.startsWith("/"))
        return withExtension(resolve(dirname(importer), specifier), exists);
      const parentURL = pathToFileURL(importer);
      // Packages first: most imports are; then the aliases of each tsconfig, nearest first, as bundlers do.
      for (const tsconfig of [false as const, ...tsconfigsAbove(importer, input.root)]) {
        const found = resolverFor(tsconfig).esmResolve(specifier, { parentURL, try: true });
        if (found !== undefined) return found.startsWith("file:") ? fileURLToPath(found) : found;
      }
      return undefined;
    },
  };
}

// --- internal ---

const EXTENSIONS = [".ts", ".tsx", ".mts", ".js", ".jsx", ".mjs", ".cjs", ".cts", ".json"];

function withExtension(path: string, exists: (path: string) => boolean): string | undefined {
  // TypeScript spells imports with the extension of the output.
  const typed = path.replace(/\.([cm]?)js(x?)$/, ".$1ts$2");
  const candidates = [
    path,
    ...(typed === path ? [] : [typed]),
    ...EXTENSIONS.map((extension) => path + extension),
    ...EXTENSIONS.map((extension) => join(path, `index${extension}`)),
  ];
  return candidates.find(exists);
}

function isFile(path: string): boolean {
  return existsSync(path) && statSync(path).isFile();
}

/** tsconfig.json files from the importer's folder up to the app's root. */
function tsconfigsAbove(importer: string, root: string): string[] {
  const found: string[] = [];
  for (let folder = dirname(importer); ; folder = dirname(folder)) {
    for (const name of ["tsconfig.json", "jsconfig.json"])
      if (existsSync(join(folder, name))) found.push(join(folder, name));
    if (folder === root || dirname(folder) === folder) return found;
  }
}
