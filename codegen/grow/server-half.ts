// The server half of plugins: their calls in auth.ts, in whichever module its list is, and the variables they read.
// Stages edits; what cannot be edited is returned as a problem.
import { join } from "node:path";
import type { ByHand, Problem } from "../errors/by-hand.js";
import { optionsReturnedTwice, serverPluginsNotList } from "../errors/grow.js";
import type { PluginEntry } from "../catalog/types.js";
import {
  addImport,
  findDefaultExport,
  listImports,
  locationOf,
  type Editor,
  type Module,
} from "../edit/index.js";
import { findAuthFile, loadAuth } from "../load/load-auth.js";
import { importExtension, relativeSpecifier } from "../load/module-resolution.js";
import {
  findEarlierReturn,
  findList,
  findOptions,
  type OptionsPlace,
} from "../modules/auth-options.js";
import { reachableFrom } from "../modules/reach.js";
import { openReadable } from "../modules/readable.js";
import { openModules, type ModuleReader } from "../modules/resolve.js";
import { callsCrossDomain } from "../patch/auth.js";
import { GET_ENV, readsEnv } from "../scaffold/plan-lib.js";
import { basePathOf } from "../shell/base-path.js";
import { backendSpecifier } from "../shell/backend-specifier.js";
import { frontsOf, sitesOf } from "../shell/fronts.js";
import { functionsLanguage } from "../shell/language.js";
import { findFunctionsModule } from "../workspace/find.js";
import type { Workspace } from "../workspace/stage.js";
import { findCalls, findNested, writeCall, type FoundCall, type ListPlace } from "./calls.js";
import { argsOf, readVariables, type EnvReader } from "./code.js";
import { insertCalls, placeOf } from "./insert.js";

/** auth.ts, opened for its plugins. */
export type Server = {
  readonly ws: Workspace;
  readonly read: ModuleReader;
  readonly module: Module;
  /** Undefined where auth.ts has another form than kitcn knows. */
  readonly options: OptionsPlace | undefined;
  /** `path:line` of the first of several places that return options; undefined where there is one. */
  readonly returnedAt: string | undefined;
  readonly isCrossDomain: boolean;
  /** Set where auth.ts reads variables through the app's `getEnv`. */
  readonly getEnv: string | undefined;
  readonly siteUrl: string;
  /** Below which the front end is served; undefined where only running its config tells. */
  readonly basePath: string | undefined;
};

/** What became of one half. */
export type HalfPlan<Entry = PluginEntry> = {
  readonly added: readonly Entry[];
  readonly problems: readonly Problem[];
  /** The modules that are edited. */
  readonly paths: readonly string[];
};

/**
 * Opens auth.ts.
 *
 * @throws CodegenError `NO_AUTH_FILE`, `SYNTAX_ERROR`
 */
export function openServer(ws: Workspace): Server {
  const path = findAuthFile(ws);
  const module = ws.module(path);
  if (!module) throw new Error(`${path} was found.`);
  const read = openModules(ws);
  const fronts = frontsOf(ws);
  const { siteUrl } = sitesOf(fronts);
  const front = fronts.find(({ shell }) => shell.siteUrl === siteUrl);
  const basePath = front ? basePathOf(front) : "";
  const isCrossDomain = reachableFrom([module], openReadable(ws)).some(callsCrossDomain);
  const getEnv = usesGetEnv(ws, module, read) ? findFunctionsModule(ws, GET_ENV) : undefined;
  const options = findOptions(module, read);
  const earlier = findEarlierReturn(module, read);
  const returnedAt = earlier && locationOf(earlier.module, earlier.node);
  return { ws, read, module, options, returnedAt, isCrossDomain, getEnv, siteUrl, basePath };
}

/** The list of plugins; undefined where it is not written out as one. */
export function serverList({ options, read }: Server): ListPlace | undefined {
  const found = options && findList(options, "plugins", read);
  if (!options || found?.kind !== "literal") return undefined;
  return { module: found.module, list: found.node, options };
}

/** A plugin that auth.ts has in another form than a call in its list. */
export type HiddenPlugin = {
  readonly entry: PluginEntry;
  /** `path:line` of its call, which may be under a condition; undefined where only running auth.ts shows it. */
  readonly at: string | undefined;
};

/** The plugins of the table that auth.ts has, and which of `entries` it has without saying so in its list. */
export async function findServerCalls(
  server: Server,
  entries: readonly PluginEntry[],
): Promise<{ readonly found: readonly FoundCall[]; readonly hidden: readonly HiddenPlugin[] }> {
  const { options, read, ws } = server;
  const place = options && findList(options, "plugins", read);
  const list = serverList(server);
  const pick = ({ server: half }: PluginEntry) => half;
  const { found, rest } = list ? findCalls(list, entries, { pick, read }) : { found: [], rest: [] };
  const missing = entries.filter((entry) => !found.some((one) => one.entry === entry));
  const isWhole = list !== undefined && rest.length === 0;
  if (isWhole || missing.length === 0) return { found, hidden: [] };
  const { plugins } = await loadAuth(ws);
  const ids = new Set(plugins.map(({ id }) => id));
  // What is there under a condition may not be there now.
  const places = place?.kind === "computed" ? [place] : rest;
  const nested = options ? findNested(places, missing, { options, pick, read }) : [];
  const hidden = missing.flatMap((entry) => {
    const at = nested.find((one) => one.entry === entry)?.at;
    if (!at && !ids.has(entry.id)) return [];
    return [{ entry, at: at && locationOf(at.module, at.node) }];
  });
  return { found, hidden };
}

