// `add auth --schema`: sequences load, plan, merge, print and format into one outcome. Writes nothing:
// changes.ts does, when a command decides to.
import { join, relative, sep } from "node:path";
import { detectEol, detectStyle, parseModule, type CodeStyle, type Module } from "../edit/index.js";
import { assertMovable } from "../env/move.js";
import { createFormatter } from "../format.js";
import { loadAuth, type LoadedAuth } from "../load/load-auth.js";
import { loadLock, openFiles, type AppFiles } from "../load/load-schema.js";
import { findSilentTriggers } from "../load/triggers.js";
import { LOCK_FILE, printLock, sameLock, type Lock } from "../lock/lock.js";
import { hasLocalComponent, readOwnership, writeOwnership } from "../lock/ownership.js";
import { applyEdits } from "../merge/apply.js";
import { mergeSchema } from "../merge/merge-schema.js";
import { GENERATED, planGenerated } from "./generated.js";
import { openSchema, type OpenSchema } from "./open-schema.js";
import { LOCAL_COMPONENT_FILES } from "../print/local-component.js";
import { declaresRelations, planRelationsFile, type RelationsStep } from "./relations.js";
import type { Conflict, Orphan, SchemaMerge, TableOutcome } from "../merge/types.js";
import { planTables } from "../plan/plan-tables.js";
import type { TablesPlan } from "../plan/types.js";
import type { ComponentSource } from "../patch/convex-config.js";
import { planAuthSchema } from "../scaffold/auth-schema.js";
import type { FileChange, Placement, Preset, Project } from "../types.js";

/** What a schema run is asked to do. */
export type SchemaInput = {
  readonly project: Project;
  /** Default: the lock's, else split, else that of the preset. Another than the lock's is refused while the tables that move hold rows. */
  readonly placement?: Placement;
  /** `convex`: the tables are in authSchema.ts, all of them the app's. Default: where the schema has them. */
  readonly preset?: Preset | undefined;
  /** Replace managed parts that the user edited. Default: keep and report them. */
  readonly overwrite?: boolean;
  /** Remove orphans that nobody touched. Default: keep and report them. */
  readonly prune?: boolean;
  /** Absolute path. Default: `<fn>/auth.ts`. */
  readonly authFile?: string;
  /** Texts by absolute path, for files that the same run creates or patches. They are no changes of this outcome, save schema.ts. */
  readonly files?: ReadonlyMap<string, string>;
  /** Also refresh the modules in `<fn>/generated`. Default: true. */
  readonly generated?: boolean;
  /** Also keep `<fn>/relations.ts`, for apps that use kitcn/orm. Default: where there is one of ours. */
  readonly relations?: boolean;
};

/** What a schema run would do, as plain data. Nothing was written. */
export type SchemaOutcome = {
  readonly changes: readonly FileChange[];
  readonly tables: readonly TableOutcome[];
  readonly conflicts: readonly Conflict[];
  readonly orphaned: readonly Orphan[];
  /** Sentences a user should read. */
  readonly notes: readonly string[];
  readonly placement: Placement;
  /** True when some table lives in the component, so that convex.config.ts must mount it. */
  readonly usesComponent: boolean;
  /** Where convex.config.ts must have the component from, when it is or was one of the app's own. */
  readonly componentSource: ComponentSource | undefined;
  /** The app's better-auth. */
  readonly version: string;
  /** Ids of the social providers in auth.ts, in their order. */
  readonly providers: readonly string[];
  /** Absolute paths of the app's modules that auth.ts is made of, for a watcher. */
  readonly watch: readonly string[];
};

/**
 * Computes the schema blocks, the lock and the generated modules for the app's auth.ts.
 *
 * @throws CodegenError of loading, planning or merging; nothing is written in any case
 * @example
 * const outcome = await planSchema({ project });
 * await writeChanges(outcome.changes, { root: project.root });
 */
