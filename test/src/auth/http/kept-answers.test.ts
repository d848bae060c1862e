// Answers that `init` of plugins got from the outside, kept as rows: for how long, which ones, and for whom.
import { expect, test, vi } from "vitest";
import type { AdapterStores } from "../../../../src/adapter/adapter.js";
import { keptAnswers, lifetimeMs } from "../../../../src/auth/http/kept-answers.js";
import type { AuthTables } from "../../../../src/metadata.js";
import type { FetchQuestion } from "../../../../src/request/init-scope.js";
import type { Answer } from "../../../../src/request/journal.js";
import type { Row, Store } from "../../../../src/store/store.js";

const MINUTE = 60_000;

test.each([
  { control: undefined, want: 60 * MINUTE },
  { control: "public, max-age=1800", want: 30 * MINUTE },
  { control: "max-age=1", want: 5 * MINUTE },
  { control: "max-age=604800", want: 24 * 60 * MINUTE },
  { control: "no-store, max-age=1800", want: 5 * MINUTE },
])("cache-control $control: $want ms", ({ control, want }) => {
  expect(lifetimeMs(control === undefined ? [] : [["Cache-Control", control]])).toBe(want);
});

const tables: AuthTables = {
  verification: {
    table: "verification",
    placement: "app",
    fields: Object.fromEntries(
      ["identifier", "value", "expiresAt", "createdAt", "updatedAt"].map((column) => [
        column,
        { column, type: "string" as const, required: true },
      ]),
    ),
    indexes: {},
  },
};

/** Stores over rows in memory, as far as kept answers call them. */
function memory() {
  const rows: Row[] = [];
  const store = {
    findOne: async ({ where }) =>
      rows.find((row) => row[where[0]!.column] === where[0]!.value) ?? null,
    create: async ({ data }) => {
      const row = { ...data, id: String(rows.length) } as Row;
      rows.push(row);
      return row;
    },
    update: async ({ where, data }) => {
      const at = rows.findIndex((row) => row.id === where[0]!.value);
      return (rows[at] = { ...rows[at]!, ...data } as Row);
    },
  } satisfies Partial<Store>;
  // Nothing else is called.
  const stores = { app: store, component: store } as unknown as AdapterStores;
  return { rows, keptBy: (secret: string) => keptAnswers({ tables, stores, secret })! };
}

const ask = (url: string, method = "GET"): FetchQuestion => ({
  kind: "fetch",
  request: { url, method, headers: [], body: null },
  options: {},
});

const answer = (text: string, status = 200): Answer => ({
  kind: "response",
  response: { status, headers: [], body: new TextEncoder().encode(text).buffer as ArrayBuffer },
});

test("an answer is there for the same question until it expires, in one row", async () => {
  const { rows, keptBy } = memory();
  const kept = keptBy("secret");
  const question = ask("https://idp.test/discovery");
  expect(await kept.load(question)).toBeUndefined();
  await kept.keep(question, answer("first"));
  await kept.keep(question, answer("second"));
  expect(rows).toHaveLength(1);
  expect(await kept.load(question)).toEqual(answer("second"));
  expect(await kept.load(ask("https://idp.test/other"))).toBeUndefined();
  vi.useFakeTimers({ now: Date.now() + 61 * MINUTE });
  expect(await kept.load(question)).toBeUndefined();
  vi.useRealTimers();
});

test("what was kept under another secret is not read", async () => {
  const { keptBy } = memory();
  const question = ask("https://idp.test/discovery");
  await keptBy("old").keep(question, answer("first"));
  expect(await keptBy("new").load(question)).toBeUndefined();
});

test.each([
  {
    name: "a failure",
    question: ask("https://idp.test/"),
    got: { kind: "failure", name: "E", message: "" },
  },
  { name: "an error", question: ask("https://idp.test/"), got: answer("down", 503) },
  { name: "a POST", question: ask("https://idp.test/", "POST"), got: answer("made") },
  { name: "a long answer", question: ask("https://idp.test/"), got: answer("x".repeat(200_001)) },
] as const)("$name is not kept", async ({ question, got }) => {
  const { rows, keptBy } = memory();
  await keptBy("secret").keep(question, got);
  expect(rows).toEqual([]);
});

test("an app without a verification table keeps nothing", () => {
  const stores = {} as AdapterStores; // never called
  expect(keptAnswers({ tables: {}, stores, secret: "secret" })).toBeUndefined();
});
