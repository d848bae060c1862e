// json columns hold the value itself, whoever looks: Better Auth, a function, a trigger, the ORM, HTTP.
import type { GenericDataModel, GenericMutationCtx } from "convex/server";
import { expect, test } from "vitest";
import { fromStoredJson, toStoredJson } from "../../../src/adapter/json.js";
import { toStored } from "../../../src/adapter/values.js";
import { credentials, createHttpApp } from "../auth/support/http-app.js";

const deep = (levels: number): unknown => (levels === 0 ? 1 : { a: deep(levels - 1) });

test.each([
  ["an object", { z: 1, "a key": [true, null, "x", { b: {} }] }],
  ["an array", [1, { a: 2 }]],
  ["a number", 7],
  ["a boolean", false],
  ["null", null],
  ["a string", "hello"],
  ["a string that reads like a number", "123"],
  ["a string that reads like null", "null"],
  ["an empty string", ""],
  ["a string that begins like JSON", "{a"],
])("%s is stored as it is", (_title, value) => {
  expect(toStoredJson(value)).toEqual(value);
  expect(fromStoredJson(value)).toEqual(value);
});

test("half of a surrogate pair is stored as U+FFFD, wherever it is", () => {
  const half = "\ud83c";
  expect(toStoredJson(`${half}a`)).toBe("\ufffda");
  // A backslash before the same letters is text, and a whole pair is, too.
  const value = { a: [`x${half}${half}`, "\udf8c"], b: String.raw`\ud83c`, c: "🎌" };
  expect(toStoredJson(value)).toEqual({
    ...{ a: ["x\ufffd\ufffd", "\ufffd"], b: String.raw`\ud83c`, c: "🎌" },
  });
  expect(toStored(`${half}a`, { type: "string" })).toBe("\ufffda");
  expect(toStored([half, "🎌"], { type: "string[]" })).toEqual(["\ufffd", "🎌"]);
  expect(toStored(half, { type: "date" })).toBe("\ufffd");
});

test.each([
  ["a key with a dollar", { $ref: 1 }],
  ["a key with an underscore", { deep: [{ _id: "x" }] }],
  ["a key that is not ASCII", { é: 1 }],
  ["a key with a control character", { "a\nb": 1 }],
  ["an empty key", { "": 1 }],
  ["a key that is too long", { ["k".repeat(1025)]: 1 }],
  ["more fields than Convex holds", Object.fromEntries([...Array(1025).keys()].map((k) => [k, k]))],
  ["more items than Convex holds", [...Array(8193).keys()]],
  ["more levels than Convex holds", deep(15)],
  ["a string that is JSON of an object", '{"a":1}'],
  ["a string that is JSON of an array", " [1]"],
  ["a string that is JSON of a string", '"quoted"'],
])("%s is stored as JSON text, and comes back as it was", (_title, value) => {
  const stored = toStoredJson(value);
  expect(stored).toBe(JSON.stringify(value));
  expect(fromStoredJson(stored)).toEqual(value);
});

test("what JSON has no words for goes as in JSON", () => {
  const value = { at: new Date(0), gone: undefined, none: NaN };
  expect(toStoredJson(value)).toEqual({ at: "1970-01-01T00:00:00.000Z", none: null });
  expect(toStoredJson(new Date(0))).toBe("1970-01-01T00:00:00.000Z");
  expect(toStoredJson(undefined)).toBeUndefined();
});

test("a function, a trigger, the ORM and HTTP see the same value", async () => {
  const seen: unknown[] = [];
  type TriggerCtx = GenericMutationCtx<GenericDataModel> & {
    readonly orm: { readonly query: { [table: string]: { findFirst(): Promise<object> } } };
  };
  const app = createHttpApp({
    options: {
      user: { additionalFields: { prefs: { type: "json", required: false } } },
      triggers: {
        user: {
          create: {
            before: (user: { prefs: { z: number } }) => {
              seen.push(user.prefs.z);
              return { data: { prefs: { ...user.prefs, before: true } } };
            },
            after: async (user: { prefs: unknown }, ctx: TriggerCtx) => {
              seen.push(user.prefs, await ctx.orm.query["user"]?.findFirst());
            },
          },
        },
      },
    },
  });
  const post = (path: string, body: object, cookie = "") =>
    app.fetch(`/api/auth/${path}`, {
      method: "POST",
      headers: { "content-type": "application/json", cookie, origin: "https://happy.convex.site" },
      body: JSON.stringify(body),
    });
  const signedUp = await post("sign-up/email", { ...credentials, prefs: { z: 1 } });
  expect(signedUp.status).toBe(200);
  const want = { z: 1, before: true };
  expect(seen).toEqual([1, want, expect.objectContaining({ prefs: want })]);
  const stored = () => app.t.run(async ({ db }) => (await db.query("user").first())?.["prefs"]);
  expect(await stored()).toEqual(want);

  const [cookie = ""] = signedUp.headers.get("set-cookie")?.split(";") ?? [];
  const user = async () => {
    const response = await app.fetch("/api/auth/get-session", { headers: { cookie } });
    return ((await response.json()) as { user: { prefs: unknown } }).user.prefs;
  };
  expect(await user()).toEqual(want);

  // As an app stored it before.
  await app.t.run(async ({ db }) => {
    const found = await db.query("user").first();
    await db.patch(found!._id, { prefs: '{"old":[1]}' } as never); // the test's schema has no types
  });
  expect(await user()).toEqual({ old: [1] });
  expect((await post("update-user", { prefs: { new: 2 } }, cookie)).status).toBe(200);
  expect(await stored()).toEqual({ new: 2 });
});
