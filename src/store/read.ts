// Executes query plans on ctx.db. Bounded: what no index serves may read only so much, then it fails by name.
// Must not decide how to read (src/query does) and never writes.
import { KitcnError } from "../errors.js";
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
import { modelOf, type RangeBuilder, type Reader } from "./db.js";

/**
 * How much one operation may read without an index that serves it. Two such operations (a page and its
 * count) fit into one transaction, for which Convex allows 32,000 documents and 16 MiB.
 */
export const SCAN_BUDGET = { documents: 12_000, bytes: 7 * 1024 * 1024 } as const;

/** How many documents one operation may read at all. */
export const READ_BUDGET_DOCUMENTS = 30_000;

export type ReadInput = Omit<QueryInput, "definition">;

/**
 * The documents a query asks for, in its order, each once.
 *
 * @throws KitcnError `MISSING_INDEX`, `TOO_MANY_DOCUMENTS`
 */
export async function loadDocuments(
  { db, tables }: { db: Reader; tables: AuthTables },
  input: ReadInput,
): Promise<QueryDocument[]> {
  return loadPlan(db, planQuery({ ...input, definition: modelOf(tables, input.model) }));
}

/** The same, for what any of several wheres finds; none of them has OR clauses. */
export async function loadAny(
  { db, tables }: { db: Reader; tables: AuthTables },
  input: Omit<AnyInput, "definition">,
): Promise<QueryDocument[]> {
  return loadPlan(db, planAny({ ...input, definition: modelOf(tables, input.model) }));
}

// --- internal ---

async function loadPlan(db: Reader, plan: QueryPlan): Promise<QueryDocument[]> {
  const end = plan.limit === undefined ? Infinity : plan.offset + plan.limit;
  if (end <= plan.offset) return [];
  const found = new Map<string, QueryDocument>();
  const spend = createBudget(plan);
  const isMerged = plan.sort !== undefined && plan.accesses.length > 1;

  for (const access of plan.accesses) {
    let matched = 0;
    for await (const document of streamOf(db, { plan, access, end })) {
      spend(document);
      if (!matchesAll(document, access.filter) || !matchesAny(document, plan.anyOf)) continue;
      matched++;
      found.set(document._id, document);
      // Of each part of a merge the page may need as many as of the only part.
      if (plan.isSorted && (isMerged ? matched : found.size) >= end) break;
    }
    if (plan.isSorted && !isMerged && found.size >= end) break;
  }
  const documents = [...found.values()];
  if (plan.sort && (isMerged || !plan.isSorted)) documents.sort(compareDocuments(plan.sort));
  return documents.slice(plan.offset, end);
}

const GET_CHUNK = 100;

type Stream = AsyncIterable<QueryDocument> | Iterable<QueryDocument>;

async function* streamOf(
  db: Reader,
  { plan, access, end }: { plan: QueryPlan; access: Access; end: number },
): AsyncGenerator<QueryDocument> {
  if (access.kind === "get") {
    for (let at = 0; at < access.ids.length; at += GET_CHUNK) {
      const chunk = access.ids.slice(at, at + GET_CHUNK);
      const documents = await Promise.all(chunk.map((id) => getDocument(db, plan.table, id)));
      for (const document of documents) if (document) yield document;
    }
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

/** Null also for an id of another table, which never resolves. */
function getDocument(db: Reader, table: string, id: string): Promise<QueryDocument | null> {
  const own = db.normalizeId(table, id);
  return own === null ? Promise.resolve(null) : db.get(own);
}

function applyRange(
  builder: RangeBuilder,
  { equal, lower, upper }: Exclude<Access, { kind: "get" }>,
): RangeBuilder {
  let range = builder;
  for (const [column, value] of equal) range = range.eq(column, value);
  if (lower) range = range[lower.isInclusive ? "gte" : "gt"](lower.column, lower.value);
  if (upper) range = range[upper.isInclusive ? "lte" : "lt"](upper.column, upper.value);
  return range;
}

/** Counts what is read, and fails before Convex would, with the name of what is missing. */
function createBudget(plan: QueryPlan): (document: QueryDocument) => void {
  let documents = 0;
  let bytes = 0;
  return (document) => {
    documents++;
    if (documents > READ_BUDGET_DOCUMENTS) throw tooMany(plan);
    if (plan.isServed) return;
    bytes += sizeOf(document);
    if (documents > SCAN_BUDGET.documents || bytes > SCAN_BUDGET.bytes) throw missingIndex(plan);
  };
}

/** About what Convex counts: text dominates. */
function sizeOf(document: QueryDocument): number {
  let size = 0;
  for (const value of Object.values(document))
    size += typeof value === "string" ? value.length : 16;
  return size;
}

function missingIndex({ model, table, wantedIndex }: QueryPlan): KitcnError {
  const columns = wantedIndex.map((column) => JSON.stringify(column)).join(", ");
  const name = `by_${wantedIndex.join("_")}`.slice(0, 64);
  return new KitcnError({
    code: "MISSING_INDEX",
    message: `A query of the model "${model}" had to scan more of table "${table}" than one operation may read, since no index serves it.`,
    hint:
      wantedIndex.length > 0
        ? `Add an index to the table: .index("${name}", [${columns}]), then run \`npx kitcn codegen\`.`
        : `No index of "${table}" can serve it: narrow it by a column that an index starts with.`,
  });
}

function tooMany({ model, table }: QueryPlan): KitcnError {
  return new KitcnError({
    code: "TOO_MANY_DOCUMENTS",
    message: `A query of the model "${model}" matches more than ${READ_BUDGET_DOCUMENTS} documents of table "${table}", more than one operation may read.`,
    hint: "Ask for a page (`limit`), or narrow the query; keep large counts in a document of their own.",
  });
}
