// What Convex changes of the language itself: the clock, chance, what tells of garbage collection, process.env.
import { fromHost } from "./dom-exception.js";
import { host, uncatchable } from "./host.js";

const OwnDate = globalThis.Date;

/** A Date whose clock is the run's. What it makes are plain dates, also for a class that extends it. */
export function createDate(): DateConstructor {
  const now = () => fromHost(() => host.now());
  function Date(this: unknown, ...args: unknown[]): unknown {
    if (!(this instanceof Date)) return new OwnDate(now()).toString();
    return new OwnDate(...((args.length === 0 ? [now()] : args) as [number]));
  }
  Object.assign(Date, { now, parse: OwnDate.parse, UTC: OwnDate.UTC });
  Date.prototype = OwnDate.prototype;
  Object.defineProperty(Date.prototype, "constructor", {
    ...{ value: Date, writable: true, configurable: true },
  });
  return Date as unknown as DateConstructor; // by construction
}

export function random(): number {
  return fromHost(() => host.random());
}

/** How the console prints process.env: a variable of that name goes first, as on Convex. */
const showEnv = () => "[process.env]";

/** Names can be read, but neither listed nor looked for with `in`. */
export const env = new Proxy({} as Record<string, string>, {
  get: (target, name) =>
    typeof name === "string"
      ? (fromHost(() => host.env(name)) ?? (name === "inspect" ? showEnv : undefined))
      : (Reflect.get(target, name) as string | undefined),
});

export class WeakRef<T extends object> {
  readonly #target: T;
  constructor(target: T) {
    this.#target = target;
  }
  deref(): T {
    return this.#target;
  }
  get [Symbol.toStringTag](): string {
    return "WeakRef";
  }
}

export class FinalizationRegistry {
  constructor(cleanup: unknown) {
    if (typeof cleanup !== "function") throw new TypeError("cleanup must be callable");
  }
  register(): void {}
  unregister(): void {}
  get [Symbol.toStringTag](): string {
    return "FinalizationRegistry";
  }
}

/** In Convex's V8, not yet in that of Node 20; the streams need it. */
export function addTransfer(): void {
  if ("transfer" in ArrayBuffer.prototype) return;
  Object.defineProperty(ArrayBuffer.prototype, "transfer", {
    ...{ configurable: true, writable: true },
    value: function (this: ArrayBuffer): ArrayBuffer {
      return this.slice(0);
    },
  });
}

/** Plain data, dates, collections, bytes, errors and cycles; without transfer, which ends the function. */
export function structuredClone(value: unknown, options?: unknown): unknown {
  if (options !== undefined) uncatchable("structuredClone with transfer not supported");
  return cloned(value, new Map());
}

// --- internal ---

const NOT_CLONED = "could not deserialize value";
/** Of other names, V8 makes a plain error. */
const ERRORS: Record<string, new (message: string) => Error> = {
  ...{ EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError },
};

function cloned(value: unknown, seen: Map<object, unknown>): unknown {
  if (typeof value === "function" || typeof value === "symbol") throw new Error(NOT_CLONED);
  if (typeof value !== "object" || value === null) return value;
  if (seen.has(value)) return seen.get(value);
  const keep = <T>(copy: T): T => {
    seen.set(value, copy);
    return copy;
  };
  if (Array.isArray(value)) {
    const copy = keep(new Array<unknown>(value.length));
    for (const key of Object.keys(value)) copy[Number(key)] = cloned(value[Number(key)], seen);
    return copy;
  }
  if (value instanceof OwnDate) return keep(new OwnDate(value.getTime()));
  if (value instanceof RegExp) return keep(new RegExp(value.source, value.flags));
  if (value instanceof Map) {
    const copy = keep(new Map<unknown, unknown>());
    for (const [key, item] of value) copy.set(cloned(key, seen), cloned(item, seen));
    return copy;
  }
  if (value instanceof Set) {
    const copy = keep(new Set<unknown>());
    for (const item of value) copy.add(cloned(item, seen));
    return copy;
  }
  if (value instanceof ArrayBuffer) return keep(value.slice(0));
  if (ArrayBuffer.isView(value)) {
    const { buffer, byteOffset, byteLength, constructor } = value;
    const View = constructor as new (bytes: ArrayBuffer) => unknown; // of the same type, over its own copy
    return keep(new View(buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer));
  }
  if (value instanceof Error) {
    const Own = ERRORS[value.name] ?? Error;
    const copy = keep(new Own(value.message));
    return Object.defineProperty(copy, "stack", {
      ...{ value: value.stack, writable: true, configurable: true },
    });
  }
  if (value instanceof Promise || value instanceof WeakMap || value instanceof WeakSet)
    throw new Error(NOT_CLONED);
  const copy = keep<Record<string, unknown>>({});
  for (const [key, item] of Object.entries(value)) copy[key] = cloned(item, seen);
  return copy;
}
