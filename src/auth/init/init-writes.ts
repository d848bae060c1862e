// What `init` of a plugin writes again in each instance, where a process writes it once: which of it is left out.
// Must not import better-auth.
import { convexToJson, type Value } from "convex/values";
import type { AuthTables } from "../../metadata.js";
import { definedColumns } from "../../store/rows.js";
import type { CreateInput, FindOneInput, Row, Store, UpdateInput } from "../../store/store.js";
import { contentOf, dateColumns, type SeededRows } from "./seeded-rows.js";

export type InitWrites = {
  /** Answers `init` for a row that was made before and deleted since; undefined for one that is to be made. */
  readonly rowThatIsGone: (input: CreateInput) => Promise<Row | undefined>;
  /** The row that an update would leave as it is, dates aside. */
  readonly sameRow: (input: UpdateInput, store: Store) => Promise<Row | undefined>;
  /** The store for everything but `init`. */
  readonly watching: (store: Store) => Store;
};

/** A row that was never written. */
export function pretendedRow({ data }: CreateInput): Row {
  return { ...definedColumns(data), id: PRETENDED_ID };
}

/**
 * The writes of one instance. oauthProvider() seeds again at its first look at a resource, as it remembers that it has
 * for one instance only: what `init` left out is left out then, too. Of a row that is gone only what a plugin has looked
 * for before it makes it: whoever makes it without a look wants it back.
 *
 * @param seeded what `init` has made before; undefined where nobody knows: then what is missing is made
 */
export function initWrites(tables: AuthTables, seeded: SeededRows | undefined): InitWrites {
  const gone = new Map<string, { readonly row: CreateInput; isLooked: boolean }>();
  const same = new Set<string>();
  const sameRow = async (input: UpdateInput, store: Store) => {
    const { model, where, data } = input;
    const row = await store.findOne({ model, where });
    const dates = dateColumns(tables, model);
    const isSame = Object.entries(data).every(
      ([column, value]) =>
        value === undefined || dates.has(column) || isEqual(row?.[column] ?? null, value),
    );
    if (!row || !isSame) return undefined;
    same.add(contentOf(input, tables));
    return row;
  };
  return {
    sameRow,
    rowThatIsGone: async (row) => {
      const isOfGone = Object.values(row.data).includes(PRETENDED_ID);
      if (!isOfGone && !(await seeded?.knows(row))) return undefined;
      gone.set(contentOf(row, tables), { row, isLooked: false });
      return pretendedRow(row);
    },
    watching: (store) => ({
      ...store,
      findOne: async (input) => {
        const found = await store.findOne(input);
        if (found === null)
          for (const one of gone.values()) if (isLook(input, one.row)) one.isLooked = true;
        return found;
      },
      create: async (input) => {
        const { isLooked = false } = gone.get(contentOf(input, tables)) ?? {};
        return isLooked ? pretendedRow(input) : store.create(input);
      },
      update: async (input) => {
        const row = same.has(contentOf(input, tables)) ? await sameRow(input, store) : undefined;
        return row ?? store.update(input);
      },
    }),
  };
}

// --- internal ---

const PRETENDED_ID = "pretended";

function isLook({ model, where }: FindOneInput, { model: ofRow, data }: CreateInput): boolean {
  const isSaid = where.every(
    ({ column, operator = "eq", value }) => operator === "eq" && data[column] === value,
  );
  return model === ofRow && isSaid;
}

function isEqual(one: Value, other: Value): boolean {
  return JSON.stringify(convexToJson(one)) === JSON.stringify(convexToJson(other));
}
