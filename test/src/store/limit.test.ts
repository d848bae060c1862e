// Tries of rate limits as rows: how many are allowed, when they begin again, and what becomes of one given back.
import { describe, expect, it } from "vitest";
import { createAfter, type CreateAfterInput } from "../../../src/store/create-after.js";
import { performLimit, type LimitRow } from "../../../src/store/limit.js";
import { authDb } from "../../support/auth-db.js";

const NOW = 1_800_000_000_000;
const options = { rateLimit: { storage: "database" } } as const;
const renamed = {
  rateLimit: { storage: "database", fields: { key: "k", count: "n", lastRequest: "at" } },
} as const;

function limitOf(db: ReturnType<typeof authDb>, key = "1.2.3.4|/sign-in") {
  const model = "rateLimit";
  const taken = async (now = NOW, max = 3) => {
    const result = await performLimit(db, { model, take: { key, windowMs: 10_000, max, now } });
    if ("row" in result) return result.row;
    throw new Error(`wait ${result.retryAfterMs}`);
  };
  return {
    taken,
    take: (now = NOW, max = 3) =>
      taken(now, max).then(
        ({ count }) => count,
        (error: Error) => error.message,
      ),
    giveBack: (row: LimitRow) => performLimit(db, { model, giveBack: row }),
  };
}

describe.each([
  ["the names of Better Auth", options],
  ["names of the app", renamed],
])("tries, with %s", (_names, given) => {
  it("are allowed up to the limit, and again a window after the last one", async () => {
    const { take } = limitOf(authDb(given));
    expect([await take(), await take(NOW + 1000), await take(NOW + 4000)]).toEqual([1, 2, 3]);
    expect(await take(NOW + 9000)).toBe("wait 5000");
    expect(await take(NOW + 13_999)).toBe("wait 1");
    expect(await take(NOW + 14_000)).toBe(1);
  });
});

describe("tries", () => {
  it("of several limits do not count together, whatever their keys say", async () => {
    const db = authDb(options);
    const long = limitOf(db, "1.2.3.4|/sign-in 999999999999999.000000");
    const one = limitOf(db);
    expect([await one.take(), await one.take(), await one.take()]).toEqual([1, 2, 3]);
    expect(await long.take()).toBe(1);
    expect(await limitOf(db, "1.2.3.4|/sign-in!").take()).toBe(1);
    expect(await limitOf(db, "1.2.3.4|/sign").take()).toBe(1);
    expect(await one.take()).toBe("wait 10000");
  });

  it("count one after the other, whatever the clocks of their requests say", async () => {
    const { take } = limitOf(authDb(options));
    expect([await take(NOW), await take(NOW - 700), await take(NOW - 300)]).toEqual([1, 2, 3]);
    expect(await take(NOW)).toBe("wait 9700");
  });

  it("begin again where the row says that its window is over", async () => {
    const db = authDb(options);
    const { take } = limitOf(db);
    for (let at = 0; at < 3; at++) await take();
    const data = { lastRequest: NOW - 60_000 };
    await db.store.updateMany({ model: "rateLimit", where: [], data });
    expect([await take(), await take()]).toEqual([1, 2]);
  });

  it("are allowed once where none is meant to be, as in Better Auth", async () => {
    const { take } = limitOf(authDb(options));
    expect([await take(NOW, 0), await take(NOW, 0)]).toEqual([1, "wait 10000"]);
  });
});

it("tries at once are counted one after the other, where calls of the store are no single transaction", async () => {
  const db = authDb(options);
  // One transaction after the other, as on Convex.
  let before: Promise<unknown> = Promise.resolve();
  const place = {
    ...db,
    createAfter: (input: CreateAfterInput) => {
      const done = before.then(() => createAfter(db.store, input));
      before = done;
      return done;
    },
  };
  const take = { key: "1.2.3.4|/sign-in", windowMs: 10_000, max: 3, now: NOW };
  const results = await Promise.all(
    Array.from({ length: 8 }, () => performLimit(place, { model: "rateLimit", take })),
  );
  const counts = results.flatMap((one) => ("row" in one ? [one.row.count] : []));
  expect(counts.sort()).toEqual([1, 2, 3]);
});

describe("a try that is given back", () => {
  it("can be taken again at once, and reads no row", async () => {
    const db = authDb(options);
    const { take, taken, giveBack } = limitOf(db);
    await take();
    await take();
    const third = await taken();
    db.reset();
    await giveBack(third);
    expect(db.counts).toMatchObject({ documents: 0 });
    expect([await take(), await take()]).toEqual([3, "wait 10000"]);
  });

  it("is one less for those that came after it, and begins no new window", async () => {
    const db = authDb(options);
    const { take, taken, giveBack } = limitOf(db);
    const first = await taken();
    expect([await take(NOW + 1), await take(NOW + 2), await take(NOW + 3)]).toEqual([
      2,
      3,
      "wait 9999",
    ]);
    await giveBack(first);
    expect([await take(NOW + 4), await take(NOW + 5)]).toEqual([3, "wait 9999"]);
  });

  it("never makes a count negative", async () => {
    const { take, taken, giveBack } = limitOf(authDb(options));
    const first = await taken();
    await giveBack(first);
    await giveBack(first);
    expect([await take(), await take(), await take(), await take()]).toEqual([
      1,
      2,
      3,
      "wait 10000",
    ]);
  });
});
