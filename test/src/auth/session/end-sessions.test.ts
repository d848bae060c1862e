// Ending sessions in the store: oldest first, up to a moment and a number, with triggers, under renamed columns.
import { expect, test } from "vitest";
import { endSessions } from "../../../../src/auth/session/end-sessions.js";
import { authDb, createUser, sample } from "../../../support/auth-db.js";

const elsewhere = false;

test("a batch takes the oldest; a later one the rest; newer ones stay", async () => {
  const { store, tables } = authDb();
  const { id } = await createUser(store);
  for (let at = 0; at < 25; at++)
    await store.create({ model: "session", data: sample.session(id, { createdAt: at }) });
  const first = await endSessions({ before: 20, limit: 15 }, { store, tables, elsewhere });
  expect(first).toEqual({ ended: 15, before: 20, elsewhere: false });
  const second = await endSessions({ before: 20, limit: 15 }, { store, tables, elsewhere });
  expect(second).toEqual({ ended: 5, before: 20, elsewhere: false });
  const left = await store.findMany({ model: "session", where: [] });
  expect(left.map(({ createdAt }) => createdAt)).toEqual([20, 21, 22, 23, 24]);
});

test("without a moment: every session of before now", async () => {
  const { store, tables } = authDb();
  const { id } = await createUser(store);
  const began = Date.now() - 5;
  for (const createdAt of [began, Date.now() + 60_000])
    await store.create({ model: "session", data: sample.session(id, { createdAt }) });
  const { ended, before } = await endSessions({ limit: 10 }, { store, tables, elsewhere });
  expect(ended).toBe(1);
  expect(before).toBeGreaterThan(began);
});

test("triggers of the table run for each", async () => {
  const seen: string[] = [];
  const { store, tables } = authDb(
    {},
    {
      hooks: {
        after: ({ operation, model }) => void (operation === "delete" && seen.push(model)),
      },
    },
  );
  const { id } = await createUser(store);
  for (const createdAt of [1, 2])
    await store.create({ model: "session", data: sample.session(id, { createdAt }) });
  await endSessions({ before: 10, limit: 10 }, { store, tables, elsewhere });
  expect(seen).toEqual(["session", "session"]);
});

test("a renamed model and column", async () => {
  const { store, tables } = authDb({
    session: { modelName: "visits", fields: { createdAt: "began" } },
  });
  const { id } = await createUser(store);
  const { createdAt, ...data } = sample.session(id);
  await store.create({ model: "session", data: { ...data, began: createdAt ?? 1 } });
  expect(await endSessions({ before: 10, limit: 10 }, { store, tables, elsewhere })).toMatchObject({
    ended: 1,
  });
});

test("sessions that are in no table", async () => {
  const secondaryStorage = {
    get: () => null,
    set: () => {},
    delete: () => {},
    getAndDelete: () => null,
    increment: () => 1,
  };
  const { store, tables } = authDb({ secondaryStorage });
  const ended = await endSessions({ limit: 10 }, { store, tables, elsewhere: true });
  expect(ended).toMatchObject({ ended: 0, elsewhere: true });
});
