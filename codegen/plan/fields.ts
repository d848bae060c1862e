// Names and types of columns: what Convex accepts, and what Better Auth's types become. Pure.
import type { FieldType } from "../../src/metadata.js";
import {
  columnId,
  invalidColumn,
  longColumn,
  noFieldType,
  tooManyColumns,
  unknownFieldType,
} from "../errors/tables.js";
import type { CodegenError } from "../errors.js";
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
  where: { readonly model: string; readonly field: string; readonly place?: string },
): FieldType {
  const { type } = field;
  if (isLiterals(type)) return type;
  const plain = PLAIN_TYPES.find((one) => one === type);
  if (plain) return plain;
  if (type === undefined) throw noFieldType({ ...where, types: PLAIN_TYPES });
  throw unknownFieldType({ ...where, type: JSON.stringify(type), types: PLAIN_TYPES });
}

/** True for what Convex takes as the name of a table. */
export function isTableName(table: string): boolean {
  return /^[A-Za-z]\w*$/.test(table) && table.length <= MAX_NAME_LENGTH;
}

/** What is wrong with the column of a field, if anything is. `place`: `convex/auth.ts:12: `, or nothing. */
export function columnProblem(input: {
  readonly table: string;
  readonly column: string;
  readonly field: string;
  readonly place: string;
}): CodegenError | undefined {
  const suggestion = suggestionFor(input.column);
  return problemOf(input.column)?.({ ...input, suggestion, max: MAX_NAME_LENGTH });
}

/** @throws CodegenError `TOO_MANY_COLUMNS` */
export function assertColumnCount(table: string, { length }: readonly PlannedColumn[]): void {
  if (length > MAX_COLUMNS) throw tooManyColumns({ table, count: length, max: MAX_COLUMNS });
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

function problemOf(column: string): typeof invalidColumn | undefined {
  if (!/^[A-Za-z]\w*$/.test(column)) return invalidColumn;
  if (column.length > MAX_NAME_LENGTH) return longColumn;
  // A query by "id" means the document's id.
  return column === "id" ? columnId : undefined;
}

function suggestionFor(column: string): string {
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
