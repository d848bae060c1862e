// The ids, the session, the user and the member of an app as types: by its own tables, whatever the models are renamed to.
// Types only. Must not import better-auth.
import type { GenericDataModel } from "convex/server";
import type { GenericId } from "convex/values";
import type { AuthModel, AuthTables } from "../../metadata.js";
import type { AppTables } from "../../orm/register.js";
import type { AuthDocument } from "../documents.js";

/**
 * The id of a model's documents: of the table it is stored in, or a plain string where the component has it,
 * where it is stored nowhere in Convex, or where Better Auth chooses ids.
 */
export type AuthId<Model extends string, Tables extends AuthTables = AppTables> =
  IsKnown<Tables> extends true
    ? Model extends keyof Tables
      ? DocumentId<Tables[Model]>
      : string
    : GenericId<Model>;

/** What every session has; times are ms since the epoch. */
export type SessionDocument<Tables extends AuthTables = AppTables> = {
  readonly id: AuthId<"session", Tables>;
  readonly _id: AuthId<"session", Tables>;
  /** Of a session in `secondaryStorage`: `createdAt`. */
  readonly _creationTime: number;
  readonly userId: AuthId<"user", Tables>;
  readonly token: string;
  readonly expiresAt: number;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly ipAddress?: string | null;
  readonly userAgent?: string | null;
};

/**
 * A session of the app: the columns of its table, wherever that is and whatever it is called, with `id`; and
 * `activeOrganizationId`, which is always null where the organization plugin is off.
 */
export type SessionOf<
  DataModel extends GenericDataModel,
  Tables extends AuthTables = AppTables,
> = Flat<
  Omit<
    StoredSession<DataModel, Tables>,
    keyof AlwaysThere<StoredSession<DataModel, Tables>, Tables>
  > &
    AlwaysThere<StoredSession<DataModel, Tables>, Tables> &
    Omit<SessionDocument<Tables>, keyof StoredSession<DataModel, Tables>>
>;

/** A user of the app: the columns of its table, wherever that is and whatever it is called, with `id`. */
export type UserOf<
  DataModel extends GenericDataModel,
  Tables extends AuthTables = AppTables,
> = StoredRow<
  DataModel,
  Tables,
  "user",
  { readonly name: string; readonly email: string; readonly emailVerified: boolean }
>;

/** A membership of the app: the columns of its table, wherever that is and whatever it is called, with `id`. */
export type MemberOf<
  DataModel extends GenericDataModel,
  Tables extends AuthTables = AppTables,
> = StoredRow<
  DataModel,
  Tables,
  "member",
  {
    readonly userId: AuthId<"user", Tables>;
    readonly organizationId: AuthId<"organization", Tables>;
    /** Several roles have commas between them. */
    readonly role: string;
    readonly createdAt: number;
  }
>;

// --- internal ---

/** A document of a model; `Usual` has the columns that it has where generated code has not seen its table. */
type StoredRow<
  DataModel extends GenericDataModel,
  Tables extends AuthTables,
  Name extends string,
  Usual,
> = Flat<
  (IsKnown<Tables> extends true
    ? Tables extends { readonly [Key in Name]: infer Model extends AuthModel }
      ? AuthDocument<DataModel, Model>
      : Usual & SystemFields<AuthId<Name, Tables>>
    : Usual & SystemFields<AuthId<Name, Tables>>) & { readonly id: AuthId<Name, Tables> }
>;

type SystemFields<Id> = { readonly _id: Id; readonly _creationTime: number };

type Flat<T> = { [Key in keyof T]: T[Key] } & {};

/** False before `kitcn codegen` has run, and for tables that nobody wrote down. */
type IsKnown<Tables> = string extends keyof Tables ? false : true;

type DocumentId<Model extends AuthModel> = Model extends { readonly forcedId: true }
  ? string
  : Model["placement"] extends "app"
    ? GenericId<Model["table"]>
    : string;

/** What generated code has seen of the table; nothing of sessions that are in no table. */
type StoredSession<DataModel extends GenericDataModel, Tables extends AuthTables> =
  IsKnown<Tables> extends true
    ? Tables extends { readonly session: infer Model extends AuthModel }
      ? AuthDocument<DataModel, Model>
      : unknown
    : unknown;

type AlwaysThere<Stored, Tables extends AuthTables> = Pick<
  SessionDocument<Tables>,
  "id" | "_id" | "_creationTime" | "userId" | "token" | "expiresAt"
> &
  ActiveOrganization<Stored, Tables>;

type ActiveOrganization<Stored, Tables extends AuthTables> =
  IsKnown<Tables> extends true
    ? Tables extends { readonly organization: AuthModel }
      ? {
          /** Null where none is active. */
          readonly activeOrganizationId: AuthId<"organization", Tables> | null;
        }
      : KeptColumn<Stored>
    : { readonly activeOrganizationId: string | null };

/** Where the plugin is off: documents may hold the column from a time when it was on. */
type KeptColumn<Stored> = "activeOrganizationId" extends keyof Stored
  ? unknown
  : { readonly activeOrganizationId: null };
