// What a user's own table lacks for Better Auth: sentences with the exact lines to add. Pure.
import { locationOf } from "../edit/index.js";
import type { PlannedTable } from "../plan/types.js";
import { startsWithColumns } from "../plan/plan-indexes.js";
import { printIndexCall } from "../print/table-block.js";
import { printValidator } from "../print/validator.js";
import type { TableEntry } from "./find-schema.js";
import type { TableSource } from "./read-table.js";
import { wantedTable } from "./wanted.js";

/** The notes about one local table: what is missing, and what has another type than Better Auth writes. */
export function describeLocal(
  planned: PlannedTable,
  { source, entry }: { readonly source: TableSource | undefined; readonly entry: TableEntry },
): string[] {
  const { table } = planned;
  const place = entry.madeAt ?? locationOf(entry.at.module, entry.at.node);
  const mine = `Table ${table} (${place}) is yours and stays as it is`;
  if (!source)
    return [`${mine}; it is no plain defineTable chain, so its columns could not be checked.`];
  const notes: string[] = [];
  const columns = planned.columns.filter((column) => !source.fields.has(column.column));
  if (columns.length > 0 && source.complete)
    notes.push(
      `${mine}; Better Auth also needs: ${columns.map((column) => `${column.column}: ${printValidator(column)}`).join(", ")}`,
    );
  const indexes = planned.indexes.filter(
    ({ columns: wanted }) =>
      ![...source.indexes.values()].some(
        (index) => index.columns && !index.staged && startsWithColumns(index.columns, wanted),
      ),
  );
  if (indexes.length > 0)
    notes.push(`${mine}; Better Auth also queries by: ${indexes.map(printIndexCall).join("")}`);
  const wanted = wantedTable(planned);
  const differing = planned.columns.filter((column) => {
    const field = source.fields.get(column.column);
    return field && field.canonical !== wanted.columns.get(column.column);
  });
  if (differing.length > 0)
    notes.push(
      `${mine}; Better Auth writes: ${differing.map((column) => `${column.column}: ${printValidator(column)}`).join(", ")}`,
    );
  return notes;
}
