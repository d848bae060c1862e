// `relations`: names how tables belong together, for `with` in queries and for triggers. Plain data.
// Must not touch a schema: schema.ts itself may import the module that calls this.
import type { DocumentByName, GenericDataModel, TableNamesInDataModel } from "convex/server";
import type { AppDataModel } from "./register.js";

/** A column of a table; `_id`, `id` and `_creationTime` included. */
export type ColumnName<
  DataModel extends GenericDataModel,
  Table extends TableNamesInDataModel<DataModel>,
> = (keyof DocumentByName<DataModel, Table> & string) | "id";

/** One row, or all rows, of another table whose column `to` equals this table's column `from`. */
export type Relation<
  DataModel extends GenericDataModel,
  Table extends TableNamesInDataModel<DataModel>,
> = {
  [Other in TableNamesInDataModel<DataModel>]: {
    readonly from: ColumnName<DataModel, Table>;
    readonly to: ColumnName<DataModel, Other>;
  } & ({ readonly one: Other } | { readonly many: Other });
}[TableNamesInDataModel<DataModel>];

/** Relations by table and name. */
export type RelationsDefinition<DataModel extends GenericDataModel> = {
  readonly [Table in TableNamesInDataModel<DataModel>]?: {
    readonly [name: string]: Relation<DataModel, Table>;
  };
};

/** A relation without its types. */
export type AnyRelation = { readonly from: string; readonly to: string } & (
  { readonly one: string } | { readonly many: string }
);

/** Relations without their types, as the runtime reads them. */
export type AnyRelations = {
  readonly [table: string]: { readonly [name: string]: AnyRelation } | undefined;
};

/**
 * Declares the relations of an app. kitcn keeps those of the auth tables; add your own beside them.
 *
 * @example
 * // convex/relations.ts
 * import { relations as defineRelations } from "kitcn/orm";
 *
 * export const relations = defineRelations({
 *   notes: { author: { one: "user", from: "authorId", to: "_id" } },
 *   user: { notes: { many: "notes", from: "_id", to: "authorId" } },
 * });
 *
 * export default relations;
 */
export function relations<const Relations extends RelationsDefinition<AppDataModel>>(
  definition: Relations,
): Relations {
  return definition;
}

/** The table a relation leads to. */
export function targetOf(relation: AnyRelation): string {
  return "one" in relation ? relation.one : relation.many;
}
