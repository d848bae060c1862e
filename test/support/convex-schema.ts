// Builds Convex schemas from what codegen plans, by the very validators it prints.
import { defineSchema, defineTable, type TableDefinition } from "convex/server";
import { v, type Validator } from "convex/values";
import { printValidator } from "../../codegen/print/validator.js";
import type { PlannedTable } from "../../codegen/plan/types.js";

/** The schema an app or a component would have after `kitcn add auth --schema`. */
export function schemaOf(planned: readonly PlannedTable[]) {
  return defineSchema(Object.fromEntries(planned.map((table) => [table.table, tableOf(table)])));
}

// --- internal ---

type AnyValidator = Validator<unknown, "required" | "optional", string>;

function tableOf({ columns, indexes }: PlannedTable): TableDefinition {
  const fields = columns.map(
    (column) => [column.column, evaluate(printValidator(column))] as const,
  );
  let table = defineTable(Object.fromEntries(fields)) as unknown as TableDefinition; // fields are dynamic here
  for (const index of indexes) {
    table = table.index(index.name, index.columns as never); // as above
  }
  return table;
}

/** Codegen prints source text that uses `v` and nothing else. */
function evaluate(source: string): AnyValidator {
  return new Function("v", `return ${source};`)(v) as AnyValidator;
}
