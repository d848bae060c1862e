// Loads pushed modules and gives them the globals that Convex's runtime has, by the kind of function running.
// A thread runs nothing but such code: the globals below are replaced for good.
import { AsyncLocalStorage } from "node:async_hooks";
import { randomBytes, webcrypto } from "node:crypto";
import { posix } from "node:path";
import vm from "node:vm";

export type FunctionKind =
  "query" | "mutation" | "action" | "httpAction" | "import" | "auth.config";

/** What the code that runs now belongs to. */
export type Frame = {
  readonly kind: FunctionKind;
  readonly env: ReadonlyMap<string, string>;
  readonly seed: { now: number; random: () => number };
  readonly log: (level: string, text: string) => void;
  readonly syscall: (op: string, args: Record<string, unknown>) => unknown;
  readonly asyncSyscall: (op: string, args: Record<string, unknown>) => Promise<unknown>;
};

export const frames = new AsyncLocalStorage<Frame>();

export type ModuleSource = { path: string; source: string; environment: string };
export type ModuleSet = ReadonlyMap<string, ModuleSource>;
export type Loader = { load: (path: string) => Promise<Record<string, unknown>> };

/** A loader over one package of pushed modules; each is evaluated once. */
export function createLoader(
  modules: ModuleSet,
  virtual: (specifier: string) => Record<string, unknown> | undefined = () => undefined,
): Loader {
  const made = new Map<string, vm.Module>();
  const evaluated = new Map<string, Promise<vm.Module>>();
  const moduleAt = (path: string): vm.Module => {
    const known = made.get(path);
    if (known) return known;
    const source = modules.get(path);
    if (!source) throw new Error(`Could not find module ${path}`);
    const created = compile(source, (specifier) => evaluate(resolve(path, specifier)));
    made.set(path, created);
    return created;
  };
  const synthetic = async (specifier: string): Promise<vm.Module | undefined> => {
    const exports =
      virtual(specifier) ??
      (specifier.startsWith("node:")
        ? ((await import(specifier)) as Record<string, unknown>)
        : undefined);
    if (!exports) return undefined;
    return new vm.SyntheticModule(Object.keys(exports), function () {
      for (const [name, value] of Object.entries(exports)) this.setExport(name, value);
    });
  };
  const link = async (specifier: string, from: vm.Module) =>
    (await synthetic(specifier)) ?? moduleAt(resolve(from.identifier, specifier));
  const evaluate = (path: string): Promise<vm.Module> => {
    const known = evaluated.get(path);
    if (known) return known;
    const work = (async () => {
      const loaded = moduleAt(path);
      if (loaded.status === "unlinked") await loaded.link(link);
      await loaded.evaluate();
      return loaded;
    })();
    evaluated.set(path, work);
    return work;
  };
  return { load: async (path) => (await evaluate(path)).namespace as Record<string, unknown> };
}

/** A frame's clock and randomness: frozen and seeded in queries and mutations, real elsewhere. */
export function seedOf(kind: FunctionKind): Frame["seed"] {
  if (!isDeterministic(kind))
    return { now: 0, random: () => randomBytes(4).readUInt32LE() / 2 ** 32 };
  let state = randomBytes(4).readUInt32LE();
  const random = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return { now: RealDate.now(), random };
}

const RealDate = Date;
const realRandom = Math.random;

/** Replaces the globals. Called once, when the process starts to host code. */
export function installGlobals(): void {
  const scope = globalThis as Record<string, unknown>;
  const real = {
    fetch: globalThis.fetch,
    setTimeout: globalThis.setTimeout,
    setInterval: globalThis.setInterval,
    console: globalThis.console,
  };
  scope.Convex = {
    syscall: (op: string, args: string) =>
      JSON.stringify(frame().syscall(op, JSON.parse(args) as Record<string, unknown>)),
    asyncSyscall: async (op: string, args: string) =>
      JSON.stringify(await frame().asyncSyscall(op, JSON.parse(args) as Record<string, unknown>)),
    jsSyscall: (op: string) => {
      throw new Error(`${op} is not available in this deployment.`);
    },
  };
  scope.AsyncLocalStorage = AsyncLocalStorage;
  scope.Date = class extends RealDate {
    constructor(...args: unknown[]) {
      super(...((args.length === 0 ? [now()] : args) as []));
    }
    static override now = now;
    static override [Symbol.hasInstance](value: unknown): boolean {
      return Object.prototype.toString.call(value) === "[object Date]";
    }
  };
  Math.random = () => {
    const current = frames.getStore();
    if (current?.kind === "auth.config")
      throw new Error("Math.random unsupported while evaluating auth.config.js");
    return current ? current.seed.random() : realRandom();
  };
  const refuse =
    (name: string, call: (...args: never[]) => unknown) =>
    (...args: never[]) => {
      const current = frames.getStore();
      if (current && current.kind !== "action" && current.kind !== "httpAction") {
        throw new Error(
          `Can't use ${name} in queries and mutations. Please consider using an action. See https://docs.convex.dev/functions/actions for more details.`,
        );
      }
      return call(...args);
    };
  scope.fetch = refuse("fetch()", real.fetch as never);
  scope.setTimeout = refuse("setTimeout", real.setTimeout as never);
  scope.setInterval = refuse("setInterval", real.setInterval as never);
  Object.defineProperty(scope, "crypto", { configurable: true, value: deterministicCrypto() });
  scope.console = new Proxy(real.console, {
    get: (target, level) => {
      const method: unknown = Reflect.get(target, level);
      if (typeof method !== "function") return method;
      return (...args: unknown[]) => {
        const current = frames.getStore();
        if (current) current.log(String(level), args.map(show).join(" "));
        else Reflect.apply(method, target, args);
      };
    },
  });
  hideNode(scope);
}

