// `add auth --schema`: sequences load, plan, merge, print and format into one outcome. Writes nothing:
// changes.ts does, when a command decides to.
import { dirname, join, relative, sep } from "node:path";
import { checkMisfit } from "../doctor/check-packages.js";
import { checkPlugins } from "../doctor/check-plugins.js";
import { checkTriggers } from "../doctor/check-triggers.js";
import type { Finding } from "../doctor/types.js";
import { homeOf } from "../disk/project.js";
import { detectEol, findName } from "../edit/index.js";
import { assertMovable } from "../env/move.js";
import { loadBufferUses, type BufferFindings } from "../load/buffer-uses.js";
import { loadAuth, type LoadedAuth } from "../load/load-auth.js";
import { providersOf } from "../load/options.js";
import { loadLock } from "../load/load-schema.js";
import { findTriggerTables } from "../load/trigger-tables.js";
import { findSilentTriggers } from "../load/triggers.js";
import { LOCK_FILE, printLock, sameLock, type Lock } from "../lock/lock.js";
import {
  hasLocalComponent,
  ownershipOf,
  readOwnership,
  writeOwnership,
} from "../lock/ownership.js";
import type { Conflict, Orphan, Prune, TableOutcome } from "../merge/types.js";
import type { ComponentSource } from "../patch/convex-config.js";
import { describeBufferUses, describeEarlyUses } from "../plan/buffer-uses.js";
import { withImportTables } from "../plan/import-tables.js";
import { describeNodeOnly } from "../plan/node-only.js";
import { planTables } from "../plan/plan-tables.js";
import { assertTriggerTables } from "../plan/trigger-tables.js";
import type { SourceTables, TablesPlan } from "../plan/types.js";
import { IMPORT_FILE } from "../print/generated-import.js";
import { LOCAL_COMPONENT_FILES } from "../print/local-component.js";
import { findMisfits } from "../packages/satellites.js";
import { isSupported, rangeOf } from "../packages/supported.js";
import { planAuthSchema } from "../scaffold/auth-schema.js";
import type { FileChange, Placement, Preset, Project } from "../types.js";
import { realChanges, type Workspace } from "../workspace/stage.js";
import { planComponentModule } from "./component-module.js";
import { BUFFER_MODULE } from "../print/generated-auth.js";
import { GENERATED, planGenerated } from "./generated.js";
import { declaresRelations, planRelationsFile, type RelationsStep } from "./relations.js";
import { finalPlace, tryDeclaredTables } from "./open-schema.js";
import { planSchemaModule, type SchemaModule } from "./schema-module.js";

/** What a schema run is asked to do. */
export type SchemaInput = {
  readonly ws: Workspace;
  /** Default: the lock's, else split, else that of the preset. Another than the lock's is refused while the tables that move hold rows. */
  readonly placement?: Placement;
  /** `convex`: the tables are in authSchema.ts, all of them the app's. Default: where the schema has them. */
  readonly preset?: Preset | undefined;
  /** Replace managed parts that the user edited. Default: keep and report them. */
  readonly overwrite?: boolean;
  /** Remove orphans that nobody touched: all, or those of plugins with these ids. Default: keep and report them. */
  readonly prune?: Prune;
  /** Absolute path. Default: `<fn>/auth.ts`. */
  readonly authFile?: string;
  /** Also refresh the modules in `<fn>/generated`. Default: true. */
  readonly generated?: boolean;
  /** Also the tables and functions of `kitcn import`. Default: where generated/import.ts is. */
  readonly imports?: boolean;
  /** Also keep `<fn>/relations.ts`, for apps that use kitcn/orm. Default: where there is one of ours. */
  readonly relations?: boolean;
};

