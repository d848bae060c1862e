// Opens schema.ts for a run: where its tables are listed, and which tables it only makes when it is run.
import { locationOf, parseModule, type Module } from "../edit/index.js";
import { CodegenError } from "../errors.js";
import {
  loadSchema,
  type AppFiles,
  type LoadedSchema,
  type NewSchema,
} from "../load/load-schema.js";
import { findSchema, type SchemaPlace, type TableEntry } from "../merge/find-schema.js";
import { createScope, type ModuleReader, type Scope } from "../merge/scope.js";
import type { Project } from "../types.js";

export type OpenSchema = LoadedSchema & {
  readonly scope: Scope;
  readonly place: SchemaPlace;
  /** Entries of `place` that stand in no text. */
  readonly made: ReadonlyMap<string, TableEntry>;
  readonly notes: readonly string[];
};

/**
 * Opens the schema module.
 *
 * @param input.wanted tables that the run is about: where the text lacks one, the module is run and asked
 * @param input.planned texts by absolute path that stand before what is on disk
 * @throws CodegenError `SYNTAX_ERROR`, `NO_SCHEMA_PLACE`
 */
export async function openSchema(input: {
  readonly project: Project;
  readonly files: AppFiles;
  readonly planned?: ReadonlyMap<string, string> | undefined;
  readonly fallback: NewSchema;
  readonly wanted: readonly string[];
}): Promise<OpenSchema> {
  const schema = loadSchema(input.project, input.files, input.fallback);
  const scope = createScope(schema.readModule);
  const place = findSchema(schema.module, { scope, read: schema.readModule });
  const isWhole = schema.isNew || input.wanted.every((table) => place.entries.has(table));
  const { made, notes } = isWhole
    ? { made: NONE, notes: [] }
    : await findMade(input, schema, place);
  return { ...schema, scope, place: withMade(place, made), made, notes };
}

/**
 * Where the tables of an opened schema will be listed.
 *
 * @param texts the schema modules as they will be, by absolute path
 */
export function finalPlace(
  schema: OpenSchema,
  texts: ReadonlyMap<string, string>,
): Pick<OpenSchema, "place" | "scope"> {
  const parsed = new Map<string, Module>();
  const current = (module: Module): Module => {
    const text = texts.get(module.path);
    if (text === undefined) return module;
    const known = parsed.get(module.path) ?? parseModule(text, module.path);
    parsed.set(module.path, known);
    return known;
  };
  const read: ModuleReader = (specifier, importer) => {
    const found = schema.readModule(specifier, importer);
    return found && current(found);
  };
  const scope = createScope(read);
  const place = findSchema(current(schema.module), { scope, read });
  return { place: withMade(place, schema.made), scope };
}

/** The names of the tables that a schema module declares when it is run; undefined where it does not load. */
export async function tryDeclaredTables(input: {
  readonly project: Project;
  readonly path: string;
  readonly files: ReadonlyMap<string, string>;
}): Promise<string[] | undefined> {
  const { loadDeclaredTables } = await import("../load/declared-tables.js");
  try {
    return [...(await loadDeclaredTables(input)).keys()];
  } catch (error) {
    if (error instanceof CodegenError) return undefined;
    throw error;
  }
}

// --- internal ---

const NONE: ReadonlyMap<string, TableEntry> = new Map();

/** A place with entries that stand in no text; what stands in the text wins. */
function withMade(place: SchemaPlace, made: ReadonlyMap<string, TableEntry>): SchemaPlace {
  return { ...place, entries: new Map([...made, ...place.entries]) };
}

type Made = Pick<OpenSchema, "made" | "notes">;

async function findMade(
  { project, planned = new Map() }: Parameters<typeof openSchema>[0],
  { module }: LoadedSchema,
  place: SchemaPlace,
): Promise<Made> {
  const { loadDeclaredTables } = await import("../load/declared-tables.js");
  try {
    const tables = await loadDeclaredTables({ project, path: module.path, files: planned });
    const hidden = [...tables].filter(([name]) => !place.entries.has(name));
    const madeAt = locationOf(place.call.module, place.call.node);
    return { made: readMade(hidden, { path: module.path, madeAt }), notes: [] };
  } catch (error) {
    if (!(error instanceof CodegenError)) throw error;
    const reason = error.message.replace(/\.$/, "");
    // Where all of it could be read, nothing is missed by not running it.
    const notes = place.unseen.map(
      (text) =>
        `Could not look into \`${text}\` of defineSchema (${reason}). If it declares an auth table too, remove one of the two.`,
    );
    return { made: NONE, notes };
  }
}

/** The printed tables, parsed again, as entries. */
function readMade(
  tables: readonly (readonly [name: string, text: string])[],
  { path, madeAt }: { readonly path: string; readonly madeAt: string },
): Map<string, TableEntry> {
  const lines = tables.map(([, text], at) => `const t${at} = ${text};`);
  const module = parseModule([CONVEX_IMPORTS, ...lines].join("\n"), path);
  return new Map(
    tables.map(([key], at) => [key, { key, madeAt, at: { module, node: initOf(module, at) } }]),
  );
}

const CONVEX_IMPORTS =
  'import { defineTable } from "convex/server"; import { v } from "convex/values";';

function initOf({ program }: Module, at: number) {
  const statement = program.body[at + 2];
  const init = statement?.type === "VariableDeclaration" && statement.declarations[0]?.init;
  if (!init) throw new Error("Each printed table is a const.");
  return init;
}
