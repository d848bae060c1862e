// crypto: random values from the run's own source, and the thread's subtle for the rest. What needs randomness that
// cannot be repeated is refused in queries and mutations.
import { DOMException, fromHost, ownError } from "./dom-exception.js";
import {
  assertArguments,
  host,
  isDeterministic,
  notImplemented,
  ownBytes,
  uncatchable,
} from "./host.js";

const MAX_RANDOM_BYTES = 65_536;
const METHODS = {
  digest: 2,
  encrypt: 3,
  decrypt: 3,
  sign: 3,
  verify: 4,
  importKey: 5,
  exportKey: 2,
  deriveBits: 3,
  deriveKey: 5,
  generateKey: 3,
} as const;

export class SubtleCrypto {
  constructor() {
    uncatchable("Illegal constructor: SubtleCrypto");
  }
  async wrapKey(): Promise<never> {
    return notImplemented("wrapKey", "SubtleCrypto");
  }
  async unwrapKey(): Promise<never> {
    return notImplemented("unwrapKey", "SubtleCrypto");
  }
  get [Symbol.toStringTag](): string {
    return "SubtleCrypto";
  }
}

for (const [name, count] of Object.entries(METHODS) as [keyof typeof METHODS, number][])
  // its own keys
  Object.defineProperty(SubtleCrypto.prototype, name, {
    ...{ enumerable: true, configurable: true, writable: true },
    value: async (...args: unknown[]) => {
      assertArguments(args.length, count, `Failed to execute '${name}' on 'SubtleCrypto'`);
      if (needsRandomness(name, args[0])) assertRandomness();
      const end = host.startOperation();
      try {
        const call = host.subtle[name] as (...all: unknown[]) => Promise<unknown>; // each takes what it takes
        return ownResult(await call.apply(host.subtle, args.map(viewed)));
      } catch (error) {
        throw ownError(error);
      } finally {
        end();
      }
    },
  });

const subtle = Object.create(SubtleCrypto.prototype) as SubtleCrypto;

export class Crypto {
  constructor() {
    uncatchable("Illegal constructor: Crypto");
  }
  get subtle(): SubtleCrypto {
    return subtle;
  }
  getRandomValues<T extends ArrayBufferView>(view: T): T {
    assertArguments(arguments.length, 1, "Failed to execute 'getRandomValues' on 'Crypto'");
    if (view instanceof Float32Array || view instanceof Float64Array)
      throw new DOMException(
        "The provided ArrayBufferView is not an integer array type",
        "TypeMismatchError",
      );
    if (view.byteLength > MAX_RANDOM_BYTES)
      throw new TypeError(
        `Byte length (${view.byteLength}) exceeds the number of bytes of entropy available via this API (${MAX_RANDOM_BYTES})`,
      );
    fill(new Uint8Array(view.buffer, view.byteOffset, view.byteLength));
    return view;
  }
  randomUUID(): string {
    const bytes = fill(new Uint8Array(16));
    bytes[6] = (bytes[6]! & 15) | 64;
    bytes[8] = (bytes[8]! & 63) | 128;
    const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
  }
  get [Symbol.toStringTag](): string {
    return "Crypto";
  }
}

export const crypto = Object.create(Crypto.prototype) as Crypto;

// --- internal ---

function fill(bytes: Uint8Array): Uint8Array {
  for (let at = 0; at < bytes.length; at++)
    bytes[at] = Math.floor(fromHost(() => host.random()) * 256);
  return bytes;
}

function needsRandomness(method: string, algorithm: unknown): boolean {
  const named = typeof algorithm === "string" ? algorithm : (algorithm as { name?: string })?.name;
  const name = String(named).toUpperCase();
  if (method === "sign") return name === "ECDSA" || name === "RSA-PSS";
  return method === "generateKey" || (method === "encrypt" && name === "RSA-OAEP");
}

function assertRandomness(): void {
  if (host.kind === "import" || host.kind === "auth.config")
    throw new Error("Cannot use cryptographic randomness at import time");
  if (isDeterministic())
    throw new Error(
      "Can't use cryptographic randomness in queries and mutations. Please consider using an action. See https://docs.convex.dev/functions/actions for more details.",
    );
}

/** Node takes views of another context, not its buffers; those may also be parameters of an algorithm. */
function viewed(value: unknown): unknown {
  if (value instanceof ArrayBuffer) return new Uint8Array(value);
  if (Object.prototype.toString.call(value) !== "[object Object]") return value;
  const entries = Object.entries(value as Record<string, unknown>); // as its tag says
  if (!entries.some(([, item]) => item instanceof ArrayBuffer)) return value;
  return Object.fromEntries(entries.map(([name, item]) => [name, viewed(item)]));
}

/** Bytes and plain objects are made the guest's own; keys are handed out as they are. */
function ownResult(result: unknown): unknown {
  const tag = Object.prototype.toString.call(result);
  if (tag === "[object ArrayBuffer]") return ownBytes(new Uint8Array(result as ArrayBuffer)).buffer; // as its tag says
  if (tag !== "[object Object]") return result;
  const { publicKey, privateKey } = result as { publicKey?: unknown; privateKey?: unknown }; // a pair, or a JWK
  return publicKey ? { publicKey, privateKey } : (JSON.parse(JSON.stringify(result)) as unknown);
}