/** What a schema run would do, as plain data. Nothing was written. */
export type SchemaOutcome = {
  /** All that is staged in the workspace by then and not on disk. */
  readonly changes: readonly FileChange[];
  readonly tables: readonly TableOutcome[];
  readonly conflicts: readonly Conflict[];
  readonly orphaned: readonly Orphan[];
  /** Sentences a user should read. */
  readonly notes: readonly string[];
  /** Those of the notes that ask for a change: each run tells them, until it is made. */
  readonly due: readonly string[];
  /** Plugins that fail and triggers that do not fire, without a word; the notes have them, too. */
  readonly silent: readonly Finding[];
  readonly placement: Placement;
  readonly plan: TablesPlan;
  /** Better Auth's own description of the tables: defaults and required fields. */
  readonly source: SourceTables;
  /** True when some table lives in the component, so that convex.config.ts must mount it. */
  readonly usesComponent: boolean;
  /** Where convex.config.ts must have the component from, when it is or was one of the app's own. */
  readonly componentSource: ComponentSource | undefined;
  /** The app's better-auth. */
  readonly version: string;
  /** Ids of the plugins that auth.ts runs, in their order. */
  readonly plugins: readonly string[];
  /** Where Better Auth's routes are. */
  readonly basePath: string;
  /** The options, as auth.ts makes them. */
  readonly options: object;
  /** Ids of the social providers in auth.ts, in their order. */
  readonly providers: readonly string[];
  /** The export that relations.ts lacked, with file and line; the notes have it, too. */
  readonly missingExport: string | undefined;
  /** Absolute paths of the app's modules that auth.ts is made of, for a watcher. */
  readonly watch: readonly string[];
};

/**
 * Stages the schema blocks, the lock and the generated modules for the app's auth.ts.
 *
 * @throws CodegenError of loading, planning or merging; nothing is written in any case
 * @example
 * const outcome = await planSchema({ ws: openWorkspace(project) });
 * await writeChanges(outcome.changes, { root: project.root });
 */
export async function planSchema(input: SchemaInput): Promise<SchemaOutcome> {
  const { ws, preset } = input;
  const { project } = ws;
  if (preset === "convex") planAuthSchema(ws);
  const before = ws.fork();
  // The lock first: whatever is wrong with it is reported before anything is run.
  const lock = await loadLock(ws);
  const base = readOwnership(lock);
  const usual = preset === "convex" ? "app" : "split";
  const placement = input.placement ?? base.placement ?? usual;
  const imports = input.imports ?? ws.has(join(project.functionsDir, IMPORT_FILE));
  const loaded = await loadAuth(ws, input);
  const auth = imports ? { ...loaded, tables: withImportTables(loaded.tables) } : loaded;
  const placeOf = (name: string) =>
    findName(
      auth.modules.flatMap((path) => ws.module(path) ?? []),
      name,
    );
  const planWith = (ownComponent: boolean) =>
    planTables(auth.tables, { ...auth, placement, ownComponent, placeOf });
  const isMoving = base.placement !== undefined && base.placement !== placement;
  if (isMoving)
    await assertMovable({ project, ...movingModels(auth, base.placement, planWith(false)) });

  // Tables that move are empty, and would only be in the way where they were.
  const options = {
    overwrite: input.overwrite === true,
    prune: isMoving || (input.prune ?? false),
  };
  const shared = { ws, options, authFile: auth.authFile };
  const { plan, component } = await planComponentModule({ ...shared, lock, planWith });
  const app = await planSchemaModule({
    ...shared,
    plan,
    base: hasLocalComponent(lock) ? ownershipOf(base, "import") : base,
  });

  // Who declares relations in schema.ts keeps them there.
  const relations = declaresRelations(ws, app.schema.module)
    ? undefined
    : await planRelationsFile({
        ...input,
        plan,
        base,
        options,
        gone: removedTables(app, component),
      });
  const isGenerated = input.generated !== false;
  const buffer = isGenerated ? await loadBufferUses(ws, auth) : NOT_LOOKED;
  const merged = { app, component, relations };
  const step: Step = { input, ws, before, auth, plan, lock, buffer, imports, ...merged };
  let notes: readonly string[] = [];
  if (isGenerated) {
    await checkTriggerTables(step);
    notes = await planGenerated({
      ...step,
      basePath: auth.basePath,
      needsBuffer: needsBuffer(step),
      plugins: auth.plugins.map(({ id }) => id),
    });
  }
  stageLock(step);
  return outcomeOf(step, notes);
}

