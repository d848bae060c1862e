import { describe, expect, it } from "vitest";
import type { Where } from "../../../src/query/where.js";
import { dbStore } from "../../../src/store/db-store.js";
import { rememberingIn } from "../../../src/store/remember.js";
import { authDb, createUser, sample } from "../../support/auth-db.js";

const byToken: Where = [{ column: "token", value: "t" }];
const owner = { as: "user", model: "user", from: "userId", to: "id", isOne: true };

/** A user with a session, and a store that reads nothing twice while `state.isAlone`. */
async function signedIn() {
  const auth = authDb();
  const user = await createUser(auth.store, { name: "Ada" });
  await auth.store.create({ model: "session", data: sample.session(user.id, { token: "t" }) });
  const state = { isAlone: true };
  const store = dbStore({
    db: auth.db,
    tables: auth.tables,
    remember: rememberingIn({ isAlone: () => state.isAlone }),
  });
  auth.reset();
  return { ...auth, store, state, user };
}

describe("a store that is alone in its transaction", () => {
  it("reads a document once, however it is asked for", async () => {
    const { store, counts, user } = await signedIn();
    const found = await store.findOne({ model: "session", where: byToken, joins: [owner] });
    expect(found).toMatchObject({ token: "t", user: { name: "Ada" } });
    expect(await store.findMany({ model: "session", where: byToken, limit: 1 })).toHaveLength(1);
    expect(await store.count({ model: "session", where: byToken })).toBe(1);
    const byId: Where = [{ column: "id", value: user.id }];
    expect(await store.findOne({ model: "user", where: byId })).toEqual(user);
    expect(counts).toEqual({ documents: 2, ranges: 1, writes: 0 });
    expect(await store.delete({ model: "session", where: byToken })).toBe(1);
    expect(counts).toMatchObject({ documents: 2, writes: 1 });
  });

  it("reads on from where an earlier page ended", async () => {
    const { store, db, counts, reset } = await signedIn();
    for (let at = 0; at < 9; at++) await db.insert("session", sample.session("u"));
    reset();
    const page = { model: "session", where: [{ column: "userId", value: "u" }] };
    const first = await store.findMany({ ...page, limit: 3 });
    expect(counts.documents).toBe(3);
    expect((await store.findMany({ ...page, limit: 5 })).slice(0, 3)).toEqual(first);
    expect(counts.documents).toBe(5);
    const both = await Promise.all([store.findMany(page), store.findMany(page)]);
    expect(both.map((rows) => rows.length)).toEqual([9, 9]);
    expect(counts.documents).toBe(9);
  });

  it("sees what it wrote itself", async () => {
    const { store, user } = await signedIn();
    const where: Where = [{ column: "name", value: "Ada" }];
    expect(await store.count({ model: "user", where })).toBe(1);
    await createUser(store, { name: "Ada" });
    expect(await store.count({ model: "user", where })).toBe(2);
    const byId: Where = [{ column: "id", value: user.id }];
    await store.update({ model: "user", where: byId, data: { name: "Bob" } });
    expect(await store.findOne({ model: "user", where: byId })).toMatchObject({ name: "Bob" });
    expect(await store.count({ model: "user", where })).toBe(1);
    await store.delete({ model: "user", where });
    expect(await store.count({ model: "user", where })).toBe(0);
  });

  it("tells absent from null, and one order from the other", async () => {
    const { store, db } = await signedIn();
    await db.insert("session", sample.session("u", { expiresAt: 1 }));
    await db.insert("session", sample.session("u", { expiresAt: 2 }));
    const list = async (direction: "asc" | "desc") => {
      const where = [{ column: "userId", value: "u" }];
      const sort = { column: "expiresAt", direction };
      const rows = await store.findMany({ model: "session", where, sort });
      return rows.map((row) => row["expiresAt"]);
    };
    expect([await list("asc"), await list("desc")]).toEqual([
      [1, 2],
      [2, 1],
    ]);
  });

  it("knows a document it read by id when asked by a unique value", async () => {
    const { store, counts, reset } = await signedIn();
    const [session] = await store.findMany({ model: "session", where: byToken });
    const byId: Where = [{ column: "id", value: session!.id }];
    await store.update({ model: "session", where: byToken, data: { ipAddress: "::1" } });
    reset();
    await store.findOne({ model: "session", where: byId });
    expect(await store.findOne({ model: "session", where: byToken })).toMatchObject({ token: "t" });
    expect(counts).toEqual({ documents: 1, ranges: 0, writes: 0 });
    await store.update({ model: "session", where: byId, data: { token: "next" } });
    expect(await store.findOne({ model: "session", where: byToken })).toBeNull();
  });

  it("trusts nothing it read once it is not alone any more", async () => {
    const { store, db, state, user } = await signedIn();
    const byId: Where = [{ column: "id", value: user.id }];
    const read = async () => (await store.findOne({ model: "user", where: byId }))?.["name"];
    expect(await read()).toBe("Ada");
    state.isAlone = false;
    await db.patch(user.id as never, { name: "Bob" } as never); // ids and documents are typed by the app
    expect(await read()).toBe("Bob");
  });
});

it("a query reads nothing twice, whichever store asks", async () => {
  const { db, tables, counts, user, reset } = await signedIn();
  const readOnly = { get: db.get, query: db.query, normalizeId: db.normalizeId } as typeof db; // a query's ctx.db
  const byId: Where = [{ column: "id", value: user.id }];
  reset();
  for (let at = 0; at < 2; at++)
    expect(
      await dbStore({ db: readOnly, tables, remember: rememberingIn({}) }).findOne({
        model: "user",
        where: byId,
      }),
    ).toEqual(user);
  expect(counts).toEqual({ documents: 1, ranges: 0, writes: 0 });
});
