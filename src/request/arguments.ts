// The arguments of a callback that runs later, in another function: how they become text, and arguments again.
// Must not know which callbacks there are.

/** What arguments that cannot travel are replaced by, where the callback runs. */
export type CallbackScope = {
  /** Better Auth's own context (`auth.$context`), for callbacks that are given an endpoint context. */
  readonly context: () => Promise<unknown>;
};

/** The arguments as JSON; undefined if one of them cannot travel (a function, an instance of a class). */
export function encodeArguments(args: readonly unknown[]): string | undefined {
  try {
    return JSON.stringify(args.map(encode));
  } catch (error) {
    if (error instanceof NotPortable) return undefined;
    throw error;
  }
}

/** The arguments that `encodeArguments` wrote. A request comes back without its body, an endpoint context as its parts. */
export async function decodeArguments(text: string, scope: CallbackScope): Promise<unknown[]> {
  const encoded = JSON.parse(text) as Encoded[]; // written by encodeArguments
  return Promise.all(encoded.map((value) => decode(value, scope)));
}

/** True for an object literal. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype
  );
}

/** What Better Auth hands to an endpoint, and on to some callbacks as their last argument. */
export type EndpointContext = {
  readonly context: object;
  readonly headers: unknown;
  readonly request?: unknown;
  readonly path?: unknown;
  readonly method?: unknown;
  readonly body?: unknown;
  readonly query?: unknown;
  readonly params?: unknown;
};

/** True for such a context, and for the parts of one that `decodeArguments` gives. */
export function isEndpointContext(value: unknown): value is EndpointContext {
  if (typeof value !== "object" || value === null) return false;
  const { context } = value as { context?: unknown }; // any object may be read so
  return typeof context === "object" && context !== null && "headers" in value;
}

// --- internal ---

class NotPortable extends Error {}

type RequestHead = { url: string; method: string; headers: [string, string][] };

type Encoded =
  | null
  | string
  | boolean
  | number
  | { $: "undefined" }
  | { $: "number"; text: string }
  | { $: "bigint"; text: string }
  | { $: "bytes"; bytes: number[] }
  | { $: "url"; href: string }
  | { $: "headers"; lines: [string, string][] }
  | { $: "request"; head: RequestHead }
  | { $: "date"; ms: number | null }
  | { $: "array"; items: Encoded[] }
  | { $: "object"; entries: [string, Encoded][] }
  | {
      $: "endpoint";
      own: Encoded;
      /** Who is signed in, of its `context`. */
      signedIn: Encoded;
      head: RequestHead | null;
      headers: [string, string][];
    };

function encode(value: unknown): Encoded {
  if (value === undefined) return { $: "undefined" };
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "number")
    return Number.isFinite(value) ? value : { $: "number", text: String(value) };
  if (typeof value === "bigint") return { $: "bigint", text: String(value) };
  if (typeof value !== "object") throw new NotPortable();
  if (value instanceof Date) return { $: "date", ms: value.getTime() };
  if (value instanceof Uint8Array) return { $: "bytes", bytes: [...value] };
  if (value instanceof URL) return { $: "url", href: value.href };
  if (value instanceof Headers) return { $: "headers", lines: linesOf(value) };
  if (value instanceof Request) return { $: "request", head: headOf(value) };
  if (Array.isArray(value)) return { $: "array", items: value.map(encode) };
  if (isEndpointContext(value)) return encodeEndpoint(value);
  if (!isPlainObject(value) && Object.getPrototypeOf(value) !== null) throw new NotPortable();
  return { $: "object", entries: Object.entries(value).map(([key, item]) => [key, encode(item)]) };
}

type SignedIn = { readonly session?: unknown; readonly newSession?: unknown };

function encodeEndpoint(value: EndpointContext): Encoded {
  const { path, method, body, query, params, request, headers } = value;
  const { session, newSession } = value.context as SignedIn; // Better Auth's, with or without them
  return {
    $: "endpoint",
    own: encode({ path, method, body, query, params }),
    signedIn: encodeSignedIn({ session, newSession }),
    head: request instanceof Request ? headOf(request) : null,
    headers: headers instanceof Headers ? linesOf(headers) : [],
  };
}

/** A session that a plugin has put something else into stays here: the callback can do without. */
function encodeSignedIn(signedIn: SignedIn): Encoded {
  try {
    return encode(signedIn);
  } catch (error) {
    if (error instanceof NotPortable) return encode({});
    throw error;
  }
}

function headOf({ url, method, headers }: Request): RequestHead {
  return { url, method, headers: linesOf(headers) };
}

function linesOf(headers: Headers): [string, string][] {
  const lines: [string, string][] = [];
  headers.forEach((value, name) => void lines.push([name, value]));
  return lines;
}

async function decode(value: Encoded, scope: CallbackScope): Promise<unknown> {
  if (typeof value !== "object" || value === null) return value;
  switch (value.$) {
    case "undefined":
      return undefined;
    case "number":
      return Number(value.text);
    case "bigint":
      return BigInt(value.text);
    case "bytes":
      return new Uint8Array(value.bytes);
    case "url":
      return new URL(value.href);
    case "headers":
      return new Headers(value.lines);
    case "request":
      return requestOf(value.head);
    case "date":
      return new Date(value.ms ?? NaN);
    case "array":
      return Promise.all(value.items.map((item) => decode(item, scope)));
    case "object":
      return Object.fromEntries(
        await Promise.all(
          value.entries.map(async ([key, item]) => [key, await decode(item, scope)] as const),
        ),
      );
    case "endpoint": {
      const own = (await decode(value.own, scope)) as object; // encoded from an object
      const headers = new Headers(value.headers);
      const request = value.head ? requestOf(value.head) : undefined;
      const signedIn = (await decode(value.signedIn, scope)) as object; // as above
      const context = { ...((await scope.context()) as object), ...signedIn }; // Better Auth's
      return { ...own, request, headers, context };
    }
  }
}

function requestOf({ url, method, headers }: RequestHead): Request {
  return new Request(url, { method, headers });
}
