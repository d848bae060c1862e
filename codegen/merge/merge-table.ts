// Three-way merge of one managed table: lock (base), file (theirs), plan (ours). Pure.
// Decides only; lines of the user are never part of an edit, save with overwrite.
import { locationOf, textOf } from "../edit/index.js";
import { mergedTooManyIndexes } from "../errors/tables.js";
import type { OwnedItem, OwnedTable } from "../lock/types.js";
import type { PlannedColumn, PlannedIndex, PlannedTable } from "../plan/types.js";
import { printColumnList } from "../print/table-block.js";
import { printValidator } from "../print/validator.js";
import { mergeComments } from "./comments.js";
import { fingerprint } from "./fingerprint.js";
import { mergeOrphans } from "./merge-orphans.js";
import type { FieldSource, IndexSource, TableSource } from "./read-table.js";
import type { Conflict, MergeOptions, Orphan, SchemaEdit } from "./types.js";
import { wantedTable, type WantedTable } from "./wanted.js";
import { MAX_INDEXES_PER_TABLE, startsWithColumns } from "../plan/plan-indexes.js";

export type TableMergeInput = {
  readonly planned: PlannedTable;
  readonly source: TableSource;
  readonly base: OwnedTable;
  readonly options: MergeOptions;
};

export type TableMerge = {
  readonly edits: readonly SchemaEdit[];
  readonly owned: OwnedTable;
  readonly conflicts: readonly Conflict[];
  readonly orphans: readonly Orphan[];
  readonly notes: readonly string[];
};

/** Merges one managed table. */
export function mergeTable(input: TableMergeInput): TableMerge {
  const { planned, source, base } = input;
  const wanted = wantedTable(planned);
  const columns = mergeColumns(input, wanted);
  const gone = mergeOrphans(input);
  const indexes = mergeIndexes(input, wanted, gone.removedIndexes);
  assertIndexCount(input, indexes.edits, gone.removedIndexes);
  return {
    edits: [
      ...columns.edits,
      ...indexes.edits,
      ...gone.edits,
      ...mergeComments(planned.columns, source),
    ],
    owned: {
      table: planned.table,
      models: planned.models,
      owner: "managed",
      plugin: base.plugin,
      fields: new Map([...columns.owned, ...gone.fields]),
      indexes: new Map([...indexes.owned, ...gone.indexes]),
    },
    conflicts: [...columns.conflicts, ...indexes.conflicts],
    orphans: gone.orphans,
    notes: [...columns.notes, ...indexes.notes],
  };
}

// --- internal ---

type Part = {
  readonly edits: SchemaEdit[];
  readonly owned: Map<string, OwnedItem>;
  readonly conflicts: Conflict[];
  readonly notes: string[];
};

function emptyPart(): Part {
  return { edits: [], owned: new Map(), conflicts: [], notes: [] };
}

function mergeColumns(input: TableMergeInput, wanted: WantedTable): Part {
  const { planned, source, base, options } = input;
  const part = emptyPart();
  const missing: PlannedColumn[] = [];
  for (const column of planned.columns) {
    const ours = wanted.columns.get(column.column) ?? "";
    const field = source.fields.get(column.column);
    const before = base.fields.get(column.column);
    const item = ownedColumn(column, ours);
    if (!field) {
      missing.push(column);
      part.owned.set(column.column, item);
      if (before && !before.orphaned)
        part.notes.push(
          `${planned.table}.${column.column} had been removed; Better Auth needs it, so it is back.`,
        );
    } else if (field.canonical === ours) {
      // A line of the user's that says just what we would write stays the user's.
      if (before) part.owned.set(column.column, item);
    } else if (before && fingerprint(field.canonical) === before.fingerprint) {
      part.edits.push({ kind: "replace-column", in: source, field, column });
      part.owned.set(column.column, item);
    } else {
      const kept = !options.overwrite || !field.member;
      part.conflicts.push(
        columnConflict({ table: planned.table, column, field, edited: !!before, kept }),
      );
      if (!kept) part.edits.push({ kind: "replace-column", in: source, field, column });
      if (!kept || before) part.owned.set(column.column, item);
    }
  }
  if (missing.length > 0) addMissing(part, missing, input);
  return part;
}

function addMissing(
  part: Part,
  missing: readonly PlannedColumn[],
  { planned, source }: TableMergeInput,
): void {
  if (source.object) {
    part.edits.push({ kind: "add-columns", to: source, columns: missing });
    return;
  }
  for (const column of missing) {
    part.owned.delete(column.column);
    part.conflicts.push({
      table: planned.table,
      part: "column",
      name: column.column,
      reason: "unreadable",
      at: locationOf(source.module, source.call),
      yours: "",
      wanted: `${column.column}: ${printValidator(column)}`,
      kept: true,
    });
  }
}

