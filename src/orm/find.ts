// Runs the queries of ctx.orm: documents, their related documents, and the columns asked for. Reads only.
// Must not plan: where.ts translates, src/query plans, src/store/read.ts executes.
import { invalidCount, unknownRelation } from "../errors/orm.js";
import type { AuthTables } from "../metadata.js";
import { idOf } from "../query/match.js";
import type { QueryDocument, Sort, Where } from "../query/where.js";
import type { Reader } from "../store/db.js";
import { loadAny } from "../store/read.js";
import { loadRelated } from "./related.js";
import { targetOf, type AnyRelations } from "./relations.js";
import { tableOf } from "./tables.js";
import { sortOf, wheresOf, type OrderInput, type WhereInput } from "./where.js";

export type FindScope = {
  readonly db: Reader;
  readonly tables: AuthTables;
  readonly relations: AnyRelations;
};

/** FindOptions without its types. */
export type FindInput = {
  readonly where?: WhereInput;
  readonly orderBy?: OrderInput;
  readonly columns?: { readonly [column: string]: boolean | undefined };
  readonly with?: { readonly [relation: string]: true | FindInput | undefined };
  readonly limit?: number;
  readonly offset?: number;
};

/** A query in the planner's words. */
export type Query = {
  readonly model: string;
  readonly wheres: readonly Where[];
  readonly sort?: Sort | undefined;
  readonly limit?: number | undefined;
  readonly offset?: number | undefined;
};

export type FoundDocument = { readonly [name: string]: unknown };

/** @throws KitcnError of translating, planning and reading */
export async function loadFound(
  scope: FindScope,
  table: string,
  input: FindInput,
): Promise<FoundDocument[]> {
  return shape(scope, table, {
    documents: await loadAny(scope, queryOf(scope, table, input)),
    input,
  });
}

/** @throws KitcnError `UNKNOWN_TABLE`, `INVALID_LIMIT`, and those of where.ts */
export function queryOf(
  { tables }: FindScope,
  table: string,
  { where = {}, orderBy = {}, limit, offset }: FindInput,
): Query {
  const definition = tableOf(tables, table);
  const sort = sortOf(orderBy, definition);
  assertCount("limit", limit);
  assertCount("offset", offset);
  return { model: table, wheres: wheresOf(where, definition), sort, limit, offset };
}

/** A document as ctx.orm gives it. */
export function withId(document: QueryDocument): FoundDocument {
  return { ...document, id: idOf(document) };
}

/** Documents as the caller asked for them, in their order. */
export async function shape(
  scope: FindScope,
  table: string,
  { documents, input }: { documents: readonly QueryDocument[]; input: FindInput },
): Promise<FoundDocument[]> {
  const pick = picker(input.columns);
  const shaped: Record<string, unknown>[] = documents.map(pick);
  for (const [name, wanted] of Object.entries(input.with ?? {})) {
    if (!wanted) continue;
    const options = wanted === true ? {} : wanted;
    const relation = relationOf(scope.relations, table, name);
    const lists = await loadRelated(scope, { table, relation, documents, options });
    const all = [...new Map(lists.flat().map((one) => [one._id, one])).values()];
    const nested = await shape(scope, targetOf(relation), { documents: all, input: options });
    const byId = new Map(all.map((one, at) => [one._id, nested[at]]));
    shaped.forEach((one, at) => {
      const related = (lists[at] ?? []).map(({ _id }) => byId.get(_id));
      one[name] = "one" in relation ? (related[0] ?? null) : related;
    });
  }
  return shaped;
}

// --- internal ---

function relationOf(relations: AnyRelations, table: string, name: string) {
  const own = (Object.hasOwn(relations, table) && relations[table]) || {};
  const relation = Object.hasOwn(own, name) ? own[name] : undefined;
  if (relation) return relation;
  throw unknownRelation({
    table,
    relation: name,
    relations: Object.keys(own).join(", ") || "none",
  });
}

function picker(
  columns: FindInput["columns"] = {},
): (document: QueryDocument) => Record<string, unknown> {
  const isListed = Object.values(columns).includes(true);
  const isWanted = (name: string) =>
    isListed ? Object.hasOwn(columns, name) && columns[name] === true : columns[name] !== false;
  return (document) =>
    Object.fromEntries(Object.entries(withId(document)).filter(([name]) => isWanted(name)));
}

function assertCount(name: "limit" | "offset", value: number | undefined): void {
  if (value === undefined || (Number.isInteger(value) && value >= 0)) return;
  throw invalidCount({ option: name, given: String(value) });
}
