// Opens schema.ts for a run: where its tables are listed, and which tables it only makes when it is run.
import { locationOf, type Module } from "../edit/index.js";
import { CodegenError } from "../errors.js";
import { loadSchema, type LoadedSchema, type NewSchema } from "../load/load-schema.js";
import { findSchema, type SchemaPlace, type TableEntry } from "../merge/find-schema.js";
import { createScope, type Scope } from "../modules/names.js";
import { isBlank } from "../workspace/find.js";
import type { Workspace } from "../workspace/stage.js";

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
 * @throws CodegenError `SYNTAX_ERROR`, `NO_SCHEMA_PLACE`
 */
export async function openSchema(
  ws: Workspace,
  input: { readonly fallback: NewSchema; readonly wanted: readonly string[] },
): Promise<OpenSchema> {
  const schema = loadSchema(ws, input.fallback);
  const scope = createScope(schema.readModule);
  const place = findSchema(schema.module, { scope, read: schema.readModule });
  const isWhole = schema.isNew || input.wanted.every((table) => place.entries.has(table));
  const { made, notes } = isWhole ? { made: NONE, notes: [] } : await findMade(ws, schema, place);
  return { ...schema, scope, place: withMade(place, made), made, notes };
}

/** Where the tables of an opened schema are listed, now that its edits are staged. */
export function finalPlace(
  ws: Workspace,
  { module, readModule: read, scope, made }: OpenSchema,
): Pick<OpenSchema, "place" | "scope"> {
  const isBegun = !isBlank(ws.read(module.path) ?? "");
  const current = (isBegun && ws.module(module.path)) || module;
  return { place: withMade(findSchema(current, { scope, read }), made), scope };
}

/** The names of the tables that a schema module declares when it is run; undefined where it does not load. */
export async function tryDeclaredTables(
  ws: Workspace,
  path: string,
): Promise<string[] | undefined> {
  const { loadDeclaredTables } = await import("../load/declared-tables.js");
  try {
    return [...(await loadDeclaredTables(ws, path)).keys()];
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
  ws: Workspace,
  { module }: LoadedSchema,
  place: SchemaPlace,
): Promise<Made> {
  const { loadDeclaredTables } = await import("../load/declared-tables.js");
  try {
    const tables = await loadDeclaredTables(ws, module.path);
    const hidden = [...tables].filter(([name]) => !place.entries.has(name));
    const madeAt = locationOf(place.call.module, place.call.node);
    return { made: readMade(ws, hidden, { path: module.path, madeAt }), notes: [] };
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
  ws: Workspace,
  tables: readonly (readonly [name: string, text: string])[],
  { path, madeAt }: { readonly path: string; readonly madeAt: string },
): Map<string, TableEntry> {
  const lines = tables.map(([, text], at) => `const t${at} = ${text};`);
  const module = ws.parse([CONVEX_IMPORTS, ...lines].join("\n"), path);
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
