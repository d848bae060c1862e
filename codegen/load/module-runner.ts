// Runs the app's own modules in memory: transpiles with jiti, links by itself, so that each module runs once
// and nothing is written into the app. Packages are imported by Node as they are.
import { existsSync } from "node:fs";
import { createRequire, isBuiltin } from "node:module";
import { homedir } from "node:os";
import { dirname, extname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { runInThisContext } from "node:vm";
import type * as JitiPackage from "jiti";
import type { Jiti } from "jiti";
import type { Module } from "../edit/index.js";
import type { Workspace } from "../workspace/stage.js";
import { timed } from "../terminal/timing.js";
import { targetsOf } from "../modules/resolve.js";
import { isOfKitcn, resolveToRun } from "./resolver.js";
import { moduleNotFound } from "./import-failures.js";

/** What a runner needs. */
export type RunnerInput = {
  readonly ws: Workspace;
  /** The stand-in for an import, asked first; `targets` are the paths of the app that it names. */
  readonly virtual: (specifier: string, targets: readonly string[]) => object | undefined;
  /** Called with every module of the app before it runs. */
  readonly onModule: (module: Module) => void;
};

export type Runner = {
  /** Runs a module (once) and returns its exports. */
  readonly run: (path: string) => Promise<Record<string, unknown>>;
  /** The parsed modules of the app that were run, by path. */
  readonly modules: ReadonlyMap<string, Module>;
  /** What ran for a module of the app: its transpiled text, as stack traces count its lines and columns. */
  readonly codeOf: (path: string) => string | undefined;
  /** What a module's imports of packages got, by specifier. */
  readonly packagesOf: (path: string) => ReadonlyMap<string, object>;
  /** The imports that failed with this error, innermost first. */
  readonly failedImports: (error: unknown) => readonly FailedImport[];
};

/** An import in a module of the app. */
export type FailedImport = { readonly importer: string; readonly specifier: string };

/** Opens a runner. */
export async function createRunner(input: RunnerInput): Promise<Runner> {
  // Required, since it is CommonJS: an `import` reads all of it for names of exports first. Its own types.
  const { createJiti } = createRequire(import.meta.url)("jiti") as typeof JitiPackage;
  // The cache of transpiled text lies in the user's cache folder, never in the app.
  const jiti = createJiti(join(input.ws.project.root, "_kitcn.js"), { fsCache: cacheFolder() });
  const records = new Map<string, Running>();
  const modules = new Map<string, Module>();
  const failed: (FailedImport & { readonly error: unknown })[] = [];

  const importFrom = async (specifier: string, importer: Running): Promise<unknown> => {
    try {
      return await load(specifier, importer);
    } catch (error) {
      failed.push({ importer: importer.module.path, specifier, error });
      throw error;
    }
  };

  const load = async (specifier: string, importer: Running): Promise<unknown> => {
    const targets = targetsOf(input.ws, specifier, importer.module.path);
    const stand = input.virtual(specifier, targets);
    if (stand) return stand;
    const path = resolveToRun(input.ws, specifier, importer.module.path);
    if (path === undefined) throw moduleNotFound(specifier, importer.module);
    const data = DATA[extname(path)]?.(textOf(input.ws, path));
    if (data !== undefined) return dataModule(data);
    if (isOwn(input.ws, path)) return run(path, importer);
    const exported = await importNative(path);
    importer.packages.set(specifier, exported);
    return exported;
  };

  const run = async (path: string, importer?: Running): Promise<Record<string, unknown>> => {
    let record = records.get(path);
    if (!record) {
      const module = input.ws.parse(textOf(input.ws, path), path);
      record = { module, code: "", exports: {}, packages: new Map(), waitsFor: new Set() };
      records.set(path, record);
      if (!isOfKitcn(input.ws, path)) {
        modules.set(path, record.module);
        input.onModule(record.module);
      }
      record.code = wrap(transpile(jiti, module));
      record.done = evaluate({ code: record.code, record, importFrom });
    }
    // In a cycle the importer gets what is exported so far, as ES modules do.
    if (importer && waits(record, importer)) return record.exports;
    importer?.waitsFor.add(record);
    await record.done;
    importer?.waitsFor.delete(record);
    return record.exports;
  };

  return {
    run: (path) => run(path),
    modules,
    codeOf: (path) => records.get(path)?.code,
    packagesOf: (path) => records.get(path)?.packages ?? new Map(),
    failedImports: (error) => failed.filter((one) => one.error === error),
  };
}

// --- internal ---

/** A module that was started. */
type Running = {
  readonly module: Module;
  /** What Node runs for it. */
  code: string;
  readonly exports: Record<string, unknown>;
  readonly packages: Map<string, object>;
  /** What its imports are waiting for now. */
  readonly waitsFor: Set<Running>;
  done?: Promise<void>;
};

function textOf({ read }: Workspace, path: string): string {
  const text = read(path);
  if (text === undefined) throw new Error(`${path} was not found.`);
  return text;
}

function waits(record: Running, target: Running): boolean {
  return record === target || [...record.waitsFor].some((one) => waits(one, target));
}

function transpile(jiti: Jiti, module: Module): string {
  return jiti.transform({
    source: module.text,
    filename: module.path,
    async: true,
    ts: /\.[cm]?tsx?$/.test(module.path),
    jsx: /x$/.test(module.path) && { runtime: "automatic" },
  });
}

/** The wrapper shares the module's first line, which keeps line numbers true in stack traces. */
function wrap(code: string): string {
  const names = "exports, require, module, __filename, __dirname, jitiImport, jitiESMResolve";
  return `(async function (${names}) {${code}\n})`;
}

async function evaluate(input: {
  readonly code: string;
  readonly record: Running;
  readonly importFrom: (specifier: string, importer: Running) => Promise<unknown>;
}): Promise<void> {
  const { code, record, importFrom } = input;
  const { path } = record.module;
  const body: unknown = runInThisContext(code, { filename: path });
  if (typeof body !== "function") throw new TypeError("The wrapper of a module is a function.");
  const link = (specifier: string) => importFrom(specifier, record);
  const require = createRequire(path);
  const module = { exports: record.exports as unknown };
  await body(record.exports, require, module, path, dirname(path), link);
  if (module.exports !== record.exports) adopt(module.exports, record.exports);
}

/** CommonJS: what `module.exports` became is the default, and its properties are the names. */
function adopt(value: unknown, exports: Record<string, unknown>): void {
  const hasNames = (typeof value === "object" && value !== null) || typeof value === "function";
  Object.assign(exports, { default: value }, hasNames ? value : {}, { __esModule: true });
}

/** Files without code, as Convex's bundler reads them. */
const DATA: Readonly<Record<string, (text: string) => unknown>> = {
  ".json": (text) => JSON.parse(text) as unknown,
  ".txt": (text) => text,
};

/** The members of an object are names, too. */
function dataModule(value: unknown): object {
  const names = typeof value === "object" && value !== null ? value : {};
  return { ...names, __esModule: true, default: value };
}

function isOwn(ws: Workspace, path: string): boolean {
  if (isBuiltin(path)) return false;
  if (/\.[cm]?tsx?$/.test(path)) return true;
  // A package of ours that is built, and packages of others, are Node's to import.
  return !/[\\/]node_modules[\\/]/.test(path) && !isOfKitcn(ws, path);
}

/** A package's namespace as transpiled code expects it: marked as ES module, CommonJS defaults unwrapped. */
async function importNative(path: string): Promise<object> {
  const url = isBuiltin(path) ? path : pathToFileURL(path).href;
  const namespace: Record<string, unknown> = await timed("import packages", () => import(url));
  const inner = namespace.default;
  const isCommonJs =
    typeof inner === "object" && inner !== null && "__esModule" in inner && "default" in inner;
  // Node finds only the names that a CommonJS text spells out; bundlers look them up when they are used.
  return Object.assign(
    Object.create(commonJsExports(path) ?? null) as object, // Object.create is typed as any
    namespace,
    isCommonJs && { default: inner.default },
    { __esModule: true },
  );
}

function commonJsExports(path: string): object | undefined {
  if (isBuiltin(path)) return undefined;
  const exported: unknown = createRequire(path).cache[path]?.exports;
  const hasNames =
    (typeof exported === "object" && exported !== null) || typeof exported === "function";
  return hasNames ? exported : undefined;
}

/** In the user's own cache folder: nobody else can put code there. No cache where there is no home. */
function cacheFolder(): string | false {
  const home = process.env.XDG_CACHE_HOME || homedir();
  if (!existsSync(home)) return false;
  const base = process.env.XDG_CACHE_HOME ? home : join(home, ".cache");
  return join(base, "kitcn", "transpiled");
}
