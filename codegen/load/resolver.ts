// Finds the file behind an import of the app: relative, path alias of a tsconfig, package, or kitcn itself.
// Reads the file system only to look; runs nothing.
import { existsSync, readFileSync, statSync } from "node:fs";
import { isBuiltin } from "node:module";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Jiti } from "jiti";
import { isRelative, openTargets, type Targets } from "./aliases.js";
import { kitcnRoot, resolveKitcn } from "./kitcn-package.js";

export type Resolver = {
  /** An absolute path, or the name of a Node builtin; undefined when there is no such module. */
  readonly resolve: (specifier: string, importer: string) => string | undefined;
  /** Paths of the app that the specifier names, whether or not anything is there. */
  readonly targets: Targets;
  /** True for files of this package. */
  readonly isKitcn: (path: string) => boolean;
};

/** Opens a resolver for an app; `files` exist although they are not on disk yet. */
export function createResolver(input: {
  readonly root: string;
  readonly files: ReadonlyMap<string, string>;
  readonly jiti: Jiti;
}): Resolver {
  const exists = (path: string) => input.files.has(path) || isFile(path);
  const targets = openTargets({ root: input.root, read: readText });
  return {
    targets,
    isKitcn: (path) => path.startsWith(join(kitcnRoot(), "/")) && !path.startsWith(input.root),
    resolve(specifier, importer) {
      if (isBuiltin(specifier)) return specifier;
      if (specifier === "kitcn" || specifier.startsWith("kitcn/")) return resolveKitcn(specifier);
      for (const target of targets(specifier, importer)) {
        const found = withExtension(target, exists);
        if (found !== undefined) return found;
      }
      if (isRelative(specifier)) return undefined;
      const parentURL = pathToFileURL(importer);
      const found = input.jiti.esmResolve(specifier, { parentURL, try: true });
      return found?.startsWith("file:") ? fileURLToPath(found) : found;
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

function readText(path: string): string | undefined {
  return isFile(path) ? readFileSync(path, "utf8") : undefined;
}
