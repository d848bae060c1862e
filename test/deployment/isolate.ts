// Gives each run its own context, with the globals of Convex's runtime, and loads pushed modules in it.
// Must not know syscalls or messages: a run asks, see run.ts.
//
// Why contexts: a context costs 0.3 ms to make, and evaluating all modules of an app that uses Better Auth costs
// 28 ms of CPU time in one, 22 ms in a fresh module graph of the thread's own context. For those 6 ms nothing that
// a run patches can reach another one, also not one that runs at the same time in an action.
// Why scripts, not `vm.SourceTextModule`: Node 20 never frees such modules, and with 256 MiB a thread was out of
// memory after 100 runs. A script is compiled once for a thread and run in any number of contexts.
import { readFileSync } from "node:fs";
import vm from "node:vm";
import { hasCollect } from "./garbage.js";
import type { Host, Wrapper } from "./guest/host.js";
import type { Run } from "./run.js";
import { createHost } from "./realm-host.js";

export type FunctionKind =
  "query" | "mutation" | "action" | "httpAction" | "import" | "auth.config";

export type ModuleSource = { path: string; source: string; environment: string };
export type ModuleSet = ReadonlyMap<string, ModuleSource>;
export type Exports = Record<string, unknown>;

/** Before the path of a module in what Node tells of it. */
export const NODE_SCHEME = "convex:/user/";

/** What a run is given from outside. */
export type Surroundings = {
  readonly modules: ModuleSet;
  readonly env: ReadonlyMap<string, string>;
  /** In ms: what the clock says while modules are loaded, and from then on for queries and mutations. */
  readonly importedAt: number;
  readonly startedAt: number;
  readonly importSeed: number;
  readonly log: (level: string, text: string) => void;
  readonly syscall: (op: string, args: Record<string, unknown>) => unknown;
  /** Exports of what is not pushed, by specifier. */
  readonly virtual?: (specifier: string) => Exports | undefined;
};

export type Realm = {
  readonly load: (path: string) => Exports;
  readonly serve: Guest["serve"];
};

type Guest = {
  install: (host: Host) => void;
  load: (path: string) => Exports;
  serve: (
    router: unknown,
    input: { url: string; method: string; pairs: [string, string][]; route: string },
    body: Uint8Array | null,
  ) => Promise<{ status: number; pairs: [string, string][]; body: Uint8Array } | undefined>;
};

/** A fresh context for a run. */
export function createRealm(run: Run, surroundings: Surroundings): Realm {
  const context = freshContext();
  const { Promise: OwnPromise } = vm.runInContext("({ Promise })", context) as typeof globalThis;
  const evaluate = (script: vm.Script): Exports => {
    const module = { exports: {} as Exports };
    (script.runInContext(context) as Wrapper).call(undefined, refuse, module);
    return module.exports;
  };
  const guest = evaluate(runtimeScript("guest")) as unknown as Guest; // built from guest/main.ts
  let streams: Exports | undefined;
  guest.install(
    createHost(run, {
      ...surroundings,
      compile: (path) => {
        const module = surroundings.modules.get(path);
        return module && (scriptOf(module).runInContext(context) as Wrapper);
      },
      streams: () => (streams ??= evaluate(runtimeScript("streams"))) as never, // guest/streams.ts
    }),
  );
  realms.set(run, OwnPromise);
  run.onEnd(() => realms.delete(run));
  return guest;
}

/** Tells the run, if it still goes on, that nobody handles this rejection. */
export function reportRejection(reason: unknown, promise: Promise<unknown>): boolean {
  for (const [run, OwnPromise] of realms) {
    if (!(promise instanceof OwnPromise)) continue;
    run.onUnhandled(reason);
    return true;
  }
  return false;
}

/** The wrapper of a module, compiled once for a thread. */
export function scriptOf(module: ModuleSource): vm.Script {
  const known = scripts.get(module);
  if (known) return known;
  const isNode = module.environment === "node";
  const script = wrap(module.source, isNode ? `${NODE_SCHEME}${module.path}` : module.path);
  scripts.set(module, script);
  return script;
}

// --- internal ---

/** Convex makes no code of text: neither by `eval` nor by `Function`. WebAssembly is compiled. */
const NO_EVAL = { codeGeneration: { strings: false, wasm: true } };

function freshContext(): vm.Context {
  for (;;) {
    const context = vm.createContext(vm.constants.DONT_CONTEXTIFY, NO_EVAL);
    if (!hasCollect(context)) return context;
  }
}

/** Of the runs that go on: whose a promise is shows by its class. */
const realms = new Map<Run, PromiseConstructor>();
const scripts = new WeakMap<ModuleSource, vm.Script>();
const runtimeScripts = new Map<string, vm.Script>();

function wrap(source: string, filename: string): vm.Script {
  return new vm.Script(`(function (require, module) {"use strict"; ${source}\n})`, { filename });
}

/** Built beside this file, see index.ts. */
function runtimeScript(name: "guest" | "streams"): vm.Script {
  const known = runtimeScripts.get(name);
  if (known) return known;
  const source = readFileSync(new URL(`./${name}.mjs`, import.meta.url), "utf8");
  const script = wrap(source, `runtime:${name}`);
  runtimeScripts.set(name, script);
  return script;
}

function refuse(specifier: string): never {
  throw new Error(`The runtime imports nothing, not ${specifier}.`);
}
