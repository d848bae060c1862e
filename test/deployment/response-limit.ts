// The limit of what an HTTP action may answer: what goes beyond is logged, and not sent.
// Convex sends a stream up to its first chunk beyond; here the body is one chunk.
import type { HttpResponse } from "./protocol.js";

export function withinLimit(
  response: HttpResponse,
  log: (level: string, text: string) => void,
): HttpResponse {
  if (response.body.byteLength <= MAX_BYTES) return response;
  log("error", "HttpResponseTooLarge: HTTP actions support responses up to 20 MiB");
  const headers = response.headers.filter(([name]) => name.toLowerCase() !== "content-length");
  return { ...response, headers, body: new Uint8Array() };
}

// --- internal ---

const MAX_BYTES = 20 * 1024 * 1024;
