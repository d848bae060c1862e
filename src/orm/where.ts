// Translates the `where` and `orderBy` of ctx.orm into the planner's clauses. Pure.
// Refuses what it does not know by name: nothing is ever left out of a condition.
import { convexToJson, type Value } from "convex/values";
import {
  columnOfConvex,
  columnWithoutOperator,
  invalidOrder,
  listMissing,
  tooManyAlternatives,
  undefinedInWhere,
  unknownColumn,
  unknownOperator,
  whereWithoutConditions,
} from "../errors/orm.js";
import type { AuthModel } from "../metadata.js";
import { columnsOf } from "../query/model.js";
import type { Clause, Operator, Sort, Where as Clauses } from "../query/where.js";

/** `where` without its types. */
export type WhereInput = { readonly [column: string]: unknown };

/** `orderBy` without its types. */
export type OrderInput = { readonly [column: string]: "asc" | "desc" | undefined };

/** More alternatives than this are not worth their number. */
export const MAX_ALTERNATIVES = 100;

/**
 * The conditions that `where` means: a document is found where any of them holds.
 *
 * @throws KitcnError `UNKNOWN_COLUMN`, `UNKNOWN_OPERATOR`, `UNDEFINED_IN_WHERE`, `WHERE_TOO_WIDE`
 */
export function wheresOf(where: WhereInput, definition: AuthModel): Clauses[] {
  return withoutRepeats(alternativesOf(where, definition));
}

/** @throws KitcnError `UNKNOWN_COLUMN`, `INVALID_ORDER` */
export function sortOf(orderBy: OrderInput, definition: AuthModel): Sort | undefined {
  const entries = Object.entries(orderBy).filter(([, direction]) => direction !== undefined);
  const [first, second] = entries;
  if (!first) return undefined;
  const [column, direction] = first;
  if (second || (direction !== "asc" && direction !== "desc"))
    throw invalidOrder({ table: definition.table, given: JSON.stringify(orderBy) });
  return { column: columnOf(column, definition), direction };
}

/** The planner's name of a column; `id` and `_id` are the same. @throws KitcnError `UNKNOWN_COLUMN` */
export function columnOf(name: string, definition: AuthModel): string {
  if (name === "_id") return "id";
  const known = columnsOf(definition);
  if (known.has(name)) return name;
  throw unknownColumn({ table: definition.table, column: name, columns: [...known] });
}

/** A column that a write may name: Convex sets the id. @throws KitcnError `UNKNOWN_COLUMN` */
export function assertWritable(name: string, definition: AuthModel): void {
  const isId = name === "_id" || (name === "id" && !definition.forcedId);
  if (!isId) return void columnOf(name, definition);
  throw columnOfConvex({ table: definition.table, column: name });
}

// --- internal ---

/** Those that the planner knows by another name. */
const RENAMED: Readonly<Record<string, Operator>> = {
  notIn: "not_in",
  startsWith: "starts_with",
  endsWith: "ends_with",
};

const SAME = ["eq", "ne", "lt", "lte", "gt", "gte", "in", "contains"] as const;
const OPERATORS = [...SAME, ...Object.keys(RENAMED)];

/** Every way for `where` to hold, each as clauses that all must hold. */
function alternativesOf(where: WhereInput, definition: AuthModel): Clause[][] {
  let ways: Clause[][] = [[]];
  const narrow = (to: readonly Clause[][]) => {
    ways = ways.flatMap((way) => to.map((one) => [...way, ...one]));
    if (ways.length > MAX_ALTERNATIVES)
      throw tooManyAlternatives({ table: definition.table, most: MAX_ALTERNATIVES });
  };
  if (!isPlainObject(where)) throw whereWithoutConditions(definition);
  for (const [key, value] of Object.entries(where)) {
    if (key === "AND") {
      for (const part of partsOf(key, value, definition)) narrow(alternativesOf(part, definition));
    } else if (key === "OR") {
      const parts = partsOf(key, value, definition);
      narrow(parts.flatMap((part) => alternativesOf(part, definition)));
    } else narrow([clausesOf(key, value, definition)]);
  }
  return ways;
}

/** Alternatives that differ in one clause each are what the planner itself calls OR. */
function withoutRepeats(ways: Clause[][]): Clauses[] {
  const [first = []] = ways;
  if (ways.length < 2) return ways;
  const shared = first.filter((clause) => ways.every((way) => way.includes(clause)));
  const own = ways.map((way) => way.filter((clause) => !shared.includes(clause)));
  if (own.some((way) => way.length !== 1)) return ways;
  return [[...shared, ...own.flat().map((clause) => ({ ...clause, connector: "OR" as const }))]];
}

function partsOf(key: string, value: unknown, definition: AuthModel): WhereInput[] {
  if (Array.isArray(value) && value.every(isPlainObject)) return value;
  throw listMissing({ table: definition.table, name: key });
}

function clausesOf(name: string, value: unknown, definition: AuthModel): Clause[] {
  const column = columnOf(name, definition);
  if (!isPlainObject(value)) return [{ column, value: defined(value, name, definition) }];
  const { mode, ...comparisons } = value;
  const { table } = definition;
  const unknown = (operator: string) =>
    unknownOperator({ table, name, operator, operators: OPERATORS });
  if (mode !== undefined && mode !== "sensitive" && mode !== "insensitive")
    throw unknown(`mode: ${JSON.stringify(mode)}`);
  if (Object.keys(comparisons).length === 0)
    throw columnWithoutOperator({ table, column: name, operators: OPERATORS });
  return Object.entries(comparisons).map(([key, operand]): Clause => {
    const operator = Object.hasOwn(RENAMED, key) ? RENAMED[key] : SAME.find((one) => one === key);
    if (!operator) throw unknown(key);
    const isList = operator === "in" || operator === "not_in";
    if (isList && !Array.isArray(operand)) throw listMissing({ table, name: `${name}.${key}` });
    const given = defined(operand, `${name}.${key}`, definition);
    return { column, operator, value: given, ...(mode && { mode }) };
  });
}

/** An undefined condition would be no condition at all, and find what it should not. */
function defined(value: unknown, name: string, { table }: AuthModel): Value {
  const isMissing = value === undefined || (Array.isArray(value) && value.includes(undefined));
  if (isMissing) throw undefinedInWhere({ table, name });
  const given = value as Value; // the next line throws if it is not, as a Date, which equals no document's value
  convexToJson(given);
  return given;
}

/** Also of another realm, where Object.prototype is another object. */
function isPlainObject(value: unknown): value is WhereInput {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
