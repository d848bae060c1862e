// Modules with "use node": they run in the thread's own context, with Node's globals, and what they patch stays.
// Must not run anything else; that is isolate.ts.
import * as asyncHooks from "node:async_hooks";
import { createRequire } from "node:module";
import { posix } from "node:path";
import { scriptOf, type Exports, type Surroundings } from "./isolate.js";
import type { Run } from "./run.js";
import { storageOf } from "./run-storage.js";

export type Frame = { run: Run; own: Surroundings };
type Wrapper = (require: (specifier: string) => unknown, module: { exports: Exports }) => void;

/** Calls `work` as a run of Node's: its module is loaded afresh, with all it imports. */
export function runInNode<T>(frame: Frame, work: (load: (path: string) => Exports) => T): T {
  installOnce();
  const made = new Map<string, { exports: Exports }>();
  const load = (path: string): Exports => {
    const known = made.get(path);
    if (known) return known.exports;
    const source = frame.own.modules.get(path);
    if (!source) throw new Error(`Could not find module ${path}`);
    const module = { exports: {} as Exports };
    made.set(path, module);
    const wrapper = scriptOf(source).runInThisContext() as Wrapper; // see isolate.ts
    wrapper((specifier) => {
      if (!specifier.startsWith(".")) return builtinOf(specifier, frame.run);
      return load(posix.normalize(posix.join(posix.dirname(path), specifier)));
    }, module);
    return module.exports;
  };
  return frames.run(frame, () => work(load));
}

// --- internal ---

const frames = new asyncHooks.AsyncLocalStorage<Frame>();
const builtin = createRequire(import.meta.url);
let isInstalled = false;

function builtinOf(specifier: string, run: Run): Exports {
  const module = builtin(specifier) as Exports; // Node's own are objects or functions
  if (!/^(node:)?async_hooks$/.test(specifier)) return module;
  return { ...module, AsyncLocalStorage: storageOf(run) };
}

function installOnce(): void {
  if (isInstalled) return;
  isInstalled = true;
  const scope = globalThis as Record<string, unknown>;
  scope.Convex = {
    syscall: (op: string, args: string) =>
      JSON.stringify(frame().own.syscall(op, JSON.parse(args) as Record<string, unknown>)),
    asyncSyscall: (op: string, args: string) =>
      new Promise((resolve, reject) =>
        frame().run.ask(op, JSON.parse(args) as Record<string, unknown>, (answer) => {
          if ("value" in answer) return resolve(JSON.stringify(answer.value));
          const { message, data } = answer;
          reject(Object.assign(new Error(message), data === undefined ? {} : { data }));
        }),
      ),
  };
  const { env } = process;
  process.env = new Proxy(env, {
    get: (target, name) => {
      const current = frames.getStore();
      return current ? current.own.env.get(String(name)) : (Reflect.get(target, name) as string);
    },
  });
  const { console } = globalThis;
  scope.console = new Proxy(console, {
    get:
      (target, level: keyof Console) =>
      (...args: unknown[]) => {
        const current = frames.getStore();
        if (current) current.own.log(level, args.map(String).join(" "));
        else (target[level] as (...all: unknown[]) => void)(...args);
      },
  });
}

function frame(): Frame {
  const current = frames.getStore();
  if (!current) throw new Error("Convex functions can only be used while one of them runs.");
  return current;
}
