// The packaged component's tables in few bytes: text in, metadata out. Every deployment carries them,
// whichever plugins it uses. Written by codegen/print/packed-tables.ts, which must stay in step.
import type { AuthField, AuthModel, AuthTables, FieldType, OnDelete } from "../metadata.js";

/**
 * A model: its fields, its indexes and its compound uniques, each separated by spaces.
 * A field is `name[:type][!][?][>model[.field][/on_delete]]`: a string, required, a reference to `id`, deleted with
 * what it references, unless it says otherwise; `!` is unique, `?` optional. Types have short names, see SHORT_TYPES.
 * An index is `[name=]column[+column]`; the one of forced ids is left out.
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
        indexes: Object.fromEntries([[ID_INDEX, ["id"]], ...words(indexes).map(unpackIndex)]),
        ...(uniques && { uniques: words(uniques).map(columnsOf) }),
      },
    ]),
  );
}

/** The index of forced ids, which every packed table has. */
export const ID_INDEX = "by_id_field";

/** Types that many columns have, by the letter that stands for them. */
export const SHORT_TYPES: Readonly<Record<string, string>> = {
  b: "boolean",
  d: "date",
  n: "number",
  l: "string[]",
};

/** The name of an index that has no other. */
export function packedIndexName(columns: readonly string[]): string {
  return `by_${columns.join("_")}`;
}

// --- internal ---

const FIELD = /^(\w+)(?::([^!?>]+))?(!?)(\??)(?:>(\w+)(?:\.(\w+))?(?:\/(.+))?)?$/;

function unpackField(word: string): [string, AuthField] {
  const [, column = "", short = "string", unique, optional, model, field = "id", onDelete] =
    FIELD.exec(word) ?? [];
  const type = SHORT_TYPES[short] ?? short;
  return [
    column,
    {
      column,
      type: (type.includes("|") ? type.split("|") : type) as FieldType, // as the printer wrote it
      required: !optional,
      ...(unique && { unique: true as const }),
      ...(model && {
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
