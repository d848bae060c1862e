import { describe, expect, it } from "vitest";
import { username } from "better-auth/plugins";
import type { AuthTables } from "../../../src/metadata.js";
import { dbStore } from "../../../src/store/db-store.js";
import { authDb, authDbOf, createUser, sample } from "../../support/auth-db.js";

const renamed = { user: { fields: { email: "mail_address" } } };

describe("unique columns", () => {
  it("are enforced by their stored name", async () => {
    const { store, documents } = authDb(renamed);
    const data = { ...sample.user(), mail_address: "a@b.co", email: undefined };
    await store.create({ model: "user", data });
    await expect(store.create({ model: "user", data })).rejects.toMatchObject({
      code: "UNIQUE_VIOLATION",
      message: expect.stringContaining('Another "user" has the same mail_address.') as string,
    });
    expect(documents("user")).toHaveLength(1);
  });

  it("may repeat null and absence", async () => {
    const { store } = authDb({ plugins: [username()] });
    await createUser(store, { username: null });
    await createUser(store, { username: null });
    await createUser(store);
    const ada = await createUser(store, { username: "ada" });
    await expect(createUser(store, { username: "ada" })).rejects.toThrow("username");
    const where = [{ column: "id", value: ada.id }];
    await store.update({ model: "user", where, data: { username: null } });
    expect(await store.count({ model: "user", where: [{ column: "username", value: null }] })).toBe(
      4,
    );
  });

  it("are enforced on update, but not against the row itself", async () => {
    const { store } = authDb();
    const ada = await createUser(store, { email: "ada@x.y" });
    await createUser(store, { email: "bob@x.y" });
    const where = [{ column: "id", value: ada.id }];
    const update = (email: string) =>
      store.update({ model: "user", where, data: { email, name: "New" } });
    expect(await update("ada@x.y")).toMatchObject({ name: "New" });
    await expect(update("bob@x.y")).rejects.toMatchObject({ code: "UNIQUE_VIOLATION" });
    await expect(
      store.updateMany({ model: "user", where: [], data: { email: "one@x.y" } }),
    ).rejects.toMatchObject({ code: "UNIQUE_VIOLATION" });
    expect(await store.findOne({ model: "user", where })).toMatchObject({ email: "ada@x.y" });
  });

  it("are enforced between writes at the same time, and one that fails holds up none", async () => {
    const { store, documents } = authDb();
    const emails = ["a@x.y", "a@x.y", "b@x.y"];
    const created = await Promise.allSettled(emails.map((email) => createUser(store, { email })));
    expect(created.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    const where = documents("user").map(({ _id }) => [{ column: "id", value: _id }]);
    const changed = await Promise.allSettled(
      where.map((one) => store.update({ model: "user", where: one, data: { email: "c@x.y" } })),
    );
    expect(changed.map(({ status }) => status)).toEqual(["fulfilled", "rejected"]);
    expect(documents("user").map(({ email }) => email)).toEqual(["c@x.y", "b@x.y"]);
  });

  it("are enforced over several columns together", async () => {
    const tables: AuthTables = {
      link: {
        table: "link",
        placement: "app",
        fields: {
          client: { column: "client", type: "string", required: true },
          resource: { column: "resource", type: "string", required: false },
        },
        indexes: { by_client_resource: ["client", "resource"] },
        uniques: [["client", "resource"]],
      },
    };
    const { store } = authDbOf(tables);
    const create = (data: { client: string; resource?: string | null }) =>
      store.create({ model: "link", data });
    await create({ client: "c", resource: "r" });
    const second = await create({ client: "c", resource: "s" });
    await create({ client: "c", resource: null });
    await create({ client: "c" });
    await expect(create({ client: "c", resource: "r" })).rejects.toThrow("client and resource");
    await expect(
      store.update({
        model: "link",
        where: [{ column: "id", value: second.id }],
        data: { resource: "r" },
      }),
    ).rejects.toThrow("client and resource");
  });
});

describe("ids", () => {
  it("are Convex's own, and nothing of Convex leaks with them", async () => {
    const { store, documents } = authDb();
    const user = await createUser(store, { email: "a@x.y" });
    expect(user.id).toBe(documents("user")[0]?._id);
    const found = await store.findOne({ model: "user", where: [{ column: "id", value: user.id }] });
    expect(found).toEqual(user);
    expect(Object.keys(user).filter((key) => key.startsWith("_"))).toEqual([]);
  });

  it("of another table never resolve", async () => {
    const { store } = authDb();
    const user = await createUser(store);
    const where = [{ column: "id", value: user.id }];
    expect(await store.findOne({ model: "session", where })).toBeNull();
    expect(await store.findMany({ model: "session", where })).toEqual([]);
    expect(await store.update({ model: "session", where, data: { token: "x" } })).toBeNull();
    expect(await store.delete({ model: "session", where })).toBe(0);
    expect(await store.consumeOne({ model: "session", where })).toBeNull();
    expect(await store.count({ model: "user", where })).toBe(1);
  });

  it("that nobody chose resolve to nothing, whatever they look like", async () => {
    const { store } = authDb();
    for (const value of ["", "x", "000001;user", "a;b;c", 5, null]) {
      expect(await store.findOne({ model: "user", where: [{ column: "id", value }] })).toBeNull();
    }
  });

  it("that Better Auth forces are kept, found and never given twice", async () => {
    const { store } = authDb();
    const data = {
      id: "lock",
      identifier: "i",
      value: "v",
      expiresAt: 1,
      createdAt: 1,
      updatedAt: 1,
    };
    const row = await store.create({ model: "verification", data });
    expect(row.id).toBe("lock");
    const where = [{ column: "id", value: "lock" }];
    expect(await store.findOne({ model: "verification", where })).toEqual(row);
    await expect(store.create({ model: "verification", data })).rejects.toMatchObject({
      code: "UNIQUE_VIOLATION",
    });
    const { id: _, ...free } = data;
    const own = await store.create({ model: "verification", data: free });
    await expect(
      store.create({ model: "verification", data: { ...free, id: own.id } }),
    ).rejects.toThrow("same id");
    expect(await store.count({ model: "verification", where: [] })).toBe(2);
  });

  it("are refused where the table has no place for them", async () => {
    const { store } = authDb();
    await expect(createUser(store, { id: "mine" })).rejects.toMatchObject({
      code: "FORCED_ID",
      message: expect.stringContaining('"user"') as string,
    });
  });

  it("are not empty", async () => {
    const { store } = authDb({}, { forceIds: true });
    await expect(createUser(store, { id: "" })).rejects.toMatchObject({ code: "FORCED_ID" });
  });

  it("never change", async () => {
    const { store } = authDb({}, { forceIds: true });
    const user = await createUser(store, { id: "one" });
    const where = [{ column: "id", value: user.id }];
    const update = (id: string) => store.update({ model: "user", where, data: { id, name: "B" } });
    expect(await update("one")).toMatchObject({ id: "one", name: "B" });
    await expect(update("two")).rejects.toMatchObject({ code: "FORCED_ID" });
  });
});

describe("consumeOne", () => {
  it("gives the row to exactly one caller", async () => {
    const { store } = authDb();
    const user = await createUser(store, { email: "a@x.y" });
    const input = { model: "user", where: [{ column: "email", value: "a@x.y" }] };
    expect(await store.consumeOne(input)).toEqual(user);
    expect(await store.consumeOne(input)).toBeNull();
  });

  it("takes one of several", async () => {
    const { store } = authDb();
    await createUser(store);
    await createUser(store);
    const input = { model: "user", where: [{ column: "name", value: "Ada" }] };
    expect(await store.consumeOne(input)).toMatchObject({ name: "Ada" });
    expect(await store.count(input)).toBe(1);
  });
});

describe("incrementOne", () => {
  const limited = { rateLimit: { storage: "database" } } as const;
  const key = [{ column: "key", value: "k" }];

  it("adds, and sets what comes along", async () => {
    const { store } = authDb(limited);
    await store.create({ model: "rateLimit", data: { key: "k", count: 1, lastRequest: 5 } });
    const input = {
      model: "rateLimit",
      where: key,
      increment: { count: 2 },
      set: { lastRequest: 9 },
    };
    expect(await store.incrementOne(input)).toMatchObject({ count: 3, lastRequest: 9 });
    expect(await store.incrementOne(input)).toMatchObject({ count: 5, lastRequest: 9 });
    expect(
      await store.incrementOne({ ...input, where: [{ column: "key", value: "other" }] }),
    ).toBeNull();
  });

  it("guards: only a row that still matches is changed", async () => {
    const { store } = authDb(limited);
    await store.create({ model: "rateLimit", data: { key: "k", count: 2, lastRequest: 5 } });
    const where = [...key, { column: "count", operator: "lt" as const, value: 3 }];
    const input = { model: "rateLimit", where, increment: { count: 1 } };
    expect(await store.incrementOne(input)).toMatchObject({ count: 3 });
    expect(await store.incrementOne(input)).toBeNull();
  });

  it("is a compare-and-set without an increment", async () => {
    const { store } = authDb();
    const ada = await createUser(store, { name: "old" });
    const where = [
      { column: "id", value: ada.id },
      { column: "name", value: "old" },
    ];
    const input = { model: "user", where, increment: {}, set: { name: "new" } };
    expect(await store.incrementOne(input)).toMatchObject({ id: ada.id, name: "new" });
    expect(await store.incrementOne(input)).toBeNull();
  });

  it("counts a missing number as zero, and refuses what is none", async () => {
    const tables: AuthTables = {
      counter: {
        table: "counter",
        placement: "app",
        fields: {
          value: { column: "value", type: "number", required: false },
          text: { column: "text", type: "string", required: false },
        },
        indexes: {},
      },
    };
    const { store } = authDbOf(tables);
    const row = await store.create({ model: "counter", data: { text: "t" } });
    const where = [{ column: "id", value: row.id }];
    const add = (increment: Record<string, number>) =>
      store.incrementOne({ model: "counter", where, increment });
    expect(await add({ value: -1 })).toMatchObject({ value: -1 });
    await expect(add({ text: 1 })).rejects.toMatchObject({ code: "NOT_A_COUNTER" });
    await expect(add({ value: Infinity })).rejects.toMatchObject({ code: "NOT_A_COUNTER" });
  });
});

describe("many rows", () => {
  it("updateMany and deleteMany reach every row, and say how many", async () => {
    const { store } = authDb();
    const user = await createUser(store);
    for (let at = 0; at < 1200; at++) {
      await store.create({ model: "session", data: sample.session(user.id, { expiresAt: at }) });
    }
    const old = [{ column: "expiresAt", operator: "lt" as const, value: 700 }];
    const update = { model: "session", where: old, data: { userAgent: "seen" } };
    expect(await store.updateMany(update)).toBe(700);
    const seen = [{ column: "userAgent", value: "seen" }];
    expect(await store.count({ model: "session", where: seen })).toBe(700);
    expect(await store.deleteMany({ model: "session", where: old })).toBe(700);
    expect(await store.count({ model: "session", where: [] })).toBe(500);
    expect(await store.deleteMany({ model: "session", where: [] })).toBe(500);
  });

  it("deletes 10,000 users with what references them", async () => {
    const { store, db, documents } = authDb();
    for (let at = 0; at < 10_000; at++) {
      const id = await db.insert("user", sample.user());
      if (at % 10 === 0) await db.insert("session", sample.session(id));
    }
    await db.insert("session", sample.session("another"));
    expect(await store.deleteMany({ model: "user", where: [] })).toBe(10_000);
    expect(documents("user")).toEqual([]);
    expect(documents("session")).toMatchObject([{ userId: "another" }]);
  });

  it("refuses what one transaction could not write, before the first write", async () => {
    const { store, db, documents, counts, reset } = authDb();
    for (let at = 0; at < 12_001; at++) await db.insert("session", sample.session("u"));
    reset();
    const input = { model: "session", where: [] };
    const refused = {
      code: "TOO_MANY_WRITES",
      message: expect.stringContaining('"session" would change 12001 documents') as string,
    };
    await expect(store.deleteMany(input)).rejects.toMatchObject(refused);
    const update = store.updateMany({ ...input, data: { userAgent: "x" } });
    await expect(update).rejects.toMatchObject(refused);
    expect(counts.writes).toBe(0);
    expect(await store.deleteMany({ ...input, limit: 12_000 })).toBe(12_000);
    expect(documents("session")).toHaveLength(1);
  });

  it("refuses few documents that are too large together", async () => {
    const { store, db, documents } = authDb();
    const userAgent = "x".repeat(900_000);
    for (let at = 0; at < 9; at++) await db.insert("session", sample.session("u", { userAgent }));
    const refused = { code: "TOO_MANY_WRITES" };
    const input = { model: "session", where: [] };
    await expect(store.deleteMany(input)).rejects.toMatchObject(refused);
    await expect(store.updateMany({ ...input, data: { ipAddress: "x" } })).rejects.toMatchObject(
      refused,
    );
    expect(documents("session")).toHaveLength(9);
  });

  it("update changes the first match only, delete every match", async () => {
    const { store } = authDb();
    await createUser(store);
    await createUser(store);
    const where = [{ column: "name", value: "Ada" }];
    expect(await store.update({ model: "user", where, data: { name: "Bob" } })).toMatchObject({
      name: "Bob",
    });
    expect(await store.count({ model: "user", where })).toBe(1);
    await createUser(store);
    expect(await store.delete({ model: "user", where })).toBe(2);
  });
});

describe("refusals", () => {
  it("names a condition that is missing", async () => {
    const { store } = authDb();
    const input = { model: "user", where: [] };
    await expect(store.delete(input)).rejects.toMatchObject({ code: "EMPTY_WHERE" });
    await expect(store.consumeOne(input)).rejects.toMatchObject({ code: "EMPTY_WHERE" });
    await expect(store.update({ ...input, data: {} })).rejects.toMatchObject({
      code: "EMPTY_WHERE",
    });
    await expect(store.incrementOne({ ...input, increment: {} })).rejects.toMatchObject({
      code: "EMPTY_WHERE",
    });
  });

  it("names an unknown model or column", async () => {
    const { store } = authDb();
    await expect(store.count({ model: "nope", where: [] })).rejects.toMatchObject({
      code: "UNKNOWN_MODEL",
      message: expect.stringContaining('"nope"') as string,
    });
    await expect(store.count({ model: "toString", where: [] })).rejects.toMatchObject({
      code: "UNKNOWN_MODEL",
    });
    await expect(createUser(store, { nick: "x" })).rejects.toMatchObject({
      code: "UNKNOWN_COLUMN",
      message: expect.stringContaining('"nick"') as string,
    });
    const { id } = await createUser(store);
    const where = [{ column: "id", value: id }];
    await expect(store.update({ model: "user", where, data: { nick: "x" } })).rejects.toMatchObject(
      { code: "UNKNOWN_COLUMN" },
    );
  });

  it("does not write from a query", async () => {
    const { db, tables } = authDb();
    const { get, query, normalizeId } = db;
    const store = dbStore({ db: { get, query, normalizeId } as typeof db, tables }); // a query's ctx.db
    const where = [{ column: "email", value: "x" }];
    const writes = [
      createUser(store),
      store.update({ model: "user", where, data: {} }),
      store.updateMany({ model: "user", where, data: {} }),
      store.delete({ model: "user", where }),
      store.deleteMany({ model: "user", where }),
      store.consumeOne({ model: "user", where }),
      store.incrementOne({ model: "user", where, increment: { x: 1 } }),
    ];
    for (const write of writes) await expect(write).rejects.toMatchObject({ code: "READ_ONLY" });
    expect(await store.count({ model: "user", where })).toBe(0);
  });
});
