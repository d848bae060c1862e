// What the packaged component must hold: one set of tables that fits any choice of plugins. Pure.
import type { SourceField, SourceTable, SourceTables } from "./types.js";

/**
 * One table for each model of any variant, with the fields of all. A field is required only where no variant
 * that has the table does without it.
 *
 * @param variants what `getAuthTables` gives for each choice of options
 * @example
 * mergeSources([getAuthTables({}), getAuthTables({ plugins: [admin()] })]);
 */
export function mergeSources(variants: readonly SourceTables[]): SourceTables {
  const models = new Set(variants.flatMap((variant) => Object.keys(variant)));
  return Object.fromEntries(
    [...models].map((model) => [
      model,
      mergeTables(variants.flatMap((variant) => variant[model] ?? [])),
    ]),
  );
}

// --- internal ---

function mergeTables(tables: readonly SourceTable[]): SourceTable {
  const all = Object.assign({}, ...tables) as SourceTable; // of the same model, so the last says no less
  const names = new Set(tables.flatMap(({ fields }) => Object.keys(fields)));
  names.delete("id"); // added by Better Auth at run time
  const fields = [...names].map((name): [string, SourceField] => {
    const found = tables.flatMap(({ fields: own }) => own[name] ?? []);
    const isRequired =
      found.length === tables.length && found.every(({ required }) => required !== false);
    return [name, { ...Object.assign({}, ...found), required: isRequired }];
  });
  const indexes = tables.flatMap((table) => table.indexes ?? []);
  const distinct = new Map(indexes.map((index) => [JSON.stringify(index), index]));
  return { ...all, fields: Object.fromEntries(fields), indexes: [...distinct.values()] };
}
