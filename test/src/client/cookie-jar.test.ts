import { afterEach, describe, expect, test, vi } from "vitest";
import {
  createCookieJar,
  memoryStorage,
  type CookieStorage,
} from "../../../src/client/cookie-jar.js";
import { parseSetCookie, splitSetCookies } from "../../../src/cross-domain/set-cookie.js";

afterEach(() => void vi.useRealTimers());

const jarOf = (storage: CookieStorage = memoryStorage()) => createCookieJar({ storage, key: "k" });

describe("splitSetCookies", () => {
  test.each([
    { name: "one", given: "a=1; Path=/", want: ["a=1; Path=/"] },
    {
      name: "dates have commas",
      given:
        "a=1; Expires=Wed, 21 Oct 2026 07:28:00 GMT; HttpOnly, b=2; Expires=Thu, 01 Jan 1970 00:00:00 GMT, c=3",
      want: [
        "a=1; Expires=Wed, 21 Oct 2026 07:28:00 GMT; HttpOnly",
        "b=2; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
        "c=3",
      ],
    },
    {
      name: "values with equals signs",
      given: "a=x.y%3D==; Path=/,b=",
      want: ["a=x.y%3D==; Path=/", "b="],
    },
    {
      name: "prefixed names",
      given: "__Secure-a.b=1, __Host-c=2",
      want: ["__Secure-a.b=1", "__Host-c=2"],
    },
    { name: "nothing", given: "", want: [] },
  ])("$name", ({ given, want }) => expect(splitSetCookies(given)).toEqual(want));
});

describe("parseSetCookie", () => {
  const now = Date.UTC(2026, 0, 1);
  test.each([
    { given: "a=1", want: { name: "a", value: "1", expiresAt: undefined } },
    { given: "a=1; max-age=10", want: { name: "a", value: "1", expiresAt: now + 10_000 } },
    { given: "a=; Max-Age=0", want: { name: "a", value: "", expiresAt: now } },
    { given: "a=1; Max-Age=-5", want: { name: "a", value: "1", expiresAt: now - 5_000 } },
    {
      given: "a=1; Expires=Thu, 01 Jan 2026 00:01:00 GMT; Max-Age=10",
      want: { name: "a", value: "1", expiresAt: now + 10_000 },
    },
    {
      given: "a=1; expires=Thu, 01 Jan 2026 00:01:00 GMT",
      want: { name: "a", value: "1", expiresAt: now + 60_000 },
    },
    { given: "a=1; Expires=whenever", want: { name: "a", value: "1", expiresAt: undefined } },
    { given: "a=b=c", want: { name: "a", value: "b=c", expiresAt: undefined } },
  ])("$given", ({ given, want }) => expect(parseSetCookie(given, now)).toEqual(want));

  test.each(["", "novalue", "=x", ";a=1"])("%j is no cookie", (given) =>
    expect(parseSetCookie(given, now)).toBeNull(),
  );
});

describe("createCookieJar", () => {
  test("keeps, replaces, deletes", async () => {
    const jar = jarOf();
    await jar.apply("a=1; Path=/, b=2; Max-Age=60");
    expect(await jar.header()).toBe("a=1; b=2");
    await jar.apply("a=3, b=; Max-Age=0");
    expect(await jar.header()).toBe("a=3");
    await jar.apply("a=; Expires=Thu, 01 Jan 1970 00:00:00 GMT");
    expect(await jar.header()).toBe("");
  });

  test("an expired cookie is not sent", async () => {
    vi.useFakeTimers();
    const jar = jarOf();
    await jar.apply("short=1; Max-Age=60, long=2; Max-Age=120, browser=3");
    vi.advanceTimersByTime(61_000);
    expect(await jar.header()).toBe("long=2; browser=3");
  });

  test("two answers at once lose nothing, also in a slow storage", async () => {
    const items = new Map<string, string>();
    const tick = () => new Promise((resolve) => setTimeout(resolve, 1));
    const jar = jarOf({
      getItem: async (key) => (await tick(), items.get(key)),
      setItem: async (key, value) => (await tick(), void items.set(key, value)),
    });
    await Promise.all(["a=1", "b=2", "c=3"].map((line) => jar.apply(line)));
    expect(await jar.header()).toBe("a=1; b=2; c=3");
  });

  test("what another tab wrote counts", async () => {
    const storage = memoryStorage();
    await jarOf(storage).apply("a=1");
    const other = jarOf(storage);
    expect(await other.header()).toBe("a=1");
    await other.apply("a=; Max-Age=0");
    expect(await jarOf(storage).header()).toBe("");
  });

  test.each(["", "no json", "null", "[]", '{"a":1}', '{"a":{"value":2}}', '{"a":null}'])(
    "storage holding %j is an empty jar",
    async (given) => {
      const jar = jarOf({ getItem: () => given, setItem: () => {} });
      expect(await jar.header()).toBe("");
    },
  );

  test("names that objects know too", async () => {
    const jar = jarOf();
    await jar.apply("__proto__=1, constructor=2");
    expect(await jar.header()).toBe("__proto__=1; constructor=2");
  });
});
