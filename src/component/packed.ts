// The packaged component's tables in few bytes: text in, metadata out. Every deployment carries them,
// whichever plugins it uses. Written by codegen/print/packed-tables.ts, which must stay in step.
import type { AuthField, AuthModel, AuthTables, FieldType, OnDelete } from "../metadata.js";

/**
 * A model: its fields, its indexes and its compound uniques, each separated by spaces.
 * A field is `name[:type][!][?][>model.field[/on_delete]]`: type string, required, deleted with what it
 * references, unless it says otherwise; `!` is unique, `?` optional. An index is `[name=]column[+column]`.
 */
export type PackedModel = readonly [fields: string, indexes: string, uniques?: string];

export type PackedTables = { readonly [model: string]: PackedModel };

/** The metadata of packed tables; every one is in the component, and takes forced ids. */
export function unpackTables(packed: PackedTables): AuthTables {
  return Object.fromEntries(
    Object.entries(packed).map(([model, [fields, indexes, uniques]]): [string, AuthModel] => [
      model,
      {
        table: model,
        placement: "component",
        forcedId: true,
        fields: Object.fromEntries(words(fields).map(unpackField)),
        indexes: Object.fromEntries(words(indexes).map(unpackIndex)),
        ...(uniques && { uniques: words(uniques).map(columnsOf) }),
      },
    ]),
  );
}

/** The name of an index that has no other. */
export function packedIndexName(columns: readonly string[]): string {
  return `by_${columns.join("_")}`;
}

// --- internal ---

const FIELD = /^(\w+)(?::([^!?>]+))?(!?)(\??)(?:>(\w+)\.(\w+)(?:\/(.+))?)?$/;

function unpackField(word: string): [string, AuthField] {
  const [, column = "", type = "string", unique, optional, model, field, onDelete] =
    FIELD.exec(word) ?? [];
  return [
    column,
    {
      column,
      type: (type.includes("|") ? type.split("|") : type) as FieldType, // as the printer wrote it
      required: !optional,
      ...(unique && { unique: true as const }),
      ...(model &&
        field && {
          references: {
            model,
            field,
            onDelete: (onDelete?.replace("_", " ") ?? "cascade") as OnDelete, // as above
          },
        }),
    },
  ];
}

function unpackIndex(word: string): [string, string[]] {
  const [columns = "", name] = word.split("=").reverse();
  return [name ?? packedIndexName(columnsOf(columns)), columnsOf(columns)];
}

function words(text: string): string[] {
  return text.split(" ").filter((word) => word !== "");
}

function columnsOf(word: string): string[] {
  return word.split("+");
}
