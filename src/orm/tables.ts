// What the planner needs to know of the app's tables: read from the schema itself, with what Better Auth
// says of its own (unique, references) put over it. Pure.
import type { GenericSchema, SchemaDefinition } from "convex/server";
import type { GenericValidator } from "convex/values";
import { unknownTable } from "../errors/orm.js";
import type { AuthField, AuthModel, AuthTables, FieldType } from "../metadata.js";

/** The default export of schema.ts. */
export type AppSchema = SchemaDefinition<GenericSchema, boolean>;

/**
 * The tables of an app's schema, by table name.
 *
 * @param auth generated/auth.tables.ts, where the app has it
 */
export function tablesOf(schema: AppSchema, auth: AuthTables = {}): AuthTables {
  const models = Object.values(auth).filter((model) => model.placement === "app");
  const tables: Record<string, AuthModel> = {};
  for (const [table, definition] of Object.entries(schema.tables)) {
    const model = models.find((one) => one.table === table);
    const columns = columnsOf(definition.validator);
    // Columns that are not known, or are called `id`, would be misread: such a table has no place here.
    if (!columns || ("id" in columns && !model?.forcedId)) continue;
    delete columns["id"];
    tables[table] = {
      table,
      placement: "app",
      fields: { ...columns, ...(model && authColumns(model, auth)) },
      indexes: Object.fromEntries(
        definition[" indexes"]().map((index) => [index.indexDescriptor, index.fields]),
      ),
      ...(model?.forcedId && { forcedId: true }),
      ...(model?.uniques && { uniques: model.uniques }),
    };
  }
  return tables;
}

/** @throws KitcnError `UNKNOWN_TABLE` */
export function tableOf(tables: AuthTables, table: string): AuthModel {
  const found = Object.hasOwn(tables, table) ? tables[table] : undefined;
  if (found) return found;
  throw unknownTable({ table });
}

// --- internal ---

type Columns = Record<string, AuthField>;

/** Undefined where the validator does not say which columns there are. */
function columnsOf(validator: GenericValidator): Columns | undefined {
  if (validator.kind === "object") {
    const fields: Record<string, GenericValidator> = validator.fields;
    return Object.fromEntries(
      Object.entries(fields).map(([name, one]) => [name, column(name, one)]),
    );
  }
  if (validator.kind !== "union") return undefined;
  const members: readonly GenericValidator[] = validator.members;
  return members.reduce<Columns | undefined>((all, member) => {
    const columns = columnsOf(member);
    return all && columns && mergeColumns(all, columns);
  }, {});
}

function column(name: string, validator: GenericValidator): AuthField {
  return { column: name, type: typeOf(validator), required: validator.isOptional === "required" };
}

function mergeColumns(a: Columns, b: Columns): Columns {
  const shared = Object.keys(a).filter((name) => a[name]?.type !== b[name]?.type && name in b);
  const open = shared.map((name) => [
    name,
    { column: name, type: "json", required: false } as const,
  ]);
  return { ...a, ...b, ...Object.fromEntries(open) };
}

/** Only scalars matter to the planner; whatever is not certainly one is looked at in memory. */
function typeOf(validator: GenericValidator): FieldType {
  if (validator.kind === "literal") {
    const type = typeof validator.value;
    return type === "string" || type === "number" || type === "boolean" ? type : "json";
  }
  if (validator.kind === "union") {
    const members: readonly GenericValidator[] = validator.members;
    const types = new Set(members.filter((one) => one.kind !== "null").map(typeOf));
    const [only = "json"] = types;
    return types.size === 1 ? only : "json";
  }
  return SCALARS[validator.kind] ?? "json";
}

/** By kind of validator. Later releases of Convex bring more kinds. */
const SCALARS: Readonly<Record<string, FieldType>> = {
  float64: "number",
  boolean: "boolean",
  string: "string",
  id: "string",
};

/** By column, as everything is here; references to tables out of reach are left out. */
function authColumns({ fields }: AuthModel, auth: AuthTables): Columns {
  return Object.fromEntries(
    Object.values(fields).map(({ references, ...field }) => {
      const target = references && auth[references.model];
      const isNear = references && target?.placement === "app";
      const to =
        references?.field === "id" ? "id" : target?.fields[references?.field ?? ""]?.column;
      if (!isNear || to === undefined) return [field.column, field];
      const own = { model: target.table, field: to, onDelete: references.onDelete };
      return [field.column, { ...field, references: own }];
    }),
  );
}
