// Validators as Convex serialises them, checked against values; schemas and their limits.
import { jsonToConvex, type Value } from "convex/values";
import { isIdOf } from "./ids.js";

export type ValidatorJson =
  | { type: "null" | "number" | "bigint" | "boolean" | "string" | "bytes" | "any" | "commitTs" }
  | { type: "literal"; value: never }
  | { type: "id"; tableName: string }
  | { type: "array"; value: ValidatorJson }
  | { type: "record"; keys: ValidatorJson; values: { fieldType: ValidatorJson } }
  | { type: "union"; value: ValidatorJson[] }
  | { type: "object"; value: Record<string, { fieldType: ValidatorJson; optional: boolean }> };

export type SchemaTable = {
  readonly name: string;
  readonly indexes: readonly { readonly name: string; readonly fields: readonly string[] }[];
  readonly documentType: ValidatorJson | null;
};

export type Schema = { tables: Map<string, SchemaTable>; validates: boolean; json: SchemaJson };

export type SchemaJson = {
  tables: {
    tableName: string;
    indexes: { indexDescriptor: string; fields: string[] }[];
    documentType: ValidatorJson | null;
  }[];
  schemaValidation: boolean;
};

const IDENTIFIER = /^[A-Za-z][A-Za-z0-9_]{0,63}$/;
const MAX_INDEXES = 32;
const MAX_FIELDS = 16;

/** Reads what `defineSchema().export()` gives, refusing what Convex refuses. */
export function readSchema(json: SchemaJson): Schema {
  const tables = json.tables.map((table): [string, SchemaTable] => {
    const name = table.tableName;
    const indexes = table.indexes.map(({ indexDescriptor, fields }) => ({
      name: indexDescriptor,
      fields,
    }));
    if (!IDENTIFIER.test(name)) throw new Error(`Invalid table name "${name}".`);
    if (indexes.length > MAX_INDEXES)
      throw new Error(
        `Table "${name}" has ${indexes.length} indexes, which is more than ${MAX_INDEXES}.`,
      );
    for (const [at, index] of indexes.entries())
      assertIndex(name, index, indexes.slice(0, at), table.documentType);
    return [name, { name, indexes, documentType: table.documentType }];
  });
  return { tables: new Map(tables), validates: json.schemaValidation, json };
}

/** Why a value does not fit, or undefined. */
export function mismatch(
  validator: ValidatorJson,
  value: Value | undefined,
  { component, path = "" }: { component: string; path?: string },
): string | undefined {
  const below = (part: string) => ({ component, path: `${path}${part}` });
  const at = path ? `\nPath: ${path}` : "";
  const wrong = (expected: string) =>
    `Value does not match validator.${at}\nValue: ${show(value)}\nValidator: ${expected}`;
  switch (validator.type) {
    case "any":
      return value === undefined ? wrong("v.any()") : undefined;
    case "null":
      return value === null ? undefined : wrong("v.null()");
    case "number":
      return typeof value === "number" ? undefined : wrong("v.float64()");
    case "bigint":
    case "commitTs":
      return typeof value === "bigint" ? undefined : wrong("v.int64()");
    case "boolean":
      return typeof value === "boolean" ? undefined : wrong("v.boolean()");
    case "string":
      return typeof value === "string" ? undefined : wrong("v.string()");
    case "bytes":
      return Object.prototype.toString.call(value) === "[object ArrayBuffer]"
        ? undefined
        : wrong("v.bytes()");
    case "literal": {
      const literal = jsonToConvex(validator.value);
      return value === literal ? undefined : wrong(`v.literal(${show(literal)})`);
    }
    case "id":
      return typeof value === "string" &&
        isIdOf(value, component ? `${component}/${validator.tableName}` : validator.tableName)
        ? undefined
        : wrong(`v.id("${validator.tableName}")`);
    case "array":
      if (!Array.isArray(value)) return wrong("v.array(...)");
      return firstOf(value.entries(), ([index, item]) =>
        mismatch(validator.value, item, below(`[${index}]`)),
      );
    case "union":
      return validator.value.some((one) => mismatch(one, value, { component }) === undefined)
        ? undefined
        : wrong("v.union(...)");
    case "record":
      if (!isPlain(value)) return wrong("v.record(...)");
      return firstOf(
        Object.entries(value),
        ([key, item]) =>
          mismatch(validator.keys, key, { component, path }) ??
          mismatch(validator.values.fieldType, item, below(`.${key}`)),
      );
    case "object": {
      if (!isPlain(value)) return wrong("v.object({...})");
      const missing = firstOf(Object.entries(validator.value), ([key, { fieldType, optional }]) => {
        const field = value[key];
        if (field === undefined)
          return optional
            ? undefined
            : `Object is missing the required field \`${key}\`. Consider wrapping the field validator in \`v.optional(...)\` if this is expected.${at}`;
        return mismatch(fieldType, field, below(`.${key}`));
      });
      if (missing) return missing;
      const extra = Object.keys(value).find(
        (key) => value[key] !== undefined && !(key in validator.value),
      );
      return extra === undefined
        ? undefined
        : `Object contains extra field \`${extra}\` that is not in the validator.${at}`;
    }
  }
}

// --- internal ---

function assertIndex(
  table: string,
  { name, fields }: { name: string; fields: readonly string[] },
  earlier: readonly { name: string; fields: readonly string[] }[],
  documentType: ValidatorJson | null,
): void {
  const where = `index "${name}" of table "${table}"`;
  if (!IDENTIFIER.test(name)) throw new Error(`Invalid name of ${where}.`);
  if (name === "by_id" || name === "by_creation_time")
    throw new Error(`Reserved name of ${where}.`);
  if (fields.length === 0 || fields.length > MAX_FIELDS)
    throw new Error(`The ${where} has ${fields.length} fields.`);
  if (new Set(fields).size !== fields.length) throw new Error(`The ${where} repeats a field.`);
  if (fields.includes("_creationTime"))
    throw new Error(`The ${where} names _creationTime, which every index ends with.`);
  if (earlier.some((one) => one.name === name)) throw new Error(`Duplicate name of ${where}.`);
  const twin = earlier.find((one) => one.fields.join() === fields.join());
  if (twin) throw new Error(`The ${where} has the same fields as "${twin.name}".`);
  if (documentType?.type !== "object") return;
  const unknown = fields.find(
    (field) => !(field.split(".")[0]! in documentType.value) && field !== "_id",
  );
  if (unknown)
    throw new Error(`The ${where} uses the field "${unknown}", which the table does not have.`);
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

function isPlain(value: unknown): value is Record<string, Value> {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    Object.prototype.toString.call(value) === "[object Object]"
  );
}

function show(value: unknown): string {
  return (
    JSON.stringify(value, (_key, item: unknown) =>
      typeof item === "bigint" ? `${item}n` : item,
    ) ?? "undefined"
  );
}
