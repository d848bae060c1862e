// Blob and File: bytes in memory. Also what else may be a body, or a part of one.
import { decode, encode, viewOf } from "./encoding.js";
import { host, notImplemented } from "./host.js";

type Options = { type?: string; endings?: string };
const bytesOf = Symbol("bytes");

export class Blob {
  readonly #bytes: Uint8Array<ArrayBuffer>;
  readonly #type: string;

  constructor(parts: readonly unknown[] = [], options?: Options) {
    this.#bytes = joined(parts.map(bytesOfPart));
    const type = options?.type ?? "";
    this.#type = /^[\x20-\x7E]*$/.test(type) ? type.toLowerCase() : "";
  }
  get [bytesOf](): Uint8Array<ArrayBuffer> {
    return this.#bytes;
  }
  get size(): number {
    return this.#bytes.length;
  }
  get type(): string {
    return this.#type;
  }
  slice(start?: number, end?: number, type?: string): Blob {
    return new Blob([this.#bytes.slice(start, end)], { type: type ?? "" });
  }
  async text(): Promise<string> {
    return decode(this.#bytes);
  }
  async arrayBuffer(): Promise<ArrayBuffer> {
    return this.#bytes.slice().buffer;
  }
  stream(): ReadableStream<Uint8Array> {
    return streamOf(this.#bytes);
  }
  get [Symbol.toStringTag](): string {
    return "Blob";
  }
}

export class File extends Blob {
  readonly name: string;
  readonly lastModified: number;
  constructor(
    parts: readonly unknown[],
    name: unknown,
    options?: Options & { lastModified?: number },
  ) {
    super(parts, options);
    this.name = String(name);
    this.lastModified = options?.lastModified ?? Date.now();
  }
  override get [Symbol.toStringTag](): string {
    return "File";
  }
}

export function isPart(part: unknown): boolean {
  return (
    typeof part === "string" ||
    part instanceof ArrayBuffer ||
    part instanceof Blob ||
    ArrayBuffer.isView(part)
  );
}

export function bytesOfPart(part: unknown): Uint8Array<ArrayBuffer> {
  if (typeof part === "string") return encode(part);
  if (part instanceof Blob) return part[bytesOf];
  if (part instanceof ArrayBuffer || ArrayBuffer.isView(part)) return viewOf(part).slice();
  return notImplemented(
    "constructor with unsupported Blob part",
    "Blob",
    "Only ArrayBuffer, Blob and string supported",
  );
}

export function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

export function streamOf(bytes: Uint8Array): ReadableStream<Uint8Array> {
  const { ReadableStream } = host.streams();
  return new ReadableStream({
    type: "bytes",
    pull: (controller) => {
      if (bytes.length > 0) controller.enqueue(bytes.slice());
      controller.close();
      (controller as { byobRequest?: { respond: (n: number) => void } }).byobRequest?.respond(0);
    },
  });
}
