// `kitcn remove plugin`: what it plans and reports. plugins.ts has the reverse, and sequence.ts the order. Writes nothing.
import { PLUGINS } from "../catalog/plugins.js";
import { docsUrl, type PluginEntry } from "../catalog/types.js";
import { shortPath } from "../disk/project.js";
import { openEditor } from "../edit/index.js";
import type { CodegenError } from "../errors.js";
import { pluginNeeded, pluginsChanged, pluginsNotInList, unknownPlugin } from "../errors/grow.js";
import { isUnchanged, type FoundCall } from "../grow/calls.js";
import {
  clientList,
  findClientCalls,
  openClients,
  printClientCall,
  type Client,
} from "../grow/client-half.js";
import { findEntries } from "../grow/find.js";
import { MAIL_SLOTS } from "../grow/mail-slots.js";
import { mailImports } from "../grow/mail-wiring.js";
import { leftPackages } from "../grow/left-packages.js";
import { printOptions } from "../grow/mail-write.js";
import { changedCalls, removeCalls } from "../grow/remove.js";
import {
  findServerCalls,
  openServer,
  printServerCall,
  serverList,
  type HiddenPlugin,
  type Server,
} from "../grow/server-half.js";
import { refreshProcedures } from "../scaffold/refresh-procedures.js";
import type { Ui } from "../terminal/ui.js";
import type { Workspace } from "../workspace/stage.js";
import { refreshPages } from "./auth-page.js";
import { growthPlan, leftVariables, planFollowing, runGrowth, type GrowthPlan } from "./growth.js";
import { variablesOf, type PluginOptions } from "./plugins.js";
import type { GrownItem, Report } from "./report.js";
import type { SchemaOutcome } from "./schema.js";
import { NOTHING_TO_INSTALL } from "./sequence.js";

export type RemoveOptions = Omit<PluginOptions, "install"> & {
  /** Also calls whose options somebody changed. */
  readonly force: boolean;
  /** Also their tables, fields and indexes. */
  readonly prune: boolean;
};

/**
 * Removes plugins that nobody changed since they were added. Their tables stay until they are pruned.
 *
 * @throws CodegenError `UNKNOWN_PLUGIN`, `PLUGIN_CHANGED`, `PLUGIN_NEEDED`, `AUTH_UNKNOWN_FORM`, and those of
 *   planning the schema. Nothing was written then
 */
export function removePlugins(options: RemoveOptions, ui: Ui): Promise<Report> {
  const entries = findEntries(options.names, PLUGINS, unknownPlugin);
  const names = entries.map(({ name }) => name).join(" ");
  const flags = [options.force && "--force", options.prune && "--prune"].filter(Boolean);
  const command = ["remove plugin", names, ...flags].join(" ");
  const plan = (ws: Workspace) => planRemoving(ws, { entries, ...options });
  return runGrowth({ ...options, install: false }, { command, ui, plan });
}

// --- internal ---

