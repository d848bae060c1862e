// Sends a request as it is. Node's fetch says in a header that it is a script, which some endpoints refuse.
// Must not follow redirects.
import { request as send } from "node:http";

/** Like `fetch(request, { redirect: "manual" })`, for `http:`, without headers of its own but Host and Content-Length. */
export function plainFetch(request: Request, body: string): Promise<Response> {
  const { method, url } = request;
  return new Promise((done, fail) => {
    const headers: Record<string, string | number> = Object.fromEntries(request.headers);
    // Node sets it by itself, except for a DELETE, whose body then reads as another request.
    if (method !== "GET") headers["content-length"] = Buffer.byteLength(body);
    const sent = send(url, { method, headers }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on("error", fail);
      answer.on("data", (chunk: Buffer) => void chunks.push(chunk));
      answer.on("end", () => {
        const pairs: [string, string][] = [];
        for (let at = 0; at < answer.rawHeaders.length; at += 2)
          pairs.push([answer.rawHeaders[at] ?? "", answer.rawHeaders[at + 1] ?? ""]);
        const status = answer.statusCode ?? 0;
        const bytes = BODILESS.includes(status) ? null : Buffer.concat(chunks);
        done(new Response(bytes, { status, headers: pairs }));
      });
    });
    sent.on("error", fail);
    sent.end(method === "GET" ? undefined : body);
  });
}

// --- internal ---

/** A Response with one of these must not have a body, not even an empty one. */
const BODILESS = [101, 204, 205, 304];
