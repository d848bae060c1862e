// Response as Convex has it.
import { Blob } from "./blob.js";
import {
  Bodied,
  contentLength,
  printedParams,
  source,
  split,
  takeBody,
  type Source,
} from "./body.js";
import { Headers } from "./headers.js";

type Init = { status?: unknown; statusText?: string; headers?: unknown; url?: string };
const KINDS = "string | ArrayBuffer | Blob | ReadableStream | null";
const unserializable = () =>
  new TypeError("Failed to execute 'json' on 'Response': The data is not JSON serializable");

export class Response extends Bodied {
  readonly status: number;
  readonly statusText: string;
  readonly url: string;
  #type = "default";
  #isRedirected = false;

  static error(): Response {
    return new Response(null, { status: 500 });
  }
  static redirect(url: unknown, status: unknown = 302): Response {
    return new Response(null, { status, headers: { location: String(url) } });
  }
  static json(data: unknown, init?: Init): Response {
    if (data === undefined) throw unserializable();
    const response = new Response(printed(data), init);
    response.headers.set("content-type", "application/json");
    return response;
  }
  /** What the network answered. */
  static received(body: Source, init: Init, isRedirected: boolean): Response {
    const response = new Response(null, init);
    response[source] = body;
    response.#type = "basic";
    response.#isRedirected = isRedirected;
    return response;
  }

  constructor(body?: unknown, init?: Init) {
    super(new Headers(init?.headers ?? []));
    this.status = statusOf(init?.status);
    this.statusText = init?.statusText ?? "";
    this.url = init?.url ?? "";
    const length = this.headers.get("content-length");
    if (length !== null) this[contentLength] = Number(length);
    if (this.headers.get("content-type") === null) {
      if (typeof body === "string") this.headers.set("content-type", "text/plain;charset=UTF-8");
      else if (body instanceof Blob && body.type !== "")
        this.headers.set("content-type", body.type);
    }
    if (body === null || body === undefined) return;
    takeBody(this, printedParams(body), { className: "Response", kinds: KINDS });
  }
  get ok(): boolean {
    return this.status >= 200 && this.status <= 299;
  }
  get type(): string {
    return this.#type;
  }
  get redirected(): boolean {
    return this.#isRedirected;
  }
  clone(): Response {
    const { status, statusText, headers } = this;
    const copy = new Response(null, { status, statusText, headers: [...headers] });
    copy[source] = split(this);
    return copy;
  }
  get [Symbol.toStringTag](): string {
    return "Response";
  }
}

// --- internal ---

function printed(data: unknown): string {
  try {
    return JSON.stringify(data);
  } catch {
    throw unserializable();
  }
}

function statusOf(given: unknown): number {
  const status = given === undefined ? 200 : typeof given === "string" ? Number(given) : given;
  if (!Number.isInteger(status) || (status as number) < 200 || (status as number) > 599)
    throw new RangeError(
      "Failed to construct 'Response': The status provided is outside the range [200, 599].",
    );
  return status as number; // an integer, as just checked
}
