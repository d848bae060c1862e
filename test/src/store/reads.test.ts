import { beforeAll, describe, expect, it } from "vitest";
import { organization, username } from "better-auth/plugins";
import type { Where } from "../../../src/query/where.js";
import type { Row } from "../../../src/store/store.js";
import { authDb, createUser, sample, type AuthDb } from "../../support/auth-db.js";

function names(rows: readonly Row[]): unknown[] {
  return rows.map((row) => row["name"]);
}

describe("null and absent are the same", () => {
  let auth: AuthDb;
  beforeAll(async () => {
    auth = authDb({ plugins: [username()] });
    await createUser(auth.store, { name: "absent" });
    await createUser(auth.store, { name: "null", username: null });
    await createUser(auth.store, { name: "ada", username: "ada" });
    await createUser(auth.store, { name: "Bob", username: "Bob" });
  });

  const cases: { name: string; given: Where; want: string[] }[] = [
    { name: "eq null", given: [{ column: "username", value: null }], want: ["absent", "null"] },
    {
      name: "ne null",
      given: [{ column: "username", operator: "ne", value: null }],
      want: ["Bob", "ada"],
    },
    {
      name: "in with null",
      given: [{ column: "username", operator: "in", value: [null, "ada"] }],
      want: ["absent", "null", "ada"],
    },
    {
      name: "lt leaves them out",
      given: [{ column: "username", operator: "lt", value: "b" }],
      want: ["Bob", "ada"],
    },
    {
      name: "not_in keeps them",
      given: [{ column: "username", operator: "not_in", value: ["ada"] }],
      want: ["absent", "null", "Bob"],
    },
    { name: "gt null", given: [{ column: "username", operator: "gt", value: null }], want: [] },
    {
      name: "insensitive",
      given: [{ column: "username", value: "BOB", mode: "insensitive" }],
      want: ["Bob"],
    },
    {
      name: "insensitive in",
      given: [{ column: "username", operator: "in", value: ["ADA", "BOB"], mode: "insensitive" }],
      want: ["Bob", "ada"],
    },
  ];
  it.each(cases)("$name", async ({ given, want }) => {
    const rows = await auth.store.findMany({
      model: "user",
      where: given,
      sort: { column: "username", direction: "asc" },
    });
    expect(names(rows)).toEqual(want);
  });

  it.each([
    { direction: "asc", want: ["absent", "null", "Bob", "ada"] },
    { direction: "desc", want: ["ada", "Bob", "null", "absent"] },
  ] as const)("sort $direction", async ({ direction, want }) => {
    const sort = { column: "username", direction };
    expect(names(await auth.store.findMany({ model: "user", where: [], sort }))).toEqual(want);
  });
});

describe("order and pages", () => {
  it("sorts by a column without an index", async () => {
    const { store } = authDb();
    for (const name of ["z", "m", "a", "m"]) await createUser(store, { name });
    const find = (offset: number, limit: number) =>
      store.findMany({
        model: "user",
        where: [],
        sort: { column: "name", direction: "desc" },
        offset,
        limit,
      });
    expect(names(await find(0, 10))).toEqual(["z", "m", "m", "a"]);
    expect(names(await find(1, 2))).toEqual(["m", "m"]);
    expect(names(await find(9, 2))).toEqual([]);
    expect(names(await find(0, 0))).toEqual([]);
  });

  it("pages through everything once, sorted or not", async () => {
    const { store } = authDb();
    for (let at = 0; at < 25; at++) await createUser(store, { name: `n${at % 3}` });
    for (const sort of [undefined, { column: "name", direction: "asc" } as const]) {
      const seen: string[] = [];
      for (let offset = 0; offset < 25; offset += 10) {
        const page = await store.findMany({
          model: "user",
          where: [],
          offset,
          limit: 10,
          ...(sort && { sort }),
        });
        seen.push(...page.map((row) => row.id));
      }
      expect(new Set(seen).size).toBe(25);
    }
  });

  it("mixes AND and OR as Better Auth evaluates them", async () => {
    const { store } = authDb();
    await createUser(store, { name: "A", email: "a@x.y" });
    await createUser(store, { name: "A", email: "b@x.y" });
    await createUser(store, { name: "B", email: "c@x.y" });
    const where: Where = [
      { column: "name", value: "A" },
      { column: "email", value: "b@x.y", connector: "OR" },
      { column: "email", value: "c@x.y", connector: "OR" },
    ];
    const rows = await store.findMany({ model: "user", where });
    expect(rows.map((row) => row["email"])).toEqual(["b@x.y"]);
    expect(await store.count({ model: "user", where })).toBe(1);
    expect(await store.deleteMany({ model: "user", where })).toBe(1);
  });

  it("finds nothing in an empty list, and each row of a list once", async () => {
    const { store } = authDb();
    const a = await createUser(store, { email: "a@x.y" });
    const find = (column: string, value: string[]) =>
      store.findMany({ model: "user", where: [{ column, operator: "in", value }] });
    expect(await find("email", [])).toEqual([]);
    expect(await find("email", ["a@x.y", "a@x.y"])).toEqual([a]);
    expect(await find("id", [a.id, a.id, "no"])).toEqual([a]);
  });

  it("returns the selected columns and the id, nothing else", async () => {
    const { store } = authDb();
    const user = await createUser(store, { email: "a@x.y" });
    const input = { model: "user", where: [], select: ["email"] };
    expect(await store.findOne(input)).toEqual({ id: user.id, email: "a@x.y" });
    expect(await store.findMany(input)).toEqual([{ id: user.id, email: "a@x.y" }]);
  });
});

