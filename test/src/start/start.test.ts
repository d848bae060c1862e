// TanStack Start itself is not here: its current request is a mock, everything else is real.
import { makeFunctionReference } from "convex/server";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createStartAuth } from "../../../src/start/index.js";

const current = { request: new Request("https://app.example.com/") };
vi.mock("@tanstack/react-start/server", () => ({ getRequest: () => current.request }));

const options = {
  convexUrl: "https://happy-animal-123.convex.cloud",
  convexSiteUrl: "https://happy-animal-123.convex.site",
};
const list = makeFunctionReference<"query", Record<string, never>, string[]>("notes:list");

const send = vi.fn<typeof fetch>();
const tokenCalls = () => send.mock.calls.filter(([url]) => String(url).includes("/convex/token"));

/** A page's request; `Request` forbids the cookie header, a server's has it. */
function arrive(cookie?: string): void {
  current.request = new Request("https://app.example.com/");
  Object.defineProperty(current.request, "headers", {
    value: new Headers(cookie ? { cookie } : {}),
  });
}

beforeEach(() => {
  send.mockReset();
  send.mockImplementation(async (input) => {
    const url = String(input);
    if (url.includes("/convex/token")) return Response.json({ token: "a.b.c" });
    if (url.includes(".convex.site")) return Response.json({ url });
    return Response.json({ status: "success", value: ["x"], logLines: [] });
  });
  vi.stubGlobal("fetch", send);
  arrive("better-auth.session_token=s");
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.unstubAllEnvs();
});

describe("createStartAuth", () => {
  test("one token request per page, one more for the next page", async () => {
    const { getToken, isAuthenticated, fetchAuthQuery } = createStartAuth(options);
    const [token, isIn, notes] = await Promise.all([
      getToken(),
      isAuthenticated(),
      fetchAuthQuery(list),
    ]);
    expect([token, isIn, notes]).toEqual(["a.b.c", true, ["x"]]);
    expect(tokenCalls()).toHaveLength(1);
    arrive("better-auth.session_token=other");
    await getToken();
    expect(tokenCalls()).toHaveLength(2);
  });

  test("a failure is not kept", async () => {
    const { getToken } = createStartAuth(options);
    send.mockResolvedValueOnce(new Response(null, { status: 503 }));
    send.mockResolvedValueOnce(new Response(null, { status: 503 }));
    await expect(getToken()).rejects.toMatchObject({ code: "TOKEN_UNAVAILABLE" });
    expect(await getToken()).toBe("a.b.c");
  });

  test("a visitor", async () => {
    arrive();
    const { getToken, isAuthenticated } = createStartAuth(options);
    expect(await getToken()).toBeUndefined();
    expect(await isAuthenticated()).toBe(false);
    expect(send).not.toHaveBeenCalled();
  });

  test.each(["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] as const)(
    "route handler %s",
    async (method) => {
      const { handlers, handler } = createStartAuth(options);
      const request = () => new Request("https://app.example.com/api/auth/ok?a=1", { method });
      const want = { url: `${options.convexSiteUrl}/api/auth/ok?a=1` };
      expect(await (await handlers[method]({ request: request() })).json()).toEqual(want);
      expect(await (await handler(request())).json()).toEqual(want);
    },
  );

  test("a missing URL is named at the first call", async () => {
    vi.stubEnv("VITE_CONVEX_URL", "");
    vi.stubEnv("VITE_CONVEX_SITE_URL", "");
    await expect(createStartAuth().getToken()).rejects.toThrow("VITE_CONVEX_SITE_URL");
  });
});
