// The contract between the two houses: codegen writes it, the runtime plans queries by it.
// Plain data only. Must import nothing.

/** Better Auth's field types; an array of strings is a literal union. */
export type FieldType =
  "string" | "number" | "boolean" | "date" | "json" | "string[]" | "number[]" | readonly string[];

export type OnDelete = "no action" | "restrict" | "cascade" | "set null" | "set default";

/** Where a model's documents live: the app's own schema, or the kitcn component. */
export type ModelPlacement = "app" | "component";

export type AuthField = {
  /** The column in Convex; for models of the component it is always the logical field name. */
  readonly column: string;
  readonly type: FieldType;
  readonly required: boolean;
  readonly unique?: true;
  /** `model` is a key of AuthTables, `field` a logical field name ("id" included). */
  readonly references?: {
    readonly model: string;
    readonly field: string;
    readonly onDelete: OnDelete;
  };
};

export type AuthModel = {
  /** The Convex table name. */
  readonly table: string;
  readonly placement: ModelPlacement;
  /**
   * True where Better Auth may force an id: the table has an optional `id` column and an index on it,
   * and look-ups by id honour both it and `_id`.
   */
  readonly forcedId?: true;
  /** By logical field name. `id` is never listed. */
  readonly fields: { readonly [field: string]: AuthField };
  /** Index name to columns, in order, without the `_creationTime` that Convex appends. */
  readonly indexes: { readonly [name: string]: readonly string[] };
  /** Compound uniques, as columns. Single ones are marked on the field. */
  readonly uniques?: readonly (readonly string[])[];
};

/** By Better Auth's canonical model key ("user", "session", ...), never by the renamed table. */
export type AuthTables = { readonly [model: string]: AuthModel };
