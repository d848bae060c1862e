// Turns documents into rows and back. Pure.
import { idOf } from "../query/match.js";
import type { QueryDocument } from "../query/where.js";
import type { Value } from "convex/values";
import type { Row, RowData } from "./store.js";

/** A document as callers of a store see it, with no more than the columns they asked for. */
export function rowOf(document: QueryDocument, select?: readonly string[]): Row {
  const row: Record<string, Value> & { id: string } = { id: idOf(document) };
  for (const [column, value] of Object.entries(document)) {
    if (column.startsWith("_") || column === "id" || value === undefined) continue;
    if (!select || select.includes(column)) row[column] = value;
  }
  return row;
}

/** Only the columns that are there: Convex would take undefined in a patch for a removal. */
export function definedColumns(data: RowData): Record<string, Value> {
  const columns: Record<string, Value> = {};
  for (const [column, value] of Object.entries(data)) {
    if (value !== undefined) columns[column] = value;
  }
  return columns;
}
