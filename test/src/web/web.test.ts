// The server half for frameworks without an entry of their own: requests are the web standard's, Convex answers here.
import { build } from "esbuild";
import { makeFunctionReference } from "convex/server";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import {
  createWebAuth,
  keepPrivate,
  privateResponse,
  type FrontProxy,
} from "../../../src/web/index.js";

const options = {
  convexUrl: "https://happy-animal-123.convex.cloud",
  convexSiteUrl: "https://happy-animal-123.convex.site",
};
const list = makeFunctionReference<"query", Record<string, never>, string[]>("notes:list");

const send = vi.fn<typeof fetch>();
const tokenCalls = () => send.mock.calls.filter(([url]) => String(url).includes("/convex/token"));

/** What a server has of a page's request. */
function arriving(cookie?: string): { headers: Headers } {
  return { headers: new Headers(cookie ? { cookie } : {}) };
}

const SIGNED_IN = "better-auth.session_token=s";

beforeEach(() => {
  send.mockReset();
  send.mockImplementation(async (input) => {
    const url = String(input);
    if (url.includes("/convex/token")) return Response.json({ token: "a.b.c" });
    if (url.includes(".convex.site")) return Response.json({ url });
    return Response.json({ status: "success", value: ["x"], logLines: [] });
  });
  vi.stubGlobal("fetch", send);
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.unstubAllEnvs();
});

describe("forRequest", () => {
  test("asks for one token per request, however often and however late it is called", async () => {
    const auth = createWebAuth(options);
    const page = arriving(SIGNED_IN);
    const answers = await Promise.all([
      auth.forRequest(page).getToken(),
      auth.forRequest(page).isAuthenticated(),
      auth.forRequest(page).fetchAuthQuery(list),
    ]);
    expect(answers).toEqual(["a.b.c", true, ["x"]]);
    await auth.forRequest(page).getToken();
    expect(tokenCalls()).toHaveLength(1);
    await auth.forRequest(arriving(SIGNED_IN)).getToken();
    expect(tokenCalls()).toHaveLength(2);
  });

  test("calls Convex with the token of its request", async () => {
    await createWebAuth(options).forRequest(arriving(SIGNED_IN)).fetchAuthQuery(list);
    const [, init] = send.mock.calls.find(([url]) => String(url).includes(".convex.cloud"))!;
    expect(new Headers(init?.headers).get("authorization")).toBe("Bearer a.b.c");
  });

  test("asks nobody for a visitor's token", async () => {
    const { getToken, isAuthenticated } = createWebAuth(options).forRequest(arriving());
    expect([await getToken(), await isAuthenticated()]).toEqual([undefined, false]);
    expect(send).not.toHaveBeenCalled();
  });

  test("throws while Convex is down, and asks again at the next call", async () => {
    const calls = createWebAuth(options).forRequest(arriving(SIGNED_IN));
    send.mockResolvedValueOnce(new Response(null, { status: 503 }));
    send.mockResolvedValueOnce(new Response(null, { status: 503 }));
    await expect(calls.getToken()).rejects.toMatchObject({ code: "TOKEN_UNAVAILABLE" });
    expect(await calls.getToken()).toBe("a.b.c");
  });
});

describe("isPersonal", () => {
  test("is true once the request's user has a token", async () => {
    const auth = createWebAuth(options);
    const page = arriving(SIGNED_IN);
    const calls = auth.forRequest(page);
    expect(auth.isPersonal(page)).toBe(false);
    await calls.fetchAuthQuery(list);
    expect(auth.isPersonal(page)).toBe(true);
    expect(auth.isPersonal(arriving(SIGNED_IN))).toBe(false);
  });

  test("stays false for a visitor, and for a session that is over", async () => {
    const auth = createWebAuth(options);
    const [visitor, over] = [arriving(), arriving(SIGNED_IN)];
    await auth.forRequest(visitor).getToken();
    send.mockImplementation(async () => new Response(null, { status: 401 }));
    await auth.forRequest(over).getToken();
    expect([visitor, over].map(auth.isPersonal)).toEqual([false, false]);
  });
});

describe("an answer for one user", () => {
  const OPEN = {
    "cache-control": "public, max-age=600",
    "cdn-cache-control": "max-age=86400",
    "vercel-cdn-cache-control": "max-age=86400",
    "netlify-cdn-cache-control": "max-age=86400",
    "surrogate-control": "max-age=86400",
    "edge-control": "max-age=86400",
    "x-accel-expires": "86400",
    "x-cdn": "1",
  };

  test("is kept by no cache, whatever it said", () => {
    const headers = new Headers(OPEN);
    keepPrivate(headers);
    expect(Object.fromEntries(headers)).toEqual({
      "cache-control": "private, no-store",
      "x-cdn": "1",
    });
  });

  test("is kept by no cache, in a framework's own form of headers", () => {
    const sent = new Map<string, string>([["Surrogate-Control", "max-age=86400"]]);
    keepPrivate(sent);
    expect([...sent]).toEqual([["cache-control", "private, no-store"]]);
  });

  test("is copied, also where its headers cannot be changed", async () => {
    const response = new Response("x", { status: 203, headers: OPEN });
    response.headers.append("set-cookie", "a=1");
    response.headers.append("set-cookie", "b=2");
    const copy = privateResponse(response);
    expect([copy.status, await copy.text()]).toEqual([203, "x"]);
    expect(copy.headers.getSetCookie()).toEqual(["a=1", "b=2"]);
    expect(copy.headers.get("cache-control")).toBe("private, no-store");
    const moved = privateResponse(Response.redirect("https://app.example.com/next", 303));
    expect(moved.headers.get("location")).toBe("https://app.example.com/next");
    expect(privateResponse(new Response(null, { status: 204 })).status).toBe(204);
  });
});