describe("joins", () => {
  it("reads a session with its user, and users with their accounts, in one call", async () => {
    const { store, counts, reset } = authDb();
    const user = await createUser(store);
    const session = await store.create({ model: "session", data: sample.session(user.id) });
    for (let at = 0; at < 3; at++)
      await store.create({ model: "account", data: sample.account(user.id) });
    reset();
    const found = await store.findOne({
      model: "session",
      where: [{ column: "token", value: session["token"] ?? "" }],
      joins: [{ as: "owner", model: "user", from: "userId", to: "id", isOne: true }],
    });
    expect(found).toEqual({ ...session, owner: user });
    expect(counts).toEqual({ documents: 2, ranges: 1, writes: 0 });

    const join = { as: "accounts", model: "account", from: "id", to: "userId", isOne: false };
    const [all] = await store.findMany({ model: "user", where: [], joins: [join] });
    expect(all?.["accounts"]).toHaveLength(3);
    reset();
    const [two] = await store.findMany({
      model: "user",
      where: [],
      joins: [{ ...join, limit: 2 }],
    });
    expect(two?.["accounts"]).toHaveLength(2);
    expect(counts.documents).toBe(3);
  });

  it("gives null and an empty list where nothing belongs, and reads a shared row once", async () => {
    const { store, counts, reset } = authDb({ plugins: [organization()] });
    const org = await store.create({
      model: "organization",
      data: { name: "O", slug: "o", createdAt: 1 },
    });
    const user = await createUser(store);
    for (let at = 0; at < 20; at++)
      await store.create({
        model: "member",
        data: { organizationId: org.id, userId: user.id, role: "member", createdAt: at },
      });
    await store.create({
      model: "member",
      data: { organizationId: org.id, userId: "gone", role: "member", createdAt: 99 },
    });
    reset();
    const members = await store.findMany({
      model: "member",
      where: [{ column: "organizationId", value: org.id }],
      joins: [
        { as: "user", model: "user", from: "userId", to: "id", isOne: true },
        { as: "invitations", model: "invitation", from: "userId", to: "inviterId", isOne: false },
      ],
    });
    expect(members).toHaveLength(21);
    expect(members.filter((one) => one["user"] === null)).toHaveLength(1);
    expect(members.every((one) => Array.isArray(one["invitations"]))).toBe(true);
    expect(counts).toEqual({ documents: 22, ranges: 3, writes: 0 });
  });
});

