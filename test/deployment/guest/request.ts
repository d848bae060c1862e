// Request as Convex has it: most of its properties are not implemented there, and reading one ends the function.
import { Blob } from "./blob.js";
import { Bodied, contentLength, markUsed, printedParams, source, split, takeBody } from "./body.js";
import { Headers } from "./headers.js";
import { notImplemented } from "./host.js";
import { URL, URLSearchParams } from "./url.js";

export type Init = {
  method?: unknown;
  headers?: unknown;
  body?: unknown;
  signal?: AbortSignal | null;
  redirect?: string;
};

const METHODS = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"];
const KINDS = "string | ArrayBuffer | Blob | FormData | ReadableStream | null";

export class Request extends Bodied {
  readonly url: string;
  readonly method: string;
  readonly signal: AbortSignal;

  constructor(input: unknown, init?: Init) {
    if (input === undefined) throw new TypeError("Request URL is undefined");
    const from = input instanceof Request ? input : undefined;
    if (!from && !(input instanceof URL) && typeof input !== "string")
      throw new TypeError(`Failed to parse URL from ${String(input)}`);
    super(new Headers(init?.headers === undefined ? from?.headers : init.headers));
    this.url = checkedUrl(from ? from.url : String(input));
    this.method = methodOf(init?.method) ?? from?.method ?? "GET";
    const { AbortSignal } = globalThis as unknown as { AbortSignal: new () => AbortSignal }; // the polyfill's
    this.signal = init?.signal ?? from?.signal ?? new AbortSignal();
    const body = init?.body;
    if (body !== null && body !== undefined) return this.#take(body);
    if (!from) return;
    this[source] = from[source];
    from[markUsed]("new Request()");
  }

  clone(): Request {
    const copy = new Request(this.url, { method: this.method, headers: [...this.headers] });
    copy[source] = split(this);
    return copy;
  }
  get [Symbol.toStringTag](): string {
    return "Request";
  }

  #take(body: unknown): this {
    if (this.method === "GET" || this.method === "HEAD")
      throw new TypeError(
        "Failed to construct 'Request': Request with GET/HEAD method cannot have body.",
      );
    const type = typeOf(body);
    if (type !== null && this.headers.get("content-type") === null)
      this.headers.set("content-type", type);
    const length = this.headers.get("content-length");
    if (length !== null) this[contentLength] = Number(length);
    takeBody(this, printedParams(body), { className: "Request", kinds: KINDS });
    return this;
  }
}

for (const name of "destination,referrer,referrerPolicy,mode,credentials,cache,redirect,integrity,keepalive,isReloadNavigation,isHistoryNavigation,duplex".split(
  ",",
))
  Object.defineProperty(Request.prototype, name, {
    configurable: true,
    get: () => notImplemented(`get ${name}`, "Request"),
  });

// --- internal ---

function checkedUrl(text: string): string {
  const { href, protocol } = new URL(text);
  if (protocol !== "http:" && protocol !== "https:")
    throw new TypeError(
      `Unsupported URL scheme -- http and https are supported (scheme was ${protocol.slice(0, -1)})`,
    );
  return href;
}

/** The known methods in capitals, any other as it is. */
function methodOf(method: unknown): string | undefined {
  if (typeof method !== "string") return undefined;
  const upper = method.toUpperCase();
  return METHODS.includes(upper) ? upper : method;
}

function typeOf(body: unknown): string | null {
  if (typeof body === "string") return "text/plain;charset=UTF-8";
  if (body instanceof Blob && body.type !== "") return body.type;
  if (body instanceof URLSearchParams) return "application/x-www-form-urlencoded;charset=UTF-8";
  return null;
}