function mergeIndexes(
  input: TableMergeInput,
  wanted: WantedTable,
  removed: ReadonlySet<string>,
): Part {
  const { planned, source, base, options } = input;
  const part = emptyPart();
  const missing: PlannedIndex[] = [];
  for (const index of planned.indexes) {
    const ours = wanted.indexes.get(index.name) ?? "";
    const found = source.indexes.get(index.name);
    const before = base.indexes.get(index.name);
    const item: OwnedItem = { fingerprint: fingerprint(ours), plugin: index.plugin };
    if (!found) {
      if (isCovered(index, source, removed)) continue;
      missing.push(index);
      part.owned.set(index.name, item);
      if (before && !before.orphaned)
        part.notes.push(
          `Index ${planned.table}.${index.name} had been removed; Better Auth queries by it, so it is back.`,
        );
    } else if (found.canonical === ours) {
      if (before) part.owned.set(index.name, item);
    } else if (before && fingerprint(found.canonical) === before.fingerprint) {
      part.edits.push({ kind: "replace-index", in: source, index: found, planned: index });
      part.owned.set(index.name, item);
    } else {
      const kept = !options.overwrite;
      part.conflicts.push(
        indexConflict({
          source,
          planned: index,
          found,
          edited: !!before,
          table: planned.table,
          kept,
        }),
      );
      if (!kept)
        part.edits.push({ kind: "replace-index", in: source, index: found, planned: index });
      if (!kept || before) part.owned.set(index.name, item);
    }
  }
  if (missing.length > 0) part.edits.push({ kind: "add-indexes", to: source, indexes: missing });
  return part;
}

/** True when an index of the file already serves these columns. */
function isCovered(
  index: PlannedIndex,
  source: TableSource,
  removed: ReadonlySet<string>,
): boolean {
  return [...source.indexes.values()].some(
    (one) =>
      !removed.has(one.name) &&
      !one.staged &&
      one.columns !== undefined &&
      startsWithColumns(one.columns, index.columns),
  );
}

/** Refuses what Convex would refuse at the next push. */
function assertIndexCount(
  { planned, source }: TableMergeInput,
  edits: readonly SchemaEdit[],
  removed: ReadonlySet<string>,
): void {
  const added = edits.flatMap((edit) => (edit.kind === "add-indexes" ? edit.indexes : []));
  const count = source.indexes.size - removed.size + added.length;
  if (count <= MAX_INDEXES_PER_TABLE) return;
  throw mergedTooManyIndexes({
    place: locationOf(source.module, source.call),
    table: planned.table,
    count,
    max: MAX_INDEXES_PER_TABLE,
    excess: count - MAX_INDEXES_PER_TABLE,
  });
}

function ownedColumn(column: PlannedColumn, ours: string): OwnedItem {
  const field = column.fields[0]?.field;
  return {
    fingerprint: fingerprint(ours),
    plugin: column.plugin,
    ...(field !== undefined && field !== column.column && { field }),
  };
}

function columnConflict(input: {
  readonly table: string;
  readonly column: PlannedColumn;
  readonly field: FieldSource;
  readonly edited: boolean;
  readonly kept: boolean;
}): Conflict {
  const { table, column, field, edited, kept } = input;
  return {
    table,
    part: "column",
    name: column.column,
    reason: edited ? "edited" : "declared",
    at: locationOf(field.module, field.value),
    yours: `${column.column}: ${textOf(field.module, field.value)}`,
    wanted: `${column.column}: ${printValidator(column)}`,
    kept,
  };
}

function indexConflict(input: {
  readonly table: string;
  readonly source: TableSource;
  readonly planned: PlannedIndex;
  readonly found: IndexSource;
  readonly edited: boolean;
  readonly kept: boolean;
}): Conflict {
  const { table, source, planned, found, edited, kept } = input;
  const spec = found.call.arguments[1];
  const name = JSON.stringify(planned.name);
  return {
    table,
    part: "index",
    name: planned.name,
    reason: edited ? "edited" : "declared",
    at: locationOf(source.module, found.call.arguments[0] ?? found.call),
    yours: `.index(${name}, ${spec ? textOf(source.module, spec) : ""})`,
    wanted: `.index(${name}, ${printColumnList(planned.columns)})`,
    kept,
  };
}
