// Compares planner and store with a plain in-memory reading of the same question, over random tables,
// rows and queries. The reference shares no code with src/query.
import { describe, expect, it } from "vitest";
import type { Value } from "convex/values";
import type { AuthTables } from "../../../src/metadata.js";
import type { Clause, Operator, Sort } from "../../../src/query/where.js";
import { dbStore } from "../../../src/store/db-store.js";
import type { Row, Store } from "../../../src/store/store.js";
import { fakeDb } from "../../support/fake-db.js";
import { convexDb } from "../../support/convex-db.js";
import { random, type Random } from "../../support/random.js";

const tables: AuthTables = {
  thing: {
    table: "things",
    placement: "app",
    fields: {
      name: { column: "full_name", type: "string", required: true },
      email: { column: "email", type: "string", required: false, unique: true },
      age: { column: "age", type: "number", required: false },
      on: { column: "on", type: "boolean", required: false },
      at: { column: "at", type: "date", required: false },
      tags: { column: "tags", type: "string[]", required: false },
    },
    indexes: {
      by_email: ["email"],
      by_name_age: ["full_name", "age"],
      by_age_at: ["age", "at"],
      by_on_name_at: ["on", "full_name", "at"],
    },
    uniques: [["full_name", "at"]],
  },
  forced: {
    table: "forced",
    placement: "app",
    forcedId: true,
    fields: {
      name: { column: "name", type: "string", required: false },
      age: { column: "age", type: "number", required: false },
    },
    indexes: { by_id_field: ["id"], by_age_name: ["age", "name"] },
  },
};

type Query = { model: string; where: Clause[]; sort?: Sort; offset?: number; limit?: number };

describe("planner and store against an in-memory reference", () => {
  it("agree on thousands of random queries", { timeout: 240_000 }, async () => {
    let queries = 0;
    for (let seed = 1; seed <= 250; seed++) {
      const rng = random(seed);
      const { db } = fakeDb(indexesOf(tables));
      queries += await compareRandomly({ store: dbStore({ db, tables }), rng, seed, count: 40 });
    }
    expect(queries).toBe(10_000);
  });

  it("agree on Convex's own test database", { timeout: 240_000 }, async () => {
    for (let seed = 1001; seed <= 1008; seed++) {
      await convexDb(tables, (db) =>
        compareRandomly({ store: dbStore({ db, tables }), rng: random(seed), seed, count: 30 }),
      );
    }
  });
});

// --- internal ---

async function compareRandomly(input: {
  store: Store;
  rng: Random;
  seed: number;
  count: number;
}): Promise<number> {
  const { store, rng, seed, count } = input;
  for (const model of Object.keys(tables)) {
    const rows = await fill(store, model, rng);
    for (let at = 0; at < count / 2; at++) {
      const query = randomQuery(model, rows, rng);
      const label = `seed ${seed}: ${JSON.stringify(query)}`;
      const got = await store.findMany(query);
      assertSame({ got, query, rows, label });
      const matching = rows.filter((row) => matches(row, query.where));
      expect(await store.count(query), label).toBe(matching.length);
      const one = await store.findOne({ model, where: query.where });
      expect(one !== null, label).toBe(matching.length > 0);
      if (one) expect(matching, label).toContainEqual(one);
    }
  }
  return count;
}

const NAMES = ["a", "ab", "abc", "B", "b", "é", "z", "\u{1F600}", "%a", ""];

async function fill(store: Store, model: string, rng: Random): Promise<Row[]> {
  const rows: Row[] = [];
  const size = rng.below(40);
  for (let at = 0; at < size; at++) {
    const data: Record<string, Value> =
      model === "forced"
        ? {
            ...rng.maybe({ id: `id-${at}` }),
            ...rng.maybe({ name: rng.pick([...NAMES, null]) }),
            ...rng.maybe({ age: rng.pick([null, 0, 1, 2, -1.5]) }),
          }
        : {
            full_name: rng.pick(NAMES),
            ...rng.maybe({ email: rng.pick([null, `${at}@x.y`]) }),
            ...rng.maybe({ age: rng.pick([null, 0, 1, 2, -1.5, 1e9]) }),
            ...rng.maybe({ on: rng.pick([null, true, false]) }),
            ...rng.maybe({ at: rng.pick([null, at * 1000]) }),
            ...rng.maybe({ tags: rng.pick([[], ["a"], ["a", "b"]]) }),
          };
    rows.push(await store.create({ model, data }));
  }
  return rows;
}

