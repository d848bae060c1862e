// What Request and Response share: a body of bytes or of a stream, read once. Convex's classes, not the standard's:
// a read body refuses by its class and method, and one without a body may be read as often as one likes.
import { Blob, bytesOfPart, isPart, joined, streamOf } from "./blob.js";
import { decode } from "./encoding.js";
import { FormData, parseForm, printForm } from "./form-data.js";
import type { Headers } from "./headers.js";
import { host, notImplemented } from "./host.js";
import { URLSearchParams } from "./url.js";

export type Source =
  { bytes: Uint8Array<ArrayBuffer> } | { stream: ReadableStream<Uint8Array> } | null;

export const source = Symbol("source");
export const contentLength = Symbol("contentLength");
export const markUsed = Symbol("markUsed");

export abstract class Bodied {
  readonly #headers: Headers;
  #isUsed = false;
  [source]: Source = null;
  /** As a header says, or as the body has. */
  [contentLength]: number | null = null;

  constructor(headers: Headers) {
    this.#headers = headers;
  }
  get headers(): Headers {
    return this.#headers;
  }
  get bodyUsed(): boolean {
    return this.#isUsed;
  }
  get body(): ReadableStream<Uint8Array> | null {
    const own = this[source];
    if (own === null) return null;
    if ("stream" in own) return own.stream;
    const stream = streamOf(own.bytes);
    this[source] = { stream };
    return stream;
  }
  [markUsed](method: string): void {
    if (this.#isUsed)
      throw new TypeError(
        `Failed to execute '${method}' on '${this.#name}': body stream already read`,
      );
    if (this[source] !== null) this.#isUsed = true;
  }
  async blob(): Promise<Blob> {
    this[markUsed]("blob");
    return new Blob([await this.#read()], { type: this.#headers.get("content-type") ?? "" });
  }
  async text(): Promise<string> {
    this[markUsed]("text");
    return decode(await this.#read());
  }
  async json(): Promise<unknown> {
    this[markUsed]("json");
    return JSON.parse(decode(await this.#read())) as unknown;
  }
  async arrayBuffer(): Promise<ArrayBuffer> {
    this[markUsed]("arrayBuffer");
    return (await this.#read()).slice().buffer;
  }
  async formData(): Promise<FormData> {
    this[markUsed]("formData");
    return parseForm(await this.#read(), this.#headers.get("content-type"));
  }
  toJSON(): object {
    return {};
  }
  get #name(): string {
    return Object.prototype.toString.call(this).slice(8, -1);
  }
  #read(): Promise<Uint8Array<ArrayBuffer>> {
    return bytesOf(this[source]);
  }
}

/** Takes a body over: its bytes, its length, and the content type that it brings with it. */
export function takeBody(
  owner: Bodied,
  body: unknown,
  { className, kinds }: { className: string; kinds: string },
): void {
  if (body instanceof FormData) {
    const blob = printForm(body);
    owner.headers.set("content-type", blob.type);
    return setBytes(owner, bytesOfPart(blob));
  }
  if (body instanceof host.streams().ReadableStream) {
    owner[source] = { stream: body as ReadableStream<Uint8Array> }; // just checked
  } else if (isPart(body)) setBytes(owner, bytesOfPart(body));
  else notImplemented(`constructor with body type other than ${kinds}`, className);
}

/** Two bodies of one, as clone() needs them. */
export function split(owner: Bodied): Source {
  const own = owner[source];
  if (own === null || "bytes" in own) {
    if (owner.bodyUsed) owner.body?.tee();
    return own;
  }
  const [mine, other] = own.stream.tee();
  owner[source] = { stream: mine };
  return { stream: other };
}

export async function bytesOf(from: Source): Promise<Uint8Array<ArrayBuffer>> {
  if (from === null) return new Uint8Array(0);
  if ("bytes" in from) return from.bytes;
  const reader = from.stream.getReader();
  const chunks: Uint8Array[] = [];
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return joined(chunks);
    chunks.push(typeof value === "string" ? bytesOfPart(value) : value);
  }
}

export function printedParams(body: unknown): unknown {
  return body instanceof URLSearchParams ? body.toString() : body;
}

// --- internal ---

function setBytes(owner: Bodied, bytes: Uint8Array<ArrayBuffer>): void {
  owner[source] = { bytes };
  owner[contentLength] = bytes.length;
}