function frame(): Frame {
  const current = frames.getStore();
  if (!current) throw new Error("Convex functions can only be used while one of them runs.");
  return current;
}

function isDeterministic(kind: FunctionKind): boolean {
  return kind !== "action" && kind !== "httpAction";
}

function now(): number {
  const current = frames.getStore();
  if (current?.kind === "auth.config")
    throw new Error("Date unsupported while evaluating auth.config.js");
  return current && isDeterministic(current.kind) ? current.seed.now : RealDate.now();
}

/** Code of the app sees process.env only; Node itself keeps its own references. */
function hideNode(scope: Record<string, unknown>): void {
  const hostProcess = process;
  const env = new Proxy({} as Record<string, string>, {
    get: (_target, name) => {
      const current = frames.getStore();
      if (!current) return hostProcess.env[String(name)];
      const value = current.env.get(String(name));
      if (value === undefined && current.kind === "auth.config") {
        throw Object.assign(
          new Error(
            `Environment variable ${String(name)} is used in auth config file but its value was not set`,
          ),
          { code: "AuthConfigMissingEnvironmentVariable" },
        );
      }
      return value;
    },
    set: () => false,
    has: () => false,
    ownKeys: () => [],
    getOwnPropertyDescriptor: () => undefined,
  });
  Object.defineProperty(scope, "process", {
    configurable: true,
    get: () => (frames.getStore() ? { env } : hostProcess),
  });
}

function deterministicCrypto(): Crypto {
  const subtle = new Proxy(webcrypto.subtle, {
    get: (target, name) => {
      const method: unknown = Reflect.get(target, name);
      // What code of the app put there itself is called as it is.
      if (typeof method !== "function" || Object.hasOwn(target, name)) return method;
      return (...args: unknown[]) => {
        const current = frames.getStore();
        const algorithm = args[0] as { name?: string } | string | undefined;
        const algorithmName = typeof algorithm === "string" ? algorithm : algorithm?.name;
        const needsRandom =
          name === "generateKey" ||
          (name === "sign" && /^(ECDSA|RSA-PSS)$/.test(algorithmName ?? ""));
        if (needsRandom && current && isDeterministic(current.kind)) {
          throw new Error(
            "Can't use cryptographic randomness in queries and mutations. Please consider using an action. See https://docs.convex.dev/functions/actions for more details.",
          );
        }
        return Reflect.apply(method, target, args) as unknown;
      };
    },
  });
  const bytesOf = (view: ArrayBufferView) =>
    new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  return {
    subtle,
    getRandomValues: <T extends ArrayBufferView | null>(view: T): T => {
      const current = frames.getStore();
      if (!view) return view;
      const bytes = bytesOf(view);
      if (!current || !isDeterministic(current.kind)) webcrypto.getRandomValues(bytes);
      else
        for (let at = 0; at < bytes.length; at++)
          bytes[at] = Math.floor(current.seed.random() * 256);
      return view;
    },
    randomUUID: () => {
      const bytes = new Uint8Array(16);
      globalThis.crypto.getRandomValues(bytes);
      bytes[6] = (bytes[6]! & 15) | 64;
      bytes[8] = (bytes[8]! & 63) | 128;
      const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
      return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
    },
  } as Crypto;
}

/** Node's own fetch needs the global Buffer, so it is hidden from each module instead of from all. */
function compile(
  { path, source, environment }: ModuleSource,
  load: (specifier: string) => Promise<vm.Module>,
): vm.SourceTextModule {
  const options = {
    identifier: path,
    importModuleDynamically: (specifier: string) => load(specifier) as never,
  };
  if (environment === "node") return new vm.SourceTextModule(source, options);
  try {
    return new vm.SourceTextModule(`var Buffer; ${source}`, options);
  } catch {
    // A module with a Buffer of its own cannot see the global one anyway.
    return new vm.SourceTextModule(source, options);
  }
}

function resolve(from: string, specifier: string): string {
  if (!specifier.startsWith("."))
    throw new Error(`Module ${from} imports "${specifier}", which was not bundled.`);
  return posix.normalize(posix.join(posix.dirname(from), specifier));
}

function show(value: unknown): string {
  if (typeof value === "string") return value;
  if (value instanceof Error) return value.stack ?? value.message;
  try {
    return (
      JSON.stringify(value, (_key, item: unknown) =>
        typeof item === "bigint" ? `${item}n` : item,
      ) ?? String(value)
    );
  } catch {
    return String(value);
  }
}
