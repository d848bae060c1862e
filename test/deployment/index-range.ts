// What `withIndex` asks for: equalities in any order, and bounds of the field that follows them.
// Must not know documents or transactions.
import { jsonToConvex, type JSONValue, type Value } from "convex/values";
import type { Edge } from "./transaction.js";
import { show } from "./values.js";

export type RangeExpression = {
  type: "Eq" | "Gt" | "Gte" | "Lt" | "Lte";
  fieldPath: string;
  value: JSONValue;
};

export type Bounds = { prefix: (Value | undefined)[]; lower?: Edge; upper?: Edge };

/**
 * The part of an index that a range names.
 *
 * @throws Error in Convex's words, for a field that the index lacks or that is bound twice, and for a gap
 */
export function boundsOf(
  range: readonly RangeExpression[],
  { fields, name }: { fields: readonly string[]; name: string },
): Bounds {
  const { equalities, inequality } = split(range, name);
  // The id ends each index, and no message names it.
  const shown = list(fields.filter((field) => field !== "_id"));
  const rank = (field: string): number => {
    const at = fields.indexOf(field);
    if (at >= 0) return at;
    throw new Error(
      `The index range included a comparison with "${field}", but ${name} with fields ${shown} doesn't index this field. ${MORE}`,
    );
  };
  const ranked = [...equalities]
    .map(([field, value]) => ({ field, value, at: rank(field) }))
    .sort((one, other) => one.at - other.at);
  if (inequality) rank(inequality.field);
  const used = [...ranked.map(({ field }) => field), ...(inequality ? [inequality.field] : [])];
  const wrong = used.find((field, at) => field !== fields[at]);
  if (wrong !== undefined)
    throw new Error(
      `Tried to query index ${name} but the query didn't use the index fields in order.\nIndex fields: ${shown}\nQuery fields: ${list(used)}\nFirst incorrect field: "${wrong}"\n${MORE}`,
    );
  const { lower, upper } = inequality ?? {};
  return {
    prefix: ranked.map(({ value }) => value),
    ...(lower && { lower }),
    ...(upper && { upper }),
  };
}

export function isUndefinedJson(value: JSONValue): boolean {
  return typeof value === "object" && value !== null && "$undefined" in value;
}

// --- internal ---

type Inequality = { field: string; lower?: Edge; upper?: Edge };

const MORE = "For more information see https://docs.convex.dev/using/indexes.";
const COMPARATORS = { Gt: ">", Gte: ">=", Lt: "<", Lte: "<=" };

const list = (fields: readonly string[]) => `[${fields.map((field) => `"${field}"`).join(", ")}]`;

function split(range: readonly RangeExpression[], name: string) {
  const equalities = new Map<string, Value | undefined>();
  let inequality: Inequality | undefined;
  const twice = (kind: string, field: string, comparison: string, value: Value | undefined) =>
    new Error(
      `Already defined ${kind} bound in index range. Can't add "${field}" ${comparison} ${show(value)}.`,
    );
  for (const { type, fieldPath: field, value: json } of range) {
    const value = isUndefinedJson(json) ? undefined : (jsonToConvex(json) as Value);
    if (type === "Eq") {
      if (equalities.has(field)) throw twice("equality", field, "==", equalities.get(field));
      equalities.set(field, value);
      continue;
    }
    const side = type.startsWith("L") ? "upper" : "lower";
    if (inequality?.[side]) throw twice(side, field, COMPARATORS[type], value);
    if (inequality && inequality.field !== field)
      throw new Error(
        `Upper and lower bounds in \`range\` can only be applied to a single index field. This query against index ${name} attempted to set a range bound on both "${inequality.field}" and "${field}". Consider using \`filter\` instead. See https://docs.convex.dev/using/indexes for more info.`,
      );
    inequality = { ...inequality, field, [side]: { value, inclusive: type.endsWith("e") } };
  }
  if (inequality && equalities.has(inequality.field))
    throw twice("inequality", inequality.field, "==", equalities.get(inequality.field));
  return { equalities, inequality };
}
