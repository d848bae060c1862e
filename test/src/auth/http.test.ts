// What an honest client, a browser and a proxy get from the auth routes, behind both routers.
import { APIError } from "better-auth/api";
import { describe, expect, test, vi } from "vitest";
import { registerRoutes } from "../../../src/auth/http.js";
import { authMiddleware } from "../../../src/auth/http/middleware.js";
import { createHttpApp, credentials, SITE, type RouterKind } from "./support/http-app.js";

const json = (body: object, headers: Record<string, string> = {}): RequestInit => ({
  method: "POST",
  headers: { "content-type": "application/json", ...headers },
  body: JSON.stringify(body),
});

describe.each<RouterKind>(["registerRoutes", "authMiddleware"])("behind %s", (kind) => {
  // Better Auth answers /ok below its base path, and nothing else has that text.
  const paths: [string, string | undefined, boolean][] = [
    ["/api/auth/ok", undefined, true],
    ["/api/auth/ok?x=1", undefined, true],
    ["/api/authors/ok", undefined, false],
    ["/api/auth-x/ok", undefined, false],
    ["/x/api/auth/ok", undefined, false],
    ["//api/auth/ok", undefined, false],
    ["/api%2Fauth/ok", undefined, false],
    ["/API/AUTH/ok", undefined, false],
    ["/custom/auth/ok", "/custom/auth", true],
    ["/custom/auth/ok", "/custom/auth/", true],
    ["/api/auth/ok", "/custom/auth", false],
  ];
  test.each(paths)("%s with basePath %s is auth: %s", async (path, basePath, want) => {
    const { fetch } = createHttpApp({ kind, routes: basePath === undefined ? {} : { basePath } });
    const text = await (await fetch(path)).text();
    expect(text.includes('"ok":true')).toBe(want);
  });

  test("several cookies survive, with CORS and without", async () => {
    for (const routes of [{}, { cors: { allowedOrigins: ["https://*.example.com"] } }]) {
      const { fetch } = createHttpApp({
        kind,
        routes,
        options: {
          session: { cookieCache: { enabled: true } },
          trustedOrigins: ["https://*.example.com"],
        },
      });
      const origin = "https://app.example.com";
      const response = await fetch("/api/auth/sign-up/email", json(credentials, { origin }));
      expect(response.status).toBe(200);
      const names = response.headers.getSetCookie().map((line) => line.split("=")[0]);
      expect(names).toEqual(
        expect.arrayContaining([
          expect.stringContaining("session_token"),
          expect.stringContaining("session_data"),
        ]),
      );
      const isCors = "cors" in routes;
      expect(response.headers.get("access-control-allow-origin")).toBe(isCors ? origin : null);
    }
  });

  test("preflight: answered for allowed origins; without CORS it is not auth's to answer", async () => {
    const preflight = (origin: string): RequestInit => ({
      method: "OPTIONS",
      headers: { origin, "access-control-request-method": "POST" },
    });
    const { fetch } = createHttpApp({
      kind,
      routes: { cors: { allowedOrigins: ["https://a.com", "https://*.b.com"] } },
    });
    for (const [origin, want] of [
      ["https://a.com", "https://a.com"],
      ["https://x.b.com", "https://x.b.com"],
      ["https://evil.com", null],
    ] as const) {
      const response = await fetch("/api/auth/sign-in/email", preflight(origin));
      expect(response.status).toBe(204);
      expect(response.headers.get("access-control-allow-origin")).toBe(want);
      expect(response.headers.get("access-control-allow-headers")).toBe(
        "Content-Type, Authorization, Better-Auth-Cookie",
      );
    }
    const plain = await createHttpApp({ kind }).fetch("/api/auth/ok", preflight("https://a.com"));
    expect(plain.headers.get("access-control-allow-origin")).toBeNull();
  });

  test("an APIError is the response it describes, and a redirect stays one", async () => {
    const { fetch } = createHttpApp({
      kind,
      options: {
        databaseHooks: {
          user: {
            create: {
              before: () => {
                throw new APIError("FORBIDDEN", { message: "by invitation only", code: "CLOSED" });
              },
            },
          },
        },
      },
    });
    const refused = await fetch("/api/auth/sign-up/email", json(credentials));
    expect(refused.status).toBe(403);
    expect(await refused.json()).toMatchObject({ code: "CLOSED", message: "by invitation only" });
    const redirect = await fetch(`/api/auth/reset-password/none?callbackURL=${SITE}/reset`);
    expect(redirect.status).toBe(302);
    expect(redirect.headers.get("location")).toBe(`${SITE}/reset?error=INVALID_TOKEN`);
  });

  const forwarded = { "x-forwarded-host": "proxy.example", "x-forwarded-proto": "https" };
  const trust: [string, object, string][] = [
    ["nobody trusts them", {}, "https://some.convex.site"],
    ["a fixed baseURL wins", { baseURL: SITE, advanced: { trustedProxyHeaders: true } }, SITE],
    [
      "advanced.trustedProxyHeaders does",
      { advanced: { trustedProxyHeaders: true } },
      "https://proxy.example",
    ],
  ];
  test.each(trust)("forwarded headers: %s", async (_title, own, want) => {
    const links: string[] = [];
    const { fetch } = createHttpApp({
      kind,
      options: {
        baseURL: undefined,
        trustedOrigins: ["https://some.convex.site", "https://proxy.example"],
        ...own,
        emailAndPassword: {
          enabled: true,
          password: { hash: async (word) => word, verify: async () => true },
          sendResetPassword: async ({ url }) => void links.push(url),
        },
      },
    });
    await fetch("/api/auth/sign-up/email", json(credentials));
    await fetch("/api/auth/request-password-reset", json({ email: credentials.email }, forwarded));
    // The mail is sent by a function that the request scheduled.
    await expect.poll(() => links.map((link) => new URL(link).origin)).toEqual([want]);
  });

  test("rate limits count by the client's address, in the database", async () => {
    const { fetch } = createHttpApp({
      kind,
      options: {
        rateLimit: { enabled: true, storage: "database", window: 60, max: 2 },
        advanced: { ipAddress: { ipAddressHeaders: ["x-forwarded-for"] } },
      },
    });
    const statuses = async (address: string, path: string, init: RequestInit = {}) => {
      const list: number[] = [];
      for (let time = 0; time < 3; time++) {
        const headers = { ...init.headers, "x-forwarded-for": address };
        list.push((await fetch(`/api/auth${path}`, { ...init, headers })).status);
      }
      return list;
    };
    const post = { method: "POST" };
    expect(await statuses("203.0.113.1", "/sign-out", post)).toEqual([200, 200, 429]);
    expect(await statuses("203.0.113.2", "/sign-out", post)).toEqual([200, 200, 429]);
    // Reads are not counted.
    expect(await statuses("203.0.113.1", "/get-session")).toEqual([200, 200, 200]);
  });
});

