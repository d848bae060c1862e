// Turns Better Auth's table metadata into Convex tables and the runtime's metadata. Pure.
// Types and references here, indexes in plan-indexes.ts, placement in placement.ts.
import { tables as componentTables } from "../../generated/component.tables.js";
import type { AuthField, AuthModel, AuthTables, ModelPlacement } from "../../src/metadata.js";
import type { Placement } from "../types.js";
import { assertGenerateId, hasForcedIds } from "./forced-ids.js";
import { assertColumnCount, describeDefault, fieldTypeOf } from "./fields.js";
import { assertNames } from "./assert-names.js";
import { planIndexes } from "./plan-indexes.js";
import { planPlacement } from "./placement.js";
import { onDeleteOf, resolveReference, type ResolvedReference } from "./references.js";
import {
  CORE_PLUGIN,
  type PlannedColumn,
  type PlannedTable,
  type PlanOptions,
  type SourceField,
  type SourcePlugin,
  type SourceTable,
  type SourceTables,
  type TablesPlan,
} from "./types.js";

/** What planTables takes. */
export type PlanInput = {
  readonly placement: Placement;
  /** Better Auth's options; only `advanced.database.generateId` is read. */
  readonly options?: PlanOptions;
  /** Who brings which field, for ownership and messages. Default: everything is the core's. */
  readonly plugins?: readonly SourcePlugin[];
  /** Every model may get forced ids, as Better Auth's conformance suites do. Default: false. */
  readonly forceIds?: boolean;
  /** Tables of the packaged component. Default: those this package ships. */
  readonly packaged?: AuthTables;
  /** In placement component the app has a component of its own, also where the packaged one fits. Default: false. */
  readonly ownComponent?: boolean;
  /** Where the app's own modules name something, as `path:line`, for messages. */
  readonly placeOf?: (name: string) => string | undefined;
};

/**
 * Plans the Convex tables for what `getAuthTables(options)` returned.
 *
 * @throws CodegenError `INVALID_TABLE_NAME`, `INVALID_COLUMN_NAME`, `DUPLICATE_COLUMN`,
 *   `UNKNOWN_FIELD_TYPE`, `UNSUPPORTED_GENERATE_ID`, `TOO_MANY_INDEXES`
 * @example
 * const { tables, app } = planTables(getAuthTables(options), { placement: "split", options });
 */
export function planTables(source: SourceTables, input: PlanInput): TablesPlan {
  assertGenerateId(input.options, input.placeOf);
  const packaged: AuthTables = input.packaged ?? componentTables;
  const { placement, ownComponent = false } = input;
  const placed = planPlacement({ source, placement, packaged, ownComponent });
  const { of: placements, isLocal, notes } = placed;
  const models = Object.entries(source)
    .sort(([, a], [, b]) => (a.order ?? Infinity) - (b.order ?? Infinity) || 0)
    .map(([key, table]) => {
      const at = placements.get(key) ?? "app";
      // The packaged component fits apps that force ids, too.
      const forceIds = input.forceIds === true || (at === "component" && !isLocal);
      return modelOf(key, table, at, { ...input, forceIds });
    });
  assertNames(
    models.map((model) => ({
      ...model,
      fields: fieldsOf(model.source).map(([name, field]) => ({
        name,
        field,
        column: columnName(model, name, field),
      })),
    })),
    input.placeOf,
  );

  const app: PlannedTable[] = [];
  const component: PlannedTable[] = [];
  for (const group of groupByTable(models)) {
    const table = planTable(group, { models, input });
    (group[0].placement === "app" ? app : component).push(table);
  }
  const planned = [...app, ...component];
  const tables = Object.fromEntries(
    models.map((model) => [
      model.key,
      // In split the component is the packaged one: its own metadata says what it has.
      (placement === "split" && model.placement === "component" && packaged[model.key]) ||
        metadataOf(model, { planned, models }),
    ]),
  );
  const all = [...notes, ...derivedNotes(planned)];
  return { placement, tables, app, component, hasLocalComponent: isLocal, notes: all };
}

// --- internal ---

type Model = {
  readonly key: string;
  readonly source: SourceTable;
  readonly placement: ModelPlacement;
  readonly table: string;
  readonly forcedId: boolean;
};

type Context = { readonly models: readonly Model[] };

function modelOf(
  key: string,
  source: SourceTable,
  placement: ModelPlacement,
  input: PlanInput,
): Model {
  // The component's tables are fixed when the package is built, so a renamed model keeps its key there.
  const table = placement === "component" ? key : source.modelName;
  const forcedId = input.forceIds === true || hasForcedIds(key, input.options);
  return { key, source, placement, table, forcedId };
}

function groupByTable(models: readonly Model[]): [Model, ...Model[]][] {
  const groups = new Map<string, [Model, ...Model[]]>();
  for (const model of models) {
    const id = `${model.placement}/${model.table}`;
    const group = groups.get(id);
    if (group) group.push(model);
    else groups.set(id, [model]);
  }
  return [...groups.values()];
}

