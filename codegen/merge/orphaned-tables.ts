// Whole tables that no plugin asks for any more: kept and reported, or pruned when nobody touched them. Pure.
import type { Node } from "@babel/types";
import { endOf, hasName, listImports, startOf, type Module } from "../edit/index.js";
import type { OwnedItem, OwnedTable } from "../lock/types.js";
import { commentsOf, isOwnComment } from "./comments.js";
import { fingerprint } from "./fingerprint.js";
import type { SchemaPlace, TableEntry } from "./find-schema.js";
import { readTable, type TableSource } from "./read-table.js";
import type { Scope } from "../modules/names.js";
import { mayGo, type MergeOptions, type SchemaEdit } from "./types.js";

/** An orphaned table in the file, and what stands against removing it. */
export type OrphanedTable = {
  readonly owned: OwnedTable;
  readonly entry: TableEntry;
  readonly source: TableSource | undefined;
  readonly blocked: string | undefined;
};

/**
 * The orphaned tables that are still in the file.
 *
 * @param input.orphaned managed tables of the lock that the plan does not have
 * @param input.edits what this run changes elsewhere: columns it removes or replaces do not refer to what they did
 */
export function findOrphanedTables(input: {
  readonly orphaned: readonly OwnedTable[];
  readonly place: SchemaPlace;
  readonly scope: Scope;
  readonly edits: readonly SchemaEdit[];
  readonly options: MergeOptions;
}): OrphanedTable[] {
  const { place, scope } = input;
  const found = input.orphaned.flatMap((owned): OrphanedTable[] => {
    const entry = place.entries.get(owned.table);
    if (!entry) return [];
    const source = readTable(entry.at, scope);
    const blocked = source ? whyBlocked({ owned, entry, source }, place) : "it is no plain block";
    return [{ owned, entry, source, blocked }];
  });
  return blockReferred(found, input);
}

// --- internal ---

function whyBlocked(
  { owned, entry, source }: { owned: OwnedTable; entry: TableEntry; source: TableSource },
  place: SchemaPlace,
): string | undefined {
  const { module } = source;
  if (!entry.member || module !== place.module)
    return "it is outside the module that calls defineSchema, or outside its object of tables";
  const ranges = rangesOf({ entry, source }, place);
  const comments = ranges.flatMap((node) => commentsOf(module, node));
  if (!isUntouched(owned, source) || comments.some((comment) => !isOwnComment(comment)))
    return "you changed it";
  const isUsed = isMentioned(module, entry, ranges) || isImported(entry, place);
  return isUsed ? "other code of the schema uses it" : undefined;
}

/** The nodes that go when a table goes: its entry, and the statement of its const. */
export function rangesOf(
  { entry, source }: { readonly entry: TableEntry; readonly source: TableSource },
  place: SchemaPlace,
): Node[] {
  const statement = source.module.program.body.find(
    (one) => startOf(one) <= startOf(source.call) && endOf(source.call) <= endOf(one),
  );
  const member = entry.member ? [entry.member] : [];
  return statement && statement !== place.statement ? [...member, statement] : member;
}

/** Blocks what a table that stays refers to; two tables that go together do not hold each other. */
function blockReferred(
  found: readonly OrphanedTable[],
  { place, scope, edits, options }: Parameters<typeof findOrphanedTables>[0],
): OrphanedTable[] {
  const going = new Set(
    found
      .filter(({ blocked, owned }) => !blocked && mayGo(options, owned.plugin))
      .map(({ owned }) => owned.table),
  );
  // What the same run writes in their place refers to a table of the plan.
  const removed = new Set(
    edits.flatMap((one) =>
      one.kind === "remove-column" || one.kind === "replace-column" ? [one.field] : [],
    ),
  );
  const references = [...place.entries.values()].map((entry) => ({
    table: entry.key,
    fields: [...(readTable(entry.at, scope)?.fields.values() ?? [])].filter(
      (field) => ![...removed].some((one) => one.value === field.value),
    ),
  }));
  const holders = new Map<string, string>();
  for (let changed = true; changed;) {
    changed = false;
    for (const { table, fields } of references) {
      if (going.has(table)) continue;
      for (const name of going)
        if (fields.some((field) => field.canonical.includes(`v.id(${JSON.stringify(name)})`))) {
          going.delete(name);
          holders.set(name, table);
          changed = true;
        }
    }
  }
  return found.map((one) => {
    const holder = holders.get(one.owned.table);
    return holder === undefined ? one : { ...one, blocked: `the table ${holder} refers to it` };
  });
}

function isUntouched(owned: OwnedTable, source: TableSource): boolean {
  const same = (
    items: ReadonlyMap<string, OwnedItem>,
    parts: ReadonlyMap<string, { readonly canonical: string }>,
  ) =>
    [...parts].every(
      ([name, part]) => items.get(name)?.fingerprint === fingerprint(part.canonical),
    );
  return (
    source.complete && same(owned.fields, source.fields) && same(owned.indexes, source.indexes)
  );
}

/** True when the table's const is used besides its own block and entry. */
function isMentioned(module: Module, entry: TableEntry, ranges: readonly Node[]): boolean {
  const value = entry.at.node;
  return value.type === "Identifier" && hasName(module.program, value.name, ranges);
}

/** True when schema.ts itself imports the table's const from authSchema.ts. */
function isImported({ at: { node } }: TableEntry, { module, call }: SchemaPlace): boolean {
  if (node.type !== "Identifier" || call.module === module) return false;
  return listImports(call.module).some(({ imported }) => imported === node.name);
}
