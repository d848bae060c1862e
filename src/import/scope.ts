// The stores that an import writes through, and the map of old ids. Each batch of operations is one call for each
// placement. Must not import better-auth: the functions of generated/import.ts load this and no more.
import type { AdapterStores } from "../adapter/adapter.js";
import type { AuthTables } from "../metadata.js";
import { modelOf } from "../store/db.js";
import type { OperationResult, StoreOperation } from "../store/operation.js";
import type { FindManyInput, Row } from "../store/store.js";
import { IMPORT_MODELS } from "./models.js";
import type { ImportRef } from "./types.js";

export type ImportScope = {
  readonly tables: AuthTables;
  readonly stores: AdapterStores;
};

/** A row of the old library, by its names there. */
export type OldRow = { readonly model: string; readonly oldId: string };

/** A row of the map. */
export type MappedId = {
  readonly id: string;
  readonly source: string;
  readonly model: string;
  readonly oldId: string;
  readonly newId: string;
  readonly isLinked: boolean;
  readonly importedAt: number;
};

/** Runs operations of any models, in their order within a placement, and gives their results in the order they came. */
export async function runPlaced(
  { tables, stores }: ImportScope,
  operations: readonly StoreOperation[],
): Promise<OperationResult[]> {
  const results: OperationResult[] = operations.map(() => null);
  for (const placement of ["app", "component"] as const) {
    const own = operations.flatMap((operation, at) =>
      modelOf(tables, operation.input.model).placement === placement ? [{ operation, at }] : [],
    );
    if (own.length === 0) continue;
    const answers = await stores[placement].batch(own.map(({ operation }) => operation));
    own.forEach(({ at }, index) => (results[at] = answers[index] ?? null));
  }
  return results;
}

/** The rows that `findOne` operations found. */
export async function findPlaced(
  scope: ImportScope,
  finds: readonly Extract<StoreOperation, { kind: "findOne" }>["input"][],
): Promise<(Row | null)[]> {
  const operations = finds.map((input) => ({ kind: "findOne", input }) as const);
  return (await runPlaced(scope, operations)) as (Row | null)[]; // what findOne returns
}

/** What the map says of rows of one source; those that it does not know are left out. By `keyOf`. */
export async function loadMapped(
  scope: ImportScope,
  source: string,
  rows: Iterable<OldRow>,
): Promise<Map<string, MappedId>> {
  const distinct = [...new Map([...rows].map((row) => [keyOf(row), row])).values()];
  const found = await findPlaced(
    scope,
    distinct.map(({ model, oldId }) => ({
      model: IMPORT_MODELS.ids,
      where: [
        { column: "source", value: source },
        { column: "model", value: model },
        { column: "oldId", value: oldId },
      ],
    })),
  );
  return new Map(found.flatMap((row) => (row ? [[keyOf(mappedOf(row)), mappedOf(row)]] : [])));
}

/** The rows of the map that each of the queries finds. */
export async function findMapped(
  scope: ImportScope,
  finds: readonly Omit<FindManyInput, "model">[],
): Promise<MappedId[][]> {
  const results = await runPlaced(
    scope,
    finds.map((find) => ({ kind: "findMany", input: { model: IMPORT_MODELS.ids, ...find } })),
  );
  return (results as Row[][]).map((rows) => rows.map(mappedOf)); // what findMany returns
}

/** Any row that a reference may mean. */
export function targetsOf({ models, oldId }: ImportRef): OldRow[] {
  return models.map((model) => ({ model, oldId }));
}

/** Where the next page of the map begins; null after the last one. */
export function cursorAfter(page: readonly MappedId[], limit: number): string | null {
  return (page.length < limit ? undefined : page.at(-1)?.oldId) ?? null;
}

/** A row of the map's table as what it is. */
export function mappedOf(row: Row): MappedId {
  return row as unknown as MappedId; // written by this module's callers only
}

/** One text for a row of a source. */
export function keyOf({ model, oldId }: OldRow): string {
  return `${model} ${oldId}`;
}