async function planRemoving(
  ws: Workspace,
  { entries, force, prune }: { entries: readonly PluginEntry[] } & RemoveOptions,
): Promise<GrowthPlan> {
  const server = openServer(ws);
  const clients = openClients(ws);
  const { found, hidden } = await findServerCalls(server, PLUGINS);
  const isAsked = ({ entry }: FoundCall) => entries.includes(entry);
  assertNotNeeded(found, entries);
  const unreachable = hidden.filter(({ entry }) => entries.includes(entry));
  if (unreachable.length > 0) throw notInList(server, unreachable);
  const onServer = found.filter(isAsked);
  const inClients = clients.map((client) => ({
    client,
    calls: findClientCalls(client, entries).filter(isAsked),
  }));
  const changed = [
    ...changedCalls(onServer, (one) => isUnchanged(one, serverCodes(server, one))),
    ...inClients.flatMap(({ client, calls }) =>
      changedCalls(calls, (one) =>
        isUnchanged(one, [codeOf(ws, client.module?.path ?? "", printed(client, one.entry))]),
      ),
    ),
  ];
  if (changed.length > 0 && !force)
    throw pluginsChanged({ places: changed.map((at) => shortPath(ws.project, at)) });
  const lists = [
    { list: serverList(server), calls: onServer, pick: ({ server: half }: PluginEntry) => half },
    ...inClients.map(({ client, calls }) => ({
      list: clientList(client),
      calls,
      pick: ({ client: half }: PluginEntry) => half,
    })),
  ];
  for (const { list, calls, pick } of lists) {
    const imports = list ? mailImports(server, list.module) : [];
    if (list) removeCalls(ws, { list, calls, pick, imports });
  }
  const ids = new Set(entries.map(({ id }) => id));
  const schema = tellPruning(await planFollowing(ws, prune ? ids : false), { ids, entries });
  const parts = [...(await refreshPages(ws, schema)), ...(await refreshProcedures(ws, schema))];
  const inBrowsers = inClients.flatMap(({ calls }) => calls);
  const removed = new Set([...onServer, ...inBrowsers].map(({ entry }) => entry));
  const items = entries.map((entry) => ({
    name: entry.name,
    action: removed.has(entry) ? "removed" : "absent",
    variables: [],
    docs: docsUrl(entry.docs),
  })) satisfies GrownItem[];
  const left = leftVariables([...removed].flatMap((entry) => variablesOf(server, entry)));
  const notes = [...parts, ...left, ...(await leftPackages(ws, entries))];
  return growthPlan(ws, { items, schema, install: NOTHING_TO_INSTALL, notes });
}

/** Says which command removes what these plugins leave in the schema. */
function tellPruning(
  schema: SchemaOutcome,
  { ids, entries }: { ids: ReadonlySet<string>; entries: readonly PluginEntry[] },
): SchemaOutcome {
  const names = entries.map(({ name }) => name).join(" ");
  const prunedBy = `npx kitcn remove plugin ${names} --prune --yes`;
  const orphaned = schema.orphaned.map((one) => (ids.has(one.plugin) ? { ...one, prunedBy } : one));
  return { ...schema, orphaned };
}

/** The calls that this app would be given, however it reads variables. */
function serverCodes(server: Server, found: FoundCall) {
  const { ws, module } = server;
  const { entry } = found;
  const variants: Server[] = [server, { ...server, getEnv: undefined }];
  const calls = variants.map((one) => printServerCall(one, entry, openEditor(module)));
  const sending = MAIL_SLOTS.filter(({ plugin }) => plugin === entry.name).map(
    (slot) => `${entry.server.name}(${printOptions(server, found, slot)})`,
  );
  return [...calls, ...sending].map((text) => codeOf(ws, module.path, text));
}

function printed(client: Client, entry: PluginEntry): string {
  if (!client.module) throw new Error("A call was found in it.");
  return printClientCall(client, entry, openEditor(client.module));
}

/** A call as a node, to compare with others. */
function codeOf(ws: Workspace, path: string, text: string) {
  const [statement] = ws.parse(text, path).program.body;
  if (statement?.type !== "ExpressionStatement") throw new Error("A call is an expression.");
  return statement.expression;
}

function assertNotNeeded(found: readonly FoundCall[], gone: readonly PluginEntry[]): void {
  const kept = found.map(({ entry }) => entry).filter((entry) => !gone.includes(entry));
  const [needing] = kept.filter(({ needs = [] }) => gone.some(({ name }) => needs.includes(name)));
  if (!needing) return;
  throw pluginNeeded({ plugin: needing.name, needs: needing.needs ?? [] });
}

function notInList({ ws, module }: Server, hidden: readonly HiddenPlugin[]): CodegenError {
  const { project } = ws;
  return pluginsNotInList({
    path: shortPath(project, module.path),
    plugins: hidden.map(({ entry, at }) =>
      at === undefined ? entry.name : `${entry.name} (${shortPath(project, at)})`,
    ),
  });
}
