// Decides the indexes of one table from metadata and known query shapes. Pure.
// Guarantees Convex's limits and that no index repeats another or is its prefix.
import { plannedTooManyIndexes } from "../errors/tables.js";
import { shapesOf } from "./query-shapes.js";
import { CORE_PLUGIN, type PlannedColumn, type PlannedIndex, type SourceTable } from "./types.js";

export const MAX_INDEXES_PER_TABLE = 32;
export const MAX_COLUMNS_PER_INDEX = 16;
export const MAX_NAME_LENGTH = 64;

/** What one table gives to its indexes. */
export type IndexInput = {
  readonly table: string;
  /** The models stored in the table. */
  readonly models: readonly { readonly key: string; readonly source: SourceTable }[];
  readonly columns: readonly PlannedColumn[];
  readonly forcedId: boolean;
  /** Columns of plugins whose queries nobody has read. */
  readonly foreign?: ReadonlySet<string>;
};

/**
 * The indexes of a table: every unique, indexed or referencing column, every compound index and known
 * query shape, longest first where one covers another; and, as far as there is room, the columns of foreign
 * plugins that look like ids.
 *
 * @throws CodegenError `TOO_MANY_INDEXES`
 */
export function planIndexes(input: IndexInput): PlannedIndex[] {
  const candidates = input.models.flatMap((model) => candidatesOf(model, input.columns));
  if (input.forcedId) candidates.unshift({ columns: ["id"] });
  const known = dropCovered(candidates);
  const count = known.length;
  if (count > MAX_INDEXES_PER_TABLE)
    throw plannedTooManyIndexes({ table: input.table, count, max: MAX_INDEXES_PER_TABLE });
  const guessed = lookups(input).map((column): Candidate => ({ columns: [column], derived: true }));
  const kept = dropCovered([...known, ...guessed]).slice(0, MAX_INDEXES_PER_TABLE);
  const names = new Set<string>();
  return kept.map(({ columns, name, derived }) => {
    const finalName = uniqueName(name ?? indexName(columns), names);
    names.add(finalName);
    const plugin = pluginOf(columns, input.columns);
    return { name: finalName, columns, plugin, ...(derived && { derived }) };
  });
}

/**
 * The name of an index: `by_` and its columns.
 *
 * @example
 * indexName(["userId", "expiresAt"]); // "by_userId_expiresAt"
 */
export function indexName(columns: readonly string[]): string {
  const name = `by_${columns.join("_")}`;
  if (name === "by_id" || name === "by_creation_time") return `${name}_field`;
  if (name.length <= MAX_NAME_LENGTH) return name;
  const suffix = `_${hash(name)}`;
  return name.slice(0, MAX_NAME_LENGTH - suffix.length) + suffix;
}

/** True when `columns` begins with all of `prefix`. */
export function startsWithColumns(columns: readonly string[], prefix: readonly string[]): boolean {
  return prefix.length <= columns.length && prefix.every((name, at) => columns[at] === name);
}

// --- internal ---

type Candidate = {
  readonly columns: readonly string[];
  readonly name?: string;
  readonly derived?: true;
};

/** What a column is looked up by, as the last word of its name says: `telegramId`, `customer_id`, `inviteToken`, `key`. */
const LOOKS_UP =
  /[a-z0-9_]ID$|[a-z0-9](Id|Token|Slug|Key|Code|Identifier)$|_id$|(^|_)(token|slug|key|code|identifier)$/;

/** What a plugin looks up by, as its name says: a reference that it does not declare, or an id of elsewhere. */
function lookups({ columns, foreign = new Set() }: IndexInput): string[] {
  return columns
    .filter(({ column, type }) => foreign.has(column) && (type === "string" || type === "number"))
    .filter(({ column, fields }) =>
      [column, ...fields.map(({ field }) => field)].some((name) => LOOKS_UP.test(name)),
    )
    .map(({ column }) => column);
}

function candidatesOf(
  { key, source }: IndexInput["models"][number],
  columns: readonly PlannedColumn[],
): Candidate[] {
  const columnOf = new Map<string, PlannedColumn>();
  for (const column of columns)
    for (const { model, field } of column.fields) if (model === key) columnOf.set(field, column);
  const fields = Object.entries(source.fields).filter(([name]) => columnOf.has(name));
  const isRoot = !fields.some(([, field]) => field.references && field.required !== false);

  const candidates: Candidate[] = [];
  const add = (names: readonly string[], name?: string) => {
    const wanted = names.map((one) => columnOf.get(one)?.column);
    if (wanted.every((one) => one !== undefined) && wanted.length <= MAX_COLUMNS_PER_INDEX)
      candidates.push({
        columns: wanted,
        ...(name !== undefined && isIndexName(name) && { name }),
      });
  };
  for (const [name, field] of fields) if (field.unique) add([name]);
  for (const shape of shapesOf(key)) add(shape);
  for (const index of source.indexes ?? []) add(index.fields, index.name);
  for (const [name, field] of fields) if (field.index || field.references) add([name]);
  // Only tables that are listed as a whole are sorted as a whole; the others are read by their parent.
  if (isRoot) for (const [name, field] of fields) if (field.sortable) add([name]);
  return candidates;
}

/** Removes repeats and prefixes; a chosen name survives on the index that stays. */
function dropCovered(candidates: readonly Candidate[]): Candidate[] {
  const kept: Candidate[] = [];
  for (const candidate of candidates) {
    const twin = kept.findIndex((one) => sameColumns(one.columns, candidate.columns));
    if (twin === -1) kept.push(candidate);
    else if (candidate.name !== undefined) kept[twin] = candidate;
  }
  return kept.filter(
    (one) => !kept.some((other) => other !== one && startsWithColumns(other.columns, one.columns)),
  );
}

function sameColumns(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && startsWithColumns(a, b);
}

function isIndexName(name: string): boolean {
  return (
    /^[A-Za-z]\w*$/.test(name) &&
    name.length <= MAX_NAME_LENGTH &&
    name !== "by_id" &&
    name !== "by_creation_time"
  );
}

function uniqueName(wish: string, taken: ReadonlySet<string>): string {
  let name = wish;
  for (let count = 2; taken.has(name); count += 1) {
    const suffix = `_${count}`;
    name = wish.slice(0, MAX_NAME_LENGTH - suffix.length) + suffix;
  }
  return name;
}

/** The plugin without which an index could not be: that of its last foreign column, else the core. */
function pluginOf(names: readonly string[], columns: readonly PlannedColumn[]): string {
  const plugins = names.map(
    (name) => columns.find((column) => column.column === name)?.plugin ?? CORE_PLUGIN,
  );
  return plugins.findLast((plugin) => plugin !== CORE_PLUGIN) ?? CORE_PLUGIN;
}

/** FNV-1a, for names that must be cut: stable across runs and machines. */
function hash(text: string): string {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1)
    value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  return (value >>> 0).toString(36);
}