function planTable(
  group: readonly [Model, ...Model[]],
  context: Context & { readonly input: PlanInput },
): PlannedTable {
  const { table } = group[0];
  const columns = group
    .flatMap((model) => columnsOf(model, context))
    .reduce<PlannedColumn[]>(mergeColumn, [])
    .map((column) =>
      // Models that share a table: a document of one lacks the columns of the others.
      column.fields.length < group.length ? { ...column, required: false } : column,
    );
  const forcedId = group.some((model) => model.forcedId);
  const plugin = pluginOfModel(group[0].key, context.input.plugins);
  if (forcedId) columns.unshift(forcedIdColumn(plugin));
  assertColumnCount(table, columns);
  const foreign = new Set(columns.filter(isForeign).map(({ column }) => column));
  const indexes = planIndexes({ table, models: group, columns, forcedId, foreign });
  return { table, models: group.map((model) => model.key), columns, indexes, plugin };
}

function columnsOf(
  model: Model,
  context: Context & { readonly input: PlanInput },
): PlannedColumn[] {
  return fieldsOf(model.source).map(([name, field]) => {
    const column = columnName(model, name, field);
    const reference = resolveReference(field, context.models);
    const idOf = reference && documentIdTable(reference, model);
    return {
      column,
      fields: [{ model: model.key, field: name }],
      type: fieldTypeOf(field, { model: model.key, field: name }),
      required: field.required !== false,
      unique: isUnique(name, field, model.source),
      ...(idOf !== undefined && { idOf }),
      ...describeDefault(field),
      plugin: pluginOfField(model.key, name, context.input.plugins),
    };
  });
}

/** Of a plugin that is none of Better Auth's: the packaged component has the fields of all of those. */
function isForeign({ fields, plugin }: PlannedColumn): boolean {
  const isKnown = fields.some(
    ({ model, field }) =>
      Object.hasOwn(componentTables, model) &&
      Object.hasOwn(componentTables[model]?.fields ?? {}, field),
  );
  return plugin !== CORE_PLUGIN && !isKnown;
}

/** Which indexes were made for the names of fields alone. */
function derivedNotes(tables: readonly PlannedTable[]): string[] {
  const names = tables.flatMap(({ table, indexes }) =>
    indexes.filter(({ derived }) => derived).map(({ columns }) => `${table}.${columns.join("_")}`),
  );
  if (names.length === 0) return [];
  return [
    `These indexes follow from the names of fields, since their plugins do not say which fields they search: ${names.join(", ")}.`,
  ];
}

function mergeColumn(merged: PlannedColumn[], column: PlannedColumn): PlannedColumn[] {
  const at = merged.findIndex((one) => one.column === column.column);
  const twin = merged[at];
  if (!twin) return [...merged, column];
  return merged.with(at, {
    ...twin,
    fields: [...twin.fields, ...column.fields],
    required: twin.required && column.required,
    unique: twin.unique || column.unique,
  });
}

function forcedIdColumn(plugin: string): PlannedColumn {
  return { column: "id", fields: [], type: "string", required: false, unique: true, plugin };
}

function metadataOf(
  model: Model,
  { planned, models }: Context & { readonly planned: readonly PlannedTable[] },
): AuthModel {
  const home = planned.find(
    (table) => table.table === model.table && table.models.includes(model.key),
  );
  const uniques = (model.source.indexes ?? [])
    .filter((index) => index.unique && index.fields.length > 1)
    .map((index) => index.fields.map((name) => columnOfField(model, name)));
  const fields = fieldsOf(model.source).map(([name, field]): [string, AuthField] => {
    const reference = resolveReference(field, models);
    return [
      name,
      {
        column: columnName(model, name, field),
        type: fieldTypeOf(field, { model: model.key, field: name }),
        required: field.required !== false,
        ...(isUnique(name, field, model.source) && { unique: true as const }),
        ...(reference && {
          references: {
            model: reference.model.key,
            field: reference.field,
            onDelete: onDeleteOf(field),
          },
        }),
      },
    ];
  });
  return {
    table: model.table,
    placement: model.placement,
    ...(model.forcedId && { forcedId: true as const }),
    fields: Object.fromEntries(fields),
    indexes: Object.fromEntries((home?.indexes ?? []).map(({ name, columns }) => [name, columns])),
    ...(uniques.length > 0 && { uniques }),
  };
}

function fieldsOf(source: SourceTable): [string, SourceField][] {
  // Better Auth's adapter factory adds `id` to the same objects at run time.
  return Object.entries(source.fields).filter(([name]) => name !== "id");
}

function columnName(model: Model, name: string, field: SourceField): string {
  return model.placement === "component" ? name : field.fieldName || name;
}

function columnOfField(model: Model, name: string): string {
  const field = model.source.fields[name];
  return field ? columnName(model, name, field) : name;
}

function isUnique(name: string, field: SourceField, source: SourceTable): boolean {
  if (field.unique) return true;
  return (source.indexes ?? []).some(
    (index) => index.unique && index.fields.length === 1 && index.fields[0] === name,
  );
}

/** The table whose document ids a column holds; undefined where Better Auth may force other ids. */
function documentIdTable(reference: ResolvedReference, from: Model): string | undefined {
  const { model, field } = reference;
  if (field !== "id" || model.forcedId || model.placement !== from.placement) return undefined;
  return model.table;
}

function pluginOfModel(key: string, plugins: readonly SourcePlugin[] = []): string {
  if (["user", "session", "account", "verification", "rateLimit"].includes(key)) return CORE_PLUGIN;
  return plugins.find((plugin) => plugin.schema[key])?.id ?? CORE_PLUGIN;
}

function pluginOfField(key: string, name: string, plugins: readonly SourcePlugin[] = []): string {
  return (
    plugins.findLast((plugin) => plugin.schema[key]?.includes(name))?.id ??
    pluginOfModel(key, plugins)
  );
}
