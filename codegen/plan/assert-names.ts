// Whether Convex can store what Better Auth's tables are called: names of tables and columns, and types of fields. Pure.
// Everything that is wrong is said at once, each with the line of the app that says so.
import { CodegenError, rephrase } from "../errors.js";
import { duplicateColumn, invalidTableName } from "../errors/tables.js";
import { columnProblem, fieldTypeOf, isTableName } from "./fields.js";
import { MAX_NAME_LENGTH } from "./plan-indexes.js";
import type { SourceField } from "./types.js";

/** A model, and where it is stored. */
export type NamedModel = {
  readonly key: string;
  readonly table: string;
  readonly fields: readonly {
    readonly name: string;
    readonly column: string;
    readonly field: SourceField;
  }[];
};

/**
 * Refuses what Convex has no place for.
 *
 * @param placeOf where the app's own modules name something, as `path:line`
 * @throws CodegenError `INVALID_TABLE_NAME`, `INVALID_COLUMN_NAME`, `DUPLICATE_COLUMN`, `UNKNOWN_FIELD_TYPE`
 */
export function assertNames(
  models: readonly NamedModel[],
  placeOf: (name: string) => string | undefined = () => undefined,
): void {
  // Places are looked for only where something is wrong: that takes a walk through all modules for each name.
  if (problemsOf(models, () => "").length === 0) return;
  const problems = problemsOf(models, (name) => {
    const place = placeOf(name);
    return place === undefined ? "" : `${place}: `;
  });
  const [first] = problems;
  if (!first) return;
  const together = (texts: readonly string[]) => [...new Set(texts)].join("\n");
  throw rephrase(first, {
    message: together(problems.map(({ message }) => message)),
    hint: together(problems.map(({ hint }) => hint)),
  });
}

// --- internal ---

type At = (name: string) => string;

function problemsOf(models: readonly NamedModel[], at: At): CodegenError[] {
  return models.flatMap((model) => [
    ...tableProblems(model, at),
    ...model.fields.flatMap((one) => fieldProblems(one, { model, at })),
  ]);
}

function tableProblems({ key, table }: NamedModel, at: At): CodegenError[] {
  if (isTableName(table)) return [];
  return [invalidTableName({ model: key, table, max: MAX_NAME_LENGTH, place: at(table) })];
}

function fieldProblems(
  { name, column, field }: NamedModel["fields"][number],
  { model, at }: { readonly model: NamedModel; readonly at: At },
): CodegenError[] {
  const place = at(column);
  const twin = model.fields.find((one) => one.column === column);
  const problems = [
    columnProblem({ table: model.table, column, field: name, place }),
    twin && twin.name !== name
      ? duplicateColumn({ model: model.key, column, fields: [twin.name, name], place })
      : undefined,
    typeProblem(field, { model: model.key, field: name, place: at(name) }),
  ];
  return problems.filter((one) => one !== undefined);
}

function typeProblem(
  field: SourceField,
  where: Parameters<typeof fieldTypeOf>[1],
): CodegenError | undefined {
  try {
    fieldTypeOf(field, where);
    return undefined;
  } catch (error) {
    if (error instanceof CodegenError) return error;
    throw error;
  }
}
