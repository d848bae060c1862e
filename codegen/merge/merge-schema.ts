// Merges the whole plan into a schema: new tables, managed tables, the user's own, orphans, renames. Pure.
import { locationOf, textOf } from "../edit/index.js";
import type { OwnedItem, OwnedTable, Ownership } from "../lock/types.js";
import type { PlannedTable, TablesPlan } from "../plan/types.js";
import { fingerprint } from "./fingerprint.js";
import type { SchemaPlace, TableEntry } from "./find-schema.js";
import { describeLocal } from "./local-table.js";
import { mergeTable } from "./merge-table.js";
import { readTable, type TableSource } from "./read-table.js";
import { findOrphanedTables } from "./orphaned-tables.js";
import { findRenames } from "./renames.js";
import type { Scope } from "../modules/names.js";
import {
  isPruned,
  type Conflict,
  type MergeOptions,
  type Orphan,
  type SchemaEdit,
  type SchemaMerge,
  type TableOutcome,
} from "./types.js";
import { wantedTable } from "./wanted.js";

export type SchemaMergeInput = {
  readonly plan: TablesPlan;
  readonly place: SchemaPlace;
  readonly scope: Scope;
  readonly base: Ownership;
  readonly options: MergeOptions;
};

/** Decides everything that a run changes in the schema. */
export function mergeSchema(input: SchemaMergeInput): SchemaMerge {
  const state: State = {
    files: new Set([input.place.module.path]),
    edits: [],
    owned: new Map(),
    tables: [],
    conflicts: [],
    orphans: [],
    notes: [...findRenames(input.base, input.plan)],
  };
  for (const planned of input.plan.app) mergePlanned(planned, input, state);
  mergeOrphanedTables(input, state);
  return state;
}

// --- internal ---

/** What a merge collects. */
type State = {
  readonly files: Set<string>;
  readonly edits: SchemaEdit[];
  readonly owned: Map<string, OwnedTable>;
  readonly tables: TableOutcome[];
  readonly conflicts: Conflict[];
  readonly orphans: Orphan[];
  readonly notes: string[];
};

function mergePlanned(planned: PlannedTable, input: SchemaMergeInput, state: State): void {
  const { place, scope, base, options } = input;
  const { table } = planned;
  const entry = place.entries.get(table);
  const before = base.tables.get(table);
  if (!entry) {
    if (before?.owner === "managed" && !before.orphaned)
      state.notes.push(`Table ${table} had been removed; Better Auth needs it, so it is back.`);
    state.edits.push({ kind: "add-table", table: planned });
    state.owned.set(table, ownedAsPlanned(planned));
    state.tables.push({ table, owner: "managed", action: "added" });
    return;
  }
  const source = readTable(entry.at, scope);
  if (before?.owner === "managed") {
    if (source && !entry.madeAt) mergeManaged({ planned, source, before, options }, state);
    else keepUnreadable({ planned, entry, before }, state);
    return;
  }
  if (!before && !entry.madeAt && source && isAsPlanned(planned, source)) {
    // The lock was lost, the block is ours to the letter: nobody's work is in it.
    state.files.add(source.module.path);
    state.owned.set(table, ownedAsPlanned(planned));
    state.tables.push({ table, owner: "managed", action: "unchanged" });
    return;
  }
  state.owned.set(table, ownedLocally(planned));
  state.tables.push({ table, owner: "local", action: "unchanged" });
  state.notes.push(...describeLocal(planned, { source, entry }));
}

function mergeManaged(
  input: {
    readonly planned: PlannedTable;
    readonly source: TableSource;
    readonly before: OwnedTable;
    readonly options: MergeOptions;
  },
  state: State,
): void {
  const { planned, source, before, options } = input;
  const merged = mergeTable({ planned, source, base: before, options });
  state.files.add(source.module.path);
  state.edits.push(...merged.edits);
  state.owned.set(planned.table, merged.owned);
  state.conflicts.push(...merged.conflicts);
  state.orphans.push(...merged.orphans);
  state.notes.push(...merged.notes);
  const action = merged.edits.length > 0 ? "updated" : "unchanged";
  state.tables.push({ table: planned.table, owner: "managed", action });
}

function keepUnreadable(
  { planned, entry, before }: { planned: PlannedTable; entry: TableEntry; before: OwnedTable },
  state: State,
): void {
  const { module, node } = entry.at;
  const at = entry.madeAt ?? locationOf(module, node);
  state.owned.set(planned.table, before);
  state.tables.push({ table: planned.table, owner: "managed", action: "unchanged" });
  state.conflicts.push({
    table: planned.table,
    part: "table",
    name: planned.table,
    reason: "unreadable",
    at,
    yours: textOf(module, node),
    wanted: "defineTable({ ... }).index(...)",
    kept: true,
  });
}

function mergeOrphanedTables(input: SchemaMergeInput, state: State): void {
  const orphaned = [...input.base.tables.values()].filter(
    (one) =>
      one.owner === "managed" && !input.plan.app.some((planned) => planned.table === one.table),
  );
  const found = findOrphanedTables({ ...input, orphaned, edits: state.edits });
  for (const { owned, entry, source, blocked } of found) {
    const { table, plugin } = owned;
    if (source) state.files.add(source.module.path);
    const pruned = isPruned(input.options, plugin) && blocked === undefined;
    const orphan = { table, part: "table" as const, name: table, plugin, pruned };
    state.orphans.push(blocked === undefined ? orphan : { ...orphan, blocked });
    if (pruned && source) state.edits.push({ kind: "remove-table", entry, source });
    else state.owned.set(table, { ...owned, orphaned: true });
    state.tables.push({ table, owner: "managed", action: pruned ? "removed" : "orphaned" });
  }
}

function isAsPlanned(planned: PlannedTable, source: TableSource): boolean {
  const wanted = wantedTable(planned);
  const has = (
    want: ReadonlyMap<string, string>,
    parts: ReadonlyMap<string, { readonly canonical: string }>,
  ) => [...want].every(([name, text]) => parts.get(name)?.canonical === text);
  return (
    source.object !== undefined &&
    has(wanted.columns, source.fields) &&
    has(wanted.indexes, source.indexes)
  );
}

function ownedAsPlanned(planned: PlannedTable): OwnedTable {
  const wanted = wantedTable(planned);
  return {
    table: planned.table,
    models: planned.models,
    owner: "managed",
    plugin: planned.plugin,
    fields: new Map(
      planned.columns.map((column): [string, OwnedItem] => {
        const field = column.fields[0]?.field;
        return [
          column.column,
          {
            fingerprint: fingerprint(wanted.columns.get(column.column) ?? ""),
            plugin: column.plugin,
            ...(field !== undefined && field !== column.column && { field }),
          },
        ];
      }),
    ),
    indexes: new Map(
      planned.indexes.map(({ name, plugin }): [string, OwnedItem] => [
        name,
        { fingerprint: fingerprint(wanted.indexes.get(name) ?? ""), plugin },
      ]),
    ),
  };
}

function ownedLocally({ table, models, plugin }: PlannedTable): OwnedTable {
  return { table, models, owner: "local", plugin, fields: new Map(), indexes: new Map() };
}
