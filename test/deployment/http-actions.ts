// Serves HTTP actions: on the site port, and below /http on the cloud port.
// Must not know the cloud port's own paths.
import type { IncomingMessage, ServerResponse } from "node:http";
import { httpIdentity, type Access } from "./callers.js";
import { Killed } from "./faults.js";

export type HttpExchange = { request: IncomingMessage; response: ServerResponse; access: Access };

/** `prefix` is what the path begins with and the action does not see. */
export async function serveHttpAction({
  request,
  response,
  access,
  prefix,
}: HttpExchange & { prefix: string }): Promise<void> {
  const method = request.method ?? "GET";
  if (!METHODS.includes(method)) return void response.writeHead(405).end();
  const body = await bodyOf(request);
  if (body === "too large")
    return void response
      .writeHead(413, { "content-type": "text/plain" })
      .end("Failed to buffer the request body: length limit exceeded");
  const headers: [string, string][] = [];
  for (let at = 0; at < request.rawHeaders.length; at += 2)
    headers.push([request.rawHeaders[at]!, request.rawHeaders[at + 1]!]);
  const { faults, runner } = access.deployment;
  const path = (request.url ?? "/").slice(prefix.length);
  const origin = faults.begin(path);
  try {
    const caller = await httpIdentity(request.headers.authorization, access);
    const answer = await runner.runHttp(
      { url: originOf(request, access) + path, method, headers, body },
      { ...caller, origin },
    );
    response.statusCode = answer.status;
    for (const [name, value] of answer.headers) response.appendHeader(name, value);
    response.end(answer.body);
  } catch (error) {
    if (!(error instanceof Killed)) throw error;
    request.socket.destroy();
  } finally {
    faults.end(origin);
  }
}

// --- internal ---

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
const WITHOUT_BODY = ["GET", "HEAD", "OPTIONS"];
const MAX_BODY_BYTES = 20 * 1024 * 1024;

async function bodyOf(request: IncomingMessage): Promise<Uint8Array | null | "too large"> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += (chunk as Buffer).length;
    if (size <= MAX_BODY_BYTES) chunks.push(chunk as Buffer);
  }
  if (WITHOUT_BODY.includes(request.method ?? "GET")) return null;
  return size > MAX_BODY_BYTES ? "too large" : new Uint8Array(Buffer.concat(chunks));
}

/** Made of what the client says: the URL that a proxy in front was asked for is not known otherwise. */
function originOf({ headers }: IncomingMessage, { siteUrl }: Access): string {
  const forwarded = headers["x-forwarded-proto"] ?? protoIn(headers.forwarded);
  const scheme = Array.isArray(forwarded) ? forwarded[0] : forwarded;
  return `${scheme ?? "http"}://${headers.host ?? new URL(siteUrl).host}`;
}

/** Of the first hop of a Forwarded header. */
function protoIn(forwarded: string | undefined): string | undefined {
  const pairs = (forwarded?.split(",")[0] ?? "").split(";").map((pair) => pair.split("="));
  const found = pairs.find(([name = ""]) => name.trim().toLowerCase() === "proto");
  return found?.[1]?.trim().replace(/^"|"$/g, "");
}
