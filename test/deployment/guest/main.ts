// Gives a fresh context the globals that Convex's default runtime has, and no others, and loads modules in it.
// Runs inside that context; knows the thread around it by `Host` only.
import { AbortController, AbortSignal } from "abortcontroller-polyfill/dist/abortcontroller.js";
import * as blob from "./blob.js";
import { console } from "./own-console.js";
import { Crypto, crypto, SubtleCrypto } from "./crypto.js";
import { DOMException, fromHost, ownError } from "./dom-exception.js";
import * as encoding from "./encoding.js";
import * as events from "./events.js";
import { fetch } from "./fetch.js";
import { FormData } from "./form-data.js";
import { Headers } from "./headers.js";
import { host, setHost, type Host } from "./host.js";
import { jsSyscall } from "./http.js";
import {
  addTransfer,
  createDate,
  env,
  FinalizationRegistry,
  random,
  structuredClone,
  WeakRef,
} from "./language.js";
import { load } from "./modules.js";
import * as clock from "./performance.js";
import { Request } from "./request.js";
import { Response } from "./response.js";
import { prepareStackTrace } from "./stack.js";
import * as timers from "./timers.js";
import { URL, URLSearchParams } from "./url.js";

export { serve } from "./http.js";
export { load };

const STREAMS = [
  ...["ReadableStream", "ReadableStreamBYOBReader", "ReadableStreamDefaultReader"],
  ...["TransformStream", "WritableStream", "WritableStreamDefaultWriter"],
] as const;
const TEXT_STREAMS = ["TextDecoderStream", "TextEncoderStream"] as const;

export function install(given: Host): void {
  setHost(given);
  const scope = globalThis as unknown as Record<string, unknown>; // of this context
  Error.prepareStackTrace = prepareStackTrace;
  scope.self = scope;
  scope.process = { env };
  scope.Convex = { syscall, asyncSyscall, jsSyscall };
  Math.random = random;
  define({ Date: createDate(), WeakRef, FinalizationRegistry, DOMException, console });
  define({ URL, URLSearchParams, Headers, FormData, Request, Response, fetch, structuredClone });
  define({
    Blob: blob.Blob,
    File: blob.File,
    Event: events.Event,
    EventTarget: events.EventTarget,
  });
  define({ AbortController, AbortSignal });
  const { TextEncoder, TextDecoder, atob, btoa } = encoding;
  define({ TextEncoder, TextDecoder, atob, btoa, Crypto, SubtleCrypto });
  const { setTimeout, setInterval, clearTimeout } = timers;
  define({ setTimeout, setInterval, clearTimeout, clearInterval: clearTimeout });
  const { Performance, PerformanceEntry, PerformanceMark, PerformanceMeasure, performance } = clock;
  define({ Performance, PerformanceEntry, PerformanceMark, PerformanceMeasure, performance });
  define(host.classes);
  Object.defineProperty(scope, "crypto", {
    get: () => crypto,
    enumerable: true,
    configurable: true,
  });
  Object.defineProperty(scope, "__import_meta", {
    get: () => {
      throw new TypeError("import.meta unsupported");
    },
  });
  for (const name of STREAMS) lazily(name, () => host.streams()[name]);
  for (const name of TEXT_STREAMS) lazily(name, () => encoding.createTextStreams()[name]);
  addTransfer();
  refuseToWait();
  countWebAssembly();
  events.becomeTarget(scope);
}

// --- internal ---

function define(values: object): void {
  for (const [name, value] of Object.entries(values))
    Object.defineProperty(globalThis, name, { value, writable: true, configurable: true });
}

/** Evaluated when it is first asked for: most runs need no streams. */
function lazily(name: string, make: () => unknown): void {
  Object.defineProperty(globalThis, name, {
    configurable: true,
    get: () => {
      const value = make();
      define({ [name]: value });
      return value;
    },
    set: (value: unknown) => define({ [name]: value }),
  });
}

function syscall(op: unknown, args: unknown): string {
  return fromHost(() => host.syscall(String(op), String(args)));
}

function asyncSyscall(op: unknown, args: unknown): Promise<string> {
  return new Promise((resolve, reject) => {
    try {
      host.asyncSyscall(String(op), String(args), {
        ok: resolve,
        bad: (message, dataJson) => {
          const error = new Error(message);
          const data = dataJson === undefined ? {} : { data: JSON.parse(dataJson) as unknown };
          reject(Object.assign(error, data));
        },
      });
    } catch (error) {
      throw ownError(error);
    }
  });
}

/** A function has no thread that it could stop. */
function refuseToWait(): void {
  Atomics.wait = () => {
    throw new TypeError("Atomics.wait cannot be called in this context");
  };
}

/** Compilation goes on outside, so a function that waits for it waits for something. */
function countWebAssembly(): void {
  const own = WebAssembly as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>; // of both names below
  for (const name of ["compile", "instantiate"]) {
    const original = own[name]!; // V8 has it
    own[name] = async (...args) => {
      const end = host.startOperation();
      try {
        return await original.apply(WebAssembly, args);
      } finally {
        end();
      }
    };
  }
}
