// `kitcn add social` and `kitcn remove social`: what they plan and report. sequence.ts has the order, and schema.ts what
// follows from a change of auth.ts. Writes nothing.
import { PROVIDERS } from "../catalog/providers.js";
import { docsUrl, type ProviderEntry } from "../catalog/types.js";
import { shortPath } from "../disk/project.js";
import type { CodegenError } from "../errors.js";
import {
  providersChanged,
  providersNotInObject,
  providersNotRun,
  unknownProvider,
} from "../errors/grow.js";
import { variablesIn } from "../grow/code.js";
import { findEntries } from "../grow/find.js";
import { problemsError } from "../grow/insert.js";
import { notesOnButtons, notesOnLeftButtons } from "../grow/page-buttons.js";
import { redirectsOf } from "../grow/redirects.js";
import { openServer, type Server } from "../grow/server-half.js";
import {
  findProviders,
  isUnchangedProvider,
  locationOfProvider,
  planProviders,
  removeProviders,
  socialPlace,
} from "../grow/social-half.js";
import { planVariables } from "../grow/variables.js";
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
import { EMPTY_REPORT, type GrownItem, type Report } from "./report.js";
import type { SchemaOutcome } from "./schema.js";
import { NOTHING_TO_INSTALL, type SequenceOptions } from "./sequence.js";

export type SocialOptions = Omit<SequenceOptions, "check" | "install"> & {
  /** As they were typed. */
  readonly names: readonly string[];
};

export type RemoveSocialOptions = SocialOptions & {
  /** Also providers whose options somebody changed. */
  readonly force: boolean;
};

/** Every provider that can be added. */
export function listProviders(): Report {
  const listed = PROVIDERS.map((entry) => ({
    name: entry.name,
    summary: `${entry.title}: reads ${variablesIn(entry.options).join(", ")}`,
    docs: docsOf(entry),
    register: entry.register,
  }));
  return { ...EMPTY_REPORT, command: "add social --list", status: "listed", listed };
}

/**
 * Adds social providers to auth.ts, the names of their variables, and their buttons.
 *
 * @throws CodegenError `UNKNOWN_PROVIDER`, `AUTH_UNKNOWN_FORM`, and those of planning the schema. Nothing was written
 *   then
 */
export function addSocial(options: SocialOptions, ui: Ui): Promise<Report> {
  const entries = findEntries(options.names, PROVIDERS, unknownProvider);
  const command = `add social ${namesOf(entries)}`;
  return runGrowth(
    { ...options, install: false },
    { command, ui, plan: (ws) => planAdding(ws, entries) },
  );
}

/**
 * Removes social providers that nobody changed since they were added, with their buttons. Variables stay.
 *
 * @throws CodegenError `UNKNOWN_PROVIDER`, `PROVIDER_CHANGED`, `AUTH_UNKNOWN_FORM`, and those of planning the schema.
 *   Nothing was written then
 */
export function removeSocial(options: RemoveSocialOptions, ui: Ui): Promise<Report> {
  const entries = findEntries(options.names, PROVIDERS, unknownProvider);
  const { force } = options;
  const command = `remove social ${namesOf(entries)}${force ? " --force" : ""}`;
  return runGrowth(
    { ...options, install: false },
    { command, ui, plan: (ws) => planRemoving(ws, entries, force) },
  );
}

// --- internal ---

async function planAdding(ws: Workspace, entries: readonly ProviderEntry[]): Promise<GrowthPlan> {
  const server = openServer(ws);
  const { found, hidden } = await findProviders(server, entries);
  const has = new Set([...found.map(({ entry }) => entry), ...hidden]);
  const missing = entries.filter((entry) => !has.has(entry));
  const { problems, paths } = await planProviders(server, missing);
  if (problems.length > 0) throw problemsError(problems, ws.project);
  await planVariables(ws, {
    getEnv: server.getEnv,
    variables: missing.flatMap((entry) =>
      variablesIn(entry.options).map((name, at) => ({
        name,
        // One comment above those of a provider.
        ...(at === 0 && { comment: `Of the provider ${entry.name}: ${docsOf(entry)}` }),
      })),
    ),
  });
  const schema = await planFollowing(ws, false);
  assertRuns(schema, missing);
  const parts = await refreshPages(ws, schema);
  const buttons = notesOnButtons(ws, schema.providers);
  const redirects = redirectsOf(server, schema);
  const items = entries.map((entry) => ({
    name: entry.name,
    action: missing.includes(entry) ? "added" : "unchanged",
    variables: missing.includes(entry) ? variablesIn(entry.options) : [],
    docs: docsOf(entry),
    register: entry.register,
    redirects: redirects(entry.name),
  })) satisfies GrownItem[];
  return growthPlan(ws, {
    items,
    schema,
    install: NOTHING_TO_INSTALL,
    notes: [
      ...parts,
      ...buttons,
      ...todoNotes(ws, paths),
      ...missing.flatMap(({ name, after }) => (after === undefined ? [] : [`${name}: ${after}`])),
    ],
  });
}

async function planRemoving(
  ws: Workspace,
  entries: readonly ProviderEntry[],
  force: boolean,
): Promise<GrowthPlan> {
  const server = openServer(ws);
  const { found, hidden } = await findProviders(server, entries);
  const place = socialPlace(server);
  if (hidden.length > 0) throw notInObject(server, hidden);
  if (place) {
    const changed = found.filter((one) => !isUnchangedProvider(server, place, one));
    if (changed.length > 0 && !force)
      throw providersChanged({
        places: changed.map((one) => shortPath(ws.project, locationOfProvider(place, one))),
      });
    removeProviders(server, place, found);
  }
  const schema = await planFollowing(ws, false);
  const parts = await refreshPages(ws, schema);
  const buttons = notesOnLeftButtons(ws, goneFrom(schema, entries));
  const removed = found.map(({ entry }) => entry);
  const left = removed.flatMap((entry) => variablesIn(entry.options));
  const items = entries.map((entry) => ({
    name: entry.name,
    action: removed.includes(entry) ? "removed" : "absent",
    variables: [],
    docs: docsOf(entry),
  })) satisfies GrownItem[];
  return growthPlan(ws, {
    items,
    schema,
    install: NOTHING_TO_INSTALL,
    notes: [...parts, ...buttons, ...leftVariables(left)],
  });
}

/** Ids of those that auth.ts runs without. */
function goneFrom({ providers }: SchemaOutcome, entries: readonly ProviderEntry[]): string[] {
  return entries.map(({ name }) => name).filter((name) => !providers.includes(name));
}

function docsOf({ name }: ProviderEntry): string {
  return docsUrl(`authentication/${name}`);
}

function namesOf(entries: readonly ProviderEntry[]): string {
  return entries.map(({ name }) => name).join(" ");
}

/** Whoever edits options after the object, or builds them elsewhere, has a last word that no edit sees. */
function assertRuns(schema: SchemaOutcome, entries: readonly ProviderEntry[]): void {
  const lost = goneFrom(schema, entries);
  if (lost.length === 0) return;
  throw providersNotRun({ providers: lost });
}

function notInObject({ ws, module }: Server, entries: readonly ProviderEntry[]): CodegenError {
  return providersNotInObject({
    path: shortPath(ws.project, module.path),
    providers: entries.map(({ name }) => name),
  });
}
