// The documents of auth tables as types: the app's own by its data model, the component's by their metadata.
// Types only.
import type {
  DocumentByName,
  GenericDataModel,
  GenericMutationCtx,
  TableNamesInDataModel,
  WithoutSystemFields,
} from "convex/server";
import type { Value } from "convex/values";
import type { AuthField, AuthModel, AuthTables, FieldType } from "../metadata.js";
import type { TableTriggers } from "../triggers/types.js";

/** A document of a table in the component; dates are ms numbers, ids plain strings. */
export type ComponentDocument<Model extends AuthModel> = {
  readonly _id: string;
  readonly _creationTime: number;
} & {
  [Field in keyof Model["fields"] as ColumnIf<Model["fields"][Field], true>]: ValueOf<
    Model["fields"][Field]["type"]
  >;
} & {
  [Field in keyof Model["fields"] as ColumnIf<Model["fields"][Field], false>]?: ValueOf<
    Model["fields"][Field]["type"]
  > | null;
};

/** The document of a model, wherever its table is. */
export type AuthDocument<
  DataModel extends GenericDataModel,
  Model extends AuthModel,
> = Model["placement"] extends "component"
  ? ComponentDocument<Model>
  : Model["table"] extends TableNamesInDataModel<DataModel>
    ? DocumentByName<DataModel, Model["table"]>
    : ComponentDocument<Model>;

/** Triggers for Better Auth's own writes, by table. */
export type AuthTriggers<DataModel extends GenericDataModel, Tables extends AuthTables> = {
  readonly [Model in keyof Tables as Tables[Model]["table"]]?: TableTriggers<
    AuthDocument<DataModel, Tables[Model]>,
    WithoutSystemFields<AuthDocument<DataModel, Tables[Model]>>,
    GenericMutationCtx<DataModel>
  >;
};

// --- internal ---

type ColumnIf<
  Field extends AuthField,
  Required extends boolean,
> = Field["required"] extends Required ? Field["column"] : never;

type ValueOf<Type extends FieldType> = Type extends "string"
  ? string
  : Type extends "number" | "date"
    ? number
    : Type extends "boolean"
      ? boolean
      : Type extends "string[]"
        ? string[]
        : Type extends "number[]"
          ? number[]
          : Type extends readonly (infer Literal)[]
            ? Literal
            : Value;
