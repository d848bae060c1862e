// Compares planner and store with a plain in-memory reading of the same question, over random tables,
// rows and queries. The reference shares no code with src/query.
import { describe, expect, it } from "vitest";
import type { Value } from "convex/values";
import type { AuthTables } from "../../../src/metadata.js";
import type { Clause, Operator, Sort } from "../../../src/query/where.js";
import { dbStore } from "../../../src/store/db-store.js";
import { readInPages, type LongRead } from "../../../src/store/pages.js";
import type { Join, Row, Store } from "../../../src/store/store.js";
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

type Model = "thing" | "forced";
type Query = {
  model: Model;
  where: Clause[];
  sort?: Sort;
  offset?: number;
  limit?: number;
  joins?: Join[];
};
/** What is in the tables. */
type World = Record<Model, Row[]>;

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

  it("agree where a read is done in pages", { timeout: 240_000 }, async () => {
    for (let seed = 2001; seed <= 2100; seed++) {
      const rng = random(seed);
      const { db } = fakeDb(indexesOf(tables));
      const store = inPages(dbStore({ db, tables }), 1 + (seed % 7));
      await compareRandomly({ store, rng, seed, count: 40 });
    }
  });

  it("agree in pages on Convex's own test database", { timeout: 240_000 }, async () => {
    for (let seed = 3001; seed <= 3004; seed++) {
      await convexDb(tables, (db) => {
        const store = inPages(dbStore({ db, tables }), 3);
        return compareRandomly({ store, rng: random(seed), seed, count: 30 });
      });
    }
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

/** The same store, whose reads are done in pages of so many documents. */
function inPages(store: Store, budget: number): Store {
  const paged: Store = { ...store, scan: (input) => store.scan({ ...input, budget }) };
  const read = async <Result>(one: LongRead) => (await readInPages(paged, one)).result as Result; // what the method of that name gives
  return {
    ...store,
    count: (input) => read({ kind: "count", input }),
    findMany: (input) => read({ kind: "findMany", input }),
    findOne: (input) => read({ kind: "findOne", input }),
  };
}

async function compareRandomly(input: {
  store: Store;
  rng: Random;
  seed: number;
  count: number;
}): Promise<number> {
  const { store, rng, seed, count } = input;
  const world: World = {
    thing: await fill(store, "thing", rng),
    forced: await fill(store, "forced", rng),
  };
  for (const model of MODELS) {
    const rows = world[model];
    for (let at = 0; at < count / 2; at++) {
      const query = randomQuery(model, rows, rng);
      const label = `seed ${seed}: ${JSON.stringify(query)}`;
      const got = await store.findMany(query);
      assertSame({ got, query, world, label });
      const matching = rows.filter((row) => matches(row, query.where));
      expect(await store.count(query), label).toBe(matching.length);
      const one = await store.findOne({ model, where: query.where });
      expect(one !== null, label).toBe(matching.length > 0);
      if (one) expect(matching, label).toContainEqual(one);
    }
  }
  return count;
}

const MODELS = ["thing", "forced"] as const;
const NAMES = ["a", "ab", "abc", "B", "b", "é", "z", "\u{1F600}", "%a", ""];

async function fill(store: Store, model: Model, rng: Random): Promise<Row[]> {
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

const COLUMNS: Record<Model, string[]> = {
  thing: ["id", "full_name", "email", "age", "on", "at", "tags"],
  forced: ["id", "name", "age"],
};

function randomQuery(model: Model, rows: readonly Row[], rng: Random): Query {
  const columns = COLUMNS[model];
  const operators: Operator[] = [
    ...(["eq", "eq", "eq", "in", "in", "ne", "not_in", "lt", "lte", "gt", "gte"] as const),
    ...(["contains", "starts_with", "ends_with"] as const),
  ];
  // Now and then two bounds of one column, as a range has.
  const bounded = rng.below(4) === 0 ? [rng.pick(["age", rng.pick(columns)])] : [];
  const ranges = bounded.flatMap((column): Clause[] => {
    const value = () => rng.pick([rng.pick(rows)?.[column] ?? null, ...valuesFor(column)]);
    return [
      { column, operator: rng.pick(["gt", "gte", "starts_with"]), value: value() },
      { column, operator: rng.pick(["lt", "lte"]), value: value() },
    ];
  });
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
    where: [...ranges, ...where],
    ...rng.maybe({ sort }),
    ...rng.maybe({ offset: rng.below(6) }),
    ...rng.maybe({ limit: rng.below(8) }),
    ...(rng.below(3) === 0 && { joins: [randomJoin(model, rng)] }),
  };
}

function randomJoin(model: Model, rng: Random): Join {
  const other = rng.pick(MODELS);
  const scalars = (of: Model) => COLUMNS[of].filter((column) => column !== "tags");
  return {
    as: "joined",
    model: other,
    from: rng.pick(scalars(model)),
    to: rng.pick(["age", rng.pick(scalars(other))]),
    isOne: rng.below(3) === 0,
    ...rng.maybe({ limit: 1 + rng.below(3) }),
  };
}

function valuesFor(column: string): (Value | null)[] {
  if (column === "age" || column === "at") return [null, 0, 1, 1.5, 3000];
  if (column === "on") return [null, true, false];
  if (column === "id") return ["id-1", "id-3", "nonsense"];
  return [null, "a", "AB", "", "\u{1F600}", "@x"];
}

function assertSame(input: { got: Row[]; query: Query; world: World; label: string }): void {
  const { got: joined, query, world, label } = input;
  const { sort, offset = 0, limit = Infinity } = query;
  const rows = world[query.model];
  const matching = rows.filter((row) => matches(row, query.where));
  const size = Math.max(0, Math.min(matching.length - offset, limit));
  const got = joined.map((row) => withoutJoins({ row, query, world, label }));
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

/** The row itself, once what was joined to it is checked. */
function withoutJoins(input: { row: Row; query: Query; world: World; label: string }): Row {
  const { row, query, world, label } = input;
  const { joined, ...own } = row;
  const [join] = query.joins ?? [];
  if (!join) return row;
  const from = own[join.from] ?? null;
  const others = world[join.model as Model].filter(
    (other) => from !== null && JSON.stringify(other[join.to] ?? null) === JSON.stringify(from),
  );
  if (join.isOne) expect([null, ...others], label).toContainEqual(joined);
  const list = join.isOne ? (joined === null ? [] : [joined]) : joined;
  const most = join.isOne ? 1 : (join.limit ?? Infinity);
  expect(list, label).toHaveLength(Math.min(others.length, most));
  for (const one of list as Value[]) expect(others, label).toContainEqual(one); // checked to be a list
  return own;
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
