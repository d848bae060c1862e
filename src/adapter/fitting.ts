// Whether a value fits the column it is meant for. Better Auth passes on what a request says, whatever its type;
// Convex would refuse the write with an error that is nobody's. Pure.
import { APIError } from "better-auth/api";
import type { AuthField, FieldType } from "../metadata.js";
import type { RowData } from "../store/store.js";
import type { ModelNames } from "./names.js";

/**
 * Refuses values of another type than their columns'.
 *
 * @throws APIError `BAD_REQUEST` with code `INVALID_VALUE`, field and table: it answers the request
 */
export function assertFitting({ model, table, fields }: ModelNames, columns: RowData): void {
  for (const [field, { column, type, required }] of Object.entries(fields)) {
    const value = columns[column];
    if (value === undefined || fits(value, { type, required })) continue;
    throw new APIError("BAD_REQUEST", {
      code: "INVALID_VALUE",
      message: `The value of "${field}" does not fit: a "${model}" has ${nameOf(type)} there.`,
      field,
      table,
    });
  }
}

// --- internal ---

function fits(value: unknown, { type, required }: Pick<AuthField, "type" | "required">): boolean {
  if (value === null) return !required || type === "json";
  // Columns of literals take any text: the literals are for Better Auth to check.
  if (typeof type !== "string") return typeof value === "string";
  switch (type) {
    case "string":
      return typeof value === "string";
    case "number":
      return typeof value === "number" || typeof value === "bigint";
    case "boolean":
      return typeof value === "boolean";
    case "date":
      // As toStored leaves it: ms since the epoch; NaN where the text was no date.
      return typeof value === "number" && Number.isFinite(value);
    case "string[]":
      return Array.isArray(value) && value.every((one) => typeof one === "string");
    case "number[]":
      return Array.isArray(value) && value.every((one) => typeof one === "number");
    case "json":
      return true;
  }
}

function nameOf(type: FieldType): string {
  if (typeof type !== "string") return "a text";
  const names = {
    string: "a text",
    number: "a number",
    boolean: "true or false",
    date: "a date",
    json: "any value",
    "string[]": "a list of texts",
    "number[]": "a list of numbers",
  } as const;
  return names[type];
}
