// Translates between Better Auth's names and the store's: physical field or logical field to column, and back.
// Pure. Component tables use logical names, so a renamed field is two names there.
import type { BetterAuthDBSchema } from "@better-auth/core/db";
import { KitcnError } from "../errors.js";
import type { AuthTables, ModelPlacement } from "../metadata.js";
import type { Row } from "../store/store.js";

export type ModelNames = {
  readonly model: string;
  readonly placement: ModelPlacement;
  /** Takes a physical or a logical name; "id" stays. @throws KitcnError `UNKNOWN_FIELD` */
  readonly toColumn: (field: string) => string;
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
  if (!definition || !source) throw unknownModel(model);

  const columnByName = new Map([["id", "id"]]);
  const physicalByColumn = new Map<string, string>();
  // Better Auth adds `id` to the same object at run time.
  const fields = Object.entries(source.fields).filter(([name]) => name !== "id");
  for (const [name] of fields) {
    const column = definition.fields[name]?.column;
    if (column !== undefined) columnByName.set(name, column);
  }
  // Last, since a physical name may be another field's logical one, and is what where and data carry.
  for (const [name, field] of fields) {
    const column = definition.fields[name]?.column;
    const physical = field.fieldName || name;
    if (column === undefined) continue;
    columnByName.set(physical, column);
    physicalByColumn.set(column, physical);
  }
  return {
    model,
    placement: definition.placement,
    toColumn: (name) => {
      const column = columnByName.get(name);
      if (column === undefined) throw unknownField(model, name);
      return column;
    },
    toRecord: (row, select) => {
      const record: Record<string, unknown> = { id: row.id };
      for (const [column, physical] of physicalByColumn) {
        if (!select || select.includes(column)) record[physical] = row[column] ?? null;
      }
      return record;
    },
  };
}

// --- internal ---

const HINT = "Run `npx kitcn add auth --schema`, so that the generated tables fit auth.ts.";

function unknownModel(model: string): KitcnError {
  return new KitcnError({
    code: "UNKNOWN_MODEL",
    message: `Better Auth uses the model "${model}", which the generated tables do not have.`,
    hint: HINT,
  });
}

function unknownField(model: string, field: string): KitcnError {
  return new KitcnError({
    code: "UNKNOWN_FIELD",
    message: `Better Auth uses the field "${field}" of the model "${model}", which the generated tables do not have.`,
    hint: HINT,
  });
}
