// Executes query plans on ctx.db. Bounded: what no index serves may read only so much, then it fails by name.
// Must not decide how to read (src/query does) and never writes.
import { getDocumentSize, type Value } from "convex/values";
import type { KitcnError } from "../errors/error.js";
import { missingIndex, noIndexPossible, tooManyMatches } from "../errors/store.js";
import type { AuthTables } from "../metadata.js";
import { compareDocuments, matchesAll, matchesAny } from "../query/match.js";
import {
  planAny,
  planQuery,
  type Access,
  type AnyInput,
  type QueryInput,
  type QueryPlan,
} from "../query/plan.js";
import type { QueryDocument } from "../query/where.js";
import { READ_BUDGET, SCAN_BUDGET } from "./budgets.js";
import { concatenate, mergeSorted } from "./streams.js";
import { modelOf, type RangeBuilder, type Reader } from "./db.js";

export type ReadInput = Omit<QueryInput, "definition"> & {
  /** Takes the place of SCAN_BUDGET. */
  readonly budget?: number | undefined;
};

/**
 * The documents a query asks for, in its order, each once.
 *
 * @throws KitcnError `MISSING_INDEX`, `TOO_MANY_DOCUMENTS`
 */
export async function loadDocuments(
  { db, tables }: { db: Reader; tables: AuthTables },
  input: ReadInput,
): Promise<QueryDocument[]> {
  const plan = planQuery({ ...input, definition: modelOf(tables, input.model) });
  return loadPlan(db, plan, input.budget);
}

/**
 * How many documents a query finds. None of them is kept.
 *
 * @throws KitcnError `MISSING_INDEX`, `TOO_MANY_DOCUMENTS`
 */
export async function countDocuments(
  { db, tables }: { db: Reader; tables: AuthTables },
  { budget, ...input }: ReadInput,
): Promise<number> {
  const plan = planQuery({ ...input, definition: modelOf(tables, input.model) });
  const spend = createBudget(plan, budget);
  const streams = plan.accesses.map((access) =>
    matching(db, { plan, access, end: Infinity, spend }),
  );
  // Only several accesses may find a document twice.
  const found = new Set<string>();
  let count = 0;
  for await (const { _id } of concatenate(streams)) {
    if (streams.length === 1) count++;
    else found.add(_id);
  }
  return count + found.size;
}

/** The same, for what any of several wheres finds; none of them has OR clauses. */
export async function loadAny(
  { db, tables }: { db: Reader; tables: AuthTables },
  input: Omit<AnyInput, "definition">,
): Promise<QueryDocument[]> {
  return loadPlan(db, planAny({ ...input, definition: modelOf(tables, input.model) }));
}

/** In bytes, as Convex counts it. */
export function sizeOf(document: QueryDocument): number {
  return getDocumentSize(document as Record<string, Value>); // absent columns are not there, or count as 0
}

/** Null also for an id of another table, which never resolves. */
export function getDocument(db: Reader, table: string, id: string): Promise<QueryDocument | null> {
  const own = db.normalizeId(table, id);
  return own === null ? Promise.resolve(null) : db.get(own);
}

/** An index range in the words of Convex's builder. */
export function applyRange(
  builder: RangeBuilder,
  { equal, lower, upper }: Exclude<Access, { kind: "get" }>,
): RangeBuilder {
  let range = builder;
  for (const [column, value] of equal) range = range.eq(column, value);
  if (lower) range = range[lower.isInclusive ? "gte" : "gt"](lower.column, lower.value);
  if (upper) range = range[upper.isInclusive ? "lte" : "lt"](upper.column, upper.value);
  return range;
}

// --- internal ---

async function loadPlan(db: Reader, plan: QueryPlan, budget?: number): Promise<QueryDocument[]> {
  const end = plan.limit === undefined ? Infinity : plan.offset + plan.limit;
  if (end <= plan.offset) return [];
  // Those before the page would be read in vain.
  if (budget !== undefined && plan.offset > budget) throw tooMany(plan);
  const found = new Map<string, QueryDocument>();
  const spend = createBudget(plan, budget);
  const streams = plan.accesses.map((access) => matching(db, { plan, access, end, spend }));
  const merged =
    plan.sort && plan.isSorted && streams.length > 1
      ? mergeSorted(streams, compareDocuments(plan.sort))
      : concatenate(streams);
  for await (const document of merged) {
    found.set(document._id, document);
    if (plan.isSorted && found.size >= end) break;
  }
  const documents = [...found.values()];
  if (plan.sort && !plan.isSorted) documents.sort(compareDocuments(plan.sort));
  return documents.slice(plan.offset, end);
}

const GET_CHUNK = 100;

type Stream = AsyncIterable<QueryDocument> | Iterable<QueryDocument>;

type AccessInput = { plan: QueryPlan; access: Access; end: number };

/** The documents of one access that the query asks for. */
async function* matching(
  db: Reader,
  { spend, ...input }: AccessInput & { spend: (document: QueryDocument) => void },
): AsyncGenerator<QueryDocument> {
  for await (const document of streamOf(db, input)) {
    spend(document);
    const isMatch =
      matchesAll(document, input.access.filter) && matchesAny(document, input.plan.anyOf);
    if (isMatch) yield document;
  }
}

async function* streamOf(
  db: Reader,
  { plan, access, end }: AccessInput,
): AsyncGenerator<QueryDocument> {
  if (access.kind === "get") {
    for (let at = 0; at < access.ids.length; at += GET_CHUNK) {
      const chunk = access.ids.slice(at, at + GET_CHUNK);
      const documents = await Promise.all(chunk.map((id) => getDocument(db, plan.table, id)));
      for (const document of documents) if (document) yield document;
    }
    return;
  }
  const known = access.kind === "unique" && db.known?.(plan.table, access.equal);
  if (known && !access.lower && !access.upper) {
    yield known;
    return;
  }
  const range = db
    .query(plan.table)
    .withIndex(access.index, (builder) => applyRange(builder, access))
    .order(plan.isSorted ? (plan.sort?.direction ?? "asc") : "asc");
  // A stated number lets Convex read ahead no further than that.
  const isBounded = plan.isServed && plan.accesses.length === 1 && end !== Infinity;
  const stream: Stream = isBounded ? await range.take(end) : range;
  yield* stream;
}

/** Counts what is read, and fails before Convex would, with the name of what is missing. */
function createBudget(plan: QueryPlan, budget?: number): (document: QueryDocument) => void {
  const used = { documents: 0, bytes: 0 };
  const scan = { ...SCAN_BUDGET, ...(budget !== undefined && { documents: budget }) };
  const isPage = plan.isServed && plan.limit !== undefined && plan.offset <= scan.documents;
  const isBeyond = (budget: typeof used) =>
    used.documents > budget.documents || used.bytes > budget.bytes;
  return (document) => {
    used.documents++;
    used.bytes += sizeOf(document);
    if (!plan.isServed && isBeyond(scan)) throw noIndexServes(plan);
    if (budget !== undefined && !isPage && isBeyond(scan)) throw tooMany(plan);
    if (isBeyond(READ_BUDGET)) throw tooMany(plan);
  };
}

function noIndexServes({ model, table, wantedIndex }: QueryPlan): KitcnError {
  if (wantedIndex.length === 0) return noIndexPossible({ model, table });
  const name = `by_${wantedIndex.join("_")}`.slice(0, 64);
  const columns = wantedIndex.map((column) => `"${column}"`);
  return missingIndex({ model, table, name, columns });
}

function tooMany({ model, table }: QueryPlan): KitcnError {
  return tooManyMatches({ model, table, ...READ_BUDGET });
}
