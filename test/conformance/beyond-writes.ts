// What every context must write right: atomic operations, uniques, ids, references. Called by beyond.ts.
import type { Where } from "better-auth";
import { expect, it } from "vitest";
import { byName, createRoom, createSeat, roomsOf, type Given, type Room } from "./venue.js";

export function describeAtomic(given: Given): void {
  it("consumeOne gives a row to one of many, and takes no other", async () => {
    const db = given();
    await createRoom(db, { name: "small", opensAt: new Date(5) });
    await createRoom(db, { name: "small", opensAt: new Date(9) });
    const where: Where[] = [
      ...byName("small"),
      { field: "opensAt", operator: "lt", value: new Date(6) },
    ];
    const consume = () => db.consumeOne<Room>({ model: "room", where });
    const won = (await Promise.all(Array.from({ length: 6 }, consume))).filter(Boolean);
    expect(won).toMatchObject([{ name: "small", opensAt: new Date(5) }]);
    expect(await roomsOf(db)).toMatchObject([{ opensAt: new Date(9) }]);
    expect(await consume()).toBeNull();
  });

  it("incrementOne loses no increment, and counts a missing number as 0", async () => {
    const db = given();
    await createRoom(db);
    const enter = () =>
      db.incrementOne<Room>({ model: "room", where: byName("hall"), increment: { guests: 2 } });
    await Promise.all(Array.from({ length: 5 }, enter));
    expect(await enter()).toMatchObject({ name: "hall", guests: 12 });
  });

  it("incrementOne guards an edge: as many pass as may", async () => {
    const db = given();
    await createRoom(db, { guests: 7 });
    const where: Where[] = [...byName("hall"), { field: "guests", operator: "lt", value: 10 }];
    const enter = () =>
      db.incrementOne<Room>({
        model: "room",
        where,
        increment: { guests: 1 },
        set: { opensAt: new Date(3) },
      });
    const passed = await Promise.all(Array.from({ length: 8 }, enter));
    expect(passed.filter(Boolean)).toHaveLength(3);
    expect(await roomsOf(db)).toMatchObject([{ guests: 10, opensAt: new Date(3) }]);
  });

  it("incrementOne without an increment is a compare-and-set", async () => {
    const db = given();
    const { id } = await createRoom(db);
    const claim = (name: string) =>
      db.incrementOne<Room>({
        model: "room",
        where: [{ field: "id", value: id }, ...byName("hall")],
        increment: {},
        set: { name },
      });
    const claims = await Promise.all(["a", "b", "c"].map(claim));
    expect(claims.filter(Boolean)).toHaveLength(1);
    expect(await roomsOf(db)).toEqual(claims.filter(Boolean));
  });
}

