// The planned table in the same form as one read from a file, so that both compare by one rule. Pure text: what
// canonical() would give for the printed block, without parsing it.
import type { PlannedColumn, PlannedTable } from "../plan/types.js";
import { printValidator } from "../print/validator.js";

/** Canonical texts of a planned table's columns and indexes, by name. */
export type WantedTable = {
  readonly columns: ReadonlyMap<string, string>;
  readonly indexes: ReadonlyMap<string, string>;
};

/** What a planned table would read as. */
export function wantedTable({ columns, indexes }: PlannedTable): WantedTable {
  return {
    columns: new Map(columns.map((column) => [column.column, canonicalValidator(column)])),
    indexes: new Map(indexes.map(({ name, columns: names }) => [name, JSON.stringify(names)])),
  };
}

// --- internal ---

/** Blanks go, but for those inside of strings. */
function canonicalValidator(column: PlannedColumn): string {
  return printValidator(column).replace(/("(?:[^"\\]|\\.)*")|\s+/g, "$1");
}
