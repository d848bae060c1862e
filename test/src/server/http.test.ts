// The three forms of http.ts, each with real requests, and the auth routes on Hono.
import { convexTest } from "convex-test";
import { httpActionGeneric, httpRouter, ROUTABLE_HTTP_METHODS } from "convex/server";
import { Hono } from "hono";
import { HTTPException } from "hono/http-exception";
import { afterEach, beforeEach, describe, expect, expectTypeOf, test, vi } from "vitest";
import { z } from "zod";
import { registerRoutes, type GetAuthHandler } from "../../../src/auth/http.js";
import { authMiddleware } from "../../../src/auth/http/middleware.js";
import {
  CRPCError,
  createHttpRouter,
  errorResponse,
  HttpRouterWithHono,
  type HonoEnv,
} from "../../../src/server/index.js";
import {
  APIError,
  authRoute,
  notes,
  publicRoute,
  router,
  schema,
  type DataModel,
} from "./fixture.js";

/** Answers with what reached it, so that tests see the request passed on whole. */
const getAuth: GetAuthHandler<DataModel> = (ctx) => ({
  handler: async (request) =>
    Response.json({
      method: request.method,
      path: new URL(request.url).pathname,
      body: await request.text(),
      hasCtx: typeof ctx.runMutation === "function",
    }),
});

const serve = (http: unknown) =>
  convexTest({
    schema,
    modules: {
      "./convex/_generated/api.js": async () => ({}),
      "./convex/http.ts": async () => ({ default: http }),
    },
  });

const json = (body: unknown, method = "POST"): RequestInit => ({
  method,
  headers: { "content-type": "application/json" },
  body: typeof body === "string" ? body : JSON.stringify(body),
});

const routes = router({
  health: publicRoute.get("/api/health").action(() => ({ ok: true })),
  notes: {
    one: publicRoute
      .get("/api/notes/:id")
      .input(z.object({ id: z.string(), limit: z.coerce.number().default(1) }))
      .input(z.object({ tag: z.array(z.string()).optional() }))
      .action(({ input }) => input),
    add: authRoute
      .post("/api/notes")
      .input(z.object({ title: z.string().min(1) }))
      .output(z.object({ title: z.string(), by: z.string() }))
      .action(({ ctx, input }) => ({ ...input, by: ctx.user.id, secret: 1 })),
    replace: publicRoute
      .put("/api/notes/:id")
      .input(z.object({ id: z.string(), title: z.string() }))
      .action(({ input }) => input),
    remove: publicRoute.delete("/api/notes/:id").action(() => undefined),
  },
  raw: publicRoute
    .post("/api/raw")
    .output(z.object({}))
    .action(async ({ request }) => new Response(await request.text(), { status: 202 })),
  conflict: publicRoute.get("/api/conflict").action(() => {
    throw new CRPCError({ code: "CONFLICT", message: "Taken." });
  }),
  apiError: publicRoute.get("/api/api-error").action(() => {
    throw new APIError(418, { message: "Teapot." });
  }),
  broken: publicRoute.get("/api/broken").action(() => {
    throw new Error("password=hunter2");
  }),
});

function createApp() {
  const app = new Hono<HonoEnv>();
  app.use(authMiddleware(getAuth));
  app.get("/hono/:name", (c) => c.json({ name: c.req.param("name") }));
  app.get("/hono-error/crpc", () => {
    throw new CRPCError({ code: "GONE" });
  });
  app.get("/hono-error/http", () => {
    throw new HTTPException(418, { message: "Teapot" });
  });
  app.get("/hono-error/other", () => {
    throw new Error("password=hunter2");
  });
  return app;
}

beforeEach(() => void vi.spyOn(console, "error").mockImplementation(() => undefined));
afterEach(() => vi.restoreAllMocks());

type Case = { given: [path: string, init?: RequestInit]; want: { status: number; body: unknown } };

