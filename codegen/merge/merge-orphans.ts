// What the lock holds and no plugin asks for any more: kept and reported, or pruned when untouched. Pure.
import type { OwnedItem, OwnedTable } from "../lock/types.js";
import type { PlannedTable } from "../plan/types.js";
import { foreignCommentsAt, foreignCommentsInCall } from "./comments.js";
import { fingerprint } from "./fingerprint.js";
import type { FieldSource, IndexSource, TableSource } from "./read-table.js";
import { isPruned, mayGo, type MergeOptions, type Orphan, type SchemaEdit } from "./types.js";

export type OrphanMerge = {
  readonly edits: readonly SchemaEdit[];
  readonly fields: ReadonlyMap<string, OwnedItem>;
  readonly indexes: ReadonlyMap<string, OwnedItem>;
  readonly orphans: readonly Orphan[];
  readonly removedIndexes: ReadonlySet<string>;
};

/** Merges what is orphaned inside a table that lives on. */
export function mergeOrphans(input: {
  readonly planned: PlannedTable;
  readonly source: TableSource;
  readonly base: OwnedTable;
  readonly options: MergeOptions;
}): OrphanMerge {
  const indexes = orphanedIndexes(input);
  const columns = orphanedColumns(input, indexes.removable);
  return {
    edits: [...indexes.edits, ...columns.edits],
    fields: columns.owned,
    indexes: indexes.owned,
    orphans: [...columns.orphans, ...indexes.orphans],
    removedIndexes: input.options.prune === false ? new Set() : indexes.removable,
  };
}

// --- internal ---

type Input = Parameters<typeof mergeOrphans>[0];

type Part = {
  readonly edits: SchemaEdit[];
  readonly owned: Map<string, OwnedItem>;
  readonly orphans: Orphan[];
};

function orphanedIndexes({ planned, source, base, options }: Input) {
  const part: Part & { removable: Set<string> } = {
    edits: [],
    owned: new Map(),
    orphans: [],
    removable: new Set(),
  };
  const wanted = new Set(planned.indexes.map((index) => index.name));
  for (const [name, item] of base.indexes) {
    const index = source.indexes.get(name);
    if (wanted.has(name) || !index) continue;
    const blocked = blockIndex(index, item, source);
    const pruned = isPruned(options, item.plugin) && blocked === undefined;
    part.orphans.push(orphan({ table: planned.table, part: "index", name, item, pruned, blocked }));
    if (blocked === undefined && mayGo(options, item.plugin)) part.removable.add(name);
    if (pruned) part.edits.push({ kind: "remove-index", in: source, index });
    else part.owned.set(name, { ...item, orphaned: true });
  }
  return part;
}

function orphanedColumns(
  { planned, source, base, options }: Input,
  removable: ReadonlySet<string>,
): Part {
  const part: Part = { edits: [], owned: new Map(), orphans: [] };
  const wanted = new Set(planned.columns.map((column) => column.column));
  for (const [name, item] of base.fields) {
    const field = source.fields.get(name);
    if (wanted.has(name) || !field) continue;
    const blocked = blockColumn(field, item, { source, removable });
    const pruned = isPruned(options, item.plugin) && blocked === undefined;
    part.orphans.push(
      orphan({ table: planned.table, part: "column", name, item, pruned, blocked }),
    );
    if (pruned) {
      part.edits.push({ kind: "remove-column", in: source, field });
      continue;
    }
    const untouched = fingerprint(field.canonical) === item.fingerprint;
    if (untouched && field.member && !isOptional(field.canonical)) {
      // Better Auth stops writing it: a required column would refuse every new document.
      part.edits.push({ kind: "relax-column", in: source, field });
      part.owned.set(name, {
        ...item,
        fingerprint: fingerprint(`v.optional(${field.canonical})`),
        orphaned: true,
      });
    } else part.owned.set(name, { ...item, orphaned: true });
  }
  return part;
}

function isOptional(canonicalText: string): boolean {
  return canonicalText.startsWith("v.optional(") || canonicalText === "v.any()";
}

function blockIndex(index: IndexSource, item: OwnedItem, source: TableSource): string | undefined {
  if (fingerprint(index.canonical) !== item.fingerprint) return "you changed it";
  if (foreignCommentsInCall(source, index.call)) return "you commented it";
  return undefined;
}

function blockColumn(
  field: FieldSource,
  item: OwnedItem,
  { source, removable }: { readonly source: TableSource; readonly removable: ReadonlySet<string> },
): string | undefined {
  if (fingerprint(field.canonical) !== item.fingerprint) return "you changed it";
  if (!field.member) return "it is outside the block";
  if (foreignCommentsAt(source, field.member)) return "you commented it";
  const user = [...source.indexes.values()].find(
    (index) => !removable.has(index.name) && (index.columns ?? [field.name]).includes(field.name),
  );
  return user && `the index ${user.name} uses it`;
}

function orphan(input: {
  readonly table: string;
  readonly part: Orphan["part"];
  readonly name: string;
  readonly item: OwnedItem;
  readonly pruned: boolean;
  readonly blocked: string | undefined;
}): Orphan {
  const { table, part, name, item, pruned, blocked } = input;
  return {
    table,
    part,
    name,
    plugin: item.plugin,
    pruned,
    ...(blocked !== undefined && { blocked }),
  };
}
