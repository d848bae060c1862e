// The stores as `init` of a plugin meets them: writes that are pretended, and updates that are left out.
import { expect, test } from "vitest";
import { initStores } from "../../../../src/auth/init/init-stores.js";
import type { AuthTables } from "../../../../src/metadata.js";
import { createInits } from "../../../../src/request/init.js";
import type { Row, RowData, Store } from "../../../../src/store/store.js";

const tables: AuthTables = {
  thing: {
    table: "thing",
    placement: "app",
    fields: {
      name: { column: "name", type: "string", required: true },
      count: { column: "count", type: "number", required: false },
      tags: { column: "tags", type: "string[]", required: false },
      updatedAt: { column: "updatedAt", type: "date", required: true },
    },
    indexes: {},
  },
};

const ROW: Row = { id: "1", name: "one", count: 2, tags: ["a"], updatedAt: 1 };
const where = [{ column: "name", operator: "eq" as const, value: "one" }];
const nowhere = [{ column: "name", operator: "eq" as const, value: "two" }];

/** Runs `work` as `init` of a plugin; says what it gave, what was written, and whether the plugin is complete. */
async function initOver(canWrite: boolean, work: (store: Store) => Promise<unknown>) {
  const writes: string[] = [];
  const isOne = (input: { where: typeof where }) => input.where[0]?.value === "one";
  const write = (name: string) => async () => {
    writes.push(name);
    return ROW;
  };
  const store = {
    findOne: async (input: { where: typeof where }) => (isOne(input) ? ROW : null),
    count: async (input: { where: typeof where }) => (isOne(input) ? 1 : 0),
    ...{ create: write("create"), update: write("update"), deleteMany: write("deleteMany") },
  } as unknown as Store; // nothing else is called
  const { app } = initStores({ app: store, component: store }, { tables, canWrite });
  const inits = createInits({ isRefusing: true, answer: (_question, perform) => perform() });
  const gave = await inits.call("plugin", () => work(app));
  return { gave, writes, isComplete: !inits.isIncomplete("plugin") };
}

test.each([
  {
    name: "a new row",
    work: (store: Store) =>
      store.create({ model: "thing", data: { name: "new", count: undefined } }),
    want: { id: "pretended", name: "new" },
  },
  {
    name: "a change",
    work: (store: Store) => store.update({ model: "thing", where, data: { count: 3 } }),
    want: { ...ROW, count: 3 },
  },
  {
    name: "an increment",
    work: (store: Store) =>
      store.incrementOne({ model: "thing", where, increment: { count: 2 }, set: { name: "uno" } }),
    want: { ...ROW, count: 4, name: "uno" },
  },
  {
    name: "a row taken",
    work: (store: Store) => store.consumeOne({ model: "thing", where }),
    want: ROW,
  },
  {
    name: "rows deleted",
    work: (store: Store) => store.deleteMany({ model: "thing", where }),
    want: 1,
  },
  {
    name: "a batch",
    work: (store: Store) =>
      store.batch([{ kind: "create", input: { model: "thing", data: { name: "new" } } }]),
    want: [{ id: "pretended", name: "new" }],
  },
])("where nothing can be written, $name is pretended", async ({ work, want }) => {
  expect(await initOver(false, work)).toEqual({ gave: want, writes: [], isComplete: false });
});

test.each([
  {
    name: "an update without a match",
    work: (store: Store) => store.update({ model: "thing", where: nowhere, data: { count: 3 } }),
    want: null,
  },
  {
    name: "an update that changes a date alone",
    work: (store: Store) =>
      store.update({ model: "thing", where, data: { name: "one", tags: ["a"], updatedAt: 9 } }),
    want: ROW,
  },
  {
    name: "rows that are not there",
    work: (store: Store) => store.deleteMany({ model: "thing", where: nowhere }),
    want: 0,
  },
])("$name is no write", async ({ work, want }) => {
  expect(await initOver(false, work)).toEqual({ gave: want, writes: [], isComplete: true });
});

test("where it can be written, only what changes something is", async () => {
  const update = (data: RowData) => (store: Store) => store.update({ model: "thing", where, data });
  expect(await initOver(true, update({ tags: ["a"], updatedAt: 9 }))).toMatchObject({ writes: [] });
  expect(await initOver(true, update({ tags: ["b"] }))).toMatchObject({ writes: ["update"] });
  expect(await initOver(true, update({ tags: null }))).toMatchObject({
    writes: ["update"],
    isComplete: true,
  });
});
