// Plugins that ask for another one which auth.ts does not list: every request would fail with them. Each is told by
// what it does at first, on stand-ins: it runs until it would call anything but `getPlugin`, and no further.
import { CodegenError } from "../errors.js";

/** A plugin that cannot do without another one. */
export type MissingPlugin = {
  /** Ids of both. */
  readonly plugin: string;
  readonly needs: string;
  /** What it says when it fails. */
  readonly message: string;
};

/** The plugins of loaded options that fail for want of another one. */
export async function findMissingPlugins(options: object): Promise<MissingPlugin[]> {
  const listed: unknown = "plugins" in options ? options.plugins : undefined;
  const plugins = Array.isArray(listed) ? (listed as Plugin[]) : []; // assertPlugins has looked at them
  const missing: MissingPlugin[] = [];
  for (const plugin of plugins)
    for (const step of STEPS) {
      const found = await findMissing(plugin, { step, plugins, options });
      if (found && !missing.some((one) => one.plugin === plugin.id && one.needs === found.needs))
        missing.push(found);
    }
  return missing;
}

// --- internal ---

type Plugin = {
  readonly id: string;
  readonly init?: (ctx: unknown) => unknown;
  readonly onRequest?: (request: Request, ctx: unknown) => unknown;
};

type Step = (plugin: Plugin, ctx: unknown) => unknown;

type Rehearsal = {
  readonly step: Step;
  readonly plugins: readonly Plugin[];
  readonly options: object;
};

const BASE_URL = "https://app.invalid/api/auth";

/** What Better Auth has a plugin do in each request, whatever it is for. */
const STEPS: readonly Step[] = [
  (plugin, ctx) => plugin.init?.(ctx),
  (plugin, ctx) => plugin.onRequest?.(new Request(`${BASE_URL}/ok`), ctx),
];

/** Thrown where a plugin would do more. */
const STOP = new Error("A plugin goes no further than this while auth.ts is read.");

async function findMissing(plugin: Plugin, input: Rehearsal): Promise<MissingPlugin | undefined> {
  const alone = await rehearse(plugin, input);
  const { lacked, failure } = alone;
  if (lacked === undefined || failure === undefined) return undefined;
  // It may fail for another reason: then it does so with that plugin, too.
  const together = await rehearse(plugin, { ...input, given: lacked });
  if (together.failure === failure) return undefined;
  return { plugin: plugin.id, needs: lacked, message: failure };
}

async function rehearse(
  plugin: Plugin,
  { step, plugins, options, given }: Rehearsal & { readonly given?: string },
): Promise<{ lacked: string | undefined; failure: string | undefined }> {
  let lacked: string | undefined;
  const getPlugin = (id: string): unknown => {
    const found = plugins.find((one) => one.id === id);
    if (found) return found;
    if (id === given) return standIn();
    lacked = id;
    return null;
  };
  const known: Readonly<Record<string, unknown>> = {
    getPlugin,
    hasPlugin: (id: string) => getPlugin(id) !== null,
    options,
    baseURL: BASE_URL,
  };
  const ctx = new Proxy(
    {},
    {
      get: (_, key) =>
        typeof key === "string" && Object.hasOwn(known, key) ? known[key] : standIn(),
    },
  );
  const { fetch } = globalThis;
  globalThis.fetch = stop;
  try {
    // What waits for longer than this waits for the outside.
    await Promise.race([step(plugin, ctx), new Promise((done) => setImmediate(done))]);
    return { lacked, failure: undefined };
  } catch (error) {
    return { lacked, failure: messageOf(error) };
  } finally {
    globalThis.fetch = fetch;
  }
}

/** Undefined for what says nothing of the plugin: it met a stand-in. */
function messageOf(error: unknown): string | undefined {
  const isOfStandIn = error === STOP || error instanceof CodegenError || error instanceof TypeError;
  return isOfStandIn || !(error instanceof Error) ? undefined : error.message;
}

function stop(): never {
  throw STOP;
}

/** Has every property, and can be neither called nor made text of. */
function standIn(): unknown {
  return new Proxy(stop, {
    get(_, key) {
      if (key === "then") return undefined;
      return typeof key === "symbol" ? stop : standIn();
    },
    apply: stop,
    construct: stop,
  });
}
