// Which verifications are dropped by a scheduled function, and when.
import { afterEach, expect, test, vi } from "vitest";
import { droppingExpired, type DropLater } from "../../../../src/auth/limits/drop-later.js";
import { storeOfCalls } from "../../../../src/store/operation.js";
import { authDb } from "../../../support/auth-db.js";

afterEach(() => void vi.useRealTimers());

const MINUTE_MS = 60_000;

const YEAR_MS = 365 * 24 * 60 * MINUTE_MS;

/** A time that starts a drop, or does not. */
const AT = { drop: 211 * 1000 + 89, other: 211 * 1000 + 88 };

const LONG = "v".repeat(3000);

/** The drop of the row that was created. */
const one = (before: number, afterMs: number) => [
  { model: "verification", field: "expiresAt", id: "one", before, afterMs },
];

test.each([
  { name: "nothing, most of the time", now: AT.other, value: "v", want: [] },
  {
    name: "what has expired, once in a while",
    now: AT.drop,
    value: "v",
    want: [{ model: "verification", field: "expiresAt", before: AT.drop, afterMs: 0 }],
  },
  {
    name: "a long row by itself, as soon as it has expired",
    now: AT.drop,
    value: LONG,
    want: one(AT.drop + MINUTE_MS, MINUTE_MS),
  },
  {
    name: "a long row that was made expired, at once",
    now: AT.drop,
    value: LONG,
    livesMs: -MINUTE_MS,
    want: one(AT.drop - MINUTE_MS, 0),
  },
  {
    name: "no row by itself that lives longer than a year",
    now: AT.drop,
    value: LONG,
    livesMs: 10 * YEAR_MS,
    want: [],
  },
  { name: "nothing for another model", now: AT.drop, model: "session", value: "v", want: [] },
])("drops $name", async ({ now, model = "verification", value, livesMs = MINUTE_MS, want }) => {
  vi.useFakeTimers({ now });
  const seen: Parameters<DropLater>[0][] = [];
  const { tables } = authDb({ verification: { fields: { expiresAt: "endsAt" } } });
  const row = { id: "one", value, endsAt: now + livesMs };
  const store = storeOfCalls(
    () => Promise.resolve(row as never), // what a creation gives
    () => Promise.resolve([]),
  );
  const { app } = droppingExpired({ app: store, component: store }, tables, async (what) => {
    seen.push(what);
  });
  await app.create({ model, data: row });
  expect(seen).toEqual(want);
});
