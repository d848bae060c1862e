// Which verifications are dropped by a scheduled function, and when.
import { afterEach, expect, test, vi } from "vitest";
import { droppingExpired, type DropLater } from "../../../../src/auth/limits/drop-later.js";
import { storeOfCalls } from "../../../../src/store/operation.js";

afterEach(() => void vi.useRealTimers());

const WEEK_MS = 7 * 24 * 3600 * 1000;

/** A time that starts a drop, or does not. */
const AT = { drop: 211 * 1000 + 89, other: 211 * 1000 + 88 };

test.each([
  { name: "nothing, most of the time", now: AT.other, model: "verification", value: "v", want: [] },
  {
    name: "what has expired, once in a while",
    now: AT.drop,
    model: "verification",
    value: "v",
    want: [{ model: "verification", field: "expiresAt", before: AT.drop, afterMs: 0 }],
  },
  {
    name: "a long row by itself, after a week",
    now: AT.drop,
    model: "verification",
    value: "v".repeat(3000),
    want: [
      {
        ...{ model: "verification", field: "expiresAt", id: "one" },
        ...{ before: AT.drop + WEEK_MS, afterMs: WEEK_MS },
      },
    ],
  },
  { name: "nothing for another model", now: AT.drop, model: "session", value: "v", want: [] },
])("drops $name", async ({ now, model, value, want }) => {
  vi.useFakeTimers({ now });
  const seen: Parameters<DropLater>[0][] = [];
  const row = { id: "one", value };
  const store = storeOfCalls(
    () => Promise.resolve(row as never), // what a creation gives
    () => Promise.resolve([]),
  );
  const { app } = droppingExpired({ app: store, component: store }, async (what) => {
    seen.push(what);
  });
  await app.create({ model, data: row });
  expect(seen).toEqual(want);
});
