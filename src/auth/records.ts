// What Better Auth's own database hooks are given, as types: by the tables that codegen found, so that the
// fields of plugins and additionalFields are there. Types only.
import type { BetterAuthOptions } from "better-auth";
import type { AuthField, AuthModel, AuthTables } from "../metadata.js";
import type { FieldValue } from "./documents.js";

/** A record as Better Auth sees it: its own names of fields, dates as `Date`. */
export type AuthRecord<Model extends AuthModel> = { id: string } & {
  [Field in keyof Model["fields"] as NameIf<Model["fields"], Field, true>]: FieldValue<
    Model["fields"][Field]["type"],
    Date
  >;
} & {
  [Field in keyof Model["fields"] as NameIf<Model["fields"], Field, false>]?: FieldValue<
    Model["fields"][Field]["type"],
    Date
  > | null;
};

/** Better Auth's `databaseHooks`, with the records of this app. */
export type AuthDatabaseHooks<Tables extends AuthTables> = {
  [Model in keyof BetterAuthHooks]?: Model extends keyof Tables
    ? ModelHooks<NonNullable<BetterAuthHooks[Model]>, AuthRecord<Tables[Model]>>
    : BetterAuthHooks[Model];
};

/** The models that have hooks, with hooks of any records. */
export type AnyDatabaseHooks = { [Model in keyof BetterAuthHooks]?: object | undefined };

// --- internal ---

type BetterAuthHooks = NonNullable<BetterAuthOptions["databaseHooks"]>;

type NameIf<
  Fields extends { readonly [field: string]: AuthField },
  Field extends keyof Fields,
  Required extends boolean,
> = Fields[Field]["required"] extends Required ? Field : never;

type ModelHooks<Hooks, Given> = {
  [Operation in keyof Hooks]: OperationHooks<Hooks[Operation], Operation, Given>;
};

/** Before an update only the changed fields are there; a verdict may change any. */
type OperationHooks<Hooks, Operation, Given> = {
  [Step in keyof Hooks]: Hook<
    Hooks[Step],
    [Operation, Step] extends ["update", "before"] ? Partial<Given> : Given,
    Given
  >;
};

type Hook<Original, Given, Whole> = Original extends (
  record: never,
  context: infer Context,
) => Promise<infer Verdict>
  ? (
      record: Given,
      context: Context,
    ) => Promise<Verdict extends { data: unknown } ? { data: Partial<Whole> } : Verdict>
  : Original;
