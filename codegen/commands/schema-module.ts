// One schema module of a run: opened, merged with the planned tables, and edited as text. The app's schema.ts
// and the schema of an app's own auth component go the same way. Writes nothing.
import { detectStyle, parseModule, type CodeStyle, type Module } from "../edit/index.js";
import { createFormatter } from "../format.js";
import type { AppFiles } from "../load/load-schema.js";
import type { Ownership } from "../lock/types.js";
import { applyEdits } from "../merge/apply.js";
import { mergeSchema } from "../merge/merge-schema.js";
import type { MergeOptions, SchemaMerge } from "../merge/types.js";
import type { TablesPlan } from "../plan/types.js";
import { printEmptySchema } from "../scaffold/texts.js";
import type { FileChange, Project } from "../types.js";
import { openSchema, type OpenSchema } from "./open-schema.js";

export type SchemaModuleInput = {
  /** Its functions directory is the folder of the schema module. */
  readonly project: Project;
  readonly files: AppFiles;
  /** Texts by absolute path that the same run creates or patches. */
  readonly planned: ReadonlyMap<string, string> | undefined;
  /** The tables of this module are those in `app`. */
  readonly plan: TablesPlan;
  /** What the lock says of this module's tables. */
  readonly base: Ownership;
  readonly options: MergeOptions;
  /** Absolute path of auth.ts: a new file looks like it. */
  readonly authFile: string;
};

/** A schema module as it is, what becomes of it, and its texts afterwards by absolute path. */
export type SchemaModule = {
  readonly plan: TablesPlan;
  readonly schema: OpenSchema;
  readonly merge: SchemaMerge;
  readonly texts: ReadonlyMap<string, string>;
  readonly changes: readonly FileChange[];
};

/**
 * Merges the planned tables into a schema module, which is made where there is none.
 *
 * @throws CodegenError `SYNTAX_ERROR`, `NO_SCHEMA_PLACE`, and those of merging
 */
export async function planSchemaModule(input: SchemaModuleInput): Promise<SchemaModule> {
  const { project, files, planned, plan, base, options } = input;
  const schema = await openSchema({
    project,
    files,
    planned,
    fallback: newSchema(input.authFile),
    wanted: plan.app.map(({ table }) => table),
  });
  const { place, scope } = schema;
  const merge = mergeSchema({ plan, place, scope, base, options });
  const styleFor = (module: Module) => styleOf(module, input);
  const formatterFor = (module: Module) =>
    createFormatter({ path: module.path, style: styleFor(module) });
  const edited = await applyEdits({ edits: merge.edits, place, formatterFor });
  const texts = await finishTexts(edited, { ...input, schema, styleFor });
  const changes = [...texts].flatMap(([path, after]): FileChange[] => {
    const before = files.onDisk(path);
    return before === after ? [] : [{ path, before, after }];
  });
  return { plan, schema, merge, texts, changes };
}

// --- internal ---

function newSchema(authFile: string) {
  const name = /\.[cm]?jsx?$/.test(authFile) ? "schema.js" : "schema.ts";
  return { name, text: printEmptySchema() } as const;
}

/** A new file looks like auth.ts. */
function styleOf(module: Module, { files, authFile }: SchemaModuleInput): CodeStyle {
  const isFresh = files.onDisk(module.path) === undefined;
  const authText = files.read(authFile);
  return detectStyle(isFresh && authText !== undefined ? parseModule(authText, authFile) : module);
}

/** Adds what the edits left alone of this run's own texts, and lays out whole the files that are new. */
async function finishTexts(
  edited: ReadonlyMap<string, string>,
  {
    schema,
    planned,
    files,
    styleFor,
  }: SchemaModuleInput & {
    readonly schema: OpenSchema;
    readonly styleFor: (module: Module) => CodeStyle;
  },
): Promise<ReadonlyMap<string, string>> {
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
