// Translates between Better Auth's names and the store's: physical field or logical field to column, and back.
// Pure. Component tables use logical names, so a renamed field is two names there.
import type { BetterAuthDBSchema } from "better-auth";
import { unknownField, unknownSort } from "../errors/adapter.js";
import { unknownModel } from "../errors/tables.js";
import type { AuthModel, AuthTables, ModelPlacement } from "../metadata.js";
import type { Row } from "../store/store.js";

export type ModelNames = {
  readonly model: string;
  readonly placement: ModelPlacement;
  readonly table: string;
  readonly fields: AuthModel["fields"];
  /** Rows may have ids of Better Auth's making. */
  readonly hasForcedIds: boolean;
  /** From a physical name, as in where and data; "id" stays. @throws KitcnError `UNKNOWN_FIELD` */
  readonly toColumn: (physical: string) => string;
  /** From a logical name, as in select and sortBy. @throws KitcnError `UNKNOWN_FIELD` */
  readonly columnOfField: (field: string) => string;
  /** From what a request names, which Better Auth does not check. @throws KitcnError `INVALID_ORDER`, as above */
  readonly sortColumnOf: (field: string) => string;
  /** A store's row under physical names; null for what is absent, unless it was not selected. */
  readonly toRecord: (row: Row, select?: readonly string[]) => Record<string, unknown>;
};

/**
 * The names of one model, by canonical key.
 *
 * @throws KitcnError `UNKNOWN_MODEL`
 */
export function modelNames(
  model: string,
  { schema, tables }: { schema: BetterAuthDBSchema; tables: AuthTables },
): ModelNames {
  const definition = Object.hasOwn(tables, model) ? tables[model] : undefined;
  const source = schema[model];
  if (!definition || !source) throw unknownModel({ model });

  const byField = new Map([["id", "id"]]);
  const byPhysical = new Map([["id", "id"]]);
  const physicalByColumn = new Map<string, string>();
  for (const [name, field] of Object.entries(source.fields)) {
    const column = definition.fields[name]?.column;
    // Better Auth adds `id` to the same object at run time.
    if (name === "id" || column === undefined) continue;
    byField.set(name, column);
    byPhysical.set(field.fieldName || name, column);
    physicalByColumn.set(column, field.fieldName || name);
  }
  // A physical name may be another field's logical one, so the expected kind comes first.
  const look = (name: string, first: Map<string, string>, second: Map<string, string>) => {
    const column = first.get(name) ?? second.get(name);
    if (column === undefined) throw unknownField({ field: name, model });
    return column;
  };
  const columnOfField = (name: string) => look(name, byField, byPhysical);
  return {
    model,
    placement: definition.placement,
    table: definition.table,
    fields: definition.fields,
    hasForcedIds: definition.forcedId === true,
    toColumn: (name) => look(name, byPhysical, byField),
    columnOfField,
    sortColumnOf: (name) => {
      if (!Object.hasOwn(source.fields, name) && !byField.has(name) && !byPhysical.has(name))
        throw unknownSort({ field: name, model });
      return columnOfField(name);
    },
    toRecord: (row, select) => {
      const record: Record<string, unknown> =
        !select || select.includes("id") ? { id: row.id } : {};
      for (const [column, physical] of physicalByColumn) {
        if (!select || select.includes(column)) record[physical] = row[column] ?? null;
      }
      return record;
    },
  };
}
