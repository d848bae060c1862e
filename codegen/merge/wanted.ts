// The planned table in the same form as one read from a file, so that both compare by one rule. Pure.
import { parseModule } from "../edit/index.js";
import type { PlannedTable } from "../plan/types.js";
import { printTable } from "../print/table-block.js";
import { readTable } from "./read-table.js";
import { createScope } from "./scope.js";

/** Canonical texts of a planned table's columns and indexes, by name. */
export type WantedTable = {
  readonly columns: ReadonlyMap<string, string>;
  readonly indexes: ReadonlyMap<string, string>;
};

/** What a planned table would read as. */
export function wantedTable(table: PlannedTable): WantedTable {
  const text = [
    'import { defineTable } from "convex/server";',
    'import { v } from "convex/values";',
    `export default ${printTable(table, { v: "v", defineTable: "defineTable" })};`,
  ].join("\n");
  const module = parseModule(text, "planned.ts");
  const statement = module.program.body.at(-1);
  if (statement?.type !== "ExportDefaultDeclaration")
    throw new Error("A planned table is a module.");
  const source = readTable(
    { module, node: statement.declaration },
    createScope(() => undefined),
  );
  if (!source) throw new Error(`The planned table ${table.table} does not read back.`);
  return {
    columns: new Map([...source.fields].map(([name, field]) => [name, field.canonical])),
    indexes: new Map([...source.indexes].map(([name, index]) => [name, index.canonical])),
  };
}
