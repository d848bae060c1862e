// Finds the module of the app behind an import: by path, by an alias of a tsconfig, by `imports` of package.json,
// or in a package of the workspace. Every step of codegen asks here. Looks; parses only what a reader gives.
import { resolveModulePath } from "exsolve";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { resolveImports } from "resolve-pkg-maps";
import type { Module } from "../edit/index.js";
import type { Workspace } from "../workspace/stage.js";
import { readTsconfig } from "./tsconfig.js";

/** Gives the module behind an import; undefined for packages and what is not there. */
export type ModuleReader = (specifier: string, importer: Module) => Module | undefined;

/** True for imports by path. */
export function isRelative(specifier: string): boolean {
  return /^\.{1,2}(\/|$)/.test(specifier) || specifier.startsWith("/");
}

/** Absolute paths of the app that an import names, whether or not anything is there; without extensions added. */
export function targetsOf(ws: Workspace, specifier: string, importer: string): readonly string[] {
  if (isRelative(specifier)) return [resolve(dirname(importer), specifier)];
  if (specifier.startsWith("#")) {
    const mapped = packageTargets(ws, specifier, importer);
    if (mapped.length > 0) return mapped;
  }
  // Every tsconfig up to the root, nearest first: bundlers agree on no single one.
  return foldersAbove(importer, ws.project.root).flatMap((folder) =>
    TSCONFIGS.flatMap((name) => readTsconfig(ws, join(folder, name))?.aliases(specifier) ?? []),
  );
}

/** The file of the app behind an import; undefined for packages and what is not there. */
export function resolveInApp(
  ws: Workspace,
  specifier: string,
  importer: string,
): string | undefined {
  const found = targetsOf(ws, specifier, importer)
    .flatMap(candidatesOf)
    .find((path) => ws.has(path));
  if (found !== undefined || isRelative(specifier) || OURS.test(specifier)) return found;
  const path = resolvePackage(ws, specifier, importer, BUNDLED);
  return path !== undefined && isAbsolute(path) && !isInstalled(path) ? path : undefined;
}

/** The file behind an import of a package, as Node finds it; built-in modules keep their names. */
export function resolvePackage(
  ws: Workspace,
  specifier: string,
  importer: string,
  conditions: readonly string[] = ["node", "import"],
): string | undefined {
  const question = [dirname(importer), specifier, ...conditions].join(" ");
  return ws.remember(question, () =>
    withoutWarnings(() =>
      resolveModulePath(specifier, {
        from: importer,
        conditions: [...conditions],
        extensions: EXTENSIONS,
        suffixes: ["", "/index"],
        cache: false,
        try: true,
      }),
    ),
  );
}

/**
 * Gives the modules behind imports, as they are staged. Not those of packages.
 *
 * @param input.except a folder whose modules are left out
 */
export function openModules(
  ws: Workspace,
  { except }: { readonly except?: string } = {},
): ModuleReader {
  const isOutside = (path: string) =>
    isInstalled(path) || (except !== undefined && path.startsWith(join(except, "/")));
  return (specifier, importer) => {
    const path = resolveInApp(ws, specifier, importer.path);
    if (path === undefined || !MODULE.test(path) || isOutside(path)) return undefined;
    return ws.module(path);
  };
}

// --- internal ---

/** The resolver warns as Node does about packages with an old form of `main`. They are not the app's to change. */
function withoutWarnings<T>(run: () => T): T {
  const before = process.noDeprecation;
  process.noDeprecation = true;
  try {
    return run();
  } finally {
    process.noDeprecation = before;
  }
}

const MODULE = /\.[cm]?[jt]sx?$/;

const EXTENSIONS = [".ts", ".tsx", ".mts", ".js", ".jsx", ".mjs", ".cjs", ".cts", ".json"];

/** Bundled apps split theirs: tsconfig.json refers to tsconfig.app.json, which has the aliases. */
const TSCONFIGS = ["tsconfig.json", "tsconfig.app.json", "jsconfig.json"];

/** What the bundler of Convex asks packages for. */
const BUNDLED = ["convex", "module", "import", "node"];

/** This package is a package wherever it lies. */
const OURS = /^kitcn(\/|$)/;

function isInstalled(path: string): boolean {
  return /[\\/]node_modules[\\/]/.test(path);
}

/** TypeScript spells imports with the extension of the output. */
function candidatesOf(path: string): string[] {
  const typed = path.replace(/\.([cm]?)js(x?)$/, ".$1ts$2");
  return [
    path,
    ...(typed === path ? [] : [typed]),
    ...EXTENSIONS.map((extension) => path + extension),
    ...EXTENSIONS.map((extension) => join(path, `index${extension}`)),
  ];
}

/** `"imports": { "#lib/*": "./src/lib/*" }` of the nearest package.json. */
function packageTargets(ws: Workspace, specifier: string, importer: string): string[] {
  const folder = foldersAbove(importer, "").find((one) => ws.has(join(one, "package.json")));
  if (folder === undefined) return [];
  const path = join(folder, "package.json");
  const imports = ws.remember(path, () => importsOf(ws.read(path) ?? "{}"));
  const found = imports && resolveImports(imports, specifier, BUNDLED);
  return (found ?? []).filter(isRelative).map((target) => join(folder, target));
}

type Imports = Parameters<typeof resolveImports>[0];

function importsOf(text: string): Imports | undefined {
  try {
    const json: unknown = JSON.parse(text.replace(/^\uFEFF/, ""));
    const hasImports = typeof json === "object" && json !== null && "imports" in json;
    // Node refuses what the library does not know; here nothing is found then.
    return hasImports && typeof json.imports === "object" ? (json.imports as Imports) : undefined;
  } catch {
    // loadProject tells of the app's own; another package's is its author's.
    return undefined;
  }
}

/** Folders from the importer's up to the last one. */
function foldersAbove(importer: string, last: string): string[] {
  const folders: string[] = [];
  for (let folder = dirname(importer); ; folder = dirname(folder)) {
    folders.push(folder);
    if (folder === last || dirname(folder) === folder) return folders;
  }
}
