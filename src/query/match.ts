// Better Auth's operators and sort order, evaluated on one document in memory. Pure.
// Null and absent are the same; everything else compares as Convex's indexes do.
import { compareValues, type Value } from "convex/values";
import {
  groupsOf,
  ignoresCase,
  operatorOf,
  type Clause,
  type QueryDocument,
  type Sort,
  type Where,
} from "./where.js";

/** Whether a document is what `where` asks for. */
export function matchesWhere(document: QueryDocument, where: Where): boolean {
  const { all, any } = groupsOf(where);
  return matchesAll(document, all) && matchesAny(document, any);
}

export function matchesAll(document: QueryDocument, clauses: readonly Clause[]): boolean {
  return clauses.every((clause) => matchesClause(document, clause));
}

/** True also for no clauses at all: then there is no disjunction. */
export function matchesAny(document: QueryDocument, clauses: readonly Clause[]): boolean {
  return clauses.length === 0 || clauses.some((clause) => matchesClause(document, clause));
}

/** The id Better Auth knows a document by: the one it forced, else Convex's own. */
export function idOf(document: QueryDocument): string {
  return typeof document["id"] === "string" ? document["id"] : document._id;
}

/** The value of a column, as queries compare it. */
export function valueOf(document: QueryDocument, column: string): Value | undefined {
  return column === "id" ? idOf(document) : document[column];
}

/**
 * True for a clause that no document can match: an empty `in`, or null where order or text is compared.
 */
export function isNever(clause: Clause): boolean {
  const operator = operatorOf(clause);
  if (operator === "in") return Array.isArray(clause.value) && clause.value.length === 0;
  if (operator === "eq") return clause.column === "id" && clause.value === null;
  return clause.value === null && operator !== "ne" && operator !== "not_in";
}

/** True for a clause that every document matches: an empty `not_in`. */
export function isAlways(clause: Clause): boolean {
  return (
    operatorOf(clause) === "not_in" && Array.isArray(clause.value) && clause.value.length === 0
  );
}

/** Orders documents by one column, then by creation, which makes pages stable. */
export function compareDocuments(sort: Sort): (a: QueryDocument, b: QueryDocument) => number {
  const sign = sort.direction === "desc" ? -1 : 1;
  const read = (document: QueryDocument): Value => valueOf(document, sort.column) ?? null;
  return (a, b) =>
    sign *
    (compareValues(read(a), read(b)) ||
      a._creationTime - b._creationTime ||
      compareValues(a._id, b._id));
}

// --- internal ---

function matchesClause(document: QueryDocument, clause: Clause): boolean {
  if (clause.column !== "id") return matchesValue(document[clause.column] ?? null, clause);
  const forced = idOf(document);
  if (forced === document._id) return matchesValue(forced, clause);
  // A document with a forced id also answers to its own.
  const operator = operatorOf(clause);
  const matches = [forced, document._id].map((id) => matchesValue(id, clause));
  if (operator === "eq" || operator === "in") return matches.some(Boolean);
  if (operator === "ne" || operator === "not_in") return matches.every(Boolean);
  return matches[0] === true;
}

function matchesValue(actual: Value, clause: Clause): boolean {
  const fold = ignoresCase(clause) ? foldCase : keepCase;
  const left = fold(actual);
  const right = fold(clause.value);
  const operator = operatorOf(clause);
  switch (operator) {
    case "eq":
      return isEqual(left, right);
    case "ne":
      return !isEqual(left, right);
    case "in":
      return isIn(left, right);
    case "not_in":
      return !isIn(left, right);
    case "lt":
      return isComparable(left, right) && compareValues(left, right) < 0;
    case "lte":
      return isComparable(left, right) && compareValues(left, right) <= 0;
    case "gt":
      return isComparable(left, right) && compareValues(left, right) > 0;
    case "gte":
      return isComparable(left, right) && compareValues(left, right) >= 0;
    case "contains":
      return Array.isArray(left)
        ? left.some((item) => isEqual(item, right))
        : isText(left, right) && left.includes(right as string); // isText checked both
    case "starts_with":
      return isText(left, right) && left.startsWith(right as string); // as above
    case "ends_with":
      return isText(left, right) && left.endsWith(right as string); // as above
    default:
      return operator satisfies never;
  }
}

function keepCase(value: Value): Value {
  return value;
}

function foldCase(value: Value): Value {
  if (typeof value === "string") return value.toLowerCase();
  return Array.isArray(value) ? value.map(foldCase) : value;
}

function isEqual(left: Value, right: Value): boolean {
  return compareValues(left, right) === 0;
}

function isIn(left: Value, right: Value): boolean {
  if (!Array.isArray(right)) return isEqual(left, right);
  if (typeof left === "string") return textsOf(right).has(left);
  return right.some((item) => isEqual(left, item));
}

const textSets = new WeakMap<readonly Value[], Set<Value>>();

/** Long lists are looked into once for each document. */
function textsOf(list: readonly Value[]): Set<Value> {
  const known = textSets.get(list) ?? new Set(list);
  textSets.set(list, known);
  return known;
}

/** Order is only defined between two values of one scalar type. */
function isComparable(left: Value, right: Value): boolean {
  return (
    left !== null && right !== null && typeof left === typeof right && typeof left !== "object"
  );
}

function isText(left: Value, right: Value): left is string {
  return typeof left === "string" && typeof right === "string";
}