describe("Hono with a router", () => {
  test.each<Case>([
    { given: ["/api/health"], want: { status: 200, body: { ok: true } } },
    { given: ["/api/notes/7?limit=3"], want: { status: 200, body: { id: "7", limit: 3 } } },
    {
      given: ["/api/notes/7?tag=a&tag=b&id=8"],
      want: { status: 200, body: { id: "7", limit: 1, tag: ["a", "b"] } },
    },
    {
      given: ["/api/notes/7?limit=x"],
      want: {
        status: 400,
        body: {
          code: "BAD_REQUEST",
          message: "Invalid input. limit: Invalid input: expected number, received NaN",
          issues: [{ path: ["limit"], message: "Invalid input: expected number, received NaN" }],
        },
      },
    },
    {
      given: ["/api/notes/7", json({ id: "8", title: "New" }, "PUT")],
      want: { status: 200, body: { id: "7", title: "New" } },
    },
    {
      given: ["/api/notes/7", json("{", "PUT")],
      want: { status: 400, body: { code: "BAD_REQUEST", message: "The body is not valid JSON." } },
    },
    {
      given: ["/api/notes/7", json([1], "PUT")],
      want: {
        status: 400,
        body: { code: "BAD_REQUEST", message: "The body must be a JSON object." },
      },
    },
    {
      given: ["/api/notes/7", { method: "PUT", body: '{"title":"New"}' }],
      want: {
        status: 415,
        body: { code: "UNSUPPORTED_MEDIA_TYPE", message: "Send the body as application/json." },
      },
    },
    { given: ["/api/notes/7", { method: "DELETE" }], want: { status: 204, body: "" } },
    // Signed out and malformed: the middleware stands before the input.
    {
      given: ["/api/notes", json("{")],
      want: { status: 401, body: { code: "UNAUTHORIZED", message: "Sign in first." } },
    },
    {
      given: ["/api/raw", { method: "POST", body: "as is" }],
      want: { status: 202, body: "as is" },
    },
    {
      given: ["/api/conflict"],
      want: { status: 409, body: { code: "CONFLICT", message: "Taken." } },
    },
    {
      given: ["/api/api-error"],
      want: { status: 400, body: { code: "BAD_REQUEST", message: "Teapot." } },
    },
    ...["/api/broken", "/hono-error/other"].map((path): Case => ({
      given: [path],
      want: {
        status: 500,
        body: { code: "INTERNAL_SERVER_ERROR", message: "Internal server error." },
      },
    })),
    { given: ["/hono/ada"], want: { status: 200, body: { name: "ada" } } },
    { given: ["/hono-error/crpc"], want: { status: 410, body: { code: "GONE", message: "GONE" } } },
    { given: ["/hono-error/http"], want: { status: 418, body: "Teapot" } },
    { given: ["/nothing"], want: { status: 404, body: "404 Not Found" } },
    {
      given: ["/api/auth/sign-in/email", json({ a: 1 })],
      want: {
        status: 200,
        body: {
          method: "POST",
          path: "/api/auth/sign-in/email",
          body: '{"a":1}',
          hasCtx: true,
        },
      },
    },
    { given: ["/api/authors"], want: { status: 404, body: "404 Not Found" } },
    {
      given: ["/api/auth/ok", { method: "OPTIONS" }],
      want: { status: 404, body: "404 Not Found" },
    },
  ])("$given", async ({ given, want }) => {
    const response = await serve(createHttpRouter(createApp(), routes)).fetch(...given);
    const text = await response.text();
    const isJson = response.headers.get("content-type")?.includes("json");
    expect({ status: response.status, body: isJson ? JSON.parse(text) : text }).toEqual(want);
  });

  test("a route sees the caller, and its output is stripped", async () => {
    const app = serve(createHttpRouter(createApp(), routes)).withIdentity({ subject: "ada" });
    const response = await app.fetch("/api/notes", json({ title: "First" }));
    expect(await response.json()).toEqual({ title: "First", by: "ada" });
  });

  test("lists each route once for each method Convex routes", () => {
    const http = createHttpRouter(createApp(), routes);
    expect(http).toBeInstanceOf(HttpRouterWithHono);
    const listed = http.getRoutes().map(([path, method]) => `${method} ${path}`);
    expect(new Set(listed).size).toBe(listed.length);
    expect(listed).toContain("GET /api/notes/:id");
    expect(listed).toContain("POST /api/notes");
    expect(listed.filter((route) => route.endsWith(" /*"))).toHaveLength(
      ROUTABLE_HTTP_METHODS.length,
    );
  });

  test("leaves the app's own error handler alone", async () => {
    const app = createApp();
    app.onError((error) => new Response(`own: ${error.message}`, { status: 503 }));
    const response = await serve(createHttpRouter(app)).fetch("/hono-error/crpc");
    expect([response.status, await response.text()]).toEqual([503, "own: GONE"]);
  });

  test("refuses what is no route, and two of the same", () => {
    expect(() =>
      // @ts-expect-error a query is not a route
      createHttpRouter(new Hono(), { deep: { ping: notes.ping } }),
    ).toThrow(/"deep.ping" in the router/);
    const health = publicRoute.get("/api/health").action(() => 1);
    expect(() => createHttpRouter(new Hono(), { a: health, b: { c: health } })).toThrow(
      /"GET \/api\/health" twice, the second time as b.c/,
    );
  });

  test("types its input and ctx", () => {
    authRoute
      .get("/x/:id")
      .input(z.object({ id: z.string(), n: z.coerce.number() }))
      .action(({ ctx, input, request }) => {
        expectTypeOf(ctx.user).toEqualTypeOf<{ id: string }>();
        expectTypeOf(ctx.runQuery).not.toBeAny();
        expectTypeOf(input).toEqualTypeOf<{ id: string; n: number }>();
        expectTypeOf(request).toEqualTypeOf<Request>();
      });
  });
});

