// Which of two stores a write goes to: the one that runs triggers, wherever one listens to anything the write entails.
import { expect, test } from "vitest";
import type { AuthField, AuthTables, OnDelete } from "../../../src/metadata.js";
import { storeOfCalls, type StoreOperation } from "../../../src/store/operation.js";
import { routedStore, type Hears } from "../../../src/store/routed-store.js";

const model = (table: string, onDelete?: OnDelete): AuthTables[string] => {
  const references = onDelete && { model: "parent", field: "id", onDelete };
  const parentId: AuthField = {
    ...{ column: "parentId", type: "string", required: false },
    ...(references && { references }),
  };
  return { table, placement: "app", fields: { parentId }, indexes: {} };
};

const tables: AuthTables = {
  parent: model("parent"),
  kept: model("kept", "set null"),
  gone: model("gone", "cascade"),
};

/** Where operations went, in the order of their calls. */
async function routeOf(hears: Hears, operations: readonly StoreOperation[], isBatch = false) {
  const went: string[] = [];
  const storeNamed = (name: string) =>
    storeOfCalls(
      async () => {
        went.push(name);
        return 0;
      },
      async () => {
        went.push(name);
        return [];
      },
    );
  const plain = storeNamed("plain");
  const store = routedStore({ tables, hears, plain, heard: storeNamed("heard") });
  if (isBatch) await store.batch(operations);
  else for (const { kind, input } of operations) await store[kind](input as never); // of that kind
  return went;
}

const where = [{ column: "id", value: "x" }];
const remove: StoreOperation = { kind: "deleteMany", input: { model: "parent", where } };
const change: StoreOperation = { kind: "update", input: { model: "parent", where, data: {} } };
const look: StoreOperation = { kind: "findOne", input: { model: "parent", where } };

test.each<[string, { table: string; operation: string }, StoreOperation, string]>([
  ["its own deletion", { table: "parent", operation: "delete" }, remove, "heard"],
  ["a deletion that goes along", { table: "gone", operation: "delete" }, remove, "heard"],
  ["a reference that it clears", { table: "kept", operation: "update" }, remove, "heard"],
  ["a deletion that does not", { table: "kept", operation: "delete" }, remove, "plain"],
  ["updates, which it is none of", { table: "parent", operation: "update" }, remove, "plain"],
  ["its own update", { table: "parent", operation: "update" }, change, "heard"],
  ["anything, and it reads", { table: "parent", operation: "update" }, look, "plain"],
])("a trigger listens to %s", async (_what, heard, operation, where) => {
  const hears: Hears = (write) =>
    write.table === heard.table && write.operation === heard.operation;
  expect(await routeOf(hears, [operation])).toEqual([where]);
  expect(await routeOf(hears, [look, operation], true)).toEqual([where]);
});
