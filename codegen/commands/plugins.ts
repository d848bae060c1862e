// `kitcn add plugin` and `kitcn remove plugin`: what they plan and report. sequence.ts has the order, and schema.ts what
// follows from a change of auth.ts. Writes nothing.
import { PLUGINS } from "../catalog/plugins.js";
import { docsUrl, type PluginEntry } from "../catalog/types.js";
import { shortPath } from "../disk/project.js";
import { openEditor } from "../edit/index.js";
import type { CodegenError } from "../errors.js";
import {
  pluginNeeded,
  pluginNeedsNode,
  pluginsChanged,
  pluginsNotInList,
  pluginsNotRun,
  unknownPlugin,
} from "../errors/grow.js";
import { isUnchanged, type FoundCall } from "../grow/calls.js";
import {
  clientList,
  findClientCalls,
  openClients,
  planClientHalf,
  printClientCall,
  type Client,
} from "../grow/client-half.js";
import { argsOf, variablesIn } from "../grow/code.js";
import { findEntries } from "../grow/find.js";
import { problemsError } from "../grow/insert.js";
import { findMailModule } from "../grow/mail-files.js";
import { MAIL_SLOTS, type MailSlot } from "../grow/mail-slots.js";
import { mailImports, wireMail, type WiredMail } from "../grow/mail-wiring.js";
import { printOptions } from "../grow/mail-write.js";
import { changedCalls, removeCalls } from "../grow/remove.js";
import {
  findServerCalls,
  openServer,
  planServer,
  printServerCall,
  serverList,
  type Server,
} from "../grow/server-half.js";
import { planVariables } from "../grow/variables.js";
import { refreshProcedures } from "../scaffold/refresh-procedures.js";
import type { Ui } from "../terminal/ui.js";
import type { Workspace } from "../workspace/stage.js";
import {
  growthPlan,
  leftVariables,
  planFollowing,
  runGrowth,
  todoNotes,
  type GrowthPlan,
} from "./growth.js";
import { refreshPages } from "./auth-page.js";
import { planPackages, type InstallPlan } from "./install.js";
import { EMPTY_REPORT, type GrownItem, type Report } from "./report.js";
import type { SchemaOutcome } from "./schema.js";
import { NOTHING_TO_INSTALL, type SequenceOptions } from "./sequence.js";

export type PluginOptions = Omit<SequenceOptions, "check"> & {
  /** As they were typed. */
  readonly names: readonly string[];
};

export type RemoveOptions = Omit<PluginOptions, "install"> & {
  /** Also calls whose options somebody changed. */
  readonly force: boolean;
  /** Also the tables, fields and indexes that no plugin asks for any more. */
  readonly prune: boolean;
};

/** Every plugin that can be added. */
export function listPlugins(): Report {
  const listed = PLUGINS.map(({ name, summary, docs, refused }) => ({
    name,
    summary: refused ? `${summary}. Not on Convex: use ${refused.instead}` : summary,
    docs: docsUrl(docs),
  }));
  return { ...EMPTY_REPORT, command: "add plugin --list", status: "listed", listed };
}

/**
 * Adds plugins to auth.ts and to the auth client, and what follows from them: tables, generated modules, the lock.
 *
 * @throws CodegenError `UNKNOWN_PLUGIN`, `PLUGIN_NEEDS_NODE`, `AUTH_UNKNOWN_FORM`, `AUTH_CLIENT_UNKNOWN_FORM`, and
 *   those of planning the schema. Nothing was written then
 */
export function addPlugins(options: PluginOptions, ui: Ui): Promise<Report> {
  const asked = findEntries(options.names, PLUGINS, unknownPlugin);
  const refused = asked.find((one) => one.refused);
  if (refused) throw needsNode(refused);
  const entries = withNeeds(asked);
  const command = `add plugin ${asked.map(({ name }) => name).join(" ")}`;
  const packages = entries.flatMap((entry) => entry.packages ?? []);
  return runGrowth(options, {
    command,
    ui,
    planInstall: (ws) => planPackages(ws, { names: packages, inBrowser: inBrowser(entries) }),
    plan: (ws, install) => planAdding(ws, { entries, install }),
  });
}

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

/** The halves of every front end. */
export async function planClientHalves(
  ws: Workspace,
  entries: readonly PluginEntry[],
  has: ReadonlySet<PluginEntry>,
): Promise<Awaited<ReturnType<typeof planClientHalf>>> {
  const halves = [];
  for (const client of openClients(ws)) {
    const inClient = new Set(findClientCalls(client, entries).map(({ entry }) => entry));
    // Where nobody knows the client, its lines are for what is new.
    const missing = entries.filter(
      (entry) => entry.client && !inClient.has(entry) && (client.module || !has.has(entry)),
    );
    halves.push(await planClientHalf(client, missing));
  }
  return {
    added: halves.flatMap((one) => one.added),
    problems: halves.flatMap((one) => one.problems),
    paths: halves.flatMap((one) => one.paths),
    notes: halves.flatMap((one) => one.notes),
  };
}

// --- internal ---

/** Packages that the client halves come from. */
function inBrowser(entries: readonly PluginEntry[]): string[] {
  return entries.flatMap(({ client, packages = [] }) =>
    packages.filter((spec) => client?.source.startsWith(spec.replace(/(?<=.)@.*$/, ""))),
  );
}

