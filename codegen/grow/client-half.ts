// The client half of plugins: their calls in the app's auth client, where kitcn finds it.
// Stages edits; what cannot be edited is returned as a problem, and a client that is not found as lines to write.
import { join } from "node:path";
import type { Problem } from "../errors/by-hand.js";
import { grownClientNotList, grownClientUnknown } from "../errors/grow.js";
import type { PluginEntry } from "../catalog/types.js";
import { shortPath } from "../disk/project.js";
import {
  endOf,
  finishEdit,
  locationOf,
  openEditor,
  type Editor,
  type Module,
} from "../edit/index.js";
import { findList, followIn, type OptionsPlace } from "../modules/auth-options.js";
import { findHome } from "../modules/names.js";
import type { ModuleReader } from "../modules/resolve.js";
import { findClientCall } from "../patch/auth-client.js";
import { ENV_PREFIX, type Shell } from "../shell/detect.js";
import { authClientIn, readerOf } from "../shell/front.js";
import { frontsOf, noteOf, type FrontPackage } from "../shell/fronts.js";
import type { Workspace } from "../workspace/stage.js";
import {
  findCalls,
  findNested,
  writeCall,
  type FoundCall,
  type ListPlace,
  type NestedCall,
} from "./calls.js";
import { argsOf, readVariables, variablesIn, type EnvReader } from "./code.js";
import { insertCalls, placeOf } from "./insert.js";
import { authTypeFor, type HalfPlan } from "./server-half.js";

/** The app's auth client, opened for its plugins. */
export type Client = {
  readonly ws: Workspace;
  readonly read: ModuleReader;
  readonly shell: Shell;
  /** The module that makes it; undefined where none was found. */
  readonly module: Module | undefined;
};

/** Opens the modules that make the auth clients of an app: of each front end one, and one that several share once. */
export function openClients(ws: Workspace): readonly Client[] {
  const clients = frontsOf(ws).map(openClient);
  return clients.filter(
    ({ module }, at) =>
      module === undefined ||
      clients.findIndex((other) => other.module?.path === module.path) === at,
  );
}

/** Opens the module that makes the auth client of a front end. */
export function openClient({ ws, shell }: FrontPackage): Client {
  const { root } = ws.project;
  const bases = shell.kind === "none" ? [join(root, "src"), root, join(root, "app")] : [shell.base];
  const path = bases.map((base) => authClientIn(ws, base)).find((one) => one !== undefined);
  const read = readerOf(ws);
  const module = path === undefined ? undefined : ws.module(path);
  const home = module && findHome({ module, name: "authClient" }, read);
  return { ws, read, shell, module: home ?? module };
}

/** The plugins of the table that the client has. */
export function findClientCalls(
  client: Client,
  entries: readonly PluginEntry[],
): readonly FoundCall[] {
  const list = clientList(client);
  return list ? findCalls(list, entries, { pick: pickClient, read: client.read }).found : [];
}

/** Those of `entries` that the client has under a condition, or that a function of the app makes. */
export function findNestedCalls(
  client: Client,
  entries: readonly PluginEntry[],
): readonly NestedCall[] {
  const { read } = client;
  const list = clientList(client);
  if (!list) return [];
  const { rest } = findCalls(list, entries, { pick: pickClient, read });
  return findNested(rest, entries, { options: list.options, pick: pickClient, read });
}

/** The list of plugins; undefined where it is not written out as one. */
export function clientList(client: Client): ListPlace | undefined {
  const options = clientOptions(client);
  const found = options && findList(options, "plugins", client.read);
  if (!options || found?.kind !== "literal") return undefined;
  return { module: found.module, list: found.node, options };
}

/**
 * Where kitcn cannot tell which plugins the client has: `path:line` of the options, the list or an item that code makes.
 * Undefined where it can, and where no client was found.
 */
export function unreadPlace(client: Client): string | undefined {
  const { module, read } = client;
  const call = module && findClientCall(module);
  if (!call || call.arguments.length === 0) return undefined;
  const options = clientOptions(client);
  if (!options) return locationOf(module, call);
  const found = findList(options, "plugins", read);
  if (found.kind === "computed") return placeOf(options, found);
  if (found.kind === "absent") return undefined;
  const item = found.node.elements.find((one) => {
    if (one === null) return false;
    return followIn({ module: found.module, node: one }, options, read).node.type !== CALL;
  });
  return item ? locationOf(found.module, item) : undefined;
}

/** Stages the calls that the auth client lacks, and gives the lines to write where it was not found. */
export async function planClientHalf(
  client: Client,
  missing: readonly PluginEntry[],
): Promise<HalfPlan & { readonly notes: readonly string[] }> {
  const { ws, module } = client;
  if (missing.length === 0) return NOTHING;
  if (!module) return { ...NOTHING, notes: [byHand(client, missing)] };
  const options = clientOptions(client) ?? emptyOptions(client);
  const list = options && findList(options, "plugins", client.read);
  if (!options || !list || list.kind === "computed") {
    const at =
      options && list ? placeOf(options, list) : locationOf(module, findClientCall(module));
    return { ...NOTHING, problems: [unknownForm(client, missing, { at, list })] };
  }
  const print = (editor: Editor) => missing.map((entry) => printClientCall(client, entry, editor));
  const path = await insertCalls(ws, { options, name: "plugins", place: list, print });
  const notes = [...variableNotes(client, missing), ...phoneNotes(client, missing, path)];
  return { added: missing, problems: [], paths: [path], notes };
}