test("a rate limit begins again when its window is over", async () => {
  const { fetch } = createHttpApp({
    options: {
      rateLimit: { enabled: true, storage: "database", window: 1, max: 2 },
      advanced: { ipAddress: { ipAddressHeaders: ["x-forwarded-for"] } },
    },
  });
  const headers = { "x-forwarded-for": "203.0.113.1" };
  const post = async () => (await fetch("/api/auth/sign-out", { method: "POST", headers })).status;
  expect([await post(), await post(), await post()]).toEqual([200, 200, 429]);
  await expect.poll(post, { timeout: 10_000, interval: 300 }).toBe(200);
});

test("counts that a stranger has piled up cost no request anything, and go later", async () => {
  // One of the moments at which a request has old counts dropped.
  vi.useFakeTimers({ now: 211 * 8_000_000_000 + 97 });
  try {
    const { fetch, t } = createHttpApp({
      options: {
        rateLimit: { enabled: true, storage: "database", window: 1, max: 2 },
        advanced: { ipAddress: { ipAddressHeaders: ["x-forwarded-for"] } },
      },
    });
    const countOf = () => t.run(async ({ db }) => (await db.query("rateLimit").collect()).length);
    await t.run(async ({ db }) => {
      for (let at = 0; at < 300; at++)
        await db.insert("rateLimit", { key: `10.0.0.1|/made-up-${at}`, count: 1, lastRequest: 1 });
    });
    const headers = { "x-forwarded-for": "203.0.113.1" };
    expect((await fetch("/api/auth/sign-out", { method: "POST", headers })).status).toBe(200);
    expect(await countOf()).toBe(301);
    await t.finishAllScheduledFunctions(vi.runAllTimers);
    expect(await countOf()).toBe(0);
  } finally {
    vi.useRealTimers();
  }
});

test("a base path without a slash is refused when the routes are registered", () => {
  const refused = expect.objectContaining({ code: "INVALID_BASE_PATH" }) as Error;
  const getAuth = () => ({ handler: async () => new Response() });
  expect(() => authMiddleware(getAuth, { basePath: "api/auth" })).toThrow(refused);
  expect(() => registerRoutes({} as never, getAuth, { basePath: "api/auth" })).toThrow(refused);
});
