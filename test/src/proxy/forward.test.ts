// The proxy against a real HTTP server, so that what fetch and HTTP do is not assumed.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { forwardAuthRequest, siteTarget } from "../../../src/proxy/forward.js";
import type { FrontProxy } from "../../../src/proxy/visitor.js";

type Received = {
  method: string;
  url: string;
  headers: IncomingMessage["headers"];
  body: Buffer;
};

let server: Server;
let convexSiteUrl: string;
let received: Received[];
let answer: (response: ServerResponse) => void;

beforeEach(async () => {
  received = [];
  answer = (response) => response.end("ok");
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { method = "", url = "", headers } = request;
      received.push({ method, url, headers, body: Buffer.concat(chunks) });
      answer(response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  convexSiteUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(() => new Promise<void>((resolve) => void server.close(() => resolve())));

const forward = (path: string, init?: RequestInit & { duplex?: "half" }) =>
  forwardAuthRequest(new Request(`https://app.example.com${path}`, init), { convexSiteUrl });

describe("requests", () => {
  test.each(["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD"])(
    "%s with path and query",
    async (method) => {
      const response = await forward("/api/auth/a%2Fb?x=1&y=%20z&x=2", { method });
      expect(response.status).toBe(200);
      expect(received).toMatchObject([{ method, url: "/api/auth/a%2Fb?x=1&y=%20z&x=2" }]);
    },
  );

  test.each([
    { given: "/api/auth/get-session/", want: "/api/auth/get-session" },
    {
      given: "/api/auth/callback/github/?code=a%2F&to=/b/",
      want: "/api/auth/callback/github?code=a%2F&to=/b/",
    },
    { given: "/api/auth//", want: "/api/auth" },
    { given: "/", want: "/" },
  ])("$given, as a framework that ends paths with a slash has it", async ({ given, want }) => {
    await forward(given);
    expect(received).toMatchObject([{ url: want }]);
  });

  test("a streamed body arrives whole, with its length", async () => {
    const parts = ["{", `"text":"${"ż".repeat(100_000)}"`, "}"];
    const body = new ReadableStream({
      start(controller) {
        for (const part of parts) controller.enqueue(new TextEncoder().encode(part));
        controller.close();
      },
    });
    await forward("/api/auth/x", {
      method: "POST",
      body,
      duplex: "half",
      headers: { "content-type": "application/json" },
    });
    const [request] = received;
    expect(request?.body.toString()).toBe(parts.join(""));
    expect(request?.headers["content-length"]).toBe(String(Buffer.byteLength(parts.join(""))));
    expect(request?.headers["transfer-encoding"]).toBeUndefined();
    expect(request?.headers["content-type"]).toBe("application/json");
  });

  test("binary and empty bodies", async () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
    await forward("/api/auth/x", { method: "POST", body: bytes });
    await forward("/api/auth/sign-out", { method: "POST" });
    expect([...received[0]!.body]).toEqual([...bytes]);
    expect(received[1]!.body).toHaveLength(0);
  });

  test("headers of the connection stay behind, others are passed on", async () => {
    const headers = new Headers({
      cookie: "a=1; b=2",
      origin: "https://app.example.com",
      authorization: "Bearer t",
      "user-agent": "test",
      te: "trailers",
      "proxy-authorization": "Basic x",
      "x-hop": "1",
      expect: "100-continue",
      "accept-encoding": "br",
    });
    headers.set("connection", "keep-alive, X-Hop");
    const request = new Request("https://app.example.com/api/auth/x");
    // A server's request may carry headers that the constructor forbids.
    Object.defineProperty(request, "headers", { value: headers });
    await forwardAuthRequest(request, { convexSiteUrl });
    const sent = received[0]!.headers;
    expect(sent).toMatchObject({
      cookie: "a=1; b=2",
      origin: "https://app.example.com",
      authorization: "Bearer t",
      "user-agent": "test",
      host: new URL(convexSiteUrl).host,
    });
    for (const name of ["te", "proxy-authorization", "x-hop", "expect"])
      expect(sent).not.toHaveProperty(name);
    expect(sent["accept-encoding"]).not.toBe("br");
  });

  type Visit = {
    name: string;
    given: Record<string, string>;
    proxy?: FrontProxy;
    variable?: string;
    ip?: string;
    want: Record<string, string>;
  };
  const visits: Visit[] = [
    {
      name: "the request itself",
      given: {},
      want: { "x-forwarded-host": "app.example.com", "x-forwarded-proto": "https" },
    },
    {
      name: "its host header",
      given: { host: "shown.example.com" },
      want: { "x-forwarded-host": "shown.example.com", "x-forwarded-proto": "https" },
    },
    {
      name: "no host and no protocol that a client claims",
      given: { "x-forwarded-host": "198.51.100.66", "x-forwarded-proto": "http" },
      want: { "x-forwarded-host": "app.example.com", "x-forwarded-proto": "https" },
    },
    {
      name: "the address that the server or a proxy wrote last, and no claim before it",
      given: { "x-forwarded-for": "198.51.100.66, 192.0.2.1" },
      want: { "x-forwarded-for": "192.0.2.1" },
    },
    {
      name: "an address that a header of the connection names",
      given: { "x-forwarded-for": "192.0.2.1", connection: "x-forwarded-for, x-forwarded-host" },
      want: { "x-forwarded-for": "192.0.2.1", "x-forwarded-host": "app.example.com" },
    },
    {
      name: "no address where nothing in front is trusted",
      given: { "x-forwarded-for": "198.51.100.66" },
      proxy: "none",
      want: {},
    },
    {
      name: "the connection's address, where the server tells it",
      given: { "x-forwarded-for": "198.51.100.66" },
      proxy: "none",
      ip: "2001:db8::1",
      want: { "x-forwarded-for": "2001:db8::1" },
    },
    ...(
      [
        ["vercel", "VERCEL", "x-vercel-forwarded-for"],
        ["netlify", "NETLIFY", "x-nf-client-connection-ip"],
        ["cloudflare", "CF_PAGES", "cf-connecting-ip"],
        ["fly", "FLY_APP_NAME", "fly-client-ip"],
      ] as const
    ).flatMap(([platform, variable, header]): Visit[] => [
      {
        name: `${platform}, known by its environment`,
        given: {
          [header]: "192.0.2.1",
          "x-forwarded-for": "198.51.100.66",
          "x-forwarded-proto": "http",
        },
        variable,
        want: { "x-forwarded-for": "192.0.2.1", "x-forwarded-proto": "http" },
      },
      {
        name: `${platform}, named, without an address`,
        given: { "x-forwarded-for": "198.51.100.66" },
        proxy: platform,
        want: {},
      },
      {
        name: `the header of ${platform} elsewhere is a claim`,
        given: { [header]: "198.51.100.66" },
        want: {},
      },
    ]),
    {
      name: "two proxies in front",
      given: {
        host: "internal:3000",
        "x-forwarded-for": "198.51.100.66, 192.0.2.1, 10.0.0.1",
        "x-forwarded-proto": "http",
        "x-forwarded-host": "198.51.100.66",
      },
      proxy: { hops: 2 },
      want: {
        "x-forwarded-for": "192.0.2.1",
        "x-forwarded-proto": "http",
        "x-forwarded-host": "internal:3000",
      },
    },
    {
      name: "a proxy that sets the host",
      given: { host: "internal:3000", "x-forwarded-host": "public.example.com" },
      proxy: { hops: 1, host: true },
      want: { "x-forwarded-host": "public.example.com" },
    },
    {
      name: "fewer entries than proxies",
      given: { "x-forwarded-for": "198.51.100.66" },
      proxy: { hops: 2 },
      want: {},
    },
    ...(
      [
        ["192.0.2.1:51234", "192.0.2.1"],
        ["[2001:db8::1]:51234", "2001:db8::1"],
        ["[2001:db8::1]", "2001:db8::1"],
        ["2001:db8::1", "2001:db8::1"],
      ] as const
    ).flatMap(([written, address]): Visit[] => [
      {
        name: `${written}, as a gateway in front writes it`,
        given: { "x-forwarded-for": `198.51.100.66:4711, ${written}` },
        want: { "x-forwarded-for": address },
      },
      {
        name: `${written}, which the server tells`,
        given: { "x-forwarded-for": "198.51.100.66:4711" },
        proxy: "none",
        ip: written,
        want: { "x-forwarded-for": address },
      },
    ]),
    { name: "no address in it", given: { "x-forwarded-for": "evil, <b>" }, want: {} },
  ];
  test.each(visits)("where it comes from: $name", async ({ given, proxy, variable, ip, want }) => {
    if (variable) vi.stubEnv(variable, "1");
    const request = new Request("https://app.example.com/api/auth/x");
    Object.defineProperty(request, "headers", { value: new Headers(Object.entries(given)) });
    if (ip) Object.defineProperty(request, "ip", { value: ip });
    await forwardAuthRequest(request, { convexSiteUrl, proxy });
    const sent = received[0]!.headers;
    expect(sent).toMatchObject(want);
    expect(sent["x-forwarded-for"]).toBe(want["x-forwarded-for"]);
    expect(JSON.stringify(sent)).not.toContain("198.51.100.66");
    vi.unstubAllEnvs();
  });

  test("no other header says where it comes from", async () => {
    const names = [
      ...["forwarded", "x-real-ip", "x-client-ip", "client-ip", "true-client-ip", "x-host"],
      ...["x-forwarded", "x-forwarded-server", "x-forwarded-prefix", "x-forwarded-port"],
      ...["x-original-host", "x-original-url", "x-cluster-client-ip", "fastly-client-ip"],
      ...["x-vercel-proxied-for", "cf-connecting-ipv6", "x-azure-clientip"],
    ];
    await forward("/api/auth/x", { headers: Object.fromEntries(names.map((name) => [name, "x"])) });
    for (const name of names) expect(received[0]!.headers).not.toHaveProperty(name);
  });

  test.each([{ hops: 0 }, { hops: 1.5 }, {}, "nginx", null])(
    "refuses %j by name",
    async (proxy) => {
      const request = new Request("https://app.example.com/api/auth/x");
      const sent = forwardAuthRequest(request, { convexSiteUrl, proxy: proxy as never }); // no type allows it
      await expect(sent).rejects.toMatchObject({ data: { code: "INVALID_PROXY" } });
    },
  );
});

describe("responses", () => {
  test("every cookie keeps a line of its own", async () => {
    const cookies = [
      "a=1; Expires=Wed, 21 Oct 2026 07:28:00 GMT; Path=/; HttpOnly",
      "b=2; Max-Age=0",
    ];
    answer = (response) => void response.setHeader("set-cookie", cookies).end("{}");
    expect((await forward("/api/auth/x")).headers.getSetCookie()).toEqual(cookies);
  });

  test("a redirect is passed on, not followed", async () => {
    answer = (response) =>
      void response
        .writeHead(302, { location: "https://idp.example.com/?a=1", "set-cookie": ["s=1"] })
        .end();
    const response = await forward("/api/auth/callback/x");
    expect(response.status).toBe(302);
    expect(response.headers.get("location")).toBe("https://idp.example.com/?a=1");
    expect(response.headers.getSetCookie()).toEqual(["s=1"]);
    expect(received).toHaveLength(1);
  });

  test("a compressed answer is readable, and says nothing of the compression", async () => {
    answer = (response) =>
      void response
        .writeHead(200, { "content-encoding": "gzip", "content-type": "application/json" })
        .end(gzipSync('{"token":"ż"}'));
    const response = await forward("/api/auth/convex/token");
    expect(response.headers.get("content-encoding")).toBeNull();
    expect(response.headers.get("content-length")).toBeNull();
    expect(await response.json()).toEqual({ token: "ż" });
  });

  test("what the Convex site says of its own host is not said of the app's", async () => {
    const own = {
      "alt-svc": 'h3=":443"; ma=86400',
      "strict-transport-security": "max-age=31536000; includeSubDomains; preload",
      nel: "{}",
      "report-to": "{}",
    };
    answer = (response) => void response.writeHead(200, { ...own, vary: "origin" }).end();
    const { headers } = await forward("/api/auth/x");
    expect(Object.keys(own).filter((name) => headers.has(name))).toEqual([]);
    expect(headers.get("vary")).toBe("origin");
  });

  test("chunked answers lose their transfer encoding", async () => {
    answer = (response) => {
      response.writeHead(200, { "transfer-encoding": "chunked", "keep-alive": "timeout=5" });
      response.write("one ");
      response.end("two");
    };
    const response = await forward("/api/auth/x");
    for (const name of ["transfer-encoding", "connection", "keep-alive"])
      expect(response.headers.get(name)).toBeNull();
    expect(await response.text()).toBe("one two");
  });

  test.each([204, 304])("%i has no body", async (status) => {
    answer = (response) => void response.writeHead(status).end();
    const response = await forward("/api/auth/x", { method: "OPTIONS" });
    expect(response.status).toBe(status);
    expect(response.body).toBeNull();
  });

  test.each([400, 401, 403, 404, 422, 429, 500, 503])("%i is passed on", async (status) => {
    answer = (response) =>
      void response
        .writeHead(status, { "content-type": "application/json", "x-retry-after": "9" })
        .end('{"code":"X"}');
    const response = await forward("/api/auth/sign-in/email", { method: "POST", body: "{}" });
    expect(response.status).toBe(status);
    expect(response.headers.get("x-retry-after")).toBe("9");
    expect(await response.json()).toEqual({ code: "X" });
  });

  test("no answer at all is a 502 that names nothing secret", async () => {
    const report = vi.spyOn(console, "error").mockImplementation(() => {});
    answer = (response) => void response.destroy();
    const response = await forward("/api/auth/x", { method: "POST", body: "secret" });
    expect(response.status).toBe(502);
    const text = await response.text();
    expect(JSON.parse(text)).toEqual({
      code: "CONVEX_SITE_UNREACHABLE",
      message: "The auth server cannot be reached. Try again.",
      hint: expect.stringContaining("the log of this server") as string,
    });
    expect(text).not.toContain("127.0.0.1");
    report.mockRestore();
  });
});

describe("siteTarget", () => {
  test.each([
    {
      site: "https://x.convex.site",
      path: "/api/auth/ok?a=1",
      want: "https://x.convex.site/api/auth/ok?a=1",
    },
    {
      site: "https://x.convex.site/",
      path: "/api/auth/ok",
      want: "https://x.convex.site/api/auth/ok",
    },
    {
      site: "http://127.0.0.1:3210/http",
      path: "/api/auth/ok",
      want: "http://127.0.0.1:3210/http/api/auth/ok",
    },
    {
      site: "https://x.convex.site",
      path: "https://app.example.com//evil.example.com/x",
      want: "https://x.convex.site//evil.example.com/x",
    },
  ])("$site + $path", ({ site, path, want }) => expect(siteTarget(site, path).href).toBe(want));

  test.each(["", "x.convex.site", "ftp://x.convex.site"])("refuses %j by name", (given) =>
    expect(() => siteTarget(given, "/")).toThrow(/Convex site URL/),
  );
});