describe("plain httpRouter", () => {
  test("serves auth and the app's own routes", async () => {
    const http = httpRouter();
    registerRoutes(http, getAuth);
    const hello = httpActionGeneric(async () => new Response("hello"));
    http.route({ path: "/hello", method: "GET", handler: hello });
    const app = serve(http);
    expect(await (await app.fetch("/hello")).text()).toBe("hello");
    expect(await (await app.fetch("/api/auth/get-session")).json()).toMatchObject({
      method: "GET",
      path: "/api/auth/get-session",
      hasCtx: true,
    });
    expect((await app.fetch("/api/authors")).status).toBe(404);
  });

  test("answers errors by errorResponse", async () => {
    const response = errorResponse(new CRPCError({ code: "TOO_MANY_REQUESTS" }));
    expect([response.status, await response.json()]).toEqual([
      429,
      { code: "TOO_MANY_REQUESTS", message: "TOO_MANY_REQUESTS" },
    ]);
  });
});

describe("HttpRouterWithHono", () => {
  test("its own routes come first, Hono takes the rest", async () => {
    const hono = new Hono();
    hono.get("/api/auth/mine", (c) => c.text("hono"));
    hono.get("/hello", (c) => c.text("hono"));
    hono.get("/rest", (c) => c.text("hono"));
    hono.get("/rest/:id", (c) => c.text(c.req.param("id")));
    const http = new HttpRouterWithHono(hono);
    registerRoutes(http, getAuth);
    const hello = httpActionGeneric(async () => new Response("convex"));
    http.route({ path: "/hello", method: "GET", handler: hello });
    const app = serve(http);
    expect(await (await app.fetch("/hello")).text()).toBe("convex");
    expect(await (await app.fetch("/rest")).text()).toBe("hono");
    expect(await (await app.fetch("/api/auth/mine")).json()).toMatchObject({ hasCtx: true });
    expect(http.lookup("/hello", "GET")?.[2]).toBe("/hello");
    expect(http.lookup("/rest/7", "GET")?.[2]).toBe("/rest/:id");
    expect(http.lookup("/nowhere", "GET")?.[2]).toBe("/nowhere");
    expect(http.lookup("/rest", "HEAD")?.slice(1)).toEqual(["GET", "/rest"]);
  });
});

describe("authMiddleware", () => {
  test("answers cross-origin calls as registerRoutes does", async () => {
    const cors = { allowedOrigins: ["https://app.example.com"] };
    const hono = new Hono().use(authMiddleware(getAuth, { cors, basePath: "/auth/" }));
    const plain = httpRouter();
    registerRoutes(plain, getAuth, { cors, basePath: "/auth/" });
    const seen = await Promise.all(
      [createHttpRouter(hono), plain].map(async (http) => {
        const headers = { origin: "https://app.example.com" };
        const answers = [];
        for (const method of ["OPTIONS", "GET"]) {
          const response = await serve(http).fetch("/auth/get-session", { method, headers });
          answers.push([response.status, Object.fromEntries(response.headers)]);
        }
        return answers;
      }),
    );
    expect(seen[0]).toEqual(seen[1]);
    expect(seen[0]).toMatchObject([
      [204, { "access-control-allow-origin": "https://app.example.com" }],
      [200, { "access-control-expose-headers": "Set-Better-Auth-Cookie" }],
    ]);
  });

  test("refuses an origin that is none", () => {
    expect(() => authMiddleware(getAuth, { cors: { allowedOrigins: ["*"] } })).toThrow(
      /not an origin/,
    );
  });
});
