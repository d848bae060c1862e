// What kitcn says about the auth tables: what the plan of a model cannot be in Convex, and where schema.ts and
// relations.ts have no place for it. Only sentences: each function takes names and texts, and decides nothing.
import { CodegenError } from "../errors.js";

// The plan.

export const unknownTriggerTable = ({
  place,
  table,
  tables,
}: {
  place: string;
  table: string;
  tables: readonly string[];
}): CodegenError =>
  new CodegenError({
    code: "UNKNOWN_TRIGGER_TABLE",
    message: `${place}: defineTriggers has triggers for "${table}", which schema.ts does not declare.`,
    hint: `Correct the name, or remove them. The tables are ${tables.join(", ")}. Nothing was written.`,
  });

export const triggersOfComponent = ({
  place,
  table,
}: {
  place: string;
  table: string;
}): CodegenError =>
  new CodegenError({
    code: "UNKNOWN_TRIGGER_TABLE",
    message: `${place}: triggers of defineTriggers for "${table}" would never run, since that table is in the kitcn component.`,
    hint: "Move them to `triggers` of defineAuth in auth.ts: those run for tables of the component, too. Nothing was written.",
  });

/** `place`: where the option is written. */
export const serialIds = ({ place }: { place: string }): CodegenError =>
  new CodegenError({
    code: "UNSUPPORTED_GENERATE_ID",
    message: `${place}: the options ask for serial ids (advanced.database.generateId: "serial").`,
    hint: 'Convex ids are strings: remove the option, or use "uuid" or a function.',
  });

export const noFieldType = (input: {
  model: string;
  field: string;
  types: readonly string[];
  place?: string;
}): CodegenError => fieldType(input, "has no type");

/** `type`: as JSON. */
export const unknownFieldType = (input: {
  model: string;
  field: string;
  type: string;
  types: readonly string[];
  place?: string;
}): CodegenError => fieldType(input, `has the type ${input.type}, which kitcn does not know`);

/** `place`, here and below: where auth.ts says so, as `convex/auth.ts:12: `; nothing where a package says it. */
export const invalidTableName = ({
  model,
  table,
  max,
  place,
}: {
  model: string;
  table: string;
  max: number;
  place: string;
}): CodegenError =>
  new CodegenError({
    code: "INVALID_TABLE_NAME",
    message: `${place}Model "${model}" is stored in "${table}", which is not a valid Convex table name.`,
    hint: `Set its modelName to letters, digits and underscores, starting with a letter, at most ${max}.`,
  });

export const tooManyColumns = ({
  table,
  count,
  max,
}: {
  table: string;
  count: number;
  max: number;
}): CodegenError =>
  new CodegenError({
    code: "TOO_MANY_COLUMNS",
    message: `Table "${table}" needs ${count} columns; Convex allows ${max} in a document.`,
    hint: "Move some of the additional fields into a table of your own.",
  });

export const invalidColumn = (input: InvalidColumn): CodegenError =>
  columnName(input, `"${input.column}" is not a Convex field name`);

export const longColumn = (input: InvalidColumn): CodegenError =>
  columnName(input, `the field name "${input.column}" is longer than ${input.max}`);

export const columnId = (input: InvalidColumn): CodegenError =>
  columnName(input, 'the column "id" is reserved for ids');

export const duplicateColumn = ({
  model,
  column,
  fields,
  place,
}: {
  model: string;
  column: string;
  fields: readonly string[];
  place: string;
}): CodegenError =>
  new CodegenError({
    code: "DUPLICATE_COLUMN",
    message: `${place}Model "${model}": the fields ${fields.map((name) => `"${name}"`).join(" and ")} are both stored in "${column}".`,
    hint: "Give each field its own `fieldName` in auth.ts.",
  });

export const plannedTooManyIndexes = ({
  table,
  count,
  max,
}: {
  table: string;
  count: number;
  max: number;
}): CodegenError =>
  new CodegenError({
    code: "TOO_MANY_INDEXES",
    message: `Table "${table}" needs ${count} indexes; Convex allows ${max}.`,
    hint: "Remove `index: true` from additional fields that no query filters by.",
  });

// The merge with the app's schema.ts and relations.ts.

/** `excess`: how many more than Convex allows. */
export const mergedTooManyIndexes = ({
  place,
  table,
  count,
  max,
  excess,
}: {
  place: string;
  table: string;
  count: number;
  max: number;
  excess: number;
}): CodegenError =>
  new CodegenError({
    code: "TOO_MANY_INDEXES",
    message: `${place}: table ${table} would have ${count} indexes; Convex allows ${max}.`,
    hint: `Remove ${excess} of your own, or orphaned ones with npx kitcn add auth --schema --prune. Nothing was written.`,
  });

export const commonJsSchema = ({ place }: { place: string }): CodegenError =>
  new CodegenError({
    code: "NO_SCHEMA_PLACE",
    message: `${place} exports with CommonJS, to which auth tables cannot be added.`,
    hint:
      'Write `import { defineSchema } from "convex/server";` instead of `require`, and `export default defineSchema({ ... });` ' +
      "instead of `module.exports`, then run the command again. Nothing was written.",
  });

