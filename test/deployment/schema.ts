// Schemas as `defineSchema().export()` gives them, and the rules for their tables and indexes.
// Runs in the thread that evaluates a push; must not know documents.
import type { ValidatorJson } from "./validators.js";

export type SchemaIndex = { readonly name: string; readonly fields: readonly string[] };

export type SchemaTable = {
  readonly name: string;
  readonly indexes: readonly SchemaIndex[];
  /** Declared, but not to be queried yet. */
  readonly staged: readonly SchemaIndex[];
  readonly documentType: ValidatorJson | null;
};

export type Schema = { tables: Map<string, SchemaTable>; validates: boolean; json: SchemaJson };

type IndexJson = { indexDescriptor: string; fields: string[] };
type OtherIndexJson = { indexDescriptor: string };
export type SchemaJson = {
  tables: {
    tableName: string;
    indexes: IndexJson[];
    stagedDbIndexes?: IndexJson[];
    searchIndexes?: OtherIndexJson[];
    stagedSearchIndexes?: OtherIndexJson[];
    vectorIndexes?: OtherIndexJson[];
    stagedVectorIndexes?: OtherIndexJson[];
    documentType: ValidatorJson | null;
  }[];
  schemaValidation: boolean;
};

const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]{0,63}$/;
const MAX_INDEXES = 64;
const MAX_FIELDS = 16;
const MAX_TABLES = 10_000;

/** Reads what `defineSchema().export()` gives, refusing what Convex refuses. */
export function readSchema(json: SchemaJson): Schema {
  if (json.tables.length > MAX_TABLES)
    throw new Error(`Number of tables cannot exceed ${MAX_TABLES}.`);
  const tables = json.tables.map((table): [string, SchemaTable] => {
    const name = table.tableName;
    assertTableName(name);
    const indexes = table.indexes.map(indexOf);
    const staged = (table.stagedDbIndexes ?? []).map(indexOf);
    const others = [
      ...(table.searchIndexes ?? []),
      ...(table.stagedSearchIndexes ?? []),
      ...(table.vectorIndexes ?? []),
      ...(table.stagedVectorIndexes ?? []),
    ].map(({ indexDescriptor }) => indexDescriptor);
    if (indexes.length + staged.length + others.length > MAX_INDEXES)
      throw new Error(`Table "${name}" cannot have more than ${MAX_INDEXES} indexes.`);
    for (const index of indexes) assertFields(name, { index, kind: "index" });
    for (const index of staged) assertFields(name, { index, kind: "staged index" });
    assertDistinctFields(name, [...indexes, ...staged]);
    assertNames(name, [...indexes, ...staged].map((index) => index.name).concat(others));
    assertFieldsExist(name, [...indexes, ...staged], table.documentType);
    assertDocumentType(table.documentType);
    return [name, { name, indexes, staged, documentType: table.documentType }];
  });
  return { tables: new Map(tables), validates: json.schemaValidation, json };
}

// --- internal ---

const indexOf = ({ indexDescriptor, fields }: IndexJson): SchemaIndex => ({
  name: indexDescriptor,
  fields,
});

function isIdentifier(text: string): boolean {
  return IDENTIFIER.test(text) && !/^_+$/.test(text);
}

function assertTableName(name: string): void {
  if (!isIdentifier(name))
    throw new Error(
      `Invalid table name: "${name}". Identifiers must start with a letter and can only contain letters, digits, and underscores.`,
    );
  if (name.startsWith("_")) throw new Error(`${name} is a reserved table name.`);
}

function assertFields(
  table: string,
  { index: { name, fields }, kind }: { index: SchemaIndex; kind: string },
): void {
  const fail = (why: string) => {
    throw new Error(`In table "${table}": In index "${name}": ${why}`);
  };
  if (!/^[A-Za-z_]/.test(name) || !isIdentifier(name))
    throw new Error(
      `Invalid index name: "${name}". Identifiers must be 64 characters or less, start with a letter, and only contain letters, digits, underscores.`,
    );
  if (fields.length === 0)
    throw new Error(`In table "${table}" ${kind} "${name}" must have at least one field.`);
  if (fields.length > MAX_FIELDS) fail(`Indexes may have up to ${MAX_FIELDS} fields.`);
  const invalid = fields.find((field) => !field.split(".").every(isIdentifier));
  if (invalid !== undefined) fail(`Invalid index field: "${invalid}"`);
  if (fields.includes("_id"))
    fail("`_id` is not a valid index field. To load documents by ID, use `db.get(id)`.");
  if (fields.includes("_creationTime"))
    fail(
      "`_creationTime` is automatically added to the end of each index. It should not be added explicitly in the index definition. See https://docs.convex.dev/using/indexes for more details.",
    );
  if (fields.some((field) => field.startsWith("_")))
    fail("Reserved fields (starting with `_`) are not allowed in indexes.");
  const twice = fields.find((field, at) => fields.indexOf(field) !== at);
  if (twice !== undefined)
    fail(`Duplicate field ${twice}. Index fields must be unique within an index.`);
}

function assertDistinctFields(table: string, indexes: readonly SchemaIndex[]): void {
  const seen = new Map<string, string>();
  for (const { name, fields } of indexes) {
    const other = seen.get(fields.join());
    // An index declared twice has its own message.
    if (other !== undefined && other !== name)
      throw new Error(
        `In table "${table}" index "${name}" and index "${other}" have the same fields. Indexes must be unique within a table.`,
      );
    seen.set(fields.join(), name);
  }
}

function assertNames(table: string, names: readonly string[]): void {
  for (const [at, name] of names.entries()) {
    if (name.startsWith("_") || name === "by_id" || name === "by_creation_time")
      throw new Error(
        `In table "${table}" cannot name an index "${name}" because the name is reserved. Indexes may not start with an underscore or be named "by_id" or "by_creation_time".`,
      );
    if (names.indexOf(name) !== at)
      throw new Error(`Table "${table}" has two or more definitions of index "${name}".`);
  }
}

function assertFieldsExist(
  table: string,
  indexes: readonly SchemaIndex[],
  documentType: ValidatorJson | null,
): void {
  if (!documentType) return;
  for (const { name, fields } of indexes) {
    const unknown = fields.find((field) => !canContain(documentType, field.split(".")));
    if (unknown !== undefined)
      throw new Error(
        `In table "${table}" the index "${name}" is invalid because it references the field ${unknown} that does not exist.`,
      );
  }
}

function canContain(validator: ValidatorJson, [first, ...rest]: string[]): boolean {
  if (first === undefined || validator.type === "any") return true;
  if (validator.type === "union")
    return validator.value.some((one) => canContain(one, [first, ...rest]));
  const field = validator.type === "object" ? validator.value[first] : undefined;
  return field !== undefined && canContain(field.fieldType, rest);
}

function assertDocumentType(validator: ValidatorJson | null): void {
  const isAllowed = ({ type }: ValidatorJson) => type === "object" || type === "any";
  const members = validator?.type === "union" ? validator.value : validator ? [validator] : [];
  if (!members.every(isAllowed))
    throw new Error(
      "The document validator in a schema must be an object, a union of objects, or `v.any()`. To learn more, see the schema documentation at https://docs.convex.dev/database/schemas.",
    );
}
