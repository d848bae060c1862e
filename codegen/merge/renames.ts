// Detects that a table or column got another name, so that it is never silently dropped and added. Pure.
import type { Ownership } from "../lock/types.js";
import type { PlannedTable, TablesPlan } from "../plan/types.js";

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

function renamedColumns(
  planned: PlannedTable,
  fields: ReadonlyMap<string, { readonly field?: string; readonly orphaned?: true }>,
): string[] {
  const gone = [...fields].filter(
    ([column, item]) => !item.orphaned && !planned.columns.some((one) => one.column === column),
  );
  return gone.flatMap(([column, item]) => {
    const logical = item.field ?? column;
    const now = planned.columns.find(
      (one) => !fields.has(one.column) && one.fields.some(({ field }) => field === logical),
    );
    if (!now) return [];
    return [
      `Field ${planned.table}.${logical} moved from column ${column} to ${now.column}. Documents keep their values in ` +
        `${column} until you copy them. To go back, set its fieldName to "${column}".`,
    ];
  });
}
