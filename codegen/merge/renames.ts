// Detects that a table or column got another name, so that it is never silently dropped and added. Pure.
import type { OwnedItem, Ownership } from "../lock/types.js";
import type { PlannedColumn, PlannedTable, TablesPlan } from "../plan/types.js";
import { fingerprint } from "./fingerprint.js";
import { wantedTable } from "./wanted.js";

/** Sentences about renames between the lock and the plan. */
export function findRenames(base: Ownership, plan: TablesPlan): string[] {
  const notes: string[] = [];
  for (const planned of plan.app) {
    const before = base.tables.get(planned.table);
    if (!before) notes.push(...renamedTable(planned, base, plan));
    else if (before.owner === "managed") notes.push(...renamedColumns(planned, before.fields));
  }
  return notes;
}

// --- internal ---

function renamedTable(planned: PlannedTable, base: Ownership, plan: TablesPlan): string[] {
  const old = [...base.tables.values()].find(
    (one) =>
      one.owner === "managed" &&
      !one.orphaned &&
      one.models.some((model) => planned.models.includes(model)) &&
      !plan.app.some((table) => table.table === one.table),
  );
  if (!old) return [];
  return [
    `Model ${planned.models.join(", ")} moved from table ${old.table} to ${planned.table}. Convex cannot rename a table: ` +
      `documents stay in ${old.table} until you copy them. To go back, set modelName to "${old.table}".`,
  ];
}

function renamedColumns(planned: PlannedTable, fields: ReadonlyMap<string, OwnedItem>): string[] {
  const gone = [...fields].filter(
    ([column, item]) => !item.orphaned && !planned.columns.some((one) => one.column === column),
  );
  const fresh = planned.columns.filter((one) => !fields.has(one.column));
  return gone.flatMap(([column, item]) => {
    const logical = item.field ?? column;
    const moved = fresh.find((one) => one.fields.some(({ field }) => field === logical));
    if (moved)
      return [
        `Field ${planned.table}.${logical} moved from column ${column} to ${moved.column}. Documents keep their values in ` +
          `${column} until you copy them. To go back, set its fieldName to "${column}".`,
      ];
    return likelyRename(planned, { column, item, fresh, gone: gone.length });
  });
}

/** One column gone and one new of the same type and plugin: more likely a rename than a coincidence. */
function likelyRename(
  planned: PlannedTable,
  input: {
    readonly column: string;
    readonly item: OwnedItem;
    readonly fresh: readonly PlannedColumn[];
    readonly gone: number;
  },
): string[] {
  const { column, item, fresh, gone } = input;
  const wanted = wantedTable(planned);
  const alike = fresh.filter(
    (one) =>
      one.plugin === item.plugin &&
      fingerprint(wanted.columns.get(one.column) ?? "") === item.fingerprint,
  );
  const [only] = alike;
  if (!only || alike.length > 1 || gone > 1) return [];
  return [
    `Column ${planned.table}.${column} is gone and ${only.column} is new, of the same type. If this is a rename: documents keep ` +
      `their values in ${column} until you copy them, or set fieldName to "${column}".`,
  ];
}
