// Which rows `init` of a plugin has made. A process makes them when it starts, and one that is deleted afterwards is
// gone for as long as it runs; Convex has no process that could remember it. Must not import better-auth.
import { convexToJson, type Value } from "convex/values";
import type { AdapterStores } from "../../adapter/adapter.js";
import type { AuthTables } from "../../metadata.js";
import type { Where } from "../../query/where.js";
import type { CreateInput } from "../../store/store.js";
import { secretName, verificationRows } from "./verification-rows.js";

export type SeededRows = {
  /** True if the same row was made before. It may be gone since. */
  readonly knows: (row: CreateInput) => Promise<boolean>;
  readonly note: (row: CreateInput) => Promise<void>;
};

/**
 * The rows that plugins have seeded, remembered in the `verification` table; undefined in an app without one.
 *
 * @param secrets the current one first
 * @example
 * const seeded = seededRows({ tables, stores, secrets });
 * if (!(await seeded?.knows(row))) await store.create(row);
 */
export function seededRows({
  tables,
  stores,
  secrets,
}: {
  readonly tables: AuthTables;
  readonly stores: AdapterStores;
  readonly secrets: readonly [string, ...string[]];
}): SeededRows | undefined {
  const rows = verificationRows(tables, stores);
  if (!rows) return undefined;
  const nameOf = (row: CreateInput, secret: string) =>
    secretName({ prefix: "kitcn-seed-", purpose: PURPOSE, text: contentOf(row, tables), secret });
  return {
    knows: async (row) => {
      for (const secret of secrets) if (await rows.find(await nameOf(row, secret))) return true;
      return false;
    },
    note: async (row) => {
      const identifier = await nameOf(row, secrets[0]);
      await rows.put({ identifier, value: "seeded", expiresAt: NEVER });
    },
  };
}

/** What is written beside an id and dates: equal for two rows that a plugin makes of the same options. */
export function contentOf({ model, data, where = [] }: Written, tables: AuthTables): string {
  const dates = dateColumns(tables, model);
  const said = Object.entries(data)
    .filter(([column, value]) => value !== undefined && column !== "id" && !dates.has(column))
    .map(([column, value]): [string, unknown] => [column, convexToJson(value as Value)]) // no undefined any more
    .sort(([one], [other]) => (one < other ? -1 : 1));
  return JSON.stringify([model, said, ...where]);
}

/** The columns of a model that hold dates. */
export function dateColumns(tables: AuthTables, model: string): ReadonlySet<string> {
  const fields = Object.values(tables[model]?.fields ?? {});
  return new Set(fields.filter(({ type }) => type === "date").map(({ column }) => column));
}

// --- internal ---

/** A row to create, or an update. */
type Written = CreateInput & { readonly where?: Where };

const PURPOSE = "kitcn seeded row";

/** Better Auth deletes what has expired. */
const NEVER = Date.UTC(9999, 0);
