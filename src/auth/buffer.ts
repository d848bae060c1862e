// Provides the global `Buffer` where the runtime has none, as Convex's has not: plugins made for Node expect it.
// Imported for its effect only; a `Buffer` that exists is not replaced.
import { Buffer } from "buffer/index.js";

// --- internal ---

/** What Node calls base64 with the alphabet of URLs; the package behind this module does not know it. */
const URL_SAFE = "base64url";

const isUrlSafe = (encoding: unknown) =>
  typeof encoding === "string" && encoding.toLowerCase() === URL_SAFE;

/** The encoding that reads and writes the same bytes: base64 is read in both alphabets. */
const known = (encoding: unknown) => (isUrlSafe(encoding) ? "base64" : encoding);

function addUrlSafeBase64(): void {
  const { from, byteLength, isEncoding } = Buffer;
  const { toString, write } = Buffer.prototype;
  Object.assign(Buffer, {
    from: (value: unknown, encoding: unknown, length?: number) =>
      Reflect.apply(from, Buffer, [value, known(encoding), length]),
    byteLength: (value: unknown, encoding: unknown) =>
      Reflect.apply(byteLength, Buffer, [value, known(encoding)]),
    isEncoding: (encoding: unknown) => isUrlSafe(encoding) || isEncoding(String(encoding)),
  });
  Object.assign(Buffer.prototype, {
    toString(this: Buffer, encoding?: unknown, start?: number, end?: number): string {
      const text = Reflect.apply(toString, this, [known(encoding), start, end]) as string; // what toString returns
      if (!isUrlSafe(encoding)) return text;
      return text.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
    },
    write(this: Buffer, ...values: unknown[]): number {
      return Reflect.apply(write, this, values.map(known)) as number; // the bytes written
    },
  });
}

if (!("Buffer" in globalThis)) {
  addUrlSafeBase64();
  Object.defineProperty(globalThis, "Buffer", {
    value: Buffer,
    writable: true,
    configurable: true,
  });
}
