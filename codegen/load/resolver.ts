// Finds the file behind an import of the app: relative, path alias of a tsconfig, package, or kitcn itself.
// Reads the file system only to look; runs nothing.
import { isBuiltin } from "node:module";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Jiti } from "jiti";
import type { Workspace } from "../workspace/stage.js";
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

/** Opens a resolver for an app. */
export function createResolver({
  ws,
  jiti,
}: {
  readonly ws: Workspace;
  readonly jiti: Jiti;
}): Resolver {
  const { root } = ws.project;
  const targets = openTargets({ root, read: ws.read });
  return {
    targets,
    isKitcn: (path) => path.startsWith(join(kitcnRoot(), "/")) && !path.startsWith(root),
    resolve(specifier, importer) {
      if (isBuiltin(specifier)) return specifier;
      if (specifier === "kitcn" || specifier.startsWith("kitcn/")) return resolveKitcn(specifier);
      for (const target of targets(specifier, importer)) {
        const found = withExtension(target, ws.has);
        if (found !== undefined) return found;
      }
      if (isRelative(specifier)) return undefined;
      const parentURL = pathToFileURL(importer);
      const found = jiti.esmResolve(specifier, { parentURL, try: true });
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
