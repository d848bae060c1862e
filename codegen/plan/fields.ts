// Names and types of columns: what Convex accepts, and what Better Auth's types become. Pure.
import type { FieldType } from "../../src/metadata.js";
import {
  columnId,
  invalidColumn,
  invalidTableName,
  longColumn,
  noFieldType,
  tooManyColumns,
  unknownFieldType,
} from "../errors/tables.js";
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
  if (isLiterals(type)) return type;
  const plain = PLAIN_TYPES.find((one) => one === type);
  if (plain) return plain;
  if (type === undefined) throw noFieldType({ ...where, types: PLAIN_TYPES });
  throw unknownFieldType({ ...where, type: JSON.stringify(type), types: PLAIN_TYPES });
}

/** @throws CodegenError `INVALID_TABLE_NAME` */
export function assertTableName(table: string, model: string): void {
  if (/^[A-Za-z]\w*$/.test(table) && table.length <= MAX_NAME_LENGTH) return;
  throw invalidTableName({ model, table, max: MAX_NAME_LENGTH });
}

/** @throws CodegenError `INVALID_COLUMN_NAME`, `TOO_MANY_COLUMNS` */
export function assertColumns(table: string, columns: readonly PlannedColumn[]): void {
  if (columns.length > MAX_COLUMNS)
    throw tooManyColumns({ table, count: columns.length, max: MAX_COLUMNS });
  for (const { column, fields } of columns) {
    const problem = problemOf(column, fields.length > 0);
    if (problem === undefined) continue;
    const field = fields[0]?.field ?? column;
    throw problem({ table, column, field, suggestion: suggestion(column), max: MAX_NAME_LENGTH });
  }
}

/** The default Better Auth fills in, as text for a comment. */
export function describeDefault(field: SourceField): { defaultText?: string } {
  const { defaultValue, type } = field;
  if (defaultValue === undefined || defaultValue === null) return {};
  if (typeof defaultValue === "bigint") return {};
  if (typeof defaultValue !== "function") {
    // Two characters that JSON keeps would end the comment.
    const text = JSON.stringify(defaultValue)?.replaceAll(/[\u2028\u2029]/g, "\\n");
    return text === undefined || text.length > 40 ? {} : { defaultText: text };
  }
  return { defaultText: type === "date" ? "now" : "computed" };
}

// --- internal ---

/** Convex's limit for the fields of a document. */
const MAX_COLUMNS = 1024;

function problemOf(column: string, isField: boolean): typeof invalidColumn | undefined {
  if (!/^[A-Za-z]\w*$/.test(column)) return invalidColumn;
  if (column.length > MAX_NAME_LENGTH) return longColumn;
  // A query by "id" means the document's id.
  return column === "id" && isField ? columnId : undefined;
}

function suggestion(column: string): string {
  const camel = column.replace(/[^A-Za-z0-9]+([A-Za-z0-9])?/g, (_, next?: string) =>
    (next ?? "").toUpperCase(),
  );
  const name = camel.replace(/^[^A-Za-z]+/, "").slice(0, MAX_NAME_LENGTH - "Field".length);
  return /^(id|)$/i.test(name) ? "ownId" : name === column ? `${name}Field` : lowerFirst(name);
}

/** Columns hold what Better Auth writes: text, for its literals are strings. */
function isLiterals(type: unknown): type is readonly string[] {
  return (
    Array.isArray(type) && type.length > 0 && type.every((one: unknown) => typeof one === "string")
  );
}

function lowerFirst(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}
