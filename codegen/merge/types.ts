// What merging decides: edits, conflicts and messages, as plain data over parsed nodes; and what it may prune.
import type { Comment } from "@babel/types";
import type { OwnedTable } from "../lock/types.js";
import type { PlannedColumn, PlannedIndex, PlannedTable } from "../plan/types.js";
import type { FieldSource, IndexSource, TableSource } from "./read-table.js";
import type { TableEntry } from "./find-schema.js";

/** One change to a schema module. apply.ts turns it into text. */
export type SchemaEdit =
  | { readonly kind: "add-table"; readonly table: PlannedTable }
  | {
      readonly kind: "add-columns";
      readonly to: TableSource;
      readonly columns: readonly PlannedColumn[];
    }
  | {
      readonly kind: "replace-column";
      readonly in: TableSource;
      readonly field: FieldSource;
      readonly column: PlannedColumn;
    }
  | { readonly kind: "relax-column"; readonly in: TableSource; readonly field: FieldSource }
  | {
      readonly kind: "replace-comment";
      readonly in: TableSource;
      readonly comment: Comment;
      readonly text: string | undefined;
    }
  | { readonly kind: "remove-column"; readonly in: TableSource; readonly field: FieldSource }
  | {
      readonly kind: "add-indexes";
      readonly to: TableSource;
      readonly indexes: readonly PlannedIndex[];
    }
  | {
      readonly kind: "replace-index";
      readonly in: TableSource;
      readonly index: IndexSource;
      readonly planned: PlannedIndex;
    }
  | { readonly kind: "remove-index"; readonly in: TableSource; readonly index: IndexSource }
  | { readonly kind: "remove-table"; readonly entry: TableEntry; readonly source: TableSource };

/** A managed part that the user changed, or one of the user's that stands in its place. */
export type Conflict = {
  readonly table: string;
  readonly part: "column" | "index" | "table" | "relation";
  readonly name: string;
  /** `edited`: we wrote it, the user changed it. `declared`: the user's own. `unreadable`: no plain block. */
  readonly reason: "edited" | "declared" | "unreadable";
  /** `path:line`. */
  readonly at: string;
  /** Source text in the file, and what Better Auth needs. */
  readonly yours: string;
  readonly wanted: string;
  /** False when --overwrite replaced it. */
  readonly kept: boolean;
};

/** Something in the file that no plugin asks for any more. */
export type Orphan = {
  readonly table: string;
  readonly part: "column" | "index" | "table" | "relation";
  readonly name: string;
  readonly plugin: string;
  /** True when this run removed it. */
  readonly pruned: boolean;
  /** Why --prune would not, or did not, remove it. */
  readonly blocked?: string;
  /** The command that removes it. Default: the one that removes all. */
  readonly prunedBy?: string;
};

/** What happened to a table, for the summary. */
export type TableOutcome = {
  readonly table: string;
  readonly owner: "managed" | "local";
  readonly action: "added" | "updated" | "unchanged" | "orphaned" | "removed";
};

/** The decision about one schema. */
export type SchemaMerge = {
  /** Absolute paths of the modules that hold managed tables. */
  readonly files: ReadonlySet<string>;
  readonly edits: readonly SchemaEdit[];
  readonly owned: ReadonlyMap<string, OwnedTable>;
  readonly tables: readonly TableOutcome[];
  readonly conflicts: readonly Conflict[];
  readonly orphans: readonly Orphan[];
  readonly notes: readonly string[];
};

export type MergeOptions = {
  /** Replace managed parts the user edited. */
  readonly overwrite: boolean;
  /** Remove untouched orphans: all of them, or those of the plugins with these ids. */
  readonly prune: Prune;
};

export type Prune = boolean | ReadonlySet<string>;

/** True if this run removes untouched orphans of a plugin. */
export function isPruned({ prune }: MergeOptions, plugin: string): boolean {
  return typeof prune === "boolean" ? prune : prune.has(plugin);
}

/** True if an orphan does not hold others in the file: this run removes it, or removes none and only reports. */
export function mayGo(options: MergeOptions, plugin: string): boolean {
  return options.prune === false || isPruned(options, plugin);
}