function randomQuery(model: string, rows: readonly Row[], rng: Random): Query {
  const columns =
    model === "forced"
      ? ["id", "name", "age"]
      : ["id", "full_name", "email", "age", "on", "at", "tags"];
  const operators: Operator[] = [
    ...(["eq", "eq", "eq", "in", "in", "ne", "not_in", "lt", "lte", "gt", "gte"] as const),
    ...(["contains", "starts_with", "ends_with"] as const),
  ];
  const where = Array.from({ length: rng.below(5) }, (): Clause => {
    const column = rng.pick(columns);
    const operator = rng.pick(operators);
    // Now and then a value of another column's type.
    const kin = [column, column, column, rng.pick(columns)];
    const value = () => rng.pick([rng.pick(rows)?.[column] ?? null, ...valuesFor(rng.pick(kin))]);
    const isList = operator === "in" || operator === "not_in";
    return {
      column,
      operator,
      value: isList ? Array.from({ length: rng.below(4) }, value) : value(),
      connector: rng.pick(["AND", "AND", "OR"]),
      mode: rng.pick(["sensitive", "sensitive", "sensitive", "insensitive"]),
    };
  });
  const sort = {
    column: rng.pick(columns.filter((one) => one !== "tags")),
    direction: rng.pick(["asc", "desc"] as const),
  };
  return {
    model,
    where,
    ...rng.maybe({ sort }),
    ...rng.maybe({ offset: rng.below(6) }),
    ...rng.maybe({ limit: rng.below(8) }),
  };
}

function valuesFor(column: string): (Value | null)[] {
  if (column === "age" || column === "at") return [null, 0, 1, 1.5, 3000];
  if (column === "on") return [null, true, false];
  if (column === "id") return ["id-1", "id-3", "nonsense"];
  return [null, "a", "AB", "", "\u{1F600}", "@x"];
}

function assertSame(input: { got: Row[]; query: Query; rows: Row[]; label: string }): void {
  const { got, query, rows, label } = input;
  const { sort, offset = 0, limit = Infinity } = query;
  const matching = rows.filter((row) => matches(row, query.where));
  const size = Math.max(0, Math.min(matching.length - offset, limit));
  expect(got.length, label).toBe(size);
  expect(new Set(got.map((row) => row.id)).size, label).toBe(size);
  for (const row of got) expect(matching, label).toContainEqual(row);
  if (!sort) return;
  // Equal keys may come in any order, so the keys are compared.
  const keys = matching.map((row) => row[sort.column] ?? null);
  keys.sort((a, b) => (sort.direction === "desc" ? -1 : 1) * compare(a, b));
  const want = keys.slice(offset, offset + size);
  expect(
    got.map((row) => row[sort.column] ?? null),
    label,
  ).toEqual(want);
}

/** Better Auth's semantics, written a second time. */
function matches(row: Row, where: readonly Clause[]): boolean {
  if (where.length === 1) return where.every((clause) => holds(row, clause));
  const and = where.filter((clause) => clause.connector !== "OR");
  const or = where.filter((clause) => clause.connector === "OR");
  return (
    and.every((clause) => holds(row, clause)) &&
    (or.length === 0 || or.some((clause) => holds(row, clause)))
  );
}

function holds(row: Row, { column, operator, value, mode }: Clause): boolean {
  const fold = (one: Value): Value =>
    mode === "insensitive" && typeof one === "string" ? one.toLowerCase() : one;
  const raw = row[column] ?? null;
  const actual = fold(raw);
  const same = (a: Value, b: Value) => JSON.stringify(a) === JSON.stringify(b);
  const list = Array.isArray(value) ? value : [value];
  const ordered = typeof raw === typeof value && raw !== null && typeof raw !== "object";
  const text = fold(value);
  const textual = typeof actual === "string" && typeof text === "string";
  switch (operator) {
    case "ne":
      return !same(foldAll(raw, fold), foldAll(value, fold));
    case "in":
      return list.some((one) => same(foldAll(raw, fold), foldAll(one, fold)));
    case "not_in":
      return !list.some((one) => same(foldAll(raw, fold), foldAll(one, fold)));
    case "lt":
      return ordered && compare(raw, value) < 0;
    case "lte":
      return ordered && compare(raw, value) <= 0;
    case "gt":
      return ordered && compare(raw, value) > 0;
    case "gte":
      return ordered && compare(raw, value) >= 0;
    case "contains":
      if (Array.isArray(raw)) return raw.some((one) => same(fold(one), text));
      return textual && actual.includes(text);
    case "starts_with":
      return textual && actual.startsWith(text);
    case "ends_with":
      return textual && actual.endsWith(text);
    case "eq":
    case undefined:
      return same(foldAll(raw, fold), foldAll(value, fold));
  }
}

function foldAll(value: Value, fold: (one: Value) => Value): Value {
  return Array.isArray(value) ? value.map(fold) : fold(value);
}

/** Null first, then numbers, booleans, strings by code point. */
function compare(a: Value, b: Value): number {
  const rank = (value: Value) => ["object", "number", "boolean", "string"].indexOf(typeof value);
  if (rank(a) !== rank(b)) return rank(a) - rank(b);
  if (typeof a === "string" && typeof b === "string") {
    const [left, right] = [[...a], [...b]].map((text) =>
      text.map((one) => one.codePointAt(0) ?? 0),
    );
    const at = left?.findIndex((point, index) => point !== right?.[index]) ?? -1;
    if (at === -1) return (left?.length ?? 0) - (right?.length ?? 0);
    return (left?.[at] ?? 0) - (right?.[at] ?? -1);
  }
  return Number(a) - Number(b);
}

function indexesOf(all: AuthTables) {
  return Object.fromEntries(Object.values(all).map(({ table, indexes }) => [table, indexes]));
}
