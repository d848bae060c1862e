// One schema module of a run: opened, merged with the planned tables, and edited as text. The app's schema.ts
// and the schema of an app's own auth component go the same way. Writes nothing.
import { createFormatter } from "../edit/format.js";
import { detectStyle, type CodeStyle, type Module } from "../edit/index.js";
import type { Ownership } from "../lock/types.js";
import { applyEdits } from "../merge/apply.js";
import { mergeSchema } from "../merge/merge-schema.js";
import type { MergeOptions, SchemaMerge } from "../merge/types.js";
import type { TablesPlan } from "../plan/types.js";
import { printNewSchema } from "../scaffold/new-schema.js";
import type { Workspace } from "../workspace/stage.js";
import { openSchema, type OpenSchema } from "./open-schema.js";

export type SchemaModuleInput = {
  /** Its functions directory is the folder of the schema module. */
  readonly ws: Workspace;
  /** The tables of this module are those in `app`. */
  readonly plan: TablesPlan;
  /** What the lock says of this module's tables. */
  readonly base: Ownership;
  readonly options: MergeOptions;
  /** Absolute path of auth.ts: a new file looks like it. */
  readonly authFile: string;
};

/** A schema module as it was before the merge, and what became of it. */
export type SchemaModule = {
  readonly plan: TablesPlan;
  readonly schema: OpenSchema;
  readonly merge: SchemaMerge;
};

/**
 * Merges the planned tables into a schema module, which is made where there is none, and stages it.
 *
 * @throws CodegenError `SYNTAX_ERROR`, `NO_SCHEMA_PLACE`, and those of merging
 */
export async function planSchemaModule(input: SchemaModuleInput): Promise<SchemaModule> {
  const { ws, plan, base, options } = input;
  const schema = await openSchema(ws, {
    fallback: newSchema(ws, input.authFile),
    wanted: plan.app.map(({ table }) => table),
  });
  const { place, scope } = schema;
  const merge = mergeSchema({ plan, place, scope, base, options });
  const styleFor = (module: Module) => styleOf(module, input);
  const formatterFor = (module: Module) =>
    createFormatter({ path: module.path, style: styleFor(module) });
  const edited = await applyEdits({ edits: merge.edits, place, formatterFor });
  const texts = await layOutNew(edited, { ws, schema, styleFor });
  for (const [path, text] of texts) if (ws.read(path) !== text) ws.stage(path, text);
  return { plan, schema, merge };
}

// --- internal ---

function newSchema(ws: Workspace, authFile: string) {
  const name = /\.[cm]?jsx?$/.test(authFile) ? "schema.js" : "schema.ts";
  return { name, text: () => printNewSchema(ws) } as const;
}

/** A new file looks like auth.ts. */
function styleOf(module: Module, { ws, authFile }: SchemaModuleInput): CodeStyle {
  const isFresh = ws.onDisk(module.path) === undefined;
  return detectStyle((isFresh && ws.module(authFile)) || module);
}

/** Adds the files that are new, laid out whole. */
async function layOutNew(
  edited: ReadonlyMap<string, string>,
  {
    ws,
    schema,
    styleFor,
  }: {
    readonly ws: Workspace;
    readonly schema: OpenSchema;
    readonly styleFor: (module: Module) => CodeStyle;
  },
): Promise<ReadonlyMap<string, string>> {
  const { place } = schema;
  const texts = new Map(edited);
  for (const module of new Set([schema.module, place.call.module, place.module])) {
    const { path, text } = module;
    if (ws.onDisk(path) !== undefined) continue;
    const style = styleFor(module);
    const printed = await createFormatter({ path, style }).file(texts.get(path) ?? text);
    texts.set(path, printed.replaceAll("\n", style.eol));
  }
  return texts;
}
