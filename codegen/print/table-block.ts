// Prints the parts of an auth-owned table block: columns, indexes, the whole. Pure text, unformatted:
// format.ts gives it the app's own style.
import type { PlannedColumn, PlannedIndex, PlannedTable } from "../plan/types.js";
import { printValidator } from "./validator.js";

/** How the module spells what blocks need. */
export type Spelling = { readonly v: string; readonly defineTable: string };

/**
 * A whole block: `/** ... *​/ export const userTable = defineTable({...}).index(...);`
 *
 * @example
 * printTableBlock(table, { constName: "userTable", spelling: { v: "v", defineTable: "defineTable" } });
 */
export function printTableBlock(
  table: PlannedTable,
  { constName, spelling }: { readonly constName: string; readonly spelling: Spelling },
): string {
  return `${printBlockComment(table)}\nexport const ${constName} = ${printTable(table, spelling)};`;
}

/** The expression of a table: `defineTable({...}).index(...)`. */
export function printTable(table: PlannedTable, { v, defineTable }: Spelling): string {
  const columns = table.columns.map((column) => `${printColumn(column, v)}\n`).join("");
  const indexes = table.indexes.map((index) => `\n${printIndexCall(index)}`).join("");
  return `${defineTable}({\n${columns}})${indexes}`;
}

/** The comment above a block; merge recognises it again by its text. */
export function printBlockComment({ models }: Pick<PlannedTable, "models">): string {
  const what = models.join(" and ");
  return `/** Better Auth: ${what}. Refreshed by \`kitcn add auth --schema\`; lines of your own stay. */`;
}

/** True for a comment text (without delimiters) that printBlockComment wrote. */
export function isBlockComment(text: string): boolean {
  return /^\*\s*Better Auth: [^.]*\. Refreshed by `kitcn /.test(text.trim());
}

/** A column's line, comma and comment included. */
export function printColumn(column: PlannedColumn, v: string): string {
  const comment = printColumnComment(column);
  return `${column.column}: ${printValidator(column, v)},${comment === undefined ? "" : ` //${comment}`}`;
}

/** What stands after `//` beside a column: uniqueness and default. Undefined when there is nothing to say. */
export function printColumnComment({
  unique,
  defaultText,
  fields,
  column,
}: Pick<PlannedColumn, "unique" | "defaultText" | "fields" | "column">): string | undefined {
  const parts: string[] = [];
  if (fields.length === 0 && column === "id") parts.push("set where Better Auth chooses the id");
  if (unique) parts.push("unique");
  if (defaultText !== undefined) parts.push(`default ${defaultText}`);
  return parts.length === 0 ? undefined : ` ${parts.join("; ")}`;
}

/** True for a comment text (without `//`) that printColumnComment may have written. */
export function isColumnComment(text: string): boolean {
  const found =
    /^ (?:set where Better Auth chooses the id; )?(?:unique(?:; |$))?(?:default (.+))?$/.exec(text);
  if (!found || text.trim() === "" || text.endsWith("; ")) return false;
  const [, value] = found;
  return value === undefined || value === "now" || value === "computed" || isJson(value);
}

/** `.index("by_email", ["email"])` */
export function printIndexCall(index: Pick<PlannedIndex, "name" | "columns">): string {
  return `.index(${JSON.stringify(index.name)}, ${printColumnList(index.columns)})`;
}

/** `["userId", "expiresAt"]` */
export function printColumnList(columns: readonly string[]): string {
  return `[${columns.map((column) => JSON.stringify(column)).join(", ")}]`;
}

/** The const of a table: `userTable`, `rateLimitTable` for rate_limit. */
export function constNameOf(table: string): string {
  const camel = table.replace(/_+([A-Za-z0-9])/g, (_, letter: string) => letter.toUpperCase());
  return `${camel.replace(/_+$/, "")}Table`;
}

// --- internal ---

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