// --- internal ---

/** Everything known once merging is done. */
type Step = {
  readonly input: SchemaInput;
  readonly ws: Workspace;
  /** The workspace before the merge: its lines are those that the user sees. */
  readonly before: Workspace;
  readonly auth: LoadedAuth;
  readonly plan: TablesPlan;
  readonly app: SchemaModule;
  readonly component: SchemaModule | undefined;
  readonly lock: Lock;
  readonly relations: RelationsStep | undefined;
  readonly buffer: BufferFindings;
  readonly imports: boolean;
};

/** Of a run that writes no module for it. */
const NOT_LOOKED: BufferFindings = { uses: [], imports: false };

function removedTables(...modules: readonly (SchemaModule | undefined)[]): ReadonlySet<string> {
  const tables = modules.flatMap((one) => one?.merge.tables ?? []);
  return new Set(tables.flatMap(({ table, action }) => (action === "removed" ? [table] : [])));
}

/** Where nobody could look, it stays as it is. */
function needsBuffer({ ws, buffer }: Step): boolean {
  if ("uses" in buffer) return buffer.uses.length > 0;
  const path = join(ws.project.functionsDir, "generated/auth.ts");
  return ws.onDisk(path)?.includes(BUFFER_MODULE) === true;
}

function outcomeOf(step: Step, notes: readonly string[]): SchemaOutcome {
  const { ws, auth, app, component, lock, plan, relations } = step;
  const short = (text: string) => text.replaceAll(homeOf(ws.project) + sep, "");
  const merges = [app.merge, ...(component ? [component.merge] : [])];
  const conflicts = [...merges.flatMap((one) => one.conflicts), ...(relations?.conflicts ?? [])];
  const silent = [...checkPlugins(auth.missingPlugins), ...silentTriggers(step)];
  const due = dueNotesOf(step, silent);
  return {
    changes: realChanges(ws),
    tables: merges.flatMap((one) => one.tables),
    conflicts: conflicts.map((one) => ({ ...one, at: short(one.at) })),
    orphaned: [...merges.flatMap((one) => one.orphans), ...(relations?.orphans ?? [])],
    notes: [...notesOf(step), ...due, ...notes].map(short),
    due: due.map(short),
    silent,
    placement: plan.placement,
    plan,
    source: auth.tables,
    usesComponent: plan.component.length > 0,
    componentSource: sourceOf(plan, lock),
    version: auth.version,
    plugins: auth.plugins.map(({ id }) => id),
    basePath: auth.basePath,
    options: auth.options,
    providers: providersOf(auth.options),
    missingExport: relations?.missingExport && short(relations.missingExport),
    watch: auth.modules,
  };
}

/** @throws CodegenError `UNKNOWN_TRIGGER_TABLE` */
async function checkTriggerTables({ ws, before, plan, app: { schema } }: Step): Promise<void> {
  const triggers = findTriggerTables(before);
  if (triggers.length === 0) return;
  const { place } = finalPlace(ws, schema);
  const known = new Set(place.entries.keys());
  if (place.unseen.length > 0 && triggers.some(({ table }) => !known.has(table))) {
    const made = await tryDeclaredTables(ws, schema.module.path);
    // Where it does not load, the same check at run time is the only one.
    if (!made) return;
    for (const table of made) known.add(table);
  }
  const component = new Set(plan.component.map(({ table }) => table));
  assertTriggerTables(triggers, { app: known, component });
}

function silentTriggers({ input, before, app }: Step): Finding[] {
  if (input.generated === false) return [];
  return checkTriggers(findSilentTriggers(before, app.schema));
}

