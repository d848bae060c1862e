// Reads one page of the documents that a query has to look at, for reads that are too long for one transaction.
// Keeps of a match only what orders it and what finds it again. Must not know how many pages there are.
import { compareValues, type Value } from "convex/values";
import type { AuthModel, AuthTables } from "../metadata.js";
import { indexColumns, placeOf, rangesAfter, type Place } from "../query/after.js";
import { compareDocuments, matchesAll, matchesAny } from "../query/match.js";
import { planQuery, type Access, type QueryPlan } from "../query/plan.js";
import type { QueryDocument } from "../query/where.js";
import { PAGE_BUDGET } from "./budgets.js";
import { modelOf, type Reader } from "./db.js";
import { applyRange, getDocument, sizeOf } from "./read.js";
import type { Kept, ScanInput, ScanPage, ScanPlace } from "./store.js";

/**
 * Reads the page that begins at `from`.
 *
 * @throws KitcnError `UNKNOWN_MODEL`, `UNKNOWN_COLUMN`
 */
export async function scanPage(
  { db, tables }: { db: Reader; tables: AuthTables },
  { model, where, sort, keep, budget, from = { access: 0 } }: ScanInput,
): Promise<ScanPage> {
  const definition = modelOf(tables, model);
  const plan = planQuery({ model, definition, where, sort });
  // Several ranges could only be merged if each were read to its end.
  const isOrdered = !sort || (plan.isSorted && plan.accesses.length < 2);
  const page = createPage({ plan, keep, isOrdered, budget });
  const stop = (next: ScanPlace | null): ScanPage => ({ ...page.read(), isOrdered, next });
  for (const [number, access] of plan.accesses.entries()) {
    if (number < from.access) continue;
    const place = number === from.access ? from.place : undefined;
    const documents = streamAfter(db, { plan, definition, access, place });
    for await (const found of documents) {
      const isNew = !plan.accesses.slice(0, number).some((one) => isCovered(one, found.document));
      page.add(found.document, isNew && isMatch(plan, access, found.document));
      if (page.isComplete()) return stop(null);
      if (page.isFull()) return stop({ access: number, place: found.place() });
    }
  }
  return stop(null);
}

// --- internal ---

type Found = { readonly document: QueryDocument; readonly place: () => Place };

function createPage({
  plan,
  keep,
  isOrdered,
  budget = PAGE_BUDGET.documents,
}: Pick<ScanInput, "keep" | "budget"> & { plan: QueryPlan; isOrdered: boolean }) {
  const { offset = 0, limit = Infinity, passed = 0, worst } = keep ?? {};
  const end = offset + limit;
  const { sort } = plan;
  const compare = sort && compareDocuments(sort);
  const used = { documents: 0, bytes: 0 };
  let matches = 0;
  let kept: Kept[] = [];
  const keepOrdered = (document: QueryDocument) => {
    const at = passed + matches;
    if (at >= offset && at < end) kept.push(keptOf(document, sort?.column));
  };
  const keepBest = (document: QueryDocument) => {
    if (!compare || (worst && compare(document, worst) >= 0)) return;
    kept.push(keptOf(document, sort?.column));
  };
  return {
    add: (document: QueryDocument, isMatch: boolean) => {
      used.documents++;
      used.bytes += sizeOf(document);
      if (!isMatch) return;
      if (keep) (isOrdered ? keepOrdered : keepBest)(document);
      matches++;
    },
    isFull: () => used.documents >= budget || used.bytes >= PAGE_BUDGET.bytes,
    isComplete: () => keep !== undefined && isOrdered && passed + matches >= end,
    read: () => {
      if (!isOrdered && compare) kept = kept.sort(compare).slice(0, end);
      return { ...used, matches, kept };
    },
  };
}

function keptOf(document: QueryDocument, column: string | undefined): Kept {
  const { _id, _creationTime } = document;
  const names = column === undefined ? ["id"] : ["id", column];
  const values = names.map((name) => [name, document[name]] as const);
  // A column that is absent stays so: undefined is no value that crosses.
  const present = values.filter(([, value]) => value !== undefined);
  return { ...(Object.fromEntries(present) as Record<string, Value>), _id, _creationTime };
}

function isMatch(plan: QueryPlan, access: Access, document: QueryDocument): boolean {
  return matchesAll(document, access.filter) && matchesAny(document, plan.anyOf);
}

/** Whether an access finds the document: then it was counted there. */
function isCovered(access: Access, document: QueryDocument): boolean {
  if (!matchesAll(document, access.filter)) return false;
  if (access.kind === "get") return access.ids.includes(document._id);
  const { equal, lower, upper } = access;
  const compare = (column: string, value: Value | undefined) =>
    compareValues(document[column], value);
  const isWithin = (order: number, isInclusive: boolean) =>
    order > 0 || (order === 0 && isInclusive);
  return (
    equal.every(([column, value]) => compare(column, value) === 0) &&
    (!lower || isWithin(compare(lower.column, lower.value), lower.isInclusive)) &&
    (!upper || isWithin(-compare(upper.column, upper.value), upper.isInclusive))
  );
}

type AccessInput = {
  readonly plan: QueryPlan;
  readonly definition: AuthModel;
  readonly access: Access;
  readonly place: Place | undefined;
};

async function* streamAfter(
  db: Reader,
  { plan, definition, access, place }: AccessInput,
): AsyncGenerator<Found> {
  if (access.kind === "get") {
    const start = Number(place?.key[0]?.[0] ?? 0);
    for (const [offset, id] of access.ids.slice(start).entries()) {
      const document = await getDocument(db, plan.table, id);
      const next = { key: [[start + offset + 1]], ids: [] };
      if (document) yield { document, place: () => next };
    }
    return;
  }
  const order = plan.isSorted ? (plan.sort?.direction ?? "asc") : "asc";
  const columns = indexColumns(definition, access.index);
  const ranges = place ? rangesAfter(access, { columns, place, order }) : [access];
  // Documents in a row that were created at the same time; most often one.
  let ties: readonly string[] = place?.ids ?? [];
  let time = place?.key.at(-1)?.[0];
  for (const range of ranges) {
    const documents = db
      .query(plan.table)
      .withIndex(access.index, (builder) => applyRange(builder, range))
      .order(order);
    for await (const document of documents) {
      if (place?.ids.includes(document._id)) continue;
      ties = document._creationTime === time ? [...ties, document._id] : [document._id];
      time = document._creationTime;
      const ids = ties;
      yield { document, place: () => placeOf(document, columns, ids) };
    }
  }
}
