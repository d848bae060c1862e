// Makes a Convex schema of metadata, as codegen prints one for an app. The component carries its tables once.
import { defineSchema, defineTable, type TableDefinition } from "convex/server";
import { v, type Validator } from "convex/values";
import type { AuthField, AuthModel, AuthTables, FieldType } from "../metadata.js";

/** The Convex schema of a component's tables. */
export function componentSchema(tables: AuthTables) {
  return defineSchema(
    Object.fromEntries(Object.values(tables).map((model) => [model.table, tableOf(model)])),
  );
}

// --- internal ---

type AnyValidator = Validator<unknown, "required" | "optional", string>;
type Required = Validator<unknown, "required", string>;

function tableOf({ fields, indexes, forcedId }: AuthModel): TableDefinition {
  const columns = Object.values(fields).map((field) => [field.column, validatorOf(field)] as const);
  const id: (typeof columns)[number][] = forcedId ? [["id", v.optional(v.string())]] : [];
  // Columns are only known at run time, so the definition has no type of its own.
  const table = defineTable(Object.fromEntries([...id, ...columns])) as unknown as TableDefinition;
  return Object.entries(indexes).reduce(
    (all, [name, list]) => all.index(name, list as never), // as above
    table,
  );
}

function validatorOf({ type, required }: AuthField): AnyValidator {
  const members = typeof type === "string" ? [scalar(type)] : type.map((one) => v.literal(one));
  const [first = v.any()] = members;
  if (required) return members.length === 1 ? first : v.union(...members);
  // `v.any()` takes null as it is.
  return v.optional(type === "json" ? first : v.union(...members, v.null()));
}

function scalar(type: Extract<FieldType, string>): Required {
  switch (type) {
    case "string":
      return v.string();
    case "number":
    case "date":
      return v.number();
    case "boolean":
      return v.boolean();
    case "json":
      return v.any();
    case "string[]":
      return v.array(v.string());
    case "number[]":
      return v.array(v.number());
  }
}
