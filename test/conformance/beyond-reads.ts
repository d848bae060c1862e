// What every context must find: filters, order, pages, many rows. Called by beyond.ts.
import type { Where } from "better-auth";
import { expect, it } from "vitest";
import { byName, createRoom, roomsOf, type Given, type Room } from "./venue.js";

export function describeFilters(given: Given): void {
  const namesOf = async (where: Where[]) => (await roomsOf(given(), where)).map(({ name }) => name);

  it.each<{ where: Where[]; want: string[] }>([
    { where: [{ field: "guests", value: null }], want: ["absent", "null"] },
    { where: [{ field: "guests", operator: "ne", value: null }], want: ["one", "two"] },
    { where: [{ field: "guests", operator: "ne", value: 1 }], want: ["absent", "null", "two"] },
    { where: [{ field: "guests", operator: "lt", value: 2 }], want: ["one"] },
    { where: [{ field: "guests", operator: "gte", value: null }], want: [] },
    { where: [{ field: "guests", operator: "in", value: [1, 1, 2] }], want: ["one", "two"] },
    { where: [{ field: "guests", operator: "in", value: [] }], want: [] },
    {
      where: [{ field: "guests", operator: "not_in", value: [1] }],
      want: ["absent", "null", "two"],
    },
    {
      where: [{ field: "guests", operator: "not_in", value: [] }],
      want: ["absent", "null", "one", "two"],
    },
  ])("null and absent are the same: $where", async ({ where, want }) => {
    await createRoom(given(), { name: "absent" });
    await createRoom(given(), { name: "null", guests: null });
    await createRoom(given(), { name: "one", guests: 1 });
    await createRoom(given(), { name: "two", guests: 2 });
    expect((await namesOf(where)).sort()).toEqual(want);
  });

  it("dates go in and come out as dates, in filters, updates and order", async () => {
    const db = given();
    for (const ms of [3000, 1000, 2000]) await createRoom(db, { opensAt: new Date(ms) });
    const opens = async (where: Where[]) =>
      (await roomsOf(db, where)).map(({ opensAt }) => opensAt?.getTime()).sort();
    expect(await opens([{ field: "opensAt", value: new Date(1000) }])).toEqual([1000]);
    expect(await opens([{ field: "opensAt", operator: "gte", value: new Date(2000) }])).toEqual([
      2000, 3000,
    ]);
    const update = { opensAt: new Date(9000) };
    const where: Where[] = [{ field: "opensAt", operator: "lt", value: new Date(3000) }];
    expect(await db.updateMany({ model: "room", where, update })).toBe(2);
    const sortBy = { field: "opensAt", direction: "desc" } as const;
    const rows = await db.findMany<Room>({ model: "room", sortBy });
    expect(rows.map(({ opensAt }) => opensAt)).toEqual(
      [9000, 9000, 3000].map((ms) => new Date(ms)),
    );
  });

  it("all AND clauses and one of the OR clauses hold, in reads and in writes", async () => {
    const db = given();
    for (const [name, guests] of [
      ["a", 1],
      ["a", 2],
      ["b", 1],
      ["c", 3],
    ] as const)
      await createRoom(db, { name, guests });
    const where: Where[] = [
      { field: "guests", operator: "lt", value: 3 },
      { field: "name", value: "b", connector: "OR" },
      { field: "guests", value: 2, connector: "OR" },
      { field: "name", value: "c", connector: "OR" },
    ];
    expect(await roomsOf(db, where)).toMatchObject([{ name: "a", guests: 2 }, { name: "b" }]);
    expect(await db.count({ model: "room", where })).toBe(2);
    expect(await db.updateMany({ model: "room", where, update: { guests: 0 } })).toBe(2);
    const either: Where[] = [
      { field: "name", value: "c", connector: "OR" },
      { field: "guests", value: 0, connector: "OR" },
    ];
    expect(await db.deleteMany({ model: "room", where: either })).toBe(3);
    expect(await namesOf([])).toEqual(["a"]);
  });

  it.each<{ operator: NonNullable<Where["operator"]>; value: string | string[]; want: string[] }>([
    { operator: "eq", value: "HALL", want: ["Hall"] },
    { operator: "ne", value: "hALL", want: ["Foyer", "Große Bühne"] },
    { operator: "in", value: ["HALL", "foyer"], want: ["Hall", "Foyer"] },
    { operator: "not_in", value: ["HALL", "foyer"], want: ["Große Bühne"] },
    { operator: "contains", value: "ALL", want: ["Hall"] },
    { operator: "contains", value: "BÜHN", want: ["Große Bühne"] },
    { operator: "starts_with", value: "gRO", want: ["Große Bühne"] },
    { operator: "ends_with", value: "YER", want: ["Foyer"] },
  ])("insensitive $operator $value", async ({ operator, value, want }) => {
    for (const name of ["Hall", "Foyer", "Große Bühne"]) await createRoom(given(), { name });
    const clause = { field: "name", operator, value } as const;
    expect(await namesOf([{ ...clause, mode: "insensitive" }])).toEqual(want);
    const isNegative = operator === "ne" || operator === "not_in";
    expect(await namesOf([clause])).toHaveLength(isNegative ? 3 : 0);
  });

  it.each(["%", "_", "\\", "'", '"', "*", ".", "[a]", "$&", "😀", "\u0000", " "])(
    "text is taken literally: %j",
    async (special) => {
      await createRoom(given(), { name: `a${special}b` });
      await createRoom(given(), { name: "axb" });
      const find = (operator: NonNullable<Where["operator"]>, value: string) =>
        namesOf([{ field: "name", operator, value }]);
      const want = [`a${special}b`];
      expect(await find("contains", special)).toEqual(want);
      expect(await find("starts_with", `a${special}`)).toEqual(want);
      expect(await find("ends_with", `${special}b`)).toEqual(want);
      expect(await find("eq", `a${special}b`)).toEqual(want);
    },
  );

  it("select leaves everything else out, in findOne and findMany", async () => {
    await createRoom(given(), { guests: 1, tags: ["x"] });
    const input = { model: "room", select: ["name", "nick"] };
    const want = { name: "hall", nick: null };
    expect(await given().findMany(input)).toEqual([want]);
    expect(await given().findOne({ ...input, where: byName("hall") })).toEqual(want);
  });
}

