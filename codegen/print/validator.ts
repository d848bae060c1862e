// Prints the Convex validator of a column. Pure text.
import type { PlannedColumn } from "../plan/types.js";

/**
 * The validator of a column as source text.
 *
 * @param v how the module spells convex/values' `v`
 * @example
 * printValidator({ type: "date", required: false, ... }); // "v.optional(v.union(v.number(), v.null()))"
 */
export function printValidator(
  column: Pick<PlannedColumn, "type" | "required" | "idOf" | "fields">,
  v = "v",
): string {
  // The column of forced ids: absent or a string, never null.
  if (column.fields.length === 0) return `${v}.optional(${v}.string())`;
  const members = unionMembers(column, v);
  if (column.required) return union(members, v);
  // `v.any()` takes null as it is.
  if (column.type === "json") return `${v}.optional(${v}.any())`;
  return `${v}.optional(${union([...members, `${v}.null()`], v)})`;
}

// --- internal ---

function unionMembers({ type, idOf }: Pick<PlannedColumn, "type" | "idOf">, v: string): string[] {
  if (typeof type === "object")
    return type.map((literal) => `${v}.literal(${JSON.stringify(literal)})`);
  if (idOf !== undefined) return [`${v}.id(${JSON.stringify(idOf)})`];
  switch (type) {
    case "string":
      return [`${v}.string()`];
    case "number":
    case "date":
      return [`${v}.number()`];
    case "boolean":
      return [`${v}.boolean()`];
    case "json":
      return [`${v}.any()`];
    case "string[]":
      return [`${v}.array(${v}.string())`];
    case "number[]":
      return [`${v}.array(${v}.number())`];
  }
}

function union(members: readonly string[], v: string): string {
  return members.length === 1 ? (members[0] ?? "") : `${v}.union(${members.join(", ")})`;
}
