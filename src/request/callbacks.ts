// The callbacks by which Better Auth sends emails and codes (`sendResetPassword`, `sendInvitationEmail`, ...).
// Inside a run they wait for the commit, so that nobody gets a link to a row that was rolled back.
// Must not know which callbacks exist: the name decides.
import { currentRun } from "./effects.js";
import type { DeferredCallback } from "./run.js";

type Callback = (...args: unknown[]) => unknown;

/**
 * Replaces every `send...` callback of the options, and of the plugins' own options, by one that is
 * deferred inside a run and called as ever outside.
 */
export function deferCallbacks(options: object): void {
  for (const { holder, name, path } of sendCallbacks(options)) {
    const original = holder[name] as Callback; // sendCallbacks lists functions only
    if (deferred.has(original)) continue;
    const wrapper: Callback = (...args) => {
      const run = currentRun();
      const encoded = run && encodeArgs(args);
      if (!run || encoded === undefined) return original(...args);
      run.defer({ path, args: encoded });
      return Promise.resolve();
    };
    deferred.add(wrapper);
    Reflect.set(holder, name, wrapper);
  }
}

/** What arguments that cannot travel are replaced by, in the action. */
export type CallbackScope = {
  readonly request: Request;
  /** Better Auth's own context (`auth.$context`), for callbacks that are given an endpoint context. */
  readonly context: () => Promise<unknown>;
};

/** Calls the callback of `options` that was deferred, with the request of the action. */
export async function callDeferred(
  options: object,
  { callback, scope }: { callback: DeferredCallback; scope: CallbackScope },
): Promise<void> {
  const wanted = callback.path.join(".");
  const found = sendCallbacks(options).find(({ path }) => path.join(".") === wanted);
  if (!found) throw new Error(`auth.ts has no callback ${wanted} any more`);
  const args = await Promise.all(
    (JSON.parse(callback.args) as Encoded[]).map((value) => decode(value, scope)), // written by encodeArgs
  );
  await (found.holder[found.name] as Callback)(...args); // as above
}

// --- internal ---

const deferred = new WeakSet<Callback>();
const MAX_DEPTH = 4;

type Holder = Record<string, unknown>;
type Found = { holder: Holder; name: string; path: string[] };

function sendCallbacks(options: object): Found[] {
  const { plugins = [], ...core } = options as { plugins?: readonly object[] }; // Better Auth's options
  const ofPlugins = plugins.flatMap((plugin) => {
    const { id, options: own } = plugin as { id?: string; options?: unknown }; // Better Auth's plugins
    return isHolder(own) ? search(own, ["plugins", id ?? ""]) : [];
  });
  return [...search(core, []), ...ofPlugins];
}

function search(holder: Holder, path: string[]): Found[] {
  if (path.length > MAX_DEPTH) return [];
  return Object.entries(holder).flatMap(([name, value]): Found[] => {
    const at = [...path, name];
    if (typeof value === "function")
      return /^send[A-Z]/.test(name) ? [{ holder, name, path: at }] : [];
    return isHolder(value) ? search(value, at) : [];
  });
}

function isHolder(value: unknown): value is Holder {
  return (
    typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype
  );
}

/** undefined where an argument cannot travel (a function, an endpoint context). */
function encodeArgs(args: readonly unknown[]): string | undefined {
  try {
    return JSON.stringify(args.map(encode));
  } catch (error) {
    if (error instanceof NotPortable) return undefined;
    throw error;
  }
}

class NotPortable extends Error {}

function encode(value: unknown): unknown {
  if (value === undefined) return { $: "undefined" };
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "number" && Number.isFinite(value)) return value;
  if (value instanceof Date) return { $: "date", ms: value.getTime() };
  if (value instanceof Request) return { $: "request" };
  if (Array.isArray(value)) return { $: "array", items: value.map(encode) };
  if (isEndpointContext(value)) return { $: "endpoint", own: encode(portableParts(value)) };
  if (!isHolder(value)) throw new NotPortable();
  return { $: "object", entries: Object.entries(value).map(([key, item]) => [key, encode(item)]) };
}

/** What Better Auth hands to an endpoint, and on to some callbacks as their last argument. */
function isEndpointContext(value: unknown): value is Holder {
  return typeof value === "object" && value !== null && "context" in value && "headers" in value;
}

function portableParts({ path, method, body, query, params }: Holder): Holder {
  return { path, method, body, query, params };
}

type Encoded =
  | null
  | string
  | boolean
  | number
  | { $: "undefined" | "request" }
  | { $: "date"; ms: number }
  | { $: "array"; items: Encoded[] }
  | { $: "object"; entries: [string, Encoded][] }
  | { $: "endpoint"; own: Encoded };

async function decode(value: Encoded, scope: CallbackScope): Promise<unknown> {
  if (typeof value !== "object" || value === null) return value;
  switch (value.$) {
    case "undefined":
      return undefined;
    case "request":
      return scope.request.clone();
    case "date":
      return new Date(value.ms);
    case "array":
      return Promise.all(value.items.map((item) => decode(item, scope)));
    case "object":
      return Object.fromEntries(
        await Promise.all(
          value.entries.map(async ([key, item]) => [key, await decode(item, scope)] as const),
        ),
      );
    case "endpoint": {
      const request = scope.request.clone();
      const own = (await decode(value.own, scope)) as Holder; // encoded from portableParts
      return { ...own, request, headers: request.headers, context: await scope.context() };
    }
  }
}