export function describePages(given: Given): void {
  it.each(["asc", "desc"] as const)("sorts %s without an index, null first", async (direction) => {
    const guests = [3, null, 1, undefined, 2];
    for (const one of guests) await createRoom(given(), one === undefined ? {} : { guests: one });
    const page = async (offset: number, limit: number) => {
      const sortBy = { field: "guests", direction };
      const rows = await given().findMany<Room>({ model: "room", sortBy, offset, limit });
      return rows.map((row) => row.guests);
    };
    const want = [null, null, 1, 2, 3];
    if (direction === "desc") want.reverse();
    expect(await page(0, 10)).toEqual(want);
    expect([...(await page(0, 2)), ...(await page(2, 2)), ...(await page(4, 2))]).toEqual(want);
    expect(await page(5, 2)).toEqual([]);
  });

  it("an offset without an order shows each row once", async () => {
    const { length } = Array.from({ length: 7 });
    for (let at = 0; at < length; at++) await createRoom(given(), { name: `n${at}` });
    const seen: string[] = [];
    for (let offset = 0; offset < length; offset += 3) {
      const rows = await given().findMany<Room>({ model: "room", offset, limit: 3 });
      seen.push(...rows.map(({ name }) => name));
    }
    expect(seen.sort()).toEqual(["n0", "n1", "n2", "n3", "n4", "n5", "n6"]);
  });

  it("no condition means every row, for updateMany, deleteMany and count", async () => {
    const db = given();
    for (let guests = 0; guests < 300; guests++) await createRoom(db, { guests });
    expect(await db.count({ model: "room" })).toBe(300);
    expect(await db.updateMany({ model: "room", where: [], update: { guests: 1 } })).toBe(300);
    const where: Where[] = [{ field: "guests", value: 1 }];
    expect(await db.count({ model: "room", where })).toBe(300);
    expect(await db.deleteMany({ model: "room", where: [] })).toBe(300);
    expect(await db.count({ model: "room" })).toBe(0);
  });
}
