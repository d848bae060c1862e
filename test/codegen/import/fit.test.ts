// Planned rows fitted to an app's tables: columns, types, defaults, and what has no place.
import { getAuthTables } from "better-auth/db";
import type { BetterAuthOptions } from "better-auth";
import { expect, test } from "vitest";
import { fitPlanned } from "../../../codegen/import/fit.js";
import { surveySource } from "../../../codegen/import/survey.js";
import type { PlannedRow } from "../../../codegen/import/types.js";
import { planTables } from "../../../codegen/plan/plan-tables.js";

const inputOf = (options: BetterAuthOptions, more: object = {}) => {
  const source = getAuthTables(options);
  const { tables } = planTables(source, { placement: "app" });
  return { tables, source, defaults: new Map<string, string>(), ...more };
};

const user = (fields: object): PlannedRow => ({
  model: "user",
  oldId: "1",
  fields: { email: "a@b.co", name: "A", ...fields },
});

test("texts become values of the column's type, under its name; what is wrong or unknown is left out", () => {
  const input = inputOf({
    user: {
      fields: { email: "address" },
      additionalFields: {
        age: { type: "number", required: false },
        tags: { type: "string[]", required: false },
        data: { type: "json", required: false },
        plan: { type: ["free", "pro"], required: false },
        seen: { type: "date", required: false },
      },
    },
  });
  const given = {
    ...{ emailVerified: "true", age: "7", tags: '["a"]', data: '{"a":1}', seen: "2024-01-01" },
    ...{ plan: "gold", phoneNumber: "1", image: "", updatedAt: new Date(5) },
  };
  expect(fitPlanned({ rows: [user(given)] }, input)).toEqual({
    rows: [
      {
        model: "user",
        oldId: "1",
        columns: {
          ...{ address: "a@b.co", name: "A", emailVerified: true, age: 7, tags: ["a"] },
          ...{ data: { a: 1 }, seen: Date.UTC(2024, 0, 1), updatedAt: 5 },
        },
      },
    ],
    dropped: [],
    ignored: ["user.plan", "user.phoneNumber"],
    missing: [],
  });
});

test("values are stored as the adapter stores them: what Convex refuses never stops an import", () => {
  const input = inputOf({
    user: {
      additionalFields: {
        data: { type: "json", required: false },
        tags: { type: "string[]", required: false },
      },
    },
  });
  const given = { name: "Ada \ud83d", data: '{"$ref":1,"é":2}', tags: ["\ude00"] };
  expect(fitPlanned({ rows: [user(given)] }, input).rows[0]?.columns).toMatchObject({
    name: "Ada \ufffd",
    data: '{"$ref":1,"é":2}',
    tags: ["\ufffd"],
  });
});

test.each([
  ["a number is ms, before 1973, too", Date.UTC(1971, 0, 1), Date.UTC(1971, 0, 1)],
  ["a number before 1970", Date.UTC(1965, 0, 1), Date.UTC(1965, 0, 1)],
  ["ms in a text", String(Date.UTC(1971, 0, 1)), Date.UTC(1971, 0, 1)],
  ["ms before 1970 in a text", String(Date.UTC(1965, 0, 1)), Date.UTC(1965, 0, 1)],
  ["seconds in a text", "1700000000", 1_700_000_000_000],
  ["Rails and BigQuery", "2020-01-02 03:04:05 UTC", Date.UTC(2020, 0, 2, 3, 4, 5)],
  ["Ruby", "2020-01-02 03:04:05 +0100", Date.UTC(2020, 0, 2, 2, 4, 5)],
  ["Postgres", "2020-01-02 03:04:05.5+00", Date.UTC(2020, 0, 2, 3, 4, 5, 500)],
  ["no zone", "2020-01-02 03:04:05", Date.UTC(2020, 0, 2, 3, 4, 5)],
  ["a day", "2020-01-02", Date.UTC(2020, 0, 2)],
  ["a day and a month in an order that nothing says", "02/01/2020", undefined],
  ["the same with dots", "31.12.2020", undefined],
])("dates: %s", (_name, createdAt, want) => {
  const { rows, ignored } = fitPlanned({ rows: [user({ createdAt })] }, inputOf({}));
  expect(rows[0]?.columns.createdAt).toBe(want);
  expect(ignored).toEqual(want === undefined ? ["user.createdAt"] : []);
});

test.each([
  ["yes", true, []],
  ["0", false, []],
  ["maybe", false, ["user.emailVerified"]],
])("booleans: %s", (emailVerified, want, left) => {
  const { rows, ignored } = fitPlanned({ rows: [user({ emailVerified })] }, inputOf({}));
  expect(rows[0]?.columns.emailVerified).toBe(want);
  expect(ignored).toEqual(left);
});

test("defaults: the user's, then Better Auth's; what is required and has none is missing", () => {
  const options: BetterAuthOptions = {
    user: {
      additionalFields: {
        plan: { type: "string", required: true, defaultValue: () => "free" },
        team: { type: "number", required: true },
        city: { type: "string", required: true },
      },
    },
  };
  const defaults = new Map([["user.team", "3"]]);
  const { rows, missing } = fitPlanned({ rows: [user({})] }, inputOf(options, { defaults }));
  expect(rows[0]?.columns).toMatchObject({ plan: "free", team: 3, emailVerified: false });
  expect(missing).toEqual(["user.city"]);
});

test("a run that would lack a value is refused before anything is sent, with the flag that helps", async () => {
  const options: BetterAuthOptions = {
    user: { additionalFields: { city: { type: "string", required: true } } },
  };
  const steps = [
    {
      name: "users",
      records: async function* () {
        yield {};
        yield {};
      },
      plan: () => ({ rows: [user({})] }),
    },
  ];
  const refused = surveySource(steps, { ...inputOf(options), onRecord: () => {} });
  await expect(refused).rejects.toMatchObject({
    code: "IMPORT_INCOMPLETE",
    message: expect.stringContaining("user.city (2 rows)"),
    hint: expect.stringContaining("--default user.city="),
  });
});

test("models that the app lacks, and users without an address", () => {
  const rows: PlannedRow[] = [
    { model: "organization", oldId: "o", fields: { name: "O" } },
    user({ email: undefined }),
  ];
  const { dropped } = fitPlanned({ rows }, inputOf({}));
  expect(dropped).toMatchObject([
    { reason: 'the app has no model "organization": add organization() to auth.ts' },
    { reason: expect.stringContaining("--placeholder-email") },
  ]);
  const filled = fitPlanned({ rows }, inputOf({}, { placeholderDomain: "x.co" }));
  expect(filled.rows[0]?.columns).toMatchObject({ email: "1@x.co", emailVerified: false });
});