/** Stages the calls that auth.ts lacks. */
export async function planServer(
  server: Server,
  missing: readonly PluginEntry[],
): Promise<HalfPlan> {
  const { ws, options, read } = server;
  if (missing.length === 0) return { added: [], problems: [], paths: [] };
  const list = options && findList(options, "plugins", read);
  if (!options || !list || list.kind === "computed") {
    const at = options && list ? placeOf(options, list) : startOfDefinition(server.module);
    return { added: [], problems: [unknownForm(server, missing, at)], paths: [] };
  }
  const print = (editor: Editor) => missing.map((entry) => printServerCall(server, entry, editor));
  const path = await insertCalls(ws, { options, name: "plugins", place: list, print });
  return { added: missing, problems: [], paths: [path] };
}

/** The call of an entry as this app writes it, with its imports in the editor. */
export function printServerCall(server: Server, entry: PluginEntry, editor: Editor): string {
  const code = argsOf(entry.server, server.isCrossDomain);
  const args = readVariables(code, envReader(server, editor, code));
  return writeCall(editor, entry.server, { args, authType: undefined });
}

/** How server code of this app reads variables; `getEnv` is imported where code reads any. */
export function envReader(server: Server, editor: Editor, code: string): EnvReader {
  const { ws, read, getEnv, siteUrl, basePath } = server;
  const isRead = /\benv\("/.test(code);
  if (getEnv === undefined || !isRead) return { object: "process.env", siteUrl, basePath };
  const [imported] = importsOfGetEnv(ws, editor.module, read);
  const source = imported?.source ?? specifierTo(ws, editor.module, getEnv);
  return { object: `${addImport(editor, { source, name: "getEnv" })}()`, basePath };
}

/** Where auth.ts defines its options, for messages. */
export function startOfDefinition(module: Module): string {
  return locationOf(module, findDefaultExport(module)?.statement);
}

/** The problem with options that cannot be added to: the given one, unless they are returned in several places. */
export function optionsProblem(
  { returnedAt }: Server,
  input: ByHand,
  otherwise: (input: ByHand) => Problem,
): Problem {
  return returnedAt === undefined
    ? otherwise(input)
    : optionsReturnedTwice({ ...input, at: returnedAt });
}

// --- internal ---

function usesGetEnv(ws: Workspace, module: Module, read: ModuleReader): boolean {
  return readsEnv(ws) && importsOfGetEnv(ws, module, read).some(({ typeOnly }) => !typeOnly);
}

function importsOfGetEnv(ws: Workspace, module: Module, read: ModuleReader) {
  const path = findFunctionsModule(ws, GET_ENV);
  return listImports(module).filter(
    ({ source, imported }) => imported === "getEnv" && read(source, module)?.path === path,
  );
}

function specifierTo(ws: Workspace, { path }: Module, target: string): string {
  return relativeSpecifier(path, target, importExtension(ws));
}

function unknownForm(server: Server, missing: readonly PluginEntry[], at: string): Problem {
  const imports = new Map<string, string[]>();
  for (const { server: half } of missing) {
    imports.set(half.source, [...(imports.get(half.source) ?? []), half.name]);
    if (half.uses) imports.set(half.uses.source, []);
  }
  const reader = {
    object: server.getEnv === undefined ? "process.env" : "getEnv()",
    siteUrl: server.siteUrl,
    basePath: server.basePath,
  };
  const calls = missing.map(
    ({ server: half }) =>
      `${half.name}(${readVariables(argsOf(half, server.isCrossDomain), reader)}),`,
  );
  const lines = [
    ...[...imports].map(([source, names]) =>
      names.length > 0
        ? `import { ${names.join(", ")} } from "${source}";`
        : `import ${capital(source)} from "${source}";`,
    ),
    "",
    "plugins: [",
    "  /* yours */",
    ...calls.flatMap((call) => call.split("\n").map((line) => `  ${line}`)),
    "]",
  ];
  return optionsProblem(server, { at, lines }, serverPluginsNotList);
}

function capital(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/** The module with the app's `auth` for types, as another one imports it; undefined for an app in JavaScript. */
export function authTypeFor(ws: Workspace, from: string, base: string): string | undefined {
  if (functionsLanguage(ws) === "js" || /\.[cm]?jsx?$/.test(from)) return undefined;
  const auth = join(ws.project.functionsDir, "generated/auth.ts");
  return (
    backendSpecifier(ws.project, auth) ?? relativeSpecifier(from, auth, importExtension(ws, base))
  );
}
