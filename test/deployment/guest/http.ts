// An HTTP action's request and response, between the thread and the app's router.
import { AbortController } from "abortcontroller-polyfill/dist/abortcontroller.js";
import { bytesOf, contentLength, source, type Source } from "./body.js";
import { ownBytes, uncatchable } from "./host.js";
import { Request } from "./request.js";
import { Response } from "./response.js";

type Pairs = [string, string][];
export type HttpInput = { url: string; method: string; pairs: Pairs };
/** `route`: the path as the routes of this http.ts have it. */
type Routed = HttpInput & { route: string };
export type HttpOutput = { status: number; pairs: Pairs; body: Uint8Array };
type Router = {
  isRouter?: boolean;
  lookup: (path: string, method: string) => unknown;
  runRequest: (requestJson: string, route: string) => Promise<string>;
};

const bodies = new Map<string, Source>();
const aborted = new AbortController();

/** What `convex/server` asks of the runtime itself, by name. */
export function jsSyscall(op: string, args: Record<string, unknown>): unknown {
  if (op === "requestFromConvexJson")
    return requestOf(args.convexJson as HttpInput & { bodyId?: string }); // made below
  if (op === "convexJsonFromResponse") return printed(args.response);
  return uncatchable(`Unknown JS syscall: ${op}`);
}

/** Has the default export of http.ts answer; undefined where no route matches. */
export async function serve(
  router: unknown,
  { route, ...input }: Routed,
  given: Uint8Array | null,
): Promise<HttpOutput | undefined> {
  const own = router as Router | undefined; // checked next
  if (own === undefined) throw new Error(`Couldn't find default export in module "http.js".`);
  if (own.isRouter !== true)
    throw new Error("The default export of `convex/http.js` is not a Router.");
  if (!own.lookup(route, input.method)) return undefined;
  if (given) bodies.set("request", { bytes: ownBytes(given) });
  const request = { ...input, ...(given && { bodyId: "request" }) };
  const answer = JSON.parse(await own.runRequest(JSON.stringify(request), route)) as {
    status: number;
    headerPairs: Pairs;
    streamId: string;
  }; // as printed below
  const body = await bytesOf(bodies.get(answer.streamId) ?? null);
  return { status: answer.status, pairs: answer.headerPairs, body };
}

// --- internal ---

function requestOf({ url, method, pairs, bodyId }: HttpInput & { bodyId?: string }): Request {
  const request = new Request(url, { method, headers: pairs, signal: aborted.signal });
  if (bodyId !== undefined) request[source] = bodies.get(bodyId) ?? null;
  return request;
}

function printed(response: unknown): object {
  if (!(response instanceof Response)) throw new Error("HTTP actions must return a Response");
  const own = response[source];
  if (own && "stream" in own && own.stream.locked)
    throw new TypeError(
      "ReadableStreamDefaultReader can only be constructed with a stream that is not yet locked to a reader",
    );
  const streamId = `response ${bodies.size}`;
  bodies.set(streamId, own);
  const headerPairs = [...response.headers];
  const length = response[contentLength];
  if (length !== null && !response.headers.has("content-length"))
    headerPairs.push(["content-length", String(length)]);
  return { headerPairs, status: response.status, streamId };
}
