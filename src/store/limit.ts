// Takes tries from rate limits, and gives them back. Each try is a new row, since a row that is changed is read twice:
// the newest row of a limit has its count. Must not decide what is limited.
import type { AuthTables } from "../metadata.js";
import type { CreateAfterInput } from "./create-after.js";
import { modelOf } from "./db.js";
import type { FindManyInput, Row, Store } from "./store.js";

/** A try to take, or the row of one to give back. */
export type LimitInput = { readonly model: string } & (
  | {
      readonly take: {
        /** What is limited. */
        readonly key: string;
        readonly windowMs: number;
        /** Tries in a window. */
        readonly max: number;
        /** In ms since the epoch. */
        readonly now: number;
      };
    }
  | { readonly giveBack: LimitRow }
);

/** A row that counts a try; `key` says for which limit, and where it is in the order of its rows. */
export type LimitRow = {
  readonly key: string;
  readonly count: number;
  /** In ms since the epoch. */
  readonly lastRequest: number;
};

/** The new row; or, where there were too many tries, how long to wait. */
export type LimitResult = { readonly row: LimitRow } | { readonly retryAfterMs: number };

export type LimitPlace = {
  readonly store: Pick<Store, "findMany" | "create">;
  readonly tables: AuthTables;
  /** Creates a row where calls of the store are no single transaction: as `createAfter`. */
  readonly createAfter?: (input: CreateAfterInput) => Promise<boolean>;
};

/**
 * Takes a try, or gives one back. Reads the newest row of this limit and of no other, and nothing that is older than
 * the window: requests of others, and what drops old rows, share no range with it.
 *
 * @example
 * const take = { key: "1.2.3.4|/sign-in", windowMs: 10_000, max: 3, now: Date.now() };
 * const result = await performLimit({ store, tables }, { model: "rateLimit", take });
 */
export async function performLimit(place: LimitPlace, input: LimitInput): Promise<LimitResult> {
  const rows = rowsOf(place, input);
  for (;;) {
    const { document, last } = await rows.newest();
    const next = "take" in input ? planTake(input.take, last) : planGiveBack(input.giveBack, last);
    if ("retryAfterMs" in next) return next;
    if (await rows.add(next.row, document)) return next;
  }
}

// --- internal ---

type Take = Extract<LimitInput, { take: unknown }>["take"];

function planTake({ key, windowMs, max, now }: Take, last: LimitRow | undefined): LimitResult {
  const waitMs = last ? last.lastRequest + windowMs - now : 0;
  const count = last && waitMs > 0 ? last.count : 0;
  if (last && waitMs > 0 && count >= max) return { retryAfterMs: waitMs };
  const place = placeAfter(last, now);
  return { row: { key: `${ownOf(key)} ${place}`, count: count + 1, lastRequest: now } };
}

/** Begins no new window. */
function planGiveBack(taken: LimitRow, last: LimitRow = taken): { readonly row: LimitRow } {
  const { count, lastRequest } = last;
  const key = `${splitKey(taken).own} ${placeAfter(last, lastRequest)}`;
  return { row: { key, count: Math.max(0, count - 1), lastRequest } };
}

/** The rows of a limit, by the names that the table has for their columns. */
function rowsOf({ store, tables, createAfter }: LimitPlace, input: LimitInput) {
  const { model } = input;
  const { fields } = modelOf(tables, model);
  const columnOf = (field: keyof LimitRow) => fields[field]?.column ?? field;
  const column = columnOf("key");
  const { own, from } = rangeOf(input);
  const newest: FindManyInput = {
    model,
    // The character after a space ends the range.
    where: [
      { column, ...from },
      { column, operator: "lt", value: `${own}!` },
    ],
    sort: { column, direction: "desc" },
    limit: 1,
  };
  const limitRow = (row: Row): LimitRow => ({
    key: String(row[column]),
    count: Number(row[columnOf("count")] ?? 0),
    lastRequest: Number(row[columnOf("lastRequest")] ?? 0),
  });
  return {
    newest: async () => {
      const [document] = await store.findMany(newest);
      return { document, last: document && limitRow(document) };
    },
    add: async (
      { key, count, lastRequest }: LimitRow,
      document: Row | undefined,
    ): Promise<boolean> => {
      const data = {
        [column]: key,
        [columnOf("count")]: count,
        [columnOf("lastRequest")]: lastRequest,
      };
      const create = { model, data };
      if (createAfter) return createAfter({ create, newest, expected: document?.id ?? null });
      await store.create(create);
      return true;
    },
  };
}

/** The rows that matter: those in the window, or those after the one that is given back. */
function rangeOf(input: LimitInput): {
  readonly own: string;
  readonly from: { readonly operator: "gt" | "gte"; readonly value: string };
} {
  if ("giveBack" in input) {
    const { key } = input.giveBack;
    return { own: splitKey(input.giveBack).own, from: { operator: "gt", value: key } };
  }
  const { key, windowMs, now } = input.take;
  const own = ownOf(key);
  const first = placeOf(Math.max(0, now - windowMs + 1), 0);
  return { own, from: { operator: "gte", value: `${own} ${first}` } };
}

/** What the keys of the rows of a limit begin with, before a space. It has none itself. */
function ownOf(key: string): string {
  return key.replaceAll(" ", "%20");
}

function splitKey({ key }: LimitRow): { readonly own: string; readonly place: string } {
  const [own = "", place = ""] = key.split(" ");
  return { own, place };
}

/** After the last row, whatever the clocks of the two requests say. */
function placeAfter(last: LimitRow | undefined, at: number): string {
  const [time = 0, number = 0] = last ? splitKey(last).place.split(".").map(Number) : [];
  return time >= at ? placeOf(time, number + 1) : placeOf(at, 0);
}

/** Texts in the order of the numbers. */
function placeOf(time: number, number: number): string {
  return `${String(time).padStart(15, "0")}.${String(number).padStart(6, "0")}`;
}
