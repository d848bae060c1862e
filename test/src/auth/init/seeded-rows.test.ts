// What `init` of a plugin writes once for a process, over stores that each instance is given anew: rows in memory.
import { expect, test } from "vitest";
import type { AdapterStores } from "../../../../src/adapter/adapter.js";
import { initStores } from "../../../../src/auth/init/init-stores.js";
import { seededRows } from "../../../../src/auth/init/seeded-rows.js";
import type { AuthTables } from "../../../../src/metadata.js";
import { createInits } from "../../../../src/request/init.js";
import { definedColumns } from "../../../../src/store/rows.js";
import type { Row, RowData, Store } from "../../../../src/store/store.js";

const field = (column: string, type: "string" | "date" = "string") => ({
  [column]: { column, type, required: true },
});
const tables: AuthTables = {
  thing: {
    table: "thing",
    placement: "app",
    fields: { ...field("name"), ...field("color"), ...field("of"), ...field("madeAt", "date") },
    indexes: {},
  },
  verification: {
    table: "verification",
    placement: "component",
    fields: { ...field("identifier"), ...field("value"), ...field("expiresAt", "date") },
    indexes: {},
  },
};

type Where = readonly { readonly column: string; readonly value: unknown }[];

/** Rows that outlive the instances, and the stores of a new one. */
function database() {
  const rows: (Row & { model: string })[] = [];
  const find = (model: string, where: Where) =>
    rows.findIndex(
      (row) => row.model === model && where.every(({ column, value }) => row[column] === value),
    );
  const calls: string[] = [];
  const store = {
    findOne: async ({ model, where }) => rows[find(model, where)] ?? null,
    create: async ({ model, data }) => {
      calls.push(`create ${model}`);
      const row = { ...definedColumns(data), model, id: `id ${rows.length}` };
      rows.push(row);
      return row;
    },
    update: async ({ model, where, data }) => {
      calls.push(`update ${model}`);
      const at = find(model, where);
      return (rows[at] = { ...rows[at]!, ...definedColumns(data) });
    },
  } satisfies Partial<Store>;
  const plain = { app: store, component: store } as unknown as AdapterStores; // nothing else is called
  /** One instance: `init` of its plugin, then what else a request does. */
  const instance = async (
    init: (store: Store) => Promise<unknown>,
    {
      then,
      secrets = ["new"],
      canWrite = true,
    }: {
      then?: (store: Store) => Promise<unknown>;
      secrets?: [string, ...string[]];
      canWrite?: boolean;
    } = {},
  ) => {
    const seeded = seededRows({ tables, stores: plain, secrets });
    const { app } = initStores(plain, { tables, canWrite, seeded });
    const inits = createInits({ isRefusing: true, answer: (_question, perform) => perform() });
    await inits.call("plugin", () => init(app));
    await then?.(app);
  };
  return {
    calls,
    instance,
    names: () => rows.filter(({ model }) => model === "thing").map(({ name }) => name),
    remove: (name: string) => void rows.splice(find("thing", [{ column: "name", value: name }]), 1),
  };
}

const where = (name: string) => [{ column: "name", operator: "eq" as const, value: name }];
let clock = 0;
const row = (name: string, more: RowData = {}) => ({
  model: "thing",
  data: { name, color: "red", madeAt: ++clock, ...more },
});

/** As a plugin seeds: it looks, and makes what is missing. */
const seed =
  (name: string, more: RowData = {}) =>
  async (store: Store) =>
    (await store.findOne({ model: "thing", where: where(name) })) ??
    (await store.create(row(name, more)));

test("a row is made once, and stays away once it is deleted", async () => {
  const { instance, names, remove } = database();
  for (let at = 0; at < 2; at++) await instance(seed("one"));
  expect(names()).toEqual(["one"]);
  remove("one");
  for (let at = 0; at < 2; at++) await instance(seed("one"));
  expect(names()).toEqual([]);
});

test("other options make another row", async () => {
  const { instance, names, remove } = database();
  await instance(seed("one"));
  remove("one");
  await instance(seed("one", { color: "blue" }));
  expect(names()).toEqual(["one"]);
});

test("what a plugin seeds again after its init stays away, too", async () => {
  const { instance, names, remove } = database();
  await instance(seed("one"), { then: seed("one") });
  remove("one");
  await instance(seed("one"), { then: seed("one") });
  expect(names()).toEqual([]);
});

test("whoever makes the row without looking for it gets it", async () => {
  const { instance, names, remove } = database();
  await instance(seed("one"));
  remove("one");
  await instance(seed("one"), { then: (store) => store.create(row("one")) });
  expect(names()).toEqual(["one"]);
});

test("a row that belongs to one that stays away does, too", async () => {
  const { instance, names, remove } = database();
  const family = async (store: Store) => {
    const parent = await seed("parent")(store);
    await seed("child", { of: parent.id })(store);
  };
  await instance(family);
  expect(names()).toEqual(["parent", "child"]);
  remove("parent");
  remove("child");
  await instance(family);
  expect(names()).toEqual([]);
});

test("after a change of the secret, what the old one remembered still counts", async () => {
  const { instance, names, remove } = database();
  await instance(seed("one"), { secrets: ["old"] });
  remove("one");
  await instance(seed("one"), { secrets: ["new", "old"] });
  expect(names()).toEqual([]);
});

test("where nothing can be written, nothing is remembered", async () => {
  const { instance, names, calls } = database();
  await instance(seed("one"), { canWrite: false });
  expect(calls).toEqual([]);
  await instance(seed("one"));
  expect(names()).toEqual(["one"]);
});

test("an update that init left out, since it changes a date alone, is left out after it as well", async () => {
  const { instance, calls } = database();
  const overwrite = (store: Store) => store.update({ ...row("one"), where: where("one") });
  await instance(seed("one"));
  calls.length = 0;
  await instance(overwrite, { then: overwrite });
  expect(calls).toEqual([]);
  await instance(overwrite, {
    then: (store) => store.update({ ...row("one", { color: "blue" }), where: where("one") }),
  });
  expect(calls).toEqual(["update thing"]);
});
