// Modules with "use node": they run in the thread's own context, with Node's globals, and what they patch stays.
// Must not run anything else; that is isolate.ts.
import * as asyncHooks from "node:async_hooks";
import { createRequire } from "node:module";
import { posix } from "node:path";
import { inspect } from "node:util";
import { createConsole, MAX_TEXT } from "./guest/console.js";
import { scriptOf, type Exports, type Surroundings } from "./isolate.js";
import type { Never, Run } from "./run.js";
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

/** Ends the run whose code threw what nobody caught. False for what is no run's. */
export function reportInNode(event: string, error: unknown): boolean {
  const current = frames.getStore();
  if (!current) return false;
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  current.run.onUnhandled(Object.assign(new Error(message), { name: event, stack }));
  return true;
}

/** Node tells what keeps a thread awake: a timer, a file, a socket. A port always does. */
export function neverInNode(name: string): Never {
  return {
    message: `Action \`${name}\` execution timed out (maximum duration 600s)`,
    isBusy: () => process.getActiveResourcesInfo().some((one) => !/Port$/.test(one)),
  };
}

// --- internal ---

const frames = new asyncHooks.AsyncLocalStorage<Frame>();
const consoles = new WeakMap<Run, ReturnType<typeof createConsole>>();
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
    get: (target, name: keyof Console) => {
      const current = frames.getStore();
      return (current && consoleOf(current)[name]) ?? target[name];
    },
  });
}

/** Timers of console.time() are the run's. */
function consoleOf(current: Frame): ReturnType<typeof createConsole> {
  const known = consoles.get(current.run);
  if (known) return known;
  const { log } = current.own;
  const show = (value: unknown) =>
    inspect(value, { maxStringLength: MAX_TEXT, customInspect: true });
  const now = () => Math.round(performance.now());
  const made = createConsole({ log, show, showLine: show, now });
  consoles.set(current.run, made);
  return made;
}

function frame(): Frame {
  const current = frames.getStore();
  if (!current) throw new Error("Convex functions can only be used while one of them runs.");
  return current;
}