export function describeUniques(given: Given): void {
  const refused = { code: "UNIQUE_VIOLATION" };
  const user = (email: string) => ({ name: "Ada", email, emailVerified: false });
  const createUser = (email: string) =>
    given().create<Record<string, unknown>>({
      model: "user",
      data: { ...user(email), createdAt: new Date(1), updatedAt: new Date(1) },
    });

  it("a renamed unique field is enforced, on create, update and updateMany", async () => {
    const db = given();
    await createUser("a@x.y");
    await expect(createUser("a@x.y")).rejects.toMatchObject(refused);
    const b = await createUser("b@x.y");
    const where: Where[] = [{ field: "id", value: String(b["id"]) }];
    const rename = (email: string) => db.update({ model: "user", where, update: { email } });
    await expect(rename("a@x.y")).rejects.toMatchObject(refused);
    expect(await rename("b@x.y")).toMatchObject({ email: "b@x.y" });
    const all = db.updateMany({ model: "user", where: [], update: { email: "c@x.y" } });
    await expect(all).rejects.toMatchObject(refused);
    const emails = await db.findMany<{ email: string }>({ model: "user" });
    expect(emails.map(({ email }) => email)).toEqual(["a@x.y", "b@x.y"]);
  });

  it("of two inserts at once, one wins", async () => {
    const results = await Promise.allSettled(Array.from({ length: 4 }, () => createUser("a@x.y")));
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(await given().count({ model: "user" })).toBe(1);
  });

  it("null and absence may repeat in a unique field, and a value may be given up", async () => {
    const db = given();
    await createRoom(db);
    await createRoom(db, { nick: null });
    await createRoom(db, { nick: null });
    const taken = await createRoom(db, { nick: "n" });
    await expect(createRoom(db, { nick: "n" })).rejects.toMatchObject(refused);
    const where: Where[] = [{ field: "id", value: taken.id }];
    await db.update({ model: "room", where, update: { nick: null } });
    expect(await createRoom(db, { nick: "n" })).toMatchObject({ nick: "n" });
    expect(await db.updateMany({ model: "room", where: [], update: { nick: null } })).toBe(5);
  });

  it("several fields are unique together", async () => {
    const db = given();
    await createSeat(db, { row: "A", number: 1 });
    await createSeat(db, { row: "A", number: 2 });
    const b1 = await createSeat(db, { row: "B", number: 1 });
    await expect(createSeat(db, { row: "B", number: 1 })).rejects.toMatchObject(refused);
    const where: Where[] = [{ field: "id", value: b1.id }];
    const move = db.update({ model: "seat", where, update: { row: "A" } });
    await expect(move).rejects.toMatchObject(refused);
  });

  it("a forced id locks: it is taken once, and found", async () => {
    const db = given();
    const reserve = () =>
      db.create<Record<string, unknown>>({
        model: "verification",
        data: {
          id: "reserve-1",
          identifier: "i",
          value: "v",
          expiresAt: new Date(1),
          createdAt: new Date(1),
          updatedAt: new Date(1),
        },
        forceAllowId: true,
      });
    const results = await Promise.allSettled([reserve(), reserve(), reserve()]);
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    const where: Where[] = [{ field: "id", value: "reserve-1" }];
    expect(await db.findOne({ model: "verification", where })).toMatchObject({ id: "reserve-1" });
    expect(await db.consumeOne({ model: "verification", where })).toMatchObject({ value: "v" });
    expect(await reserve()).toMatchObject({ id: "reserve-1" });
  });

  it("an id of another table finds, changes and deletes nothing", async () => {
    const db = given();
    const room = await createRoom(db);
    const seat = await createSeat(db, {});
    const operators: Where[] = [
      { field: "id", value: seat.id },
      { field: "id", operator: "in", value: [seat.id, "nonsense", ""] },
    ];
    for (const clause of operators) {
      const where = [clause];
      expect(await db.findOne({ model: "room", where })).toBeNull();
      expect(await db.count({ model: "room", where })).toBe(0);
      expect(await db.update({ model: "room", where, update: { name: "x" } })).toBeNull();
      expect(await db.consumeOne({ model: "room", where })).toBeNull();
      await db.delete({ model: "room", where });
      expect(await db.deleteMany({ model: "room", where })).toBe(0);
    }
    expect(await roomsOf(db)).toEqual([room]);
    expect(await db.count({ model: "seat" })).toBe(1);
  });
}

export function describeReferences(given: Given): void {
  const removeRoom = (id: string) =>
    given().delete({ model: "room", where: [{ field: "id", value: id }] });

  it("cascade deletes, set null and set default unlink, no action leaves as it is", async () => {
    const db = given();
    const { id } = await createRoom(db);
    const { id: other } = await createRoom(db, { name: "other" });
    await createSeat(db, { number: 1, roomId: id });
    await createSeat(db, { number: 2, shownIn: id, roomId: other });
    await createSeat(db, { number: 3, formerly: id });
    await createSeat(db, { number: 4, notedIn: id });
    await removeRoom(id);
    const sortBy = { field: "number", direction: "asc" } as const;
    expect(await db.findMany({ model: "seat", sortBy })).toMatchObject([
      { number: 2, shownIn: null, roomId: other },
      { number: 3, formerly: null },
      { number: 4, notedIn: id },
    ]);
  });

  it("restrict refuses, and nothing is gone", async () => {
    const db = given();
    const { id } = await createRoom(db);
    await createSeat(db, { number: 1, roomId: id });
    await createSeat(db, { number: 2, keptFor: id });
    await expect(removeRoom(id)).rejects.toMatchObject({ code: "RESTRICTED" });
    expect(await db.count({ model: "seat" })).toBe(2);
    expect(await db.count({ model: "room" })).toBe(1);
  });

  it("deleteMany and consumeOne cascade, too", async () => {
    const db = given();
    const rooms = [await createRoom(db), await createRoom(db), await createRoom(db)];
    for (const [number, { id }] of rooms.entries()) await createSeat(db, { number, roomId: id });
    await db.consumeOne({ model: "room", where: byName("hall") });
    expect(await db.count({ model: "seat" })).toBe(2);
    expect(await db.deleteMany({ model: "room", where: byName("hall") })).toBe(2);
    expect(await db.count({ model: "seat" })).toBe(0);
  });
}
