// What planning takes and gives: Better Auth's own table metadata in, Convex tables out. Plain data.
import type { AuthTables, FieldType } from "../../src/metadata.js";
import type { Placement } from "../types.js";

/** One field, as `getAuthTables` describes it. Structural, so that any Better Auth 1.7 fits. */
export type SourceField = {
  readonly type: string | readonly (string | number)[];
  readonly required?: boolean | undefined;
  readonly unique?: boolean | undefined;
  readonly index?: boolean | undefined;
  readonly sortable?: boolean | undefined;
  readonly fieldName?: string | undefined;
  readonly defaultValue?: unknown;
  readonly onUpdate?: unknown;
  readonly references?:
    | { readonly model: string; readonly field: string; readonly onDelete?: string | undefined }
    | undefined;
};

/** One table, as `getAuthTables` describes it; the key in SourceTables is the canonical model key. */
export type SourceTable = {
  readonly modelName: string;
  readonly fields: Readonly<Record<string, SourceField>>;
  readonly indexes?:
    | readonly {
        readonly fields: readonly string[];
        readonly name?: string | undefined;
        readonly unique?: boolean | undefined;
      }[]
    | undefined;
  readonly order?: number | undefined;
};

/** What `getAuthTables(options)` of the app's Better Auth returned. */
export type SourceTables = Readonly<Record<string, SourceTable>>;

/** A plugin of the options: which models and fields it brings. */
export type SourcePlugin = {
  readonly id: string;
  readonly package?: string | undefined;
  readonly version?: string | undefined;
  /** Model key to logical field names. */
  readonly schema: Readonly<Record<string, readonly string[]>>;
};

/** The options that planning looks at. */
export type PlanOptions = {
  readonly socialProviders?: object | undefined;
  readonly advanced?:
    | {
        readonly generateId?: unknown;
        readonly database?: { readonly generateId?: unknown } | undefined;
      }
    | undefined;
};

/** A column of a Convex table. */
export type PlannedColumn = {
  readonly column: string;
  /** Logical field names that are stored here, with their model; more than one only for shared tables. */
  readonly fields: readonly { readonly model: string; readonly field: string }[];
  readonly type: FieldType;
  readonly required: boolean;
  readonly unique: boolean;
  /** Set where the column holds ids of documents in this table. */
  readonly idOf?: string;
  /** For the comment beside the column: the default Better Auth fills in. */
  readonly defaultText?: string;
  /** Id of the Better Auth plugin that brings it; "better-auth" for the core's. */
  readonly plugin: string;
};

/** An index: columns in order, without the `_creationTime` that Convex appends. */
export type PlannedIndex = {
  readonly name: string;
  readonly columns: readonly string[];
  readonly plugin: string;
  /** Set where only the name of a plugin's field says that it is looked up by. */
  readonly derived?: true;
};

/** One Convex table. */
export type PlannedTable = {
  readonly table: string;
  /** The models stored here; more than one only where the user gave two models one name. */
  readonly models: readonly string[];
  readonly columns: readonly PlannedColumn[];
  readonly indexes: readonly PlannedIndex[];
  readonly plugin: string;
};

/** Everything that follows from the options: metadata for the runtime, tables for each placement. */
export type TablesPlan = {
  readonly placement: Placement;
  readonly tables: AuthTables;
  readonly app: readonly PlannedTable[];
  readonly component: readonly PlannedTable[];
  /** True where `component` is more than the packaged component holds, so that the app has one of its own. */
  readonly hasLocalComponent: boolean;
  /** Sentences a user should read. */
  readonly notes: readonly string[];
};

/** The plugin id under which the core's own tables are recorded. */
export const CORE_PLUGIN = "better-auth";
