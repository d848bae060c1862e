// plugins.lock.json: what is refused with which line, what survives, how it is laid out.
import { describe, expect, test } from "vitest";
import { printLock, sameLock } from "../../../codegen/lock/lock.js";
import { parseLock } from "../../../codegen/lock/parse-lock.js";
import { authFile, makeApp } from "../support/app.js";

const PATH = "convex/plugins.lock.json";
const parse = (text: string) => parseLock(text, PATH);

const GOOD = `{
  "version": 1,
  "plugins": {
    "better-auth": {
      "tables": {
        "user": {
          "models": ["user"],
          "owner": "managed",
          "fields": { "name": "abc", "mail": { "fingerprint": "def", "field": "email" } },
          "indexes": {}
        }
      }
    },
    "zoo": { "anything": [1, { "b": 2, "a": 1 }] }
  },
  "extra": true
}
`;

describe("parseLock refuses", () => {
  const cases: { name: string; given: string; code: string; want: RegExp }[] = [
    {
      name: "a merge conflict",
      given: GOOD.replace(
        '          "owner": "managed",\n',
        '<<<<<<< HEAD\n          "owner": "managed",\n=======\n          "owner": "local",\n>>>>>>> topic\n',
      ),
      code: "LOCK_CONFLICT",
      want: /plugins\.lock\.json:8 has an unresolved merge conflict/,
    },
    {
      name: "a truncated file",
      given: GOOD.slice(0, 120),
      code: "LOCK_CORRUPT",
      want: /plugins\.lock\.json:8 is not valid JSON/,
    },
    {
      name: "a stray comma",
      given: GOOD.replace('"indexes": {}', '"indexes": {},'),
      code: "LOCK_CORRUPT",
      want: /plugins\.lock\.json:1[01] is not valid JSON/,
    },
    {
      name: "an empty file",
      given: "",
      code: "LOCK_CORRUPT",
      want: /plugins\.lock\.json:1 is not valid JSON/,
    },
    {
      name: "another shape",
      given: GOOD.replace('"managed"', '"nobody"'),
      code: "LOCK_CORRUPT",
      want: /plugins\.lock\.json:8 is broken at plugins\.better-auth\.tables\.user\.owner/,
    },
    {
      name: "a list",
      given: "[]",
      code: "LOCK_CORRUPT",
      want: /plugins\.lock\.json:1 is broken at the top/,
    },
    {
      name: "no plugins",
      given: '{\n  "version": 1\n}',
      code: "LOCK_CORRUPT",
      want: /is broken at plugins/,
    },
    {
      name: "a newer version",
      given: GOOD.replace('"version": 1', '"version": 2'),
      code: "LOCK_TOO_NEW",
      want: /plugins\.lock\.json:2 has version 2; this kitcn writes version 1/,
    },
  ];
  test.each(cases)("$name", ({ given, code, want }) => {
    let error: unknown;
    try {
      parse(given);
    } catch (one) {
      error = one;
    }
    expect(error).toMatchObject({ code, exitCode: 1 });
    expect((error as Error).message).toMatch(want); // matched above
  });
});

describe("printLock", () => {
  test("sorts, keeps one item a line, and keeps what is not ours", () => {
    expect(printLock(parse(GOOD))).toBe(`{
  "version": 1,
  "extra": true,
  "plugins": {
    "better-auth": {
      "tables": {
        "user": {
          "fields": {
            "mail": { "field": "email", "fingerprint": "def" },
            "name": "abc"
          },
          "indexes": {},
          "models": ["user"],
          "owner": "managed"
        }
      }
    },
    "zoo": {
      "anything": [
        1,
        {
          "b": 2,
          "a": 1
        }
      ]
    }
  }
}
`);
  });

  test("is stable", () => {
    const once = printLock(parse(GOOD));
    expect(printLock(parse(once))).toBe(once);
    expect(sameLock(parse(once), parse(GOOD))).toBe(true);
  });
});

test("a refused lock stops the run before auth.ts is touched, and nothing is written", async () => {
  const app = makeApp({ "convex/auth.ts": "throw new Error('was run');", [PATH]: "{" });
  const before = app.snapshot();
  await expect(app.run()).rejects.toMatchObject({ code: "LOCK_CORRUPT" });
  expect(app.snapshot()).toEqual(before);
});

test("entries of other tools survive a run", async () => {
  const app = makeApp({
    "convex/auth.ts": authFile("{}"),
    [PATH]: `{ "version": 1, "plugins": { "resend": { "files": ["a.ts"], "tables": { "mail": 1 } } }, "note": "kept" }`,
  });
  await app.run();
  const lock: unknown = JSON.parse(app.read(PATH));
  expect(lock).toMatchObject({
    note: "kept",
    plugins: { resend: { files: ["a.ts"], tables: { mail: 1 } }, "better-auth": {} },
  });
  expect((await app.plan()).changes).toEqual([]);
});

test("a plugin may have the id of the entry for the app's own component", async () => {
  const plugin = (fields: string) =>
    authFile(`{ plugins: [{ id: "component", schema: { widget: { fields: { ${fields} } } } }] }`);
  const app = makeApp({ "convex/auth.ts": plugin('size: { type: "string" }') });
  await app.run();
  app.edit("convex/schema.ts", (text) => text.replace("size: v.string()", "size: v.any()"));
  app.write("convex/auth.ts", plugin('size: { type: "string" }, more: { type: "string" }'));
  const outcome = await app.run();
  expect(outcome.due).toEqual([]);
  expect(outcome.conflicts).toMatchObject([{ table: "widget", name: "size", kept: true }]);
  expect(app.read("convex/schema.ts")).toContain("more: v.string()");
});
