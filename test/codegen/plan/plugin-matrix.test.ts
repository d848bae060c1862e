// Every plugin with tables, alone and all at once, as it is and with everything renamed: Convex's rules hold,
// and every field and reference of getAuthTables is there.
import { getAuthTables } from "better-auth/db";
import { organization } from "better-auth/plugins";
import { describe, expect, test } from "vitest";
import { createSchema } from "../../../codegen/commands/create-schema.js";
import { startsWithColumns } from "../../../codegen/plan/plan-indexes.js";
import { planTables } from "../../../codegen/plan/plan-tables.js";
import type { SourceTable, SourceTables, TablesPlan } from "../../../codegen/plan/types.js";
import { readSchema, type SchemaJson } from "../../deployment/schema.js";
import { schemaOf } from "../../support/convex-schema.js";
import { MATRIX, TABLELESS } from "../../support/plugin-matrix.js";
import { makeApp } from "../support/app.js";
import { typeCheck } from "../support/type-check.js";

const snake = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** Every table and every column under another name, as `modelName` and `fields` give them. */
function renamed(source: SourceTables): SourceTables {
  const rename = (table: SourceTable): SourceTable => ({
    ...table,
    modelName: `auth_${snake(table.modelName)}s`,
    fields: Object.fromEntries(
      Object.entries(table.fields).map(([name, field]) => [
        name,
        { ...field, fieldName: snake(name) },
      ]),
    ),
  });
  return Object.fromEntries(Object.entries(source).map(([key, table]) => [key, rename(table)]));
}

const cases = Object.entries(MATRIX).flatMap(([name, options]) =>
  (["split", "app", "component"] as const).flatMap((placement) => [
    { name: `${name}, ${placement}`, source: getAuthTables(options), placement },
    { name: `${name} renamed, ${placement}`, source: renamed(getAuthTables(options)), placement },
  ]),
);

describe.each(cases)("$name", ({ source, placement }) => {
  const planned = planTables(source, { placement });

  test("every field and reference is there, in the column it is stored in", () => {
    expect(Object.keys(planned.tables).sort()).toEqual(Object.keys(source).sort());
    for (const [key, table] of Object.entries(source))
      assertFields(key, table, { planned, source });
  });

  test("keeps Convex's rules and covers every unique and reference", () => {
    for (const model of Object.values(planned.tables)) assertModel(model, planned);
    for (const tables of [planned.app, planned.component])
      if (tables.length > 0) readSchema(JSON.parse(exported(schemaOf(tables))) as SchemaJson); // what defineSchema exports
  });
});

/** `export` is what a push calls; it is not in the public types. */
function exported(schema: object): string {
  return (schema as { export: () => string }).export();
}

function assertFields(
  key: string,
  { fields }: SourceTable,
  { planned, source }: { readonly planned: TablesPlan; readonly source: SourceTables },
): void {
  const model = planned.tables[key];
  const table = [...planned.app, ...planned.component].find((one) => one.models.includes(key));
  const columns = table?.columns.flatMap((column) => column.fields.map(({ field }) => field));
  expect(columns?.sort()).toEqual(Object.keys(fields).sort());
  for (const [name, field] of Object.entries(fields)) {
    const found = model?.fields[name];
    expect(found?.type).toEqual(field.type);
    expect(found?.required).toBe(field.required !== false);
    const inComponent = model?.placement === "component";
    expect(found?.column).toBe(inComponent ? name : (field.fieldName ?? name));
    const target = field.references && source[field.references.model];
    if (target) expect(found?.references?.model).toBe(field.references?.model);
  }
}

function assertModel(model: TablesPlan["tables"][string], planned: TablesPlan): void {
  const indexes = Object.entries(model.indexes);
  expect(indexes.length).toBeLessThanOrEqual(32);
  const columns = Object.values(model.fields).map((field) => field.column);
  for (const [name, list] of indexes) {
    expect(name).toMatch(/^[A-Za-z]\w{0,63}$/);
    expect(["by_id", "by_creation_time"]).not.toContain(name);
    expect(list.length).toBeGreaterThan(0);
    expect(list.length).toBeLessThanOrEqual(16);
    expect(new Set(list).size).toBe(list.length);
    for (const column of list) expect([...columns, "id"]).toContain(column);
    const covering = indexes.filter(
      ([other, one]) => other !== name && startsWithColumns(one, list),
    );
    expect(covering, `${model.table}.${name} repeats another index`).toEqual([]);
  }
  const isPrefix = (wanted: readonly string[]) =>
    indexes.some(([, list]) => startsWithColumns(list, wanted));
  for (const field of Object.values(model.fields)) {
    if (field.unique || field.references)
      expect(isPrefix([field.column]), `${model.table}.${field.column}`).toBe(true);
    if (field.references) expect(planned.tables[field.references.model]).toBeDefined();
  }
  for (const unique of model.uniques ?? []) expect(isPrefix(unique)).toBe(true);
}

test.each(Object.entries(TABLELESS))("%s changes no table", (_, make) => {
  const withIt = planTables(getAuthTables({ plugins: [make()] }), { placement: "app" });
  expect(withIt).toEqual(planTables(getAuthTables({}), { placement: "app" }));
});

test("a plugin's own schema option renames its tables, and what refers to them", () => {
  const source = getAuthTables({
    plugins: [
      organization({
        schema: {
          organization: { modelName: "orgs", fields: { slug: "handle" } },
          member: { fields: { organizationId: "org" } },
        },
      }),
    ],
  });
  const { app } = planTables(source, { placement: "split" });
  const orgs = app.find((one) => one.table === "orgs");
  expect(orgs?.models).toEqual(["organization"]);
  expect(orgs?.indexes.map((index) => index.name)).toContain("by_handle");
  const org = app
    .find((one) => one.table === "member")
    ?.columns.find((column) => column.column === "org");
  expect(org?.idOf).toBe("orgs");
});

test("all tables at once print as a schema that type-checks", async () => {
  const app = makeApp({});
  const tables = getAuthTables(MATRIX.all ?? {});
  const { code } = await createSchema({ project: app.project, tables, placement: "app" });
  app.write("convex/schema.ts", code);
  expect(code.match(/defineTable\(/g)?.length).toBeGreaterThan(33);
  expect(typeCheck([app.path("convex/schema.ts")])).toEqual([]);
});
