// Turns the modules of a push into scripts that any number of contexts can run: imports become calls of `require`,
// exports become getters. Must not evaluate anything.
import { transform, type Message } from "esbuild";
import { BadRequest } from "./environment.js";
import type { ModuleSource } from "./isolate.js";

/** The same modules with scripts for sources. Each text is translated once for a process, and is the same string then. */
export function prepare(modules: readonly ModuleSource[]): Promise<ModuleSource[]> {
  return Promise.all(modules.map(prepareOne));
}

// --- internal ---

/** By environment and text. To look a long text up takes less than to hash it: V8 compares those of its length. */
const prepared = new Map<string, Map<string, Promise<string>>>();
const KEPT = 5_000;

/** What CommonJS has and ES modules have not: such a name of the app's is nothing global. */
const ABSENT = {
  require: "__absent_require",
  module: "__absent_module",
  exports: "__absent_exports",
};

async function prepareOne({ path, source, environment }: ModuleSource): Promise<ModuleSource> {
  const known = prepared.get(environment) ?? new Map<string, Promise<string>>();
  prepared.set(environment, known);
  const work = known.get(source) ?? translate(path, { source, environment });
  known.set(source, work);
  if (known.size > KEPT) known.clear();
  return { path, environment, source: await work };
}

async function translate(
  path: string,
  { source, environment }: { source: string; environment: string },
): Promise<string> {
  const isNode = environment === "node";
  try {
    const { code } = await transform(source, {
      ...{ sourcefile: path, loader: "js", format: "cjs", target: "esnext", logLevel: "silent" },
      define: isNode ? {} : { ...ABSENT, "import.meta": "__import_meta" },
      supported: { "dynamic-import": false },
    });
    return withPlainImports(code);
  } catch (error) {
    const [first] = (error as { errors: Message[] }).errors; // esbuild throws nothing else
    const text = first?.text ?? String(error);
    throw new BadRequest(
      "InvalidModules",
      text.includes("Top-level await")
        ? `Top-level awaits in source files are unsupported (${path})`
        : `Failed to analyze ${path}: ${text}`,
    );
  }
}

/**
 * With esbuild's helpers, what a module imports is a getter over a getter of an object that V8 keeps as a hash table,
 * so that hashing a password took ten times what it takes with ES modules. Here each getter is copied as it is, and
 * each module's exports have a prototype of their own: V8 gives up on objects that have one shape but other getters.
 * A namespace is what the module exports and no copy of it, so all imports of a module get the same one.
 */
function withPlainImports(code: string): string {
  return code
    .replace(
      "{ get: () => from[key], enumerable: !(desc = __getOwnPropDesc(from, key)) || desc.enumerable }",
      "__getOwnPropDesc(from, key)",
    )
    .replace(
      "(mod, isNodeMode, target) => (",
      "(mod, isNodeMode, target) => mod?.__esModule ? mod : (",
    )
    .replace(
      '(mod) => __copyProps(__defProp({}, "__esModule"',
      '(mod) => __copyProps(__defProp(Object.create({}), "__esModule"',
    );
}
