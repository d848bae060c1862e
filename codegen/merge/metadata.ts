// The runtime's metadata for the schema as it is: what a table lacks is not promised, what it has more is used.
// Pure.
import type { AuthModel, AuthTables } from "../../src/metadata.js";
import type { TablesPlan } from "../plan/types.js";
import type { SchemaPlace } from "./find-schema.js";
import { readTable, type TableSource } from "./read-table.js";
import type { Scope } from "../modules/names.js";

/** Metadata for tables read off the finished schema; those of the packaged component as planned. */
export function schemaMetadata(input: {
  readonly plan: TablesPlan;
  readonly place: SchemaPlace;
  readonly scope: Scope;
}): AuthTables {
  const { plan, place, scope } = input;
  return Object.fromEntries(
    Object.entries(plan.tables).map(([key, model]) => {
      if (model.placement === "component" && !plan.hasLocalComponent) return [key, model];
      const entry = place.entries.get(model.table);
      const source = entry && readTable(entry.at, scope);
      return [key, source ? asDeclared(model, source) : { ...model, indexes: {} }];
    }),
  );
}

// --- internal ---

function asDeclared(model: AuthModel, source: TableSource): AuthModel {
  const has = (column: string) => !source.complete || source.fields.has(column);
  const { forcedId, ...rest } = model;
  return {
    ...rest,
    ...(forcedId && has("id") && { forcedId }),
    fields: Object.fromEntries(
      Object.entries(model.fields).filter(([, field]) => has(field.column)),
    ),
    indexes: indexesOf(source),
  };
}

function indexesOf(source: TableSource): Record<string, readonly string[]> {
  const indexes: Record<string, readonly string[]> = {};
  for (const [name, { columns, staged }] of source.indexes)
    if (columns && !staged) indexes[name] = columns;
  return indexes;
}
