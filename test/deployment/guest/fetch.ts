// fetch, with its redirects followed here as Convex does: `redirect` is read from the options only.
import { Response } from "./response.js";
import { bytesOf, contentLength, source } from "./body.js";
import { DOMException } from "./dom-exception.js";
import { assertOutside, host, ownBytes } from "./host.js";
import { Request, type Init } from "./request.js";
import { URL } from "./url.js";

const MAX_REDIRECTS = 20;
const REDIRECTS = [301, 302, 303, 307, 308];
const OF_BODIES = ["Content-Encoding", "Content-Language", "Content-Location", "Content-Type"];

export async function fetch(resource: unknown, init?: Init): Promise<Response> {
  let request = new Request(resource, init);
  let response = await send(request, false);
  const mode = init?.redirect ?? "follow";
  if (mode === "manual") return response;
  let next: Init = { ...init };
  for (let count = 0; count < MAX_REDIRECTS; count++) {
    if (!REDIRECTS.includes(response.status)) return response;
    if (mode === "error") throw new TypeError("fetch attempted redirect");
    const location = response.headers.get("location");
    if (location === null) return response;
    const url = new URL(location, request.url);
    next = afterRedirect(request, response, { url, init: next });
    request = new Request(url, next);
    response = await send(request, true);
  }
  throw new TypeError("fetch too many redirects");
}

// --- internal ---

function afterRedirect(
  { headers, method, url: from }: Request,
  { status, headers: answered }: Response,
  { url, init }: { url: URL; init: Init },
): Init {
  const next = { ...init, headers };
  if (next.body instanceof host.streams().ReadableStream) {
    if (status !== 303) throw new TypeError("fetch cannot redirect with streamed body");
    next.body = null;
  }
  const becomesGet =
    ((status === 301 || status === 302) && method === "POST") ||
    (status === 303 && method !== "GET" && method !== "HEAD");
  if (becomesGet) {
    Object.assign(next, { method: "GET", body: null });
    for (const name of OF_BODIES) headers.delete(name);
  }
  if (new URL(from).origin !== url.origin) headers.delete("Authorization");
  const policy = answered.get("Referrer-Policy");
  if (policy) headers.set("Referrer-Policy", policy);
  return next;
}

async function send(request: Request, isRedirected: boolean): Promise<Response> {
  assertOutside("fetch()");
  const own = request[source];
  const length = request[contentLength];
  const pairs = [...request.headers];
  if (length !== null && !request.headers.has("content-length"))
    pairs.push(["content-length", String(length)]);
  const body = own && (await bytesOf(own));
  return new Promise((resolve, reject) => {
    const { ReadableStream } = host.streams();
    let controller!: ReadableStreamDefaultController<Uint8Array>;
    const stream = new ReadableStream<Uint8Array>({ start: (given) => void (controller = given) });
    const { url, method } = request;
    const { abort } = host.fetch(
      { url, method, pairs, body },
      {
        head: ({ pairs: headers, status, statusText, url: last }) => {
          const init = { status, statusText, url: last, headers: headers.map(([n, v]) => [n, v]) };
          resolve(Response.received({ stream }, init, isRedirected));
        },
        chunk: (bytes) => controller.enqueue(ownBytes(bytes)),
        end: () => controller.close(),
        failed: (message, isAborted) => {
          const error = isAborted ? new DOMException(message, "AbortError") : new Error(message);
          reject(error);
          controller.error(error);
        },
      },
    );
    request.signal.addEventListener("abort", abort);
  });
}
