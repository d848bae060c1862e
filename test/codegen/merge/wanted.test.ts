// What a planned table is compared by is what its printed block would read as.
import { expect, test } from "vitest";
import { parseModule } from "../../../codegen/edit/index.js";
import { readTable } from "../../../codegen/merge/read-table.js";
import { wantedTable } from "../../../codegen/merge/wanted.js";
import { createScope } from "../../../codegen/modules/names.js";
import { planTables } from "../../../codegen/plan/plan-tables.js";
import type { SourceTables } from "../../../codegen/plan/types.js";
import { printTable } from "../../../codegen/print/table-block.js";

const field = (type: SourceTables[string]["fields"][string]["type"], more: object = {}) => ({
  type,
  required: true,
  ...more,
});

const TABLES: SourceTables = {
  thing: {
    modelName: "thing",
    fields: {
      text: field("string", { unique: true }),
      maybe: field("string", { required: false }),
      at: field("date"),
      flag: field("boolean", { defaultValue: false }),
      bag: field("json", { required: false }),
      words: field("string[]"),
      counts: field("number[]"),
      // Blanks and quotes inside of strings stay.
      choice: field(['a "b"  c', "2 x", "back\\slash", "d'e"]),
    },
  },
};

test.each(["app", "component"] as const)("a planned table in %s", (placement) => {
  const plan = planTables(TABLES, { placement });
  const tables = [...plan.app, ...plan.component];
  expect(tables).toHaveLength(1);
  for (const table of tables) {
    const text = `import { defineTable } from "convex/server";\nimport { v } from "convex/values";\nexport default ${printTable(table, { v: "v", defineTable: "defineTable" })};\n`;
    const module = parseModule(text, "planned.ts");
    const statement = module.program.body.at(-1);
    const node = statement?.type === "ExportDefaultDeclaration" ? statement.declaration : undefined;
    const source =
      node &&
      readTable(
        { module, node },
        createScope(() => undefined),
      );
    const { columns, indexes } = wantedTable(table);
    const textOf = ([name, part]: [string, { canonical: string }]) => [name, part.canonical];
    expect([...columns]).toEqual([...(source?.fields ?? [])].map(textOf));
    expect([...indexes]).toEqual([...(source?.indexes ?? [])].map(textOf));
  }
});
