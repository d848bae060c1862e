// The middleware of SolidStart apps, as an app's build has it, but with a stand-in for the event that SolidStart gives
// it. A build of a whole app is in the matrix.
import { beforeAll, expect, test, vi } from "vitest";
import type { WebAuth } from "../../../src/web/index.js";
import {
  isDown,
  isOver,
  loadTemplate,
  PRIVATE,
  PUBLIC,
  SIGNED_IN as COOKIE,
  stubSite,
} from "./support/template.js";

type Locals = { convexToken?: string | null; convexUser?: { getToken: () => Promise<unknown> } };

type Server = {
  auth: WebAuth;
  handleAuth: (
    event: { res: { headers: Headers }; context: object },
    next: () => unknown,
  ) => Promise<unknown>;
};

let server: Server;

beforeAll(async () => {
  server = await loadTemplate("solidstart/src/lib/auth-server.ts", {
    standIns: { "solid-js/web": "export const getRequestEvent = () => globalThis.solidEvent;" },
    define: {
      "import.meta.env.BASE_URL": '"/shop/"',
      "import.meta.env.PROD": "true",
      "import.meta.env.VITE_CONVEX_URL": '"https://happy-animal-123.convex.cloud"',
      "import.meta.env.VITE_CONVEX_SITE_URL": '"https://happy-animal-123.convex.site"',
    },
  });
});

const send = stubSite();

const SIGNED_IN = { cookie: COOKIE };

/** What the middleware makes of a request, and of the answer of what comes after it. */
async function handle(page: {
  path: string;
  method?: string;
  headers?: Record<string, string>;
  /** Runs in the place of the page. */
  answer?: (headers: Headers, request: Request) => unknown;
  /** What Nitro and others note about the request. */
  context?: object;
}) {
  const { path, method = "GET", headers = {}, answer = () => "<html>", context = {} } = page;
  const request = new Request(new URL(path, "https://app.example.com"), { method, headers });
  const locals: Locals = {};
  vi.stubGlobal("solidEvent", { request, locals });
  const res = { headers: new Headers() };
  const given = await server.handleAuth({ res, context }, () => answer(res.headers, request));
  return { given, headers: res.headers, locals };
}

/** A page that allows every cache to keep it. */
const open = (headers: Headers) => {
  for (const [name, value] of Object.entries(PUBLIC)) headers.set(name, value);
  headers.append("set-cookie", "a=1");
  return "<html>";
};

test("a signed-in user's page knows the user, and no cache keeps it, though it allows that", async () => {
  const page = await handle({ path: "/", headers: SIGNED_IN, answer: open });
  expect(page.given).toBe("<html>");
  expect(Object.fromEntries(page.headers)).toEqual({
    ...PRIVATE,
    "set-cookie": "a=1",
  });
  expect(page.locals.convexToken).toBe("a.b.c");
  // What the page calls Convex with shares the token.
  expect(await page.locals.convexUser?.getToken()).toBe("a.b.c");
  expect(send).toHaveBeenCalledTimes(1);
});

test("a whole answer is copied, also one whose headers cannot be changed", async () => {
  const options = { path: "/feed.xml", headers: SIGNED_IN };
  const feed = await handle({
    ...options,
    answer: () => new Response("feed", { status: 203, headers: { ...PUBLIC, etag: '"1"' } }),
  });
  const copy = feed.given as Response; // of a whole answer
  expect([copy.status, await copy.text()]).toEqual([203, "feed"]);
  expect(Object.fromEntries(copy.headers)).toEqual({
    ...PRIVATE,
    "content-type": "text/plain;charset=UTF-8",
    etag: '"1"',
  });
  const moved = await handle({
    ...options,
    answer: () => Response.redirect("https://app.example.com/next", 303),
  });
  const redirect = moved.given as Response; // of a whole answer
  expect(redirect.headers.get("location")).toBe("https://app.example.com/next");
  expect(redirect.headers.get("cache-control")).toBe("private, no-store");
});

test("a visitor's page keeps what it says, also where a session is over", async () => {
  const visitor = await handle({ path: "/", answer: open });
  expect(visitor.headers.get("cache-control")).toBe(PUBLIC["cache-control"]);
  expect(visitor.locals.convexToken).toBeNull();
  expect(send).not.toHaveBeenCalled();
  send.mockImplementation(isOver);
  const over = await handle({ path: "/", headers: SIGNED_IN, answer: open });
  expect(over.headers.get("cdn-cache-control")).toBe(PUBLIC["cdn-cache-control"]);
  expect(over.locals.convexToken).toBeNull();
});

test.each<{ what: string; page: Omit<Parameters<typeof handle>[0], "answer"> }>([
  { what: "an auth route", page: { path: "/api/auth/ok" } },
  { what: "a route below /api", page: { path: "/api/notes" } },
  { what: "one below the app's base path", page: { path: "/shop/api/notes" } },
  { what: "a server function", page: { path: "/_server?id=1" } },
  { what: "a form", page: { path: "/notes", method: "POST" } },
  { what: "an image", page: { path: "/favicon.ico", headers: { "sec-fetch-dest": "image" } } },
  { what: "a prerendered page", page: { path: "/", headers: { "x-nitro-prerender": "/" } } },
])("$what asks for no token, and stays as it is", async ({ page }) => {
  const headers = { ...SIGNED_IN, ...page.headers };
  const answer = new Response("x", { headers: PUBLIC });
  const done = await handle({ ...page, headers, answer: () => answer });
  expect(done.given).toBe(answer);
  expect(done.locals).toEqual({});
  expect(send).not.toHaveBeenCalled();
});

test.each(["/api/notes", "/_server?id=1"])(
  "what answers at %s as the user is private, too",
  async (path) => {
    const done = await handle({
      path,
      headers: SIGNED_IN,
      answer: async (headers, request) => {
        await server.auth.forRequest(request).getToken();
        return open(headers);
      },
    });
    expect(Object.fromEntries(done.headers)).toEqual({ ...PRIVATE, "set-cookie": "a=1" });
  },
);

test("a page whose path only begins like those is a page", async () => {
  for (const path of ["/apiary", "/_serverless", "/notes/api/", "/shop", "/shop/apiary"])
    for (const dest of ["document", "iframe", "empty"]) {
      const page = await handle({ path, headers: { ...SIGNED_IN, "sec-fetch-dest": dest } });
      expect(page.locals.convexToken, path).toBe("a.b.c");
    }
});

test("a page that Nitro makes once for everybody has no user", async () => {
  const page = { path: "/", headers: SIGNED_IN };
  for (const rule of ["cache", "isr", "swr", "prerender"]) {
    const context = { nitro: {}, routeRules: { [rule]: {} } };
    expect((await handle({ ...page, context })).locals, rule).toEqual({});
  }
  vi.stubGlobal("__nitro__", {});
  // Its cache calls the page with another request, whose context is empty.
  const cached = await handle({ ...page, answer: open });
  expect(cached.locals).toEqual({});
  expect(cached.headers.get("cache-control")).toBe(PUBLIC["cache-control"]);
  expect(send).not.toHaveBeenCalled();
  const context = { nitro: {}, routeRules: { headers: {} } };
  expect((await handle({ ...page, context })).locals.convexToken).toBe("a.b.c");
});

test("if Convex cannot be reached, a signed-in user does not get a visitor's page", async () => {
  send.mockImplementation(isDown);
  await expect(handle({ path: "/", headers: SIGNED_IN })).rejects.toMatchObject({
    code: "TOKEN_UNAVAILABLE",
  });
});
