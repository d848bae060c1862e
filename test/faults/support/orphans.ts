// Finds rows that refer to rows that are not there, for any tables, from the generated metadata alone.
import type { AuthModel, AuthTables } from "../../../src/metadata.js";
import type { Rows } from "../../deployment/deployment.js";

type Row = Record<string, unknown>;

/** The rows of a model, wherever it lives. */
export function rowsOf(rows: Rows, { placement, table }: AuthModel): readonly Row[] {
  return rows[placement === "app" ? "" : "auth"]?.[table] ?? [];
}

/** One line per dangling reference: "session.userId: k57… is no user". */
export function orphansIn(rows: Rows, tables: AuthTables): string[] {
  return Object.entries(tables).flatMap(([name, model]) =>
    Object.entries(model.fields).flatMap(([field, { column, references }]) => {
      const target = references && tables[references.model];
      if (!target) return [];
      const targetColumn = target.fields[references.field]?.column;
      // `id` is no field of a model: it is the document's own, or the one Better Auth forced.
      const known = new Set(
        rowsOf(rows, target).flatMap((row) =>
          targetColumn ? [row[targetColumn]] : [row._id, row.id],
        ),
      );
      return rowsOf(rows, model)
        .map((row) => row[column])
        .filter((value) => value !== undefined && value !== null && !known.has(value))
        .map((value) => `${name}.${field}: ${String(value)} is no ${references.model}`);
    }),
  );
}