export const schemaOfEnts = ({ place }: { place: string }): CodegenError =>
  new CodegenError({
    code: "NO_SCHEMA_PLACE",
    message: `${place}: the schema is made by defineEntSchema of convex-ents, and auth tables are plain Convex tables.`,
    hint:
      "Keep its result for getEntDefinitions, `const ents = defineEntSchema({ ... });`, and export its tables: " +
      '`export default defineSchema({ ...ents.tables });` with `import { defineSchema } from "convex/server";`. ' +
      "Then run the command again. Nothing was written.",
  });

export const schemaOfPackage = ({
  place,
  source,
  own,
}: {
  place: string;
  source: string;
  /** What the file exports, if that is not the call itself. */
  own: string | undefined;
}): CodegenError =>
  new CodegenError({
    code: "NO_SCHEMA_PLACE",
    message: `${place}: the schema is made by defineSchema of ${source}, and auth tables are plain Convex tables.`,
    hint:
      (own === undefined
        ? "Keep its result, `const own = defineSchema({ ... });`, and export its tables: "
        : "Export the tables of what it made: ") +
      `\`export default defineConvexSchema({ ...${own ?? "own"}.tables });\` with ` +
      '`import { defineSchema as defineConvexSchema } from "convex/server";`. ' +
      "Then run the command again. Nothing was written.",
  });

export const severalSchemas = ({ place }: { place: string }): CodegenError =>
  noSchemaPlace(
    place,
    "it calls defineSchema more than once, and kitcn cannot tell which it exports",
  );

export const noSchemaCall = ({ place }: { place: string }): CodegenError =>
  noSchemaPlace(place, "it does not export a call of defineSchema from convex/server");

export const schemaWithoutTables = ({ place }: { place: string }): CodegenError =>
  noSchemaPlace(place, "defineSchema gets no tables object");

export const schemaOutsideStatement = ({ place }: { place: string }): CodegenError =>
  noSchemaPlace(place, "defineSchema is outside any statement");

export const noRelations = ({ path }: { path: string }): CodegenError =>
  new CodegenError({
    code: "NO_RELATIONS_PLACE",
    message: `${path}: the place for the auth relations was not found.`,
    hint: `Give the file \`export const relations = defineRelations({});\` and \`export default relations;\`, with ${IMPORT}, then run the command again. Nothing was written.`,
  });

export const relationsNotLiteral = ({
  place,
  table,
}: {
  place: string;
  table: string;
}): CodegenError =>
  new CodegenError({
    code: "NO_RELATIONS_PLACE",
    message: `${place}: the relations of ${table} are not an object literal, so kitcn cannot add to them.`,
    hint: "Write them as an object in braces, then run the command again. Nothing was written.",
  });

export const schemaRelationsNotExported = ({ place }: { place: string }): CodegenError =>
  new CodegenError({
    code: "NO_RELATIONS_EXPORT",
    message: `${place}: these relations are not exported as \`relations\`, so generated/server.ts cannot import them.`,
    hint: `Write \`export const relations = defineRelations({ ... });\` there, with ${IMPORT}, then run the command again. Nothing was written.`,
  });

export const relationsNotExported = ({ place }: { place: string }): CodegenError =>
  new CodegenError({
    code: "NO_RELATIONS_EXPORT",
    message: `${place}: these relations are not exported, so generated/server.ts cannot import them.`,
    hint: `Write \`export const relations = defineRelations({ ... });\` there, and below it \`export default relations;\`, with ${IMPORT}, then run the command again. Nothing was written.`,
  });

// --- internal ---

/** As print/relations.ts writes it; a test compares them. */
const IMPORT = '`import { relations as defineRelations } from "kitcn/orm";`';

/** `field`: Better Auth's name; `suggestion`: a name that works. */
type InvalidColumn = {
  table: string;
  column: string;
  field: string;
  suggestion: string;
  max: number;
  place: string;
};

function columnName(
  { table, field, suggestion, max, place }: InvalidColumn,
  problem: string,
): CodegenError {
  return new CodegenError({
    code: "INVALID_COLUMN_NAME",
    message: `${place}Table "${table}": ${problem}.`,
    hint: `Store the field "${field}" under another name in auth.ts, for example \`fieldName: "${suggestion}"\`: letters, digits and underscores, starting with a letter, at most ${max}.`,
  });
}

function fieldType(
  {
    model,
    field,
    types,
    place = "",
  }: { model: string; field: string; types: readonly string[]; place?: string },
  problem: string,
): CodegenError {
  return new CodegenError({
    code: "UNKNOWN_FIELD_TYPE",
    message: `${place}Field "${field}" of model "${model}" ${problem}.`,
    hint: `Use one of ${types.join(", ")}, or an array of literals.`,
  });
}

function noSchemaPlace(place: string, reason: string): CodegenError {
  return new CodegenError({
    code: "NO_SCHEMA_PLACE",
    message: `${place}: the place for the auth tables was not found: ${reason}.`,
    hint:
      'Give the file `export default defineSchema({});` with `import { defineSchema } from "convex/server";` ' +
      "(your tables inside the braces), then run the command again. Nothing was written.",
  });
}