describe("with 10,000 rows", () => {
  const ROWS = 10_000;
  let auth: AuthDb;
  let orgId = "";
  let userId = "";
  beforeAll(async () => {
    auth = authDb({ plugins: [organization()] });
    orgId = (
      await auth.store.create({
        model: "organization",
        data: { name: "O", slug: "o", createdAt: 1 },
      })
    ).id;
    userId = (await createUser(auth.store)).id;
    // Straight into the database: the store's own checks would sort anew for each row.
    for (let at = 0; at < ROWS; at++) {
      const owner = at % 1000 === 0 ? userId : `user-${at}`;
      await auth.db.insert("session", sample.session(owner, { expiresAt: at }));
      await auth.db.insert("member", {
        organizationId: at % 2 === 0 ? orgId : "another",
        userId: at === 7000 ? userId : `user-${at}`,
        role: "member",
        createdAt: at,
      });
    }
    await auth.db.insert(
      "session",
      sample.session(userId, { token: "the-token", expiresAt: ROWS }),
    );
  }, 120_000);

  it.each([
    {
      name: "list-sessions",
      read: () =>
        auth.store.findMany({
          model: "session",
          where: [
            { column: "userId", value: userId },
            { column: "expiresAt", operator: "gt", value: 4000 },
          ],
        }),
      rows: 6,
    },
    {
      name: "a session by its token",
      read: () =>
        auth.store.findMany({
          model: "session",
          where: [{ column: "token", value: "the-token" }],
          limit: 1,
        }),
      rows: 1,
    },
    {
      name: "a member by organization and user",
      read: () =>
        auth.store.findMany({
          model: "member",
          where: [
            { column: "userId", value: userId },
            { column: "organizationId", value: orgId },
          ],
          limit: 1,
        }),
      rows: 1,
    },
    {
      name: "a page of members",
      read: () =>
        auth.store.findMany({
          model: "member",
          where: [{ column: "organizationId", value: orgId }],
          limit: 20,
        }),
      rows: 20,
    },
    {
      name: "the newest of a user's sessions",
      read: () =>
        auth.store.findMany({
          model: "session",
          where: [{ column: "userId", value: userId }],
          sort: { column: "expiresAt", direction: "desc" },
          limit: 3,
        }),
      rows: 3,
    },
    {
      name: "a sorted page over several ranges reads one document ahead of each",
      read: () =>
        auth.store.findMany({
          model: "session",
          where: [{ column: "userId", operator: "in", value: [userId, "user-1", "user-2"] }],
          sort: { column: "expiresAt", direction: "desc" },
          limit: 3,
        }),
      rows: 3,
      ahead: 2,
    },
    {
      name: "sessions by several tokens",
      read: () =>
        auth.store.findMany({
          model: "session",
          where: [{ column: "token", operator: "in", value: ["the-token", "no", "none"] }],
        }),
      rows: 1,
    },
  ])("$name reads the rows it returns and no more", async ({ read, rows, ahead = 0 }) => {
    auth.reset();
    expect(await read()).toHaveLength(rows);
    expect(auth.counts.documents).toBe(rows + ahead);
  });

  it("answers without an index while the table is small enough to read", async () => {
    const where: Where = [{ column: "userId", operator: "ends_with", value: "-6999" }];
    expect(await auth.store.count({ model: "member", where })).toBe(1);
    const sort = { column: "createdAt", direction: "desc" } as const;
    const last = await auth.store.findMany({
      model: "member",
      where: [],
      sort,
      offset: 1,
      limit: 2,
    });
    expect(last.map((row) => row["createdAt"])).toEqual([9998, 9997]);
  });

  it("counts a whole table", async () => {
    expect(await auth.store.count({ model: "session", where: [] })).toBe(ROWS + 1);
  });

  it("fails by name beyond that, with the index to add", async () => {
    for (let at = 0; at < 2000; at++) await auth.db.insert("session", sample.session("u"));
    const where: Where = [
      { column: "userAgent", value: "x" },
      { column: "ipAddress", operator: "gt", value: "1" },
    ];
    await expect(auth.store.findMany({ model: "session", where })).rejects.toMatchObject({
      code: "MISSING_INDEX",
      message: expect.stringContaining('table "session"') as string,
      hint: expect.stringContaining(
        '.index("by_userAgent_ipAddress", ["userAgent", "ipAddress"])',
      ) as string,
    });
    await expect(
      auth.store.findMany({
        model: "session",
        where: [],
        sort: { column: "updatedAt", direction: "asc" },
        limit: 1,
      }),
    ).rejects.toMatchObject({ hint: expect.stringContaining('["updatedAt"]') as string });
    await expect(
      auth.store.count({
        model: "session",
        where: [{ column: "userAgent", operator: "contains", value: "x" }],
      }),
    ).rejects.toMatchObject({
      code: "MISSING_INDEX",
      hint: expect.stringContaining("Narrow it by a column") as string,
    });
  });

  it("fails by name where documents are too large to read them all", async () => {
    const { store, db } = authDb();
    const userAgent = "x".repeat(100_000);
    for (let at = 0; at < 80; at++) await db.insert("session", sample.session("u", { userAgent }));
    const where: Where = [{ column: "ipAddress", value: "1" }];
    await expect(store.findOne({ model: "session", where })).rejects.toMatchObject({
      code: "MISSING_INDEX",
    });
  });

  it("counts bytes as Convex does: text outside ASCII is more than its length", async () => {
    const { store, db } = authDb();
    const userAgent = "語".repeat(100_000);
    for (let at = 0; at < 25; at++) await db.insert("session", sample.session("u", { userAgent }));
    const where: Where = [{ column: "ipAddress", value: "1" }];
    await expect(store.findOne({ model: "session", where })).rejects.toMatchObject({
      code: "MISSING_INDEX",
    });
  });

  it("fails by name where an index serves, and returns more bytes than one operation may read", async () => {
    const { store, db } = authDb();
    const userAgent = "x".repeat(1_000_000);
    for (let at = 0; at < 16; at++) await db.insert("session", sample.session("u", { userAgent }));
    const where: Where = [{ column: "userId", value: "u" }];
    await expect(store.count({ model: "session", where })).rejects.toMatchObject({
      code: "TOO_MANY_DOCUMENTS",
    });
    expect(await store.findMany({ model: "session", where, limit: 3 })).toHaveLength(3);
  });

  it("names no index where one exists, and a list has more values than ranges may be read", async () => {
    const value = Array.from({ length: 1001 }, (_, at) => `user-${at}`);
    const where: Where = [{ column: "userId", operator: "in", value }];
    await expect(auth.store.findMany({ model: "session", where })).rejects.toMatchObject({
      code: "MISSING_INDEX",
      hint: expect.stringContaining("Narrow it by a column") as string,
    });
  });

  it("fails by name where even an index would return too much", async () => {
    const { store, db } = authDb();
    for (let at = 0; at < 30_001; at++) await db.insert("session", sample.session("u"));
    await expect(store.count({ model: "session", where: [] })).rejects.toMatchObject({
      code: "TOO_MANY_DOCUMENTS",
      message: expect.stringContaining('table "session"') as string,
    });
    expect(await store.findMany({ model: "session", where: [], limit: 5 })).toHaveLength(5);
  }, 60_000);
});
