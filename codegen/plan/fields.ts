// Names and types of columns: what Convex accepts, and what Better Auth's types become. Pure.
import type { FieldType } from "../../src/metadata.js";
import { CodegenError } from "../errors.js";
import { MAX_NAME_LENGTH } from "./plan-indexes.js";
import type { PlannedColumn, SourceField } from "./types.js";

const PLAIN_TYPES = [
  "string",
  "number",
  "boolean",
  "date",
  "json",
  "string[]",
  "number[]",
] as const;

/**
 * The field type of the metadata contract; arrays of literals are unions.
 *
 * @throws CodegenError `UNKNOWN_FIELD_TYPE`
 */
export function fieldTypeOf(
  field: SourceField,
  where: { readonly model: string; readonly field: string },
): FieldType {
  const { type } = field;
  if (Array.isArray(type) && type.length > 0) return type.map(String);
  const plain = PLAIN_TYPES.find((one) => one === type);
  if (plain) return plain;
  throw new CodegenError({
    code: "UNKNOWN_FIELD_TYPE",
    message: `Field "${where.field}" of model "${where.model}" has ${type === undefined ? "no type" : `the type ${JSON.stringify(type)}, which kitcn does not know`}.`,
    hint: `Use one of ${PLAIN_TYPES.join(", ")}, or an array of literals.`,
  });
}

/** @throws CodegenError `INVALID_TABLE_NAME` */
export function assertTableName(table: string, model: string): void {
  if (/^[A-Za-z]\w*$/.test(table) && table.length <= MAX_NAME_LENGTH) return;
  throw new CodegenError({
    code: "INVALID_TABLE_NAME",
    message: `Model "${model}" is stored in "${table}", which is no Convex table name.`,
    hint: `Set its modelName to letters, digits and underscores, starting with a letter, at most ${MAX_NAME_LENGTH}.`,
  });
}

/** @throws CodegenError `INVALID_COLUMN_NAME` */
export function assertColumns(table: string, columns: readonly PlannedColumn[]): void {
  const names = new Set<string>();
  for (const { column } of columns) {
    const valid = /^[A-Za-z]\w*$/.test(column) && column.length <= MAX_NAME_LENGTH;
    if (valid && !names.has(column)) {
      names.add(column);
      continue;
    }
    throw new CodegenError({
      code: "INVALID_COLUMN_NAME",
      message: valid
        ? `Table "${table}" has the column "${column}" twice: Better Auth's own ids are stored there.`
        : `Table "${table}": "${column}" is no Convex field name.`,
      hint: "Set the field's `fieldName` in auth.ts to letters, digits and underscores, starting with a letter.",
    });
  }
}

/** The default Better Auth fills in, as text for a comment. */
export function describeDefault(field: SourceField): { defaultText?: string } {
  const { defaultValue, type } = field;
  if (defaultValue === undefined || defaultValue === null) return {};
  if (typeof defaultValue !== "function") {
    const text = JSON.stringify(defaultValue);
    return text === undefined || text.length > 40 ? {} : { defaultText: text };
  }
  return { defaultText: type === "date" ? "now" : "computed" };
}
