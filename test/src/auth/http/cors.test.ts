import { describe, expect, test } from "vitest";
import { assertCorsOptions, preflightResponse, withCors } from "../../../../src/auth/http/cors.js";

function get(origin: string | undefined, method = "GET"): Request {
  return new Request("https://x.convex.site/api/auth/ok", {
    method,
    headers: origin ? { origin } : {},
  });
}

describe("withCors lets an origin read the answer", () => {
  const tables: [string, { given: { allowed: string; origin: string }; want: boolean }][] = [
    ["exact", { given: { allowed: "https://a.com", origin: "https://a.com" }, want: true }],
    [
      "exact, other scheme",
      { given: { allowed: "https://a.com", origin: "http://a.com" }, want: false },
    ],
    [
      "exact, longer host",
      { given: { allowed: "https://a.com", origin: "https://a.com.evil.io" }, want: false },
    ],
    [
      "wildcard subdomain",
      { given: { allowed: "https://*.a.com", origin: "https://x.a.com" }, want: true },
    ],
    [
      "wildcard, deeper",
      { given: { allowed: "https://*.a.com", origin: "https://y.x.a.com" }, want: true },
    ],
    [
      "wildcard, apex",
      { given: { allowed: "https://*.a.com", origin: "https://a.com" }, want: false },
    ],
    [
      "wildcard, suffix trick",
      { given: { allowed: "https://*.a.com", origin: "https://evila.com" }, want: false },
    ],
    [
      "wildcard, another host before a slash",
      { given: { allowed: "https://*.a.com", origin: "https://evil.io/x.a.com" }, want: false },
    ],
    [
      "wildcard, dot is a dot",
      { given: { allowed: "https://*.a.com", origin: "https://x.aXcom" }, want: false },
    ],
    [
      "any port",
      { given: { allowed: "http://localhost:*", origin: "http://localhost:5173" }, want: true },
    ],
    [
      "any port, other host",
      { given: { allowed: "http://localhost:*", origin: "http://localhost.evil:1" }, want: false },
    ],
    ["app scheme", { given: { allowed: "myapp://app", origin: "myapp://app" }, want: true }],
    ["null origin", { given: { allowed: "https://a.com", origin: "null" }, want: false }],
  ];
  test.each(tables)("%s", async (_title, { given, want }) => {
    const response = await withCors(new Response("{}"), get(given.origin), {
      allowedOrigins: [given.allowed],
    });
    expect(response.headers.get("access-control-allow-origin")).toBe(want ? given.origin : null);
    expect(response.headers.get("access-control-allow-credentials")).toBe(want ? "true" : null);
  });

  test("keeps every cookie and the headers that Better Auth exposes", async () => {
    const headers = new Headers({ "access-control-expose-headers": "set-auth-token" });
    headers.append("set-cookie", "a=1");
    headers.append("set-cookie", "b=2");
    const response = await withCors(
      new Response(null, { headers, status: 401 }),
      get("https://a.com"),
      {
        allowedOrigins: ["https://a.com"],
      },
    );
    expect(response.status).toBe(401);
    expect(response.headers.getSetCookie()).toEqual(["a=1", "b=2"]);
    expect(response.headers.get("access-control-expose-headers")).toBe(
      "set-auth-token, Set-Better-Auth-Cookie",
    );
    expect(response.headers.get("vary")).toContain("Origin");
  });
});

test("a function gives the origins of a request; what is no origin admits nobody", async () => {
  const allowedOrigins = async (request: Request) =>
    request.url.includes("/api/auth/") ? ["*", "https://*.a.com"] : [];
  for (const [origin, want] of [
    ["https://x.a.com", "https://x.a.com"],
    ["https://b.com", null],
  ] as const) {
    const { headers } = await withCors(new Response("{}"), get(origin), { allowedOrigins });
    expect(headers.get("access-control-allow-origin")).toBe(want);
  }
});

test("preflightResponse answers OPTIONS only", async () => {
  const options = { allowedOrigins: ["https://a.com", "https://b.com"] };
  expect(await preflightResponse(get("https://b.com"), options)).toBeNull();
  const response = await preflightResponse(get("https://b.com", "OPTIONS"), options);
  expect(response?.status).toBe(204);
  expect(Object.fromEntries(response?.headers ?? [])).toMatchObject({
    "access-control-allow-origin": "https://b.com",
    "access-control-allow-headers": "Content-Type, Authorization, Better-Auth-Cookie",
    "access-control-allow-credentials": "true",
  });
});

test.each(["*", "a.com", "https://", "https://a.com/path", "https://*"])(
  "assertCorsOptions refuses %s",
  (origin) => {
    expect(() => assertCorsOptions({ allowedOrigins: [origin] })).toThrow(
      expect.objectContaining({ code: "INVALID_CORS_ORIGIN" }),
    );
  },
);
