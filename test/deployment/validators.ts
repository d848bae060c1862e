// Validators as Convex serialises them, checked against values, with Convex's words for what does not fit.
// Must not know where the value came from.
import { jsonToConvex, type JSONValue, type Value } from "convex/values";
import { isIdOf, numberOf, tableNumberOf } from "./ids.js";
import { show } from "./values.js";

export type ValidatorJson =
  | { type: "null" | "number" | "bigint" | "boolean" | "string" | "bytes" | "any" | "commitTs" }
  | { type: "literal"; value: JSONValue }
  | { type: "id"; tableName: string }
  | { type: "array"; value: ValidatorJson }
  | { type: "record"; keys: ValidatorJson; values: { fieldType: ValidatorJson } }
  | { type: "union"; value: ValidatorJson[] }
  | { type: "object"; value: Record<string, Field> };
type Field = { fieldType: ValidatorJson; optional: boolean };

/** The tables that ids may be of, and the component they belong to. */
export type Tables = { readonly component: string; readonly names: () => Iterable<string> };

/** Why a value does not fit, or undefined. The text holds the value, as Convex's does. */
export function mismatch(
  validator: ValidatorJson,
  value: Value,
  tables: Tables,
): string | undefined {
  return mismatchAt(validator, value, { tables, path: "" });
}

// --- internal ---

type Place = { readonly tables: Tables; readonly path: string };

function mismatchAt(
  validator: ValidatorJson,
  value: Value,
  { tables, path }: Place,
): string | undefined {
  const below = (part: string): Place => ({ tables, path: path + part });
  const at = path && `Path: ${path}`;
  const isMatch = (fits: boolean) =>
    fits
      ? undefined
      : `Value does not match validator.\n${at}\nValue: ${show(value)}\nValidator: ${display(validator)}`;
  switch (validator.type) {
    case "any":
      return undefined;
    case "null":
      return isMatch(value === null);
    case "number":
      return isMatch(typeof value === "number");
    case "bigint":
    case "commitTs":
      return isMatch(typeof value === "bigint");
    case "boolean":
      return isMatch(typeof value === "boolean");
    case "string":
      return isMatch(typeof value === "string");
    case "bytes":
      return isMatch(value instanceof ArrayBuffer);
    case "literal":
      return value === jsonToConvex(validator.value)
        ? undefined
        : `\`${show(value)}\` does not match literal validator \`${display(validator)}\`.${at}`;
    case "id":
      return typeof value === "string" ? wrongId(validator, value, { tables, at }) : isMatch(false);
    case "array":
      if (!Array.isArray(value)) return isMatch(false);
      return firstOf(value.entries(), ([index, item]) =>
        mismatchAt(validator.value, item, below(`[${index}]`)),
      );
    case "union": {
      const [only, ...others] = validator.value;
      if (only && others.length === 0) return mismatchAt(only, value, { tables, path });
      const fits = validator.value.some((one) => mismatch(one, value, tables) === undefined);
      return isMatch(fits);
    }
    case "record":
      if (!isObject(value)) return isMatch(false);
      return firstOf(
        defined(value),
        ([key, item]) =>
          mismatchAt(validator.keys, key, below(".keys()")) ??
          mismatchAt(validator.values.fieldType, item, below(".values()")),
      );
    case "object":
      return isObject(value)
        ? wrongObject(validator.value, value, { tables, path })
        : isMatch(false);
  }
}

function wrongObject(
  fields: Record<string, Field>,
  value: Record<string, Value>,
  { tables, path }: Place,
): string | undefined {
  const seen = `${path && `Path: ${path}`}\nObject: ${show(value)}\nValidator: ${displayObject(fields)}`;
  const wrong = firstOf(sorted(fields), ([key, { fieldType, optional }]) => {
    const field = value[key];
    if (field !== undefined)
      return mismatchAt(fieldType, field, { tables, path: `${path}.${key}` });
    return optional
      ? undefined
      : `Object is missing the required field \`${key}\`. Consider wrapping the field validator in \`v.optional(...)\` if this is expected.\n${seen}`;
  });
  const [extra] = defined(value).find(([key]) => !Object.hasOwn(fields, key)) ?? [];
  return (
    wrong ??
    (extra === undefined
      ? undefined
      : `Object contains extra field \`${extra}\` that is not in the validator.\n${seen}`)
  );
}

function wrongId(
  validator: Extract<ValidatorJson, { type: "id" }>,
  value: string,
  { tables: { component, names }, at }: { tables: Tables; at: string },
): string | undefined {
  const full = (table: string) => (component ? `${component}/${table}` : table);
  if (isIdOf(value, full(validator.tableName))) return undefined;
  const number = numberIn(value);
  const found = [...names()].find((name) => numberOf(full(name)) === number);
  const wanted = `\`${display(validator)}\``;
  if (number === undefined || found === undefined)
    return `Value does not match validator.\n${at}\nValue: ${show(value)}\nValidator: ${display(validator)}`;
  return found.startsWith("_")
    ? `Found ID "${value}" from a system table, which does not match the table name in validator ${wanted}.${at}`
    : `Found ID "${value}" from table \`${found}\`, which does not match the table name in validator ${wanted}.${at}`;
}

function numberIn(id: string): number | undefined {
  try {
    return tableNumberOf(id);
  } catch {
    return undefined; // It is not an id at all.
  }
}

/** A validator as its source: `v.object({name: v.string()})`. */
function display(validator: ValidatorJson): string {
  switch (validator.type) {
    case "number":
      return "v.float64()";
    case "bigint":
      return "v.int64()";
    case "literal":
      return `v.literal(${displayLiteral(jsonToConvex(validator.value))})`;
    case "id":
      return `v.id("${validator.tableName}")`;
    case "array":
      return `v.array(${display(validator.value)})`;
    case "record":
      return `v.record(${display(validator.keys)}, ${display(validator.values.fieldType)})`;
    case "union":
      return `v.union(${validator.value.map(display).join(", ")})`;
    case "object":
      return displayObject(validator.value);
    case "null":
    case "boolean":
    case "string":
    case "bytes":
    case "any":
    case "commitTs":
      return `v.${validator.type}()`;
  }
}

function displayObject(fields: Record<string, Field>): string {
  const parts = sorted(fields).map(([key, { fieldType, optional }]) =>
    optional ? `${key}: v.optional(${display(fieldType)})` : `${key}: ${display(fieldType)}`,
  );
  return `v.object({${parts.join(", ")}})`;
}

function displayLiteral(value: Value): string {
  if (typeof value === "bigint") return "<bigint>";
  return typeof value === "number" ? show(value) : JSON.stringify(value);
}

function sorted<T>(fields: Record<string, T>): [string, T][] {
  return Object.entries(fields).sort(([one], [other]) => (one < other ? -1 : 1));
}

function defined(value: Record<string, Value>): [string, Value][] {
  return Object.entries(value).filter(([, item]) => item !== undefined);
}

function isObject(value: Value): value is Record<string, Value> {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof ArrayBuffer)
  );
}

function firstOf<T>(
  items: Iterable<T>,
  check: (item: T) => string | undefined,
): string | undefined {
  for (const item of items) {
    const found = check(item);
    if (found !== undefined) return found;
  }
  return undefined;
}
