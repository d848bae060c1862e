// The thread's side of what the guest asks (guest/host.ts): time, chance, parsing, network, timers.
// Must not hand out its own objects where the guest would show them to the app.
import { AsyncResource } from "node:async_hooks";
import { randomBytes, webcrypto } from "node:crypto";
import type { DecoderOptions, Host, MultipartEntry, Streams, Wrapper } from "./guest/host.js";
import type { Surroundings } from "./isolate.js";
import type { Run } from "./run.js";
import { storageOf } from "./run-storage.js";

type Own = Surroundings & {
  compile: (path: string) => Wrapper | undefined;
  streams: () => Streams;
};

export function createHost(run: Run, own: Own): Host {
  const { kind } = run;
  const isAction = kind === "action" || kind === "httpAction";
  const random = { import: seeded(own.importSeed), run: seeded(randomBytes(4).readUInt32LE()) };
  const begun = performance.now();
  const refuseForAuth = (what: string) => {
    if (kind === "auth.config")
      throw new Error(`${what} unsupported while evaluating auth.config.js`);
  };
  const offset = () => Math.floor((own.startedAt - own.importedAt) * 10) / 10;
  return {
    kind,
    isRunning: run.isRunning,
    now: () => {
      refuseForAuth("Date");
      if (!run.isRunning()) return own.importedAt;
      return isAction ? Date.now() : own.startedAt;
    },
    random: () => {
      refuseForAuth("Math.random");
      return run.isRunning() ? random.run() : random.import();
    },
    timeOrigin: () => own.importedAt,
    performanceNow: () => {
      if (!run.isRunning()) return 0;
      const passed = kind === "query" ? 0 : performance.now() - begun;
      return Math.floor((offset() + passed) * 10) / 10;
    },
    env: (name) => {
      const value = own.env.get(name);
      if (value === undefined && kind === "auth.config")
        throw Object.assign(
          new Error(
            `Environment variable ${name} is used in auth config file but its value was not set`,
          ),
          { code: "AuthConfigMissingEnvironmentVariable" },
        );
      return value;
    },
    log: (level, text) => {
      if (!run.isOver()) own.log(level, text.replace(/\p{Surrogate}/gu, "\ufffd"));
    },
    terminate: run.terminate,
    compile: own.compile,
    virtual: (specifier) => {
      const exports = own.virtual?.(specifier);
      return exports && JSON.stringify(exports["default"]);
    },
    syscall: (op, argsJson) => {
      if (!run.isRunning()) throw new Error(`Syscall ${op} unsupported at import time`);
      const args = argumentsOf(argsJson);
      return JSON.stringify(own.syscall(op, args));
    },
    asyncSyscall: (op, argsJson, { ok, bad }) => {
      if (!run.isRunning()) throw new Error("Can't use database at import time");
      const args = argumentsOf(argsJson);
      run.ask(op, args, (answer) => {
        if ("value" in answer) return ok(JSON.stringify(answer.value));
        const { message, data } = answer;
        bad(message, data === undefined ? undefined : JSON.stringify(data));
      });
    },
    startOperation: run.startOperation,
    startTimer: (delayMs, fire) => {
      const end = run.startOperation();
      const timer = setTimeout(() => {
        if (!run.isOver()) fire();
        end();
      }, delayMs);
      run.onEnd(() => clearTimeout(timer));
    },
    fetch: (request, handlers) => startFetch(run, request, handlers),
    parseMultipart: (contentType, body, { done, failed }) => {
      const end = run.startOperation();
      const init = { headers: { "content-type": contentType } };
      entriesOf(new Response(body as BodyInit, init))
        .then(done, (error: unknown) => failed((error as Error).message)) // undici throws errors
        .finally(end);
    },
    parseUrl: (url, base) => (URL.canParse(url, base) ? partsOf(new URL(url, base)) : null),
    changeUrl: (href, part, value) => {
      const url = new URL(href);
      if (part === "search" || part === "hash" || part === "port" || part === "protocol")
        url[part] = value;
      if (part === "hostname" || part === "pathname") url[part] = value;
      return partsOf(url);
    },
    parseQuery: (query) => [...new URLSearchParams(query)],
    printQuery: (pairs) => new URLSearchParams(pairs).toString(),
    encode: (text) => encoder.encode(text),
    createDecoder: (label, options) => {
      try {
        const decoder = decoderOf(label, options);
        return {
          encoding: decoder.encoding,
          decode: (bytes, stream) => {
            try {
              return decoder.decode(bytes, { stream });
            } catch {
              return undefined; // what a fatal decoder comes to on Convex
            }
          },
        };
      } catch {
        return undefined; // the guest names the label
      }
    },
    atob: (text) => attempt(() => atob(unpadded(text))),
    btoa: (text) => attempt(() => btoa(text)),
    subtle: webcrypto.subtle as SubtleCrypto,
    streams: own.streams,
    classes: { AsyncLocalStorage: storageOf(run), AsyncResource, CryptoKey: globalThis.CryptoKey },
  };
}

