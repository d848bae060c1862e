// Which interleavings of two transactions are conflicts, step by step.
import { expect, test } from "vitest";
import { applySchema, createDatabase, docsOf, type Database } from "./database.js";
import { createHistory, type History } from "./history.js";
import type { Transaction } from "./transaction.js";

const NO_COUNTS = {
  ...{ queries: 0, mutations: 0, actions: 0, httpActions: 0, nested: 0, conflicts: 0 },
  ...{ documentsRead: 0, documentsWritten: 0, indexRanges: 0, mostCpuMs: 0 },
};
const schema = new Map([
  [
    "items",
    {
      ...{ name: "items", documentType: null, staged: [] },
      indexes: [{ name: "by_rank", fields: ["rank"] }],
    },
  ],
]);

type Setup = { database: Database; history: History; id: string };

/** One table with ranks 1, 5 and 9; `id` is the row with rank 5. */
function setup(): Setup {
  const database = createDatabase("");
  applySchema(database, schema, true);
  const history = createHistory({ ...NO_COUNTS });
  const seed = history.begin([database]);
  const ids = [1, 5, 9].map((rank) => seed.insert(database, "items", { rank, note: "" }));
  expect(history.commit(seed)).toBeUndefined();
  history.end(seed);
  return { database, history, id: ids[1]! };
}

const inRange = (
  { database }: Setup,
  transaction: Transaction,
  { from, to, order = "asc" }: { from: number; to: number; order?: "asc" | "desc" },
) =>
  transaction.range(database, "items", {
    index: "by_rank",
    prefix: [],
    lower: { value: from, inclusive: true },
    upper: { value: to, inclusive: true },
    order,
  });

type Step = (setup: Setup, transaction: Transaction) => void;
const insert =
  (rank: number): Step =>
  ({ database }, transaction) =>
    void transaction.insert(database, "items", { rank, note: "" });
const patch =
  (columns: object): Step =>
  ({ database, id }, transaction) =>
    transaction.replace(database, id, (old) => ({ ...old, ...columns }));
const readAll =
  (from: number, to: number): Step =>
  (given, transaction) =>
    void [...inRange(given, transaction, { from, to })];
const readFirst =
  (from: number, to: number, order: "asc" | "desc"): Step =>
  (given, transaction) =>
    void inRange(given, transaction, { from, to, order }).next();
const get: Step = ({ database, id }, transaction) => void transaction.get(database, id);

// What one transaction reads before the other commits, what the other writes, and whether the first must run again.
const cases: [string, { reads: Step; writes: Step; conflict: boolean }][] = [
  ["a row that was patched", { reads: get, writes: patch({ rank: 6 }), conflict: true }],
  ["a row, and another was added", { reads: get, writes: insert(5), conflict: false }],
  ["a range that gains a row", { reads: readAll(2, 8), writes: insert(7), conflict: true }],
  ["an empty range that gains a row", { reads: readAll(6, 8), writes: insert(7), conflict: true }],
  ["a range, and a row beside it", { reads: readAll(2, 8), writes: insert(9), conflict: false }],
  [
    "a range that a row moves out of",
    { reads: readAll(2, 8), writes: patch({ rank: 20 }), conflict: true },
  ],
  [
    "a range that a row moves into",
    { reads: readAll(19, 21), writes: patch({ rank: 20 }), conflict: true },
  ],
  [
    "the first of a range, and a later row",
    { reads: readFirst(1, 9, "asc"), writes: insert(4), conflict: false },
  ],
  [
    "the first of a range, and an earlier row",
    { reads: readFirst(2, 9, "asc"), writes: insert(3), conflict: true },
  ],
  [
    "the last of a range, and an earlier row",
    { reads: readFirst(1, 9, "desc"), writes: insert(4), conflict: false },
  ],
  [
    "the last of a range, and a later row",
    { reads: readFirst(1, 19, "desc"), writes: insert(12), conflict: true },
  ],
];

test.for(cases)("%s", ([, { reads, writes, conflict }]) => {
  const given = setup();
  const { history, database } = given;
  const one = history.begin([database]);
  const other = history.begin([database]);
  reads(given, one);
  insert(100)(given, one);
  writes(given, other);
  expect(history.commit(other)).toBeUndefined();
  expect(history.commit(one) !== undefined).toBe(conflict);
});

test("a transaction sees the state of its beginning and its own writes only", () => {
  const given = setup();
  const { history, database } = given;
  const one = history.begin([database]);
  const other = history.begin([database]);
  insert(2)(given, one);
  insert(3)(given, other);
  expect(history.commit(other)).toBeUndefined();
  const ranks = [...inRange(given, one, { from: 0, to: 99 })].map(({ rank }) => rank);
  expect(ranks).toEqual([1, 2, 5, 9]);
});

test("writes that do not meet are both kept", () => {
  const given = setup();
  const { history, database } = given;
  const one = history.begin([database]);
  const other = history.begin([database]);
  insert(2)(given, one);
  patch({ note: "other" })(given, other);
  expect(history.commit(other)).toBeUndefined();
  expect(history.commit(one)).toBeUndefined();
  const rows = docsOf(database.tables.get("items")).map(({ rank, note }) => `${rank}${note}`);
  expect(rows.sort()).toEqual(["1", "2", "5other", "9"]);
});

test("what was rolled back is neither seen nor committed", () => {
  const given = setup();
  const { history, database, id } = given;
  const one = history.begin([database]);
  insert(2)(given, one);
  const { savepoint } = one;
  patch({ rank: 50 })(given, one);
  one.remove(database, id);
  insert(3)(given, one);
  one.rollBack(savepoint);
  expect([...inRange(given, one, { from: 0, to: 99 })].map(({ rank }) => rank)).toEqual([
    1, 2, 5, 9,
  ]);
  expect(one.changes()).toHaveLength(1);
  expect(history.commit(one)).toBeUndefined();
  expect(docsOf(database.tables.get("items"))).toHaveLength(4);
});

test("a push sends whatever runs back to its beginning", () => {
  const given = setup();
  const { history, database } = given;
  const one = history.begin([database]);
  insert(2)(given, one);
  history.barrier();
  expect(history.commit(one)).toBeDefined();
});
