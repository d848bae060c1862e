// Next.js itself is not here: its request headers are a mock, everything else is real.
import { makeFunctionReference } from "convex/server";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createNextAuth, nextAuthHandlers } from "../../../src/nextjs/index.js";

const page = { headers: new Headers(), isAsync: true };
vi.mock("next/headers.js", () => ({
  headers: () => (page.isAsync ? Promise.resolve(page.headers) : page.headers),
}));

const options = {
  convexUrl: "https://happy-animal-123.convex.cloud",
  convexSiteUrl: "https://happy-animal-123.convex.site",
};
const signedIn = new Headers({ cookie: "better-auth.session_token=s" });
const me = makeFunctionReference<"query", { id: string }, string>("users:me");
const list = makeFunctionReference<"query", Record<string, never>, string[]>("notes:list");
const add = makeFunctionReference<"mutation", { body: string }, null>("notes:add");
const run = makeFunctionReference<"action", { body: string }, number>("notes:run");

type Call = { url: string; authorization: string | null; body: unknown };
let calls: Call[];
let value: unknown;

beforeEach(() => {
  calls = [];
  value = null;
  page.headers = signedIn;
  page.isAsync = true;
  vi.stubGlobal("fetch", async (input: URL | string, init?: RequestInit) => {
    const url = String(input);
    const authorization = new Headers(init?.headers).get("authorization");
    const body: unknown = typeof init?.body === "string" ? JSON.parse(init.body) : undefined;
    calls.push({ url, authorization, body });
    if (url.includes("/convex/token")) return Response.json({ token: "a.b.c" });
    if (url.includes(".convex.site")) return Response.json({ url }, { status: 200 });
    return Response.json({ status: "success", value, logLines: [] });
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.unstubAllEnvs();
});

test("an app below a path: what Next takes off the URL is there again at the Convex site", async () => {
  vi.stubEnv("__NEXT_ROUTER_BASEPATH", "/app");
  const { GET } = nextAuthHandlers(options);
  for (const path of ["/api/auth/get-session?a=1", "/app/api/auth/get-session?a=1"])
    expect(await (await GET(new Request(`https://example.com${path}`))).json()).toEqual({
      url: "https://happy-animal-123.convex.site/app/api/auth/get-session?a=1",
    });
});

describe("getToken", () => {
  test.each([true, false])("headers() answering with a promise: %s", async (isAsync) => {
    page.isAsync = isAsync;
    const { getToken, isAuthenticated } = createNextAuth(options);
    expect(await getToken()).toBe("a.b.c");
    expect(await isAuthenticated()).toBe(true);
  });

  test("a visitor", async () => {
    page.headers = new Headers();
    const { getToken, isAuthenticated } = createNextAuth(options);
    expect(await getToken()).toBeUndefined();
    expect(await isAuthenticated()).toBe(false);
    expect(calls).toEqual([]);
  });

  test("basePath and cookie name are those of the options", async () => {
    page.headers = new Headers({ cookie: "sid=1" });
    const { getToken } = createNextAuth({ ...options, basePath: "/custom", sessionCookie: "sid" });
    await getToken();
    expect(calls.map(({ url }) => url)).toEqual([
      `${options.convexSiteUrl}/custom/convex/token?disableRefresh=true`,
    ]);
  });
});

describe("Convex calls", () => {
  test("carry the user's token", async () => {
    const auth = createNextAuth(options);
    value = "ada";
    expect(await auth.fetchAuthQuery(me, { id: "u1" })).toBe("ada");
    value = null;
    expect(await auth.fetchAuthMutation(add, { body: "x" })).toBeNull();
    value = 3;
    expect(await auth.fetchAuthAction(run, { body: "x" })).toBe(3);
    const sent = calls.filter(({ url }) => url.startsWith(options.convexUrl));
    expect(sent.map(({ authorization }) => authorization)).toEqual(
      Array.from({ length: 3 }, () => "Bearer a.b.c"),
    );
    expect(sent[0]?.body).toMatchObject({ path: "users:me", args: [{ id: "u1" }] });
  });

  test("of a visitor go without", async () => {
    page.headers = new Headers();
    value = [];
    await createNextAuth(options).fetchAuthQuery(list);
    expect(calls).toMatchObject([
      { authorization: null, body: { path: "notes:list", args: [{}] } },
    ]);
  });

  test("preload gives what usePreloadedQuery takes", async () => {
    value = ["a", "b"];
    const preloaded = await createNextAuth(options).preloadAuthQuery(list);
    expect(preloaded).toMatchObject({
      _name: "notes:list",
      _argsJSON: {},
      _valueJSON: ["a", "b"],
    });
  });

  test("self-hosted URLs are fine", async () => {
    const auth = createNextAuth({
      convexUrl: "http://127.0.0.1:3210",
      convexSiteUrl: "http://127.0.0.1:3211",
    });
    value = [];
    await auth.fetchAuthQuery(list);
    expect(calls.map(({ url }) => new URL(url).origin)).toEqual([
      "http://127.0.0.1:3211",
      "http://127.0.0.1:3210",
    ]);
  });
});

describe("handlers", () => {
  test.each(["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] as const)("%s", async (method) => {
    const { handlers } = createNextAuth(options);
    const request = new Request("https://app.example.com/api/auth/ok?a=1", { method });
    const response = await handlers[method](request);
    expect(await response.json()).toEqual({ url: `${options.convexSiteUrl}/api/auth/ok?a=1` });
  });

  test("alone, without the rest", async () => {
    const { GET } = nextAuthHandlers(options);
    const response = await GET(new Request("https://app.example.com/api/auth/ok"));
    expect(response.status).toBe(200);
  });
});

describe("environment", () => {
  test("NEXT_PUBLIC_CONVEX_URL is enough in the cloud", async () => {
    vi.stubEnv("NEXT_PUBLIC_CONVEX_URL", options.convexUrl);
    expect(await createNextAuth().getToken()).toBe("a.b.c");
  });

  test("a missing variable is named at the first call, not at import or creation", async () => {
    vi.stubEnv("NEXT_PUBLIC_CONVEX_URL", "");
    vi.stubEnv("NEXT_PUBLIC_CONVEX_SITE_URL", "");
    const { getToken, handlers } = createNextAuth();
    await expect(getToken()).rejects.toThrow("NEXT_PUBLIC_CONVEX_SITE_URL");
    vi.stubEnv("NEXT_PUBLIC_CONVEX_SITE_URL", options.convexSiteUrl);
    await expect(createNextAuth().fetchAuthQuery(list)).rejects.toThrow("NEXT_PUBLIC_CONVEX_URL");
    await expect(
      (async () => handlers.GET(new Request("https://app.example.com/api/auth/ok")))(),
    ).rejects.toThrow("NEXT_PUBLIC_CONVEX_SITE_URL");
  });
});
