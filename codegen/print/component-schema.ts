// Prints the schema module of an app's own auth component. Pure text.
import type { TablesPlan } from "../plan/types.js";
import { isIdentifier } from "../edit/names.js";
import { printTable } from "./table-block.js";
import { GENERATED_HEADER } from "./tables-module.js";

/**
 * A whole component schema: `export default defineSchema({ jwks: defineTable(...), ... })`. Unformatted.
 */
export function printComponentSchema(plan: TablesPlan): string {
  const spelling = { v: "v", defineTable: "defineTable" };
  const tables = plan.component.map(
    (table) =>
      `${isIdentifier(table.table) ? table.table : JSON.stringify(table.table)}: ${printTable(table, spelling)},`,
  );
  return [
    GENERATED_HEADER,
    'import { defineSchema, defineTable } from "convex/server";',
    'import { v } from "convex/values";',
    "",
    `export default defineSchema({\n${tables.join("\n")}\n});`,
    "",
  ].join("\n");
}