/** The call of an entry as this app writes it, with its imports in the editor. */
export function printClientCall(client: Client, entry: PluginEntry, editor: Editor): string {
  const { ws, shell } = client;
  const half = pickClient(entry);
  if (!half) throw new Error(`${entry.name} has no client half.`);
  const base = shell.kind === "none" ? ws.project.root : shell.base;
  return writeCall(editor, half, {
    args: readVariables(argsOf(half, false), readerFor(shell)),
    authType: authTypeFor(ws, editor.module.path, base),
  });
}

/** How code of the browser reads a variable of its build. */
export function readerFor(shell: Shell): EnvReader {
  switch (shell.kind) {
    case "next":
    case "expo":
      return { object: "process.env", prefix: ENV_PREFIX[shell.kind] };
    case "vite":
    case "start":
    case "solidstart":
      return { object: "import.meta.env", prefix: ENV_PREFIX[shell.kind] };
    // Vite bundles the modules of both, and fills these variables in there, too.
    case "sveltekit":
    case "nuxt":
    case "none":
      return shell.kind === "none" &&
        shell.found?.siteUrl?.startsWith("process.env.EXPO_PUBLIC_") === true
        ? { object: "process.env", prefix: "EXPO_PUBLIC_" }
        : { object: "import.meta.env", prefix: "VITE_" };
  }
}

// --- internal ---

/** A function of the app's own gives one plugin; any other item may be several. */
const CALL = "CallExpression";

const NOTHING = { added: [], problems: [], paths: [], notes: [] };

function pickClient({ client }: PluginEntry) {
  return client;
}

function clientOptions({ module, read }: Client): OptionsPlace | undefined {
  const argument = module && findClientCall(module)?.arguments[0];
  if (!module || !argument) return undefined;
  const found = followIn({ module, node: argument }, { locals: [] }, read);
  if (found.node.type !== "ObjectExpression") return undefined;
  return { module: found.module, node: found.node, locals: [] };
}

/** `createAuthClient()` gets options first. */
function emptyOptions(client: Client): OptionsPlace | undefined {
  const { ws, module } = client;
  const call = module && findClientCall(module);
  if (!module || !call || call.arguments.length > 0) return undefined;
  const editor = openEditor(module);
  editor.edits.appendLeft(endOf(call) - 1, "{}");
  ws.stage(module.path, finishEdit(editor));
  return clientOptions({ ...client, module: ws.module(module.path) });
}

function byHand(client: Client, missing: readonly PluginEntry[]): string {
  const lines = linesOf(client, missing).map((line) => `  ${line}`.trimEnd());
  return noteOf(
    client.ws,
    `kitcn found no auth client. Add these lines where you call createAuthClient():\n${lines.join("\n")}`,
  );
}

function unknownForm(
  client: Client,
  missing: readonly PluginEntry[],
  { at, list }: { at: string; list: ReturnType<typeof findList> | undefined },
): Problem {
  const lines = linesOf(client, missing);
  return list ? grownClientNotList({ at, lines }) : grownClientUnknown({ at, lines });
}

function linesOf({ shell }: Client, missing: readonly PluginEntry[]): string[] {
  const halves = missing.flatMap((entry) => pickClient(entry) ?? []);
  const sources = new Set(halves.map(({ source }) => source));
  const imports = [...sources].map((source) => {
    const names = halves.filter((one) => one.source === source).map(({ name }) => name);
    return `import { ${names.join(", ")} } from "${source}";`;
  });
  const calls = halves.map(
    (half) => `${half.name}(${readVariables(argsOf(half, false), readerFor(shell))})`,
  );
  return [...imports, "", `plugins: [/* yours */, ${calls.join(", ")}]`];
}

/** What the build of the front end has to know. */
function variableNotes({ ws, shell }: Client, added: readonly PluginEntry[]): string[] {
  const { prefix = "" } = readerFor(shell);
  return added.flatMap((entry) => {
    const names = variablesIn(pickClient(entry)?.args).map((name) => prefix + name);
    return names.length > 0
      ? [
          noteOf(
            ws,
            `${entry.name} reads ${names.join(", ")} in the browser: set ${names.length === 1 ? "it" : "them"} in .env.local.`,
          ),
        ]
      : [];
  });
}

/** What does not work on a phone as it was written. */
function phoneNotes({ ws, shell }: Client, added: readonly PluginEntry[], path: string): string[] {
  if (shell.kind !== "expo") return [];
  return added.flatMap(({ client, onPhones = [] }) => {
    if (!client || onPhones.length === 0) return [];
    const lines = onPhones.map((line) => `  ${line}`.trimEnd()).join("\n");
    return [
      noteOf(
        ws,
        `${client.name}() works in browsers alone. For phones, write this instead of it in ${shortPath(ws.project, path)}:\n${lines}`,
      ),
    ];
  });
}
