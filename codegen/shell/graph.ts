// The app's own modules that can be reached from where it starts. Reads; parses; changes nothing.
import { dirname, join, resolve } from "node:path";
import { specifiersOf, type Module } from "../edit/index.js";
import { aliasTargets, readTsconfig, type Tsconfig } from "../load/tsconfig.js";
import type { ModuleReader } from "../merge/scope.js";
import type { Project } from "../types.js";
import type { Workspace } from "../workspace/stage.js";

/**
 * Every module of the app that these files import, themselves first, in the order of their distance. Follows
 * relative imports, path aliases and `imports` of package.json; not packages, not the functions directory.
 *
 * @throws CodegenError `SYNTAX_ERROR`
 */
export function reachableModules(ws: Workspace, entries: readonly string[]): Module[] {
  const resolveImport = createImportResolver(ws);
  const modules: Module[] = [];
  const seen = new Set<string>(entries);
  const queue = [...entries];
  for (let path = queue.shift(); path !== undefined; path = queue.shift()) {
    const module = ws.module(path);
    if (!module) continue;
    modules.push(module);
    for (const specifier of specifiersOf(module)) {
      const found = resolveImport(specifier, path);
      if (found === undefined || seen.has(found)) continue;
      seen.add(found);
      queue.push(found);
    }
  }
  return modules;
}

/** Gives the modules of the app behind imports. */
export function createModuleReader(ws: Workspace): ModuleReader {
  const resolveImport = createImportResolver(ws);
  return (specifier, importer) => {
    const path = resolveImport(specifier, importer.path);
    return path === undefined ? undefined : ws.module(path);
  };
}

// --- internal ---

const EXTENSIONS = [".tsx", ".ts", ".jsx", ".js", ".mts", ".mjs"];

function createImportResolver(ws: Workspace) {
  const { project } = ws;
  const configs = tsconfigsOf(ws);
  const isOutside = (path: string) =>
    /[\\/]node_modules[\\/]/.test(path) || path.startsWith(join(project.functionsDir, "/"));
  return (specifier: string, importer: string): string | undefined => {
    const targets = /^\.{1,2}(\/|$)/.test(specifier)
      ? [resolve(dirname(importer), specifier)]
      : [
          ...configs.flatMap((config) => aliasTargets(specifier, config)),
          ...aliasTargets(specifier, { paths: packageImports(project) }),
        ];
    return targets.flatMap(candidates).find((path) => !isOutside(path) && ws.has(path));
  };
}

/** Bundled apps split theirs: tsconfig.json refers to tsconfig.app.json, which has the aliases. */
function tsconfigsOf({ project: { root }, read }: Workspace): Tsconfig[] {
  const names = ["tsconfig.json", "tsconfig.app.json", "jsconfig.json"];
  return names.flatMap((name) => readTsconfig(join(root, name), read) ?? []);
}

/** `"imports": { "#/*": "./src/*" }`, as path aliases. */
function packageImports({ root, packageJson }: Project): Record<string, string[]> {
  const { imports } = packageJson;
  if (typeof imports !== "object" || imports === null) return {};
  return Object.fromEntries(
    Object.entries(imports).flatMap(([pattern, target]): [string, string[]][] =>
      typeof target === "string" ? [[pattern, [resolve(root, target)]]] : [],
    ),
  );
}

function candidates(base: string): string[] {
  const typed = base.replace(/\.([cm]?)js(x?)$/, ".$1ts$2");
  const plain = [base, typed, ...EXTENSIONS.map((extension) => base + extension)];
  const index = EXTENSIONS.map((extension) => join(base, `index${extension}`));
  return [...plain, ...index].filter((path) => /\.[cm]?[jt]sx?$/.test(path));
}
