// What the guest (the code that runs inside a function's own context) may ask of the thread around it.
// Only primitives, bytes and callbacks cross: an object of the thread has other prototypes than the guest's.

export type Kind = "query" | "mutation" | "action" | "httpAction" | "import" | "auth.config";

export type Head = { status: number; statusText: string; url: string; pairs: [string, string][] };
export type Outgoing = {
  url: string;
  method: string;
  pairs: [string, string][];
  body: Uint8Array | null;
};
type Settle = {
  ok: (text: string) => void;
  bad: (message: string, dataJson: string | undefined) => void;
};

export type Host = {
  readonly kind: Kind;
  /** False while modules are loaded. */
  readonly isRunning: () => boolean;
  readonly now: () => number;
  readonly performanceNow: () => number;
  readonly timeOrigin: () => number;
  readonly random: () => number;
  readonly env: (name: string) => string | undefined;
  readonly log: (level: string, text: string) => void;
  /** Ends the run with this error, whatever the code does with what is thrown. */
  readonly terminate: (message: string) => void;
  /** The wrapper of a module: `(require, module) => void`, of the guest's own context. */
  readonly compile: (path: string) => Wrapper | undefined;
  readonly virtual: (specifier: string) => string | undefined;
  readonly syscall: (op: string, argsJson: string) => string;
  readonly asyncSyscall: (op: string, argsJson: string, settle: Settle) => void;
  /** Tells that something goes on outside; the answer ends it. */
  readonly startOperation: () => () => void;
  readonly startTimer: (delayMs: number, fire: () => void) => void;
  readonly fetch: (request: Outgoing, on: FetchHandlers) => { abort: () => void };
  readonly parseMultipart: (contentType: string, body: Uint8Array, on: MultipartHandlers) => void;
  /** scheme, username, password, host, hostname, port, pathname, search, hash, href; null if it is not a URL. */
  readonly parseUrl: (url: string, base: string | undefined) => string[] | null;
  readonly changeUrl: (href: string, part: string, value: string) => string[] | null;
  readonly parseQuery: (query: string) => [string, string][];
  readonly printQuery: (pairs: [string, string][]) => string;
  readonly encode: (text: string) => Uint8Array;
  readonly createDecoder: (label: string, options: DecoderOptions) => Decoder | undefined;
  readonly atob: (text: string) => string | undefined;
  readonly btoa: (text: string) => string | undefined;
  readonly subtle: SubtleCrypto;
  readonly streams: () => Streams;
  readonly classes: Readonly<Record<"AsyncLocalStorage" | "AsyncResource" | "CryptoKey", unknown>>;
};

export type Wrapper = (
  this: undefined,
  require: (specifier: string) => unknown,
  module: { exports: Record<string, unknown> },
) => void;
export type FetchHandlers = {
  head: (head: Head) => void;
  chunk: (bytes: Uint8Array) => void;
  end: () => void;
  failed: (message: string, isAborted: boolean) => void;
};
export type MultipartHandlers = {
  done: (entries: readonly MultipartEntry[]) => void;
  failed: (message: string) => void;
};
export type MultipartEntry = {
  name: string;
  text?: string;
  file?: { bytes: Uint8Array; name: string; type: string };
};
export type DecoderOptions = { fatal: boolean; ignoreBOM: boolean };
export type Decoder = {
  encoding: string;
  decode: (bytes: Uint8Array, isStream: boolean) => string | undefined;
};
export type Streams = Record<
  | "ReadableStream"
  | "ReadableStreamBYOBReader"
  | "ReadableStreamDefaultReader"
  | "TransformStream"
  | "WritableStream"
  | "WritableStreamDefaultWriter",
  unknown
> & { ReadableStream: typeof globalThis.ReadableStream };

/** Set once, before anything else of the guest runs. */
export let host: Host;
export function setHost(given: Host): void {
  host = given;
}

/** A copy that has the guest's own prototypes. */
export function ownBytes(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes);
}

/** Ends the function: what Convex does not implement cannot be caught there either. */
export function notImplemented(what: string, className: string, why?: string): never {
  const subject = `Not implemented: ${what} for ${className}`;
  return uncatchable(
    `${why ? `${subject}: ${why}` : subject}. Consider calling an action defined in Node.js instead (https://docs.convex.dev/functions/actions).`,
  );
}

export function uncatchable(message: string): never {
  host.terminate(message);
  throw new Error(message);
}

/** Whether this is a query or mutation, or code that is only imported: no timers, no network there. */
export function isDeterministic(): boolean {
  return host.kind !== "action" && host.kind !== "httpAction";
}

/** Refuses what needs the outside: by a rejection that names it, as Convex refuses an async operation. */
export function assertOutside(what: string): void {
  if (
    host.kind === "import" ||
    host.kind === "auth.config" ||
    (!isDeterministic() && !host.isRunning())
  )
    throw new Error(`${what} unsupported at import time`);
  if (isDeterministic())
    throw new Error(
      `Can't use ${what} in queries and mutations. Please consider using an action. See https://docs.convex.dev/functions/actions for more details.`,
    );
}

export function assertArguments(given: number, needed: number, prefix: string): void {
  if (given >= needed) return;
  throw new TypeError(
    `${prefix}: ${needed} argument${needed === 1 ? "" : "s"} required, but only ${given} present.`,
  );
}
