// Where this package itself lies, so that an app that has not linked it yet can still be loaded.
// Reads package.json and the templates only.
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Folder of kitcn's own package.json. */
export function kitcnRoot(): string {
  return (cached ??= findRoot(dirname(fileURLToPath(import.meta.url)))).root;
}

/** The text of a file below the package's templates/. */
export function readTemplate(path: string): string {
  return readFileSync(join(kitcnRoot(), "templates", path), "utf8");
}

/**
 * The file behind `kitcn/auth` and the like; the TypeScript source where this package is run unbuilt.
 * Undefined for a subpath the package does not export.
 */
export function resolveKitcn(specifier: string): string | undefined {
  cached ??= findRoot(dirname(fileURLToPath(import.meta.url)));
  const target = cached.exports[`.${specifier.slice("kitcn".length)}`];
  const file = typeof target === "string" ? target : target?.default;
  if (file === undefined) return undefined;
  const built = join(cached.root, file);
  const source = join(cached.root, file.replace(/^\.\/dist\//, "./").replace(/\.js$/, ".ts"));
  const runsBuilt = fileURLToPath(import.meta.url).startsWith(join(cached.root, "dist"));
  return runsBuilt || !existsSync(source) ? built : source;
}

// --- internal ---

type OwnPackage = {
  readonly root: string;
  readonly exports: Readonly<Record<string, string | { readonly default?: string } | undefined>>;
};

let cached: OwnPackage | undefined;

function findRoot(from: string): OwnPackage {
  for (let folder = from; ; folder = dirname(folder)) {
    const path = join(folder, "package.json");
    if (existsSync(path)) {
      // Our own package.json; its shape is ours to know.
      const json = JSON.parse(readFileSync(path, "utf8")) as {
        name?: string;
        exports?: OwnPackage["exports"];
      };
      if (json.name === "kitcn") return { root: folder, exports: json.exports ?? {} };
    }
    if (dirname(folder) === folder) throw new Error("kitcn's own package.json was not found.");
  }
}
