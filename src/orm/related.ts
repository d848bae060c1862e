// Reads the documents that relations lead to: one look-up for each distinct key over an index, or one pass over
// the table where no index leads in. Reads only.
import type { Value } from "convex/values";
import { idOf } from "../query/match.js";
import { planAny } from "../query/plan.js";
import type { Clause, QueryDocument } from "../query/where.js";
import { loadAny } from "../store/read.js";
import { queryOf, type FindInput, type FindScope, type Query } from "./find.js";
import { targetOf, type AnyRelation } from "./relations.js";
import { tableOf } from "./tables.js";
import { columnOf } from "./where.js";

type RelatedInput = {
  readonly table: string;
  readonly relation: AnyRelation;
  readonly documents: readonly QueryDocument[];
  readonly options: FindInput;
};

/** For each document, what the relation leads to. */
export async function loadRelated(
  scope: FindScope,
  { table, relation, documents, options }: RelatedInput,
): Promise<QueryDocument[][]> {
  const target = targetOf(relation);
  const found = queryOf(scope, target, options);
  const query = "one" in relation ? { ...found, limit: 1 } : found;
  const from = columnOf(relation.from, tableOf(scope.tables, table));
  const to = columnOf(relation.to, tableOf(scope.tables, target));
  const keys = documents.map((document) => keysOf(document, from));
  const load = isIndexed(scope, query, to)
    ? memoized((key: readonly Value[]) => loadAny(scope, joined(query, to, key)))
    : await loadOnce(scope, { query, to, keys: keys.flat() });
  // Null leads nowhere, not to other nulls.
  return Promise.all(keys.map((key) => (key.length === 0 ? [] : load(key))));
}

// --- internal ---

type Load = (key: readonly Value[]) => Promise<QueryDocument[]> | QueryDocument[];

/** A reference may hold a document's forced id or its own. */
function keysOf(document: QueryDocument, from: string): readonly Value[] {
  if (from === "id") return [...new Set([idOf(document), document._id])];
  const value = document[from] ?? null;
  return value === null ? [] : [value];
}

function joined(query: Query, to: string, keys: readonly Value[]): Query {
  const clause: Clause = { column: to, operator: "in", value: [...keys] };
  return { ...query, wheres: query.wheres.map((where) => [clause, ...where]) };
}

function isIndexed(scope: FindScope, query: Query, to: string): boolean {
  const definition = tableOf(scope.tables, query.model);
  const { accesses } = planAny({ ...joined(query, to, ["?"]), definition });
  return accesses.every(({ filter }) => filter.every((clause) => clause.column !== to));
}

function memoized(load: (key: readonly Value[]) => Promise<QueryDocument[]>): Load {
  const known = new Map<Value | undefined, Promise<QueryDocument[]>>();
  return (key) => {
    const found = known.get(key[0]) ?? load(key);
    known.set(key[0], found);
    return found;
  };
}

async function loadOnce(
  scope: FindScope,
  { query, to, keys }: { query: Query; to: string; keys: readonly Value[] },
): Promise<Load> {
  const { limit = Infinity, offset = 0 } = query;
  const all = { ...query, limit: undefined, offset: undefined };
  const documents = keys.length > 0 ? await loadAny(scope, joined(all, to, keys)) : [];
  const byKey = new Map<Value | undefined, QueryDocument[]>();
  for (const document of documents) {
    const own = byKey.get(document[to]) ?? [];
    own.push(document);
    byKey.set(document[to], own);
  }
  return (key) => (byKey.get(key[0]) ?? []).slice(offset, offset + limit);
}
