// `kitcn add plugin`: what it plans and reports; remove-plugins.ts is its reverse. sequence.ts has the order, and schema.ts
// what follows from a change of auth.ts. Writes nothing.
import { PLUGINS } from "../catalog/plugins.js";
import { docsUrl, type PluginEntry } from "../catalog/types.js";
import { shortPath } from "../disk/project.js";
import type { CodegenError } from "../errors.js";
import { pluginNeedsNode, pluginsNotRun, unknownPlugin } from "../errors/grow.js";
import {
  findClientCalls,
  findNestedCalls,
  openClients,
  planClientHalf,
} from "../grow/client-half.js";
import { argsOf, pagesIn, variablesIn } from "../grow/code.js";
import { findEntries } from "../grow/find.js";
import { problemsError } from "../grow/insert.js";
import { findMailModule } from "../grow/mail-files.js";
import type { MailSlot } from "../grow/mail-slots.js";
import { wireMail, type WiredMail } from "../grow/mail-wiring.js";
import {
  findServerCalls,
  openServer,
  planServer,
  type HiddenPlugin,
  type Server,
} from "../grow/server-half.js";
import { planVariables } from "../grow/variables.js";
import { refreshProcedures } from "../scaffold/refresh-procedures.js";
import { nameOf } from "../packages/helpers.js";
import type { Ui } from "../terminal/ui.js";
import type { Workspace } from "../workspace/stage.js";
import { growthPlan, planFollowing, runGrowth, todoNotes, type GrowthPlan } from "./growth.js";
import { lackedForPages, refreshPages } from "./auth-page.js";
import { planPackages, type InstallPlan } from "./install.js";
import { EMPTY_REPORT, type GrownItem, type Report } from "./report.js";
import type { SchemaOutcome } from "./schema.js";
import type { SequenceOptions } from "./sequence.js";

export type PluginOptions = Omit<SequenceOptions, "check"> & {
  /** As they were typed. */
  readonly names: readonly string[];
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
    planInstall: (ws) =>
      planPackages(ws, {
        names: packages,
        inBrowser: inBrowser(entries),
        pages: lackedForPages(ws, { ids: entries.map(({ id }) => id) }),
      }),
    plan: (ws, install) => planAdding(ws, { entries, install }),
  });
}

/** The halves of every front end. */
export async function planClientHalves(
  ws: Workspace,
  entries: readonly PluginEntry[],
  has: ReadonlySet<PluginEntry>,
): Promise<Awaited<ReturnType<typeof planClientHalf>>> {
  const halves = [];
  for (const client of openClients(ws)) {
    const calls = [...findClientCalls(client, entries), ...findNestedCalls(client, entries)];
    const inClient = new Set(calls.map(({ entry }) => entry));
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

/** Variables of the deployment that a plugin's call reads. */
export function variablesOf({ isCrossDomain }: Server, { server }: PluginEntry): string[] {
  return variablesIn(argsOf(server, isCrossDomain));
}

// --- internal ---

/** Packages that the client halves come from. */
function inBrowser(entries: readonly PluginEntry[]): string[] {
  return entries.flatMap(({ client, packages = [] }) =>
    packages.filter((spec) => client?.source.startsWith(nameOf(spec))),
  );
}

async function planAdding(
  ws: Workspace,
  { entries, install }: { entries: readonly PluginEntry[]; install: InstallPlan },
): Promise<GrowthPlan> {
  const server = openServer(ws);
  const { found, hidden } = await findServerCalls(server, entries);
  const has = new Set([...found, ...hidden].map(({ entry }) => entry));
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
  const isHidden = (entry: PluginEntry) => hidden.some((one) => one.entry === entry);
  if (schema)
    assertRuns(
      schema,
      entries.filter((entry) => !isHidden(entry)),
    );
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
    due: schema ? conditionNotes(ws, schema, hidden) : [],
    notes: [
      ...ofClient.notes,
      ...parts,
      ...todoNotes(ws, [...ofServer.paths, ...ofClient.paths]),
      ...mails.flatMap(({ note }) => note ?? []),
      ...pageNotes(server, newCalls),
      ...newCalls.flatMap(({ name, after }) =>
        after === undefined || mails.some(({ slot }) => slot.plugin === name)
          ? []
          : [`${name}: ${after}`],
      ),
    ],
  });
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

/** Of calls that lead to pages of the app, where only running its bundler's config tells below which path they are. */
function pageNotes(server: Server, entries: readonly PluginEntry[]): string[] {
  if (server.basePath !== undefined) return [];
  const path = shortPath(server.ws.project, (server.options?.module ?? server.module).path);
  return entries.flatMap(({ name, server: half }) => {
    const pages = pagesIn(argsOf(half, server.isCrossDomain));
    if (pages.length === 0) return [];
    return [
      `${name}: If your app is served below a base path, write it before ${pages.join(" and ")} in ${path}.`,
    ];
  });
}

/** The plugins that others of the list need come before them. */
function withNeeds(entries: readonly PluginEntry[]): PluginEntry[] {
  const all = entries.flatMap((entry) => [
    ...PLUGINS.filter(({ name }) => entry.needs?.includes(name)),
    entry,
  ]);
  return [...new Set(all)];
}

/** Whoever edits options after the list, or builds them elsewhere, has a last word that no edit sees. */
function assertRuns({ plugins }: SchemaOutcome, entries: readonly PluginEntry[]): void {
  const lost = entries.filter(({ id }) => !plugins.includes(id));
  if (lost.length === 0) return;
  throw pluginsNotRun({ plugins: lost.map(({ name }) => name) });
}

/** Of plugins that auth.ts runs without here, and perhaps with elsewhere. */
function conditionNotes(
  { project }: Workspace,
  { plugins }: SchemaOutcome,
  hidden: readonly HiddenPlugin[],
): string[] {
  return hidden.flatMap(({ entry: { id, name }, at }) =>
    at === undefined || plugins.includes(id)
      ? []
      : [
          `${shortPath(project, at)}: auth.ts has ${name} under a condition that is false here, so kitcn did not add it a second time.`,
        ],
  );
}

function needsNode({ name, refused }: PluginEntry): CodegenError {
  const { why = "", instead = "" } = refused ?? {};
  return pluginNeedsNode({ plugin: name, why, instead });
}
