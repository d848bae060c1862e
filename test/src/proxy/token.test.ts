import { describe, expect, test, vi } from "vitest";
import { loadServerToken } from "../../../src/proxy/token.js";

const convexSiteUrl = "https://happy-animal-123.convex.site";
const cookie = "other=1; __Secure-better-auth.session_token=abc.def%3D; x=y";

const load = (send: typeof fetch, headers: HeadersInit = { cookie }, more = {}) =>
  loadServerToken(new Headers(headers), {
    convexSiteUrl,
    basePath: "/api/auth",
    fetch: send,
    ...more,
  });

const ok = () => vi.fn<typeof fetch>(async () => Response.json({ token: "a.b.c" }));

describe("loadServerToken", () => {
  test("asks once, with the cookies and what is forwarded of the visitor", async () => {
    const send = ok();
    const headers = {
      cookie,
      host: "app.example.com",
      "x-forwarded-for": "192.0.2.1",
      "user-agent": "browser",
      "content-length": "12",
      "accept-encoding": "br",
    };
    expect(await load(send, headers)).toBe("a.b.c");
    expect(send).toHaveBeenCalledTimes(1);
    const [url, init] = send.mock.calls[0]!;
    expect(String(url)).toBe(`${convexSiteUrl}/api/auth/convex/token?disableRefresh=true`);
    expect(Object.fromEntries(new Headers(init?.headers))).toEqual({
      cookie,
      accept: "application/json",
      "x-forwarded-for": "192.0.2.1",
      "x-forwarded-host": "app.example.com",
      "user-agent": "browser",
    });
    expect(init).toMatchObject({ redirect: "manual", cache: "no-store" });
  });

  test.each([{}, { cookie: "" }, { cookie: "theme=dark; session_token_seen" }])(
    "%j has no session: nothing is asked",
    async (headers) => {
      const send = ok();
      expect(await load(send, headers as Record<string, string>)).toBeUndefined();
      expect(send).not.toHaveBeenCalled();
    },
  );

  test("other names of the session cookie", async () => {
    const prefixed = { cookie: "my-app.session_token=x" };
    expect(await load(ok(), prefixed)).toBe("a.b.c");
    const renamed = { cookie: "__Secure-sid=x" };
    expect(await load(ok(), renamed)).toBeUndefined();
    expect(await load(ok(), renamed, { sessionCookie: "sid" })).toBe("a.b.c");
  });

  test.each(["/custom/auth", "/custom/auth/"])("basePath %s", async (basePath) => {
    const send = ok();
    await load(send, { cookie }, { basePath });
    expect(String(send.mock.calls[0]![0])).toBe(
      `${convexSiteUrl}/custom/auth/convex/token?disableRefresh=true`,
    );
  });

  test("a 401 is a visitor", async () => {
    const send = vi.fn<typeof fetch>(async () => new Response(null, { status: 401 }));
    expect(await load(send)).toBeUndefined();
    expect(send).toHaveBeenCalledTimes(1);
  });

  test("one failure is asked again", async () => {
    const send = ok();
    send.mockRejectedValueOnce(new TypeError("fetch failed"));
    expect(await load(send)).toBe("a.b.c");
    send.mockResolvedValueOnce(new Response(null, { status: 503 }));
    expect(await load(send)).toBe("a.b.c");
  });

  test.each([
    { name: "server errors", given: () => new Response(null, { status: 500 }), want: "status 500" },
    {
      name: "a missing route",
      given: () => new Response(null, { status: 404 }),
      want: "status 404",
    },
    { name: "redirects", given: () => new Response(null, { status: 302 }), want: "status 302" },
    { name: "a page", given: () => new Response("<!doctype html>"), want: "" },
    { name: "no token", given: () => Response.json({}), want: "no token" },
    { name: "null", given: () => Response.json(null), want: "" },
  ])("$name are no sign-out: it throws by name", async ({ given, want }) => {
    const send = vi.fn<typeof fetch>(async () => given());
    const failure = await load(send).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: "TOKEN_UNAVAILABLE" });
    expect(String(failure)).toContain(want);
    expect(String(failure)).not.toContain("abc.def");
    expect(send).toHaveBeenCalledTimes(2);
  });
});
