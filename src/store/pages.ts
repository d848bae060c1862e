// Reads that are too long for one transaction, in pages: an action asks for one after the other, and keeps no more
// than what the answer needs. Must not know databases, nor how a store reaches them.
import { getConvexSize, type Value } from "convex/values";
import { tooManyToOrder, tooManyToScan } from "../errors/adapter.js";
import { isKitcnError } from "../errors/error.js";
import { compareDocuments, idOf } from "../query/match.js";
import { KEPT_BUDGET, PAGES_BUDGET, READ_BUDGET, TRY_BUDGET } from "./budgets.js";
import type { StoreOperation } from "./operation.js";
import type {
  CountInput,
  FindManyInput,
  FindOneInput,
  Kept,
  Row,
  ScanInput,
  ScanPage,
  Store,
} from "./store.js";

/** A read, which may be too long for one transaction. */
export type LongRead = Extract<StoreOperation, { kind: "count" | "findMany" | "findOne" }>;

export type LongResult = {
  readonly result: Row[] | Row | number | null;
  /** How many documents match, where that is known, too. */
  readonly total?: number;
};

/** True for the refusal of a read that is too long for one transaction. */
export function isTooLong(error: unknown): boolean {
  return isKitcnError(error) && TOO_LONG.has(error.data.code);
}

/**
 * A store whose long reads are done in pages, for an action. A read that is short is one call, as ever.
 *
 * @example
 * const store = pagedStore(runStore(ctx, refs));
 */
export function pagedStore(store: Store): Store {
  const budget = TRY_BUDGET;
  const whole = async <Result>(read: LongRead, call: () => Promise<Result>): Promise<Result> => {
    try {
      return await call();
    } catch (error) {
      if (!isTooLong(error)) throw error;
      return (await readInPages(store, read)).result as Result; // what the method of that name gives
    }
  };
  return {
    ...store,
    count: (input) => whole({ kind: "count", input }, () => store.count({ ...input, budget })),
    findMany: (input) =>
      whole({ kind: "findMany", input }, () => store.findMany({ ...input, budget })),
    findOne: (input) =>
      whole({ kind: "findOne", input }, () => store.findOne({ ...input, budget })),
  };
}

/**
 * Does one read in pages. Each is a transaction of its own: a document that changes meanwhile counts as one of them
 * sees it.
 *
 * @throws KitcnError `TOO_MANY_DOCUMENTS` beyond PAGES_BUDGET and KEPT_BUDGET
 */
export async function readInPages(store: Store, read: LongRead): Promise<LongResult> {
  switch (read.kind) {
    case "count": {
      const total = await countPages(store, read.input);
      return { result: total, total };
    }
    case "findMany": {
      const { kept, total } = await loadKept(store, read.input);
      return {
        result: await loadRows(store, read.input, kept),
        ...(total !== undefined && { total }),
      };
    }
    case "findOne": {
      const { kept } = await loadKept(store, { ...read.input, limit: 1 });
      const [first] = kept;
      if (!first) return { result: null };
      const where = [{ column: "id", value: idOf(first) }, ...read.input.where];
      return { result: await store.findOne({ ...read.input, where }) };
    }
  }
}

// --- internal ---

const TOO_LONG = new Set<string>(["MISSING_INDEX", "TOO_MANY_DOCUMENTS"]);

async function countPages(store: Store, { model, where }: CountInput): Promise<number> {
  let total = 0;
  for await (const page of pagesOf(store, () => ({ model, where }))) total += page.matches;
  return total;
}

/** What orders and finds the documents from `offset` to `limit`. `total` is known if all had to be looked at. */
async function loadKept(
  store: Store,
  input: FindManyInput | (FindOneInput & { sort?: never; offset?: never; limit: number }),
): Promise<{ kept: readonly Kept[]; total?: number }> {
  const { model, where, sort, offset = 0, limit } = input;
  const end = limit === undefined ? Infinity : offset + limit;
  let kept: Kept[] = [];
  let passed = 0;
  let bytes = 0;
  let isOrdered = true;
  const next = (): Omit<ScanInput, "from"> => {
    const worst = isOrdered || kept.length < end ? undefined : kept.at(-1);
    const keep = { offset, ...(limit !== undefined && { limit }), passed, ...(worst && { worst }) };
    return { model, where, ...(sort && { sort }), keep };
  };
  for await (const page of pagesOf(store, next)) {
    passed += page.matches;
    ({ isOrdered } = page);
    kept = kept.concat(page.kept);
    if (sort && !isOrdered) kept = kept.sort(compareDocuments(sort)).slice(0, end);
    bytes = assertKept(model, kept, bytes + sizeOf(page.kept));
  }
  return isOrdered ? { kept } : { kept: kept.slice(offset), total: passed };
}

/** One page after the other, as long as there are any. */
async function* pagesOf(
  store: Store,
  input: () => Omit<ScanInput, "from">,
): AsyncGenerator<ScanPage> {
  const used = { documents: 0, bytes: 0 };
  let from: ScanPage["next"] | undefined;
  while (from !== null) {
    const page: ScanPage = await store.scan({ ...input(), ...(from && { from }) });
    used.documents += page.documents;
    used.bytes += page.bytes;
    if (used.documents > PAGES_BUDGET.documents || used.bytes > PAGES_BUDGET.bytes)
      throw tooManyToScan({ model: input().model, ...PAGES_BUDGET });
    yield page;
    from = page.next;
  }
}

/** The rows in the order in which they were found. One that was deleted meanwhile is not among them. */
async function loadRows(
  store: Store,
  { model, where, select, joins }: FindManyInput,
  kept: readonly Kept[],
): Promise<Row[]> {
  const ids = kept.map(idOf);
  if (ids.length === 0) return [];
  const rows = await store.findMany({
    model,
    // The rest again, since a document may have changed meanwhile.
    where: [{ column: "id", operator: "in", value: ids }, ...where],
    ...(select && { select }),
    ...(joins && { joins }),
    budget: READ_BUDGET.documents,
  });
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

function assertKept(model: string, kept: readonly Kept[], addedBytes: number): number {
  // Only what was kept at some time was added, so mostly there is nothing to count.
  const bytes = addedBytes > KEPT_BUDGET.bytes ? sizeOf(kept) : addedBytes;
  if (kept.length <= KEPT_BUDGET.documents && bytes <= KEPT_BUDGET.bytes) return bytes;
  throw tooManyToOrder({ model, ...KEPT_BUDGET });
}

function sizeOf(kept: readonly Kept[]): number {
  return getConvexSize(kept as unknown as Value); // keptOf leaves absent columns out
}