describe("handler", () => {
  test("forwards a request to the Convex site, with the address that the framework tells", async () => {
    const request = new Request("https://app.example.com/api/auth/ok?x=1");
    const response = await createWebAuth(options).handler(request, { ip: "203.0.113.7" });
    expect(await response.json()).toEqual({
      url: "https://happy-animal-123.convex.site/api/auth/ok?x=1",
    });
    const [, init] = send.mock.calls[0]!;
    expect(new Headers(init?.headers).get("x-forwarded-for")).toBe("203.0.113.7");
  });

  const FORGED = "198.51.100.66";
  const REAL = "203.0.113.7";
  const PROXY = "10.0.0.1";

  type Visit = {
    name: string;
    headers: Record<string, string>;
    ip?: string;
    proxy?: FrontProxy;
    variable?: string;
    want: string | null;
  };
  const visits: Visit[] = [
    {
      name: "the address that is passed, and no client's header",
      headers: { "x-forwarded-for": FORGED, "cf-connecting-ip": FORGED, "x-real-ip": FORGED },
      ip: REAL,
      want: REAL,
    },
    {
      name: "no address where what is passed is none",
      headers: { "x-forwarded-for": FORGED },
      ip: "",
      want: null,
    },
    {
      name: "the header's last entry where no address is passed",
      headers: { "x-forwarded-for": `${FORGED}, ${REAL}` },
      want: REAL,
    },
    {
      name: "the entry of the proxies that are named",
      headers: { "x-forwarded-for": `${FORGED}, ${REAL}` },
      ip: PROXY,
      proxy: { hops: 1 },
      want: REAL,
    },
    {
      name: "the header of the platform that is named",
      headers: { "x-forwarded-for": FORGED, "fly-client-ip": REAL },
      ip: PROXY,
      proxy: "fly",
      want: REAL,
    },
    {
      name: "the header of the platform that the environment shows",
      headers: { "x-forwarded-for": FORGED, "x-vercel-forwarded-for": REAL },
      ip: PROXY,
      variable: "VERCEL",
      want: REAL,
    },
    {
      name: "the address that is passed where that platform's header is missing",
      headers: { "x-forwarded-for": FORGED },
      ip: REAL,
      variable: "VERCEL",
      want: REAL,
    },
    {
      name: "the address that is passed where nothing is in front",
      headers: { "x-forwarded-for": FORGED },
      ip: REAL,
      proxy: "none",
      want: REAL,
    },
  ];
  test.each(visits)("forwards $name", async ({ headers, ip, proxy, variable, want }) => {
    if (variable) vi.stubEnv(variable, "1");
    const request = new Request("https://app.example.com/api/auth/ok", { headers });
    await createWebAuth({ ...options, proxy }).handler(request, { ip });
    const sent = new Headers(send.mock.calls[0]![1]?.headers);
    expect(sent.get("x-forwarded-for")).toBe(want);
    expect(JSON.stringify([...sent])).not.toContain(FORGED);
  });
});

describe("the deployment", () => {
  test("is found by the variables that the convex CLI writes where it knows no framework", async () => {
    vi.stubEnv("CONVEX_URL", "https://calm-fox-9.convex.cloud");
    await createWebAuth().forRequest(arriving(SIGNED_IN)).getToken();
    expect(String(tokenCalls()[0]![0])).toBe(
      "https://calm-fox-9.convex.site/api/auth/convex/token?disableRefresh=true",
    );
  });

  test("is missed when it is asked for, not when the module is loaded", async () => {
    vi.stubEnv("CONVEX_URL", "");
    const { getToken } = createWebAuth().forRequest(arriving(SIGNED_IN));
    await expect(getToken()).rejects.toMatchObject({ code: "MISSING_CONVEX_SITE_URL" });
  });
});

test("brings no React, and no framework", async () => {
  const { metafile } = await build({
    entryPoints: ["src/web/index.ts"],
    bundle: true,
    write: false,
    metafile: true,
    format: "esm",
    platform: "neutral",
    mainFields: ["module", "main"],
    logLevel: "error",
  });
  const packages = Object.keys(metafile.inputs).flatMap(
    (path) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? [],
  );
  expect([...new Set(packages)]).toEqual(["convex"]);
});
