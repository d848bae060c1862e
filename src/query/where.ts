// What a query asks for, as plain data that may cross Convex functions. No behaviour beyond defaults.
// Must not know Better Auth or Convex databases.
import type { Value } from "convex/values";

export const OPERATORS = [
  "eq",
  "ne",
  "lt",
  "lte",
  "gt",
  "gte",
  "in",
  "not_in",
  "contains",
  "starts_with",
  "ends_with",
] as const;

export type Operator = (typeof OPERATORS)[number];

/**
 * One condition on a column; the column "id" is the row's id. A where is the conjunction of its AND
 * clauses, and of the disjunction of its OR clauses if it has any.
 */
export type Clause = {
  readonly column: string;
  readonly value: Value;
  /** Default: eq. */
  readonly operator?: Operator;
  /** Default: AND. */
  readonly connector?: "AND" | "OR";
  /** Whether case matters, for strings. Default: sensitive. */
  readonly mode?: "sensitive" | "insensitive";
};

export type Where = readonly Clause[];

/** Null and absent come first when ascending. */
export type Sort = { readonly column: string; readonly direction: "asc" | "desc" };

/** As much of a document as queries look at. */
export type QueryDocument = {
  readonly _id: string;
  readonly _creationTime: number;
  readonly [column: string]: Value | undefined;
};

export function operatorOf(clause: Clause): Operator {
  return clause.operator ?? "eq";
}

/** Whether case is ignored: only strings know it, and only equality and text operators may ask for it. */
export function ignoresCase(clause: Clause): boolean {
  if (clause.mode !== "insensitive" || ORDERED.has(operatorOf(clause))) return false;
  return typeof clause.value === "string" || Array.isArray(clause.value);
}

/** The clauses that all must hold, and those of which one must. */
export function groupsOf(where: Where): { all: Clause[]; any: Clause[] } {
  // A single clause has nothing to be connected with.
  if (where.length === 1) return { all: [...where], any: [] };
  return {
    all: where.filter((clause) => clause.connector !== "OR"),
    any: where.filter((clause) => clause.connector === "OR"),
  };
}

// --- internal ---

const ORDERED = new Set<Operator>(["lt", "lte", "gt", "gte"]);
