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
  [Field in keyof Model["fields"] as ColumnIf<Model["fields"][Field], true>]: FieldValue<
    Model["fields"][Field]["type"],
    number
  >;
} & {
  [Field in keyof Model["fields"] as ColumnIf<Model["fields"][Field], false>]?: FieldValue<
    Model["fields"][Field]["type"],
    number
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

/** Triggers for Better Auth's own writes, by table. `Ctx` is the app's mutation context. */
export type AuthTriggers<
  DataModel extends GenericDataModel,
  Tables extends AuthTables,
  Ctx = GenericMutationCtx<DataModel>,
> = {
  readonly [Model in keyof Tables as Tables[Model]["table"]]?: TableTriggers<
    AuthDocument<DataModel, Tables[Model]>,
    WithoutSystemFields<AuthDocument<DataModel, Tables[Model]>>,
    Ctx
  >;
};

/** The columns of each auth table that its triggers may return. */
export type AuthColumns<DataModel extends GenericDataModel, Tables extends AuthTables> = {
  readonly [Model in keyof Tables as Tables[Model]["table"]]: keyof WithoutSystemFields<
    AuthDocument<DataModel, Tables[Model]>
  >;
};

/** The value of a field; dates are whatever the reader has them as. */
export type FieldValue<Type extends FieldType, DateValue> = Type extends "string"
  ? string
  : Type extends "number"
    ? number
    : Type extends "date"
      ? DateValue
      : Type extends "boolean"
        ? boolean
        : Type extends "string[]"
          ? string[]
          : Type extends "number[]"
            ? number[]
            : Type extends readonly (infer Literal)[]
              ? Literal
              : Value;

// --- internal ---

type ColumnIf<
  Field extends AuthField,
  Required extends boolean,
> = Field["required"] extends Required ? Field["column"] : never;