/**
 * Convex's parser takes no half of a surrogate pair, which JSON.stringify prints as an escape.
 *
 * @throws Error with what follows `refused`
 */
export function assertPairs(json: string, refused: string): void {
  const at = json.includes("\\ud") ? json.search(LONE_SURROGATE) : -1;
  if (at >= 0)
    throw new Error(
      `${refused}lone ${/^\W*ud[89ab]/.test(json.slice(at)) ? "leading" : "trailing"} surrogate in hex escape at line 1 column ${at + 1}`,
    );
}

// --- internal ---

const LONE_SURROGATE = /(?<!\\)(?:\\\\)*\\ud[89a-f]/;

function argumentsOf(json: string): Record<string, unknown> {
  assertPairs(json, "Received invalid json: ");
  return JSON.parse(json) as Record<string, unknown>; // as convex/server prints them
}

const encoder = new TextEncoder();

function startFetch(
  run: Run,
  { url, method, pairs, body }: Parameters<Host["fetch"]>[0],
  { head, chunk, end, failed }: Parameters<Host["fetch"]>[1],
): { abort: () => void } {
  const done = run.startOperation();
  const controller = new AbortController();
  run.onEnd(() => controller.abort());
  const work = async () => {
    const response = await fetch(url, {
      // undici counts for itself.
      headers: pairs.filter(([name]) => name !== "content-length"),
      ...{ method, body: body as BodyInit | null },
      ...{ redirect: "manual", signal: controller.signal },
    });
    if (run.isOver()) return;
    const { status, statusText } = response;
    head({ status, statusText, url, pairs: [...response.headers] });
    for await (const bytes of response.body ?? []) {
      if (run.isOver()) return;
      chunk(bytes as Uint8Array); // of a body
    }
    end();
  };
  work()
    .catch((error: unknown) => {
      if (run.isOver()) return;
      const { message, cause } = error as Error; // undici throws errors
      const why = cause instanceof Error ? `${message}: ${cause.message}` : message;
      const { aborted } = controller.signal;
      failed(aborted ? "The signal has been aborted" : why, aborted);
    })
    .finally(done);
  return { abort: () => controller.abort() };
}

async function entriesOf(response: Response): Promise<MultipartEntry[]> {
  const entries: MultipartEntry[] = [];
  for (const [name, value] of await response.formData()) {
    if (typeof value === "string") entries.push({ name, text: value });
    else {
      const bytes = new Uint8Array(await value.arrayBuffer());
      entries.push({ name, file: { bytes, name: value.name, type: value.type } });
    }
  }
  return entries;
}

/** In the order of guest/url.ts. */
function partsOf(url: URL): string[] {
  const { protocol, username, password, host, hostname, port, pathname, search, hash, href } = url;
  const origin = /^(ftp|https?|wss?):$/.test(protocol) ? `${protocol}//${host}` : "null";
  return [protocol, username, password, host, hostname, port, pathname, search, hash, href, origin];
}

function attempt(convert: () => string): string | undefined {
  try {
    return convert();
  } catch {
    return undefined; // the guest throws its own error
  }
}

/** Base64 without its padding, of which there may be too little. */
function unpadded(text: string): string {
  const compact = text.replace(/[\t\n\f\r ]/g, "");
  const [, digits = compact, padding = ""] = /^([^=]*)(=*)$/.exec(compact) ?? [];
  const rest = digits.length % 4;
  // What is left is refused by atob itself.
  const isPadded = rest === 2 ? padding.length <= 2 : padding.length <= (rest === 3 ? 1 : 0);
  return isPadded ? digits : compact;
}

/** Node 20 reads windows-1252 as ISO-8859-1, where 32 of its characters are controls. */
function decoderOf(label: string, options: DecoderOptions): TextDecoder {
  const decoder = new TextDecoder(label, options);
  if (decoder.encoding !== "windows-1252") return decoder;
  const decode = (bytes?: Uint8Array) =>
    decoder
      .decode(bytes)
      .replace(/[\x80-\x9f]/g, (control) => WINDOWS_1252[control.charCodeAt(0) - 0x80]!);
  return { ...{ encoding: decoder.encoding, fatal: decoder.fatal }, ignoreBOM: false, decode };
}

const WINDOWS_1252 =
  "\u20ac\x81\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\x8d\u017d\x8f\x90\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\x9d\u017e\u0178";

/** Random numbers that a seed repeats. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