function notesOf({ auth, app, component, plan, buffer }: Step): string[] {
  return [
    ...versionNotes(auth),
    ...describeNodeOnly(auth.plugins),
    ...bufferNotes(buffer),
    ...plan.notes,
    ...app.schema.notes,
    ...app.merge.notes,
    ...(component?.merge.notes ?? []),
  ];
}

/** What stays wrong until the author changes it. */
function dueNotesOf(
  { ws, auth, component, lock, relations, buffer }: Step,
  silent: readonly Finding[],
): string[] {
  return [
    ...("uses" in buffer ? describeEarlyUses(buffer.uses, buffer) : []),
    ...misfitNotes(auth, ws.project),
    ...(relations?.missingExport === undefined ? [] : [relations.missingExport]),
    ...(hasLocalComponent(lock) && !component ? [leftComponent(ws.project)] : []),
    ...silent.map(({ message, fix }) => `${message} ${fix}`),
  ];
}

function bufferNotes(buffer: BufferFindings): string[] {
  if ("uses" in buffer) return describeBufferUses(buffer.uses);
  return [`auth.ts was not searched for code that needs the global Buffer: ${buffer.failure}`];
}

/** About what auth.ts imports; doctor looks at all that is installed. */
function misfitNotes({ plugins }: LoadedAuth, project: Project): string[] {
  const used = new Set(plugins.map((one) => one.package));
  const misfits = findMisfits(project).filter(({ name }) => used.has(name));
  return misfits.flatMap(checkMisfit).map(({ message, fix }) => `${message} To fix it: ${fix}`);
}

/** What changes its place between two placements. */
function movingModels(auth: LoadedAuth, from: Placement, to: TablesPlan) {
  const before = planTables(auth.tables, { ...auth, placement: from });
  const models = Object.keys(auth.tables).filter(
    (model) => before.tables[model]?.placement !== to.tables[model]?.placement,
  );
  return { from, to: to.placement, models };
}

function sourceOf(plan: TablesPlan, lock: Lock): ComponentSource | undefined {
  if (plan.hasLocalComponent) return "local";
  return hasLocalComponent(lock) && plan.component.length > 0 ? "packaged" : undefined;
}

/** The peer range of package.json; other versions are planned all the same. */
function versionNotes({ version }: LoadedAuth): string[] {
  if (isSupported("better-auth", version)) return [];
  return [`kitcn does not support better-auth ${version}. It supports ${rangeOf("better-auth")}.`];
}

/** What is no longer mounted: the user's to delete, as every file that kitcn once made. */
function leftComponent(project: Project): string {
  const folder = join(project.functionsDir, dirname(LOCAL_COMPONENT_FILES.config));
  return `Nothing mounts ${folder} any more: delete that folder.`;
}

function stageLock(step: Step): void {
  const { ws, auth, app, component, lock, plan, relations, imports } = step;
  const { project } = ws;
  const next = writeOwnership({
    lock,
    tables: new Map([...app.merge.owned, ...(component?.merge.owned ?? [])]),
    placement: plan.placement,
    version: auth.version,
    plugins: auth.plugins,
    relations: relations?.owned,
    component: component ? Object.values(LOCAL_COMPONENT_FILES) : undefined,
    files: [
      ...GENERATED.map((name) => `generated/${name}`),
      ...(imports ? [IMPORT_FILE] : []),
      ...[...app.merge.files, ...(relations ? [relations.path] : [])].map((path) =>
        relative(project.functionsDir, path).split(sep).join("/"),
      ),
    ],
  });
  if (sameLock(lock, next)) return;
  const path = join(project.functionsDir, LOCK_FILE);
  const eol = detectEol(ws.read(path) ?? "");
  const text = printLock(next).replaceAll("\n", eol);
  if (ws.onDisk(path) !== text) ws.stage(path, text);
}