export async function planSchema(input: SchemaInput): Promise<SchemaOutcome> {
  const { project, preset } = input;
  const planned = preset === "convex" ? planAuthSchema(project, input.files) : input.files;
  const files = openFiles(planned);
  // The lock first: whatever is wrong with it is told before anything is run.
  const lock = await loadLock(project, files);
  const base = readOwnership(lock);
  const usual = preset === "convex" ? "app" : "split";
  const placement = input.placement ?? base.placement ?? usual;
  const auth = await loadAuth({ ...input, ...(planned && { files: planned }) });
  const plan = planTables(auth.tables, { ...auth, placement });
  const isMoving = base.placement !== undefined && base.placement !== placement;
  if (isMoving) await assertMovable({ project, ...movingModels(auth, base.placement, plan) });

  const schema = await openSchema({
    project,
    files,
    planned,
    fallback: newSchema(auth),
    wanted: plan.app.map(({ table }) => table),
  });
  const { place, scope } = schema;
  // Tables that move are empty, and would only be in the way where they were.
  const options = {
    overwrite: input.overwrite === true,
    prune: input.prune === true || isMoving,
  };
  const merge = mergeSchema({ plan, place, scope, base, options });
  const styleFor = (module: Module) => styleOf(module, auth, files);
  const formatterFor = (module: Module) =>
    createFormatter({ path: module.path, style: styleFor(module) });
  const edited = await applyEdits({ edits: merge.edits, place, formatterFor });
  const texts = await finishTexts(edited, { schema, planned, files, styleFor });

  // Who declares relations in schema.ts keeps them there.
  const relations = declaresRelations(schema.module)
    ? undefined
    : await planRelationsFile({ ...input, plan, base, files, options });
  const step: Step = { input, files, auth, plan, schema, merge, lock, texts, relations };
  const changes = [
    ...schemaChanges(step),
    ...(relations?.changes ?? []),
    ...(input.generated === false ? [] : await planGenerated({ ...step, project })),
    ...lockChanges(step),
  ].sort((a, b) => (a.path < b.path ? -1 : 1));
  const short = (text: string) => text.replaceAll(project.root + sep, "");
  const conflicts = [...merge.conflicts, ...(relations?.conflicts ?? [])];
  const silent = input.generated === false ? [] : findSilentTriggers(project, { files, schema });
  const notes = [...versionNotes(auth), ...plan.notes, ...schema.notes, ...merge.notes, ...silent];
  return {
    changes,
    tables: merge.tables,
    conflicts: conflicts.map((one) => ({ ...one, at: short(one.at) })),
    orphaned: [...merge.orphans, ...(relations?.orphans ?? [])],
    notes: notes.map(short),
    placement,
    usesComponent: plan.component.length > 0,
    componentSource: sourceOf(plan, lock),
    version: auth.version,
    providers: Object.keys(auth.options.socialProviders ?? {}),
    watch: auth.modules,
  };
}

// --- internal ---

/** Everything known once merging is done. */
type Step = {
  readonly input: SchemaInput;
  readonly files: AppFiles;
  readonly auth: LoadedAuth;
  readonly plan: TablesPlan;
  readonly schema: OpenSchema;
  readonly merge: SchemaMerge;
  readonly lock: Lock;
  readonly texts: ReadonlyMap<string, string>;
  readonly relations: RelationsStep | undefined;
};

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
  const patch = /^1\.7\.(\d+)/.exec(version)?.[1];
  if (patch !== undefined && Number(patch) >= 8) return [];
  return [`better-auth ${version} is outside the range kitcn is made for (>=1.7.8 <1.8).`];
}

function newSchema(auth: LoadedAuth) {
  const text =
    'import { defineSchema } from "convex/server";\n\nexport default defineSchema({});\n';
  return { name: /\.[cm]?jsx?$/.test(auth.authFile) ? "schema.js" : "schema.ts", text } as const;
}

/** A new file looks like auth.ts. */
function styleOf(module: Module, auth: LoadedAuth, files: AppFiles): CodeStyle {
  const isFresh = files.onDisk(module.path) === undefined;
  const authText = files.read(auth.authFile);
  return detectStyle(
    isFresh && authText !== undefined ? parseModule(authText, auth.authFile) : module,
  );
}

/** Adds what the edits left alone of this run's own texts, and lays out whole the files that are new. */
async function finishTexts(
  edited: ReadonlyMap<string, string>,
  input: {
    readonly schema: OpenSchema;
    readonly planned: ReadonlyMap<string, string> | undefined;
    readonly files: AppFiles;
    readonly styleFor: (module: Module) => CodeStyle;
  },
): Promise<ReadonlyMap<string, string>> {
  const { schema, planned, files, styleFor } = input;
  const { place } = schema;
  const texts = new Map(edited);
  for (const module of new Set([schema.module, place.call.module, place.module])) {
    const { path, text } = module;
    const now = texts.get(path) ?? text;
    if (files.onDisk(path) === undefined) {
      const style = styleFor(module);
      const printed = await createFormatter({ path, style }).file(now);
      texts.set(path, printed.replaceAll("\n", style.eol));
    } else if (planned?.has(path)) texts.set(path, now);
  }
  return texts;
}

function change(path: string, after: string, files: AppFiles): FileChange[] {
  const before = files.onDisk(path);
  return before === after ? [] : [{ path, before, after }];
}

function schemaChanges({ texts, files }: Step): FileChange[] {
  return [...texts].flatMap(([path, text]) => change(path, text, files));
}

function lockChanges(step: Step): FileChange[] {
  const { input, files, auth, merge, lock, plan, relations } = step;
  const { project } = input;
  const next = writeOwnership({
    lock,
    tables: merge.owned,
    placement: plan.placement,
    version: auth.version,
    plugins: auth.plugins,
    relations: relations?.owned,
    component: plan.hasLocalComponent ? Object.values(LOCAL_COMPONENT_FILES) : undefined,
    files: [
      ...GENERATED.map((name) => `generated/${name}`),
      ...[...merge.files, ...(relations ? [relations.path] : [])].map((path) =>
        relative(project.functionsDir, path).split(sep).join("/"),
      ),
    ],
  });
  if (sameLock(lock, next)) return [];
  const path = join(project.functionsDir, LOCK_FILE);
  const eol = detectEol(files.read(path) ?? "");
  return change(path, printLock(next).replaceAll("\n", eol), files);
}