async function planAdding(
  ws: Workspace,
  { entries, install }: { entries: readonly PluginEntry[]; install: InstallPlan },
): Promise<GrowthPlan> {
  const server = openServer(ws);
  const { found, hidden } = await findServerCalls(server, entries);
  const has = new Set([...found.map(({ entry }) => entry), ...hidden]);
  const newCalls = entries.filter((entry) => !has.has(entry));
  const ofServer = await planServer(server, newCalls);
  const ofClient = await planClientHalves(ws, entries, has);
  const problems = [...ofServer.problems, ...ofClient.problems];
  if (problems.length > 0) throw problemsError(problems, ws.project);
  await planVariables(ws, {
    getEnv: server.getEnv,
    variables: newCalls.flatMap((entry) =>
      variablesOf(server, entry).map((name) => ({
        name,
        comment: `Of the plugin ${entry.name}: ${docsUrl(entry.docs)}`,
      })),
    ),
  });
  const isComplete = install.packages.length === 0;
  const mails = isComplete ? await planMails(ws, newCalls) : [];
  const schema = isComplete ? await planFollowing(ws, false) : undefined;
  if (schema) assertRuns(schema, entries);
  const asked = entries.map(({ id }) => id);
  const parts = [
    ...(await refreshPages(ws, schema)),
    ...(schema ? await refreshProcedures(ws, { options: schema.options, asked }) : []),
  ];
  const items = entries.map((entry) => ({
    name: entry.name,
    action: newCalls.includes(entry) || ofClient.added.includes(entry) ? "added" : "unchanged",
    variables: newCalls.includes(entry) ? variablesOf(server, entry) : [],
    docs: docsUrl(entry.docs),
  })) satisfies GrownItem[];
  return growthPlan(ws, {
    items,
    schema,
    install,
    notes: [
      ...ofClient.notes,
      ...parts,
      ...todoNotes(ws, [...ofServer.paths, ...ofClient.paths]),
      ...mails.flatMap(({ note }) => note ?? []),
      ...newCalls.flatMap(({ name, after }) =>
        after === undefined || mails.some(({ slot }) => slot.plugin === name)
          ? []
          : [`${name}: ${after}`],
      ),
    ],
  });
}

async function planRemoving(
  ws: Workspace,
  { entries, force, prune }: { entries: readonly PluginEntry[] } & RemoveOptions,
): Promise<GrowthPlan> {
  const server = openServer(ws);
  const clients = openClients(ws);
  const { found, hidden } = await findServerCalls(server, PLUGINS);
  const isAsked = ({ entry }: FoundCall) => entries.includes(entry);
  assertNotNeeded(found, entries);
  const unreachable = hidden.filter((entry) => entries.includes(entry));
  if (unreachable.length > 0) throw notInList(server, unreachable);
  const onServer = found.filter(isAsked);
  const inClients = clients.map((client) => ({
    client,
    calls: findClientCalls(client, entries).filter(isAsked),
  }));
  const changed = [
    ...changedCalls(onServer, (one) => isUnchanged(one, serverCodes(server, one.entry))),
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
  const schema = await planFollowing(ws, prune);
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
  const notes = [...parts, ...left];
  return growthPlan(ws, { items, schema, install: NOTHING_TO_INSTALL, notes });
}

/** In an app with `kitcn add email`, plugins send their mail from the start. */
async function planMails(
  ws: Workspace,
  entries: readonly PluginEntry[],
): Promise<readonly WiredMail[]> {
  const mail = findMailModule(ws);
  const isAsked = ({ plugin }: MailSlot) => entries.some(({ name }) => name === plugin);
  return mail ? wireMail(ws, mail, { isAsked }) : [];
}

/** The plugins that others of the list need come before them. */
function withNeeds(entries: readonly PluginEntry[]): PluginEntry[] {
  const all = entries.flatMap((entry) => [
    ...PLUGINS.filter(({ name }) => entry.needs?.includes(name)),
    entry,
  ]);
  return [...new Set(all)];
}

function variablesOf({ isCrossDomain }: Server, { server }: PluginEntry): string[] {
  return variablesIn(argsOf(server, isCrossDomain));
}

/** The calls that this app would be given, however it reads variables. */
function serverCodes(server: Server, entry: PluginEntry) {
  const { ws, module } = server;
  const variants: Server[] = [server, { ...server, getEnv: undefined }];
  const calls = variants.map((one) => printServerCall(one, entry, openEditor(module)));
  const sending = MAIL_SLOTS.filter(({ plugin }) => plugin === entry.name).map(
    (slot) => `${entry.server.name}(${printOptions(slot)})`,
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

/** Whoever edits options after the list, or builds them elsewhere, has a last word that no edit sees. */
function assertRuns({ plugins }: SchemaOutcome, entries: readonly PluginEntry[]): void {
  const lost = entries.filter(({ id }) => !plugins.includes(id));
  if (lost.length === 0) return;
  throw pluginsNotRun({ plugins: lost.map(({ name }) => name) });
}

function assertNotNeeded(found: readonly FoundCall[], gone: readonly PluginEntry[]): void {
  const kept = found.map(({ entry }) => entry).filter((entry) => !gone.includes(entry));
  const [needing] = kept.filter(({ needs = [] }) => gone.some(({ name }) => needs.includes(name)));
  if (!needing) return;
  throw pluginNeeded({ plugin: needing.name, needs: needing.needs ?? [] });
}

function notInList({ ws, module }: Server, entries: readonly PluginEntry[]): CodegenError {
  return pluginsNotInList({
    path: shortPath(ws.project, module.path),
    plugins: entries.map(({ name }) => name),
  });
}

function needsNode({ name, refused }: PluginEntry): CodegenError {
  const { why = "", instead = "" } = refused ?? {};
  return pluginNeedsNode({ plugin: name, why, instead });
}
