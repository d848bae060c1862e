// The auth routes of apps without React, as an app's build has them, but with stand-ins for what the frameworks give
// them: all forward the same. A build of a whole app is in the matrix.
import { expect, test } from "vitest";
import { loadTemplate, stubSite } from "./support/template.js";

type Route = {
  name: string;
  entry: string;
  standIns: Record<string, string>;
  define?: Record<string, string>;
  /** Calls the module as the framework does. */
  call: (exports: Record<string, Handler>, request: Request, ip: string) => Promise<Response>;
};

type Handler = (event: object) => Promise<Response>;

const ADDRESSES = {
  url: "https://happy-animal-123.convex.cloud",
  site: "https://happy-animal-123.convex.site",
};

const ROUTES: Route[] = [
  {
    name: "SvelteKit",
    entry: "sveltekit/src/routes/api/auth/[...all]/+server.ts",
    standIns: {
      "$app/environment": "export const building = false;",
      "$env/static/public": `export const PUBLIC_CONVEX_URL = "${ADDRESSES.url}";
export const PUBLIC_CONVEX_SITE_URL = "${ADDRESSES.site}";`,
      "convex-svelte/sveltekit/server": "export const withServerConvexToken = 0;",
    },
    call: ({ fallback }, request, ip) => fallback!({ request, getClientAddress: () => ip }),
  },
  {
    name: "Nuxt",
    entry: "nuxt/server/api/auth/[...all].ts",
    standIns: {
      "#imports": `export const useRuntimeConfig = () => ({
  public: { convexUrl: "${ADDRESSES.url}", convexSiteUrl: "${ADDRESSES.site}" },
});`,
      h3: `export const defineEventHandler = (handler) => handler;
export const getRequestIP = (event, { xForwardedFor = false } = {}) =>
  xForwardedFor ? event.request.headers.get("x-forwarded-for") : event.ip;
export const getRequestURL = (event) => new URL(event.request.url);
export const toWebRequest = (event) => event.request;`,
    },
    call: ({ default: handler }, request, ip) => handler!({ request, ip }),
  },
  {
    name: "SolidStart",
    entry: "solidstart/src/routes/api/auth/[...all].ts",
    standIns: { "solid-js/web": "export const getRequestEvent = () => undefined;" },
    define: {
      "import.meta.env.PROD": "true",
      "import.meta.env.VITE_CONVEX_URL": JSON.stringify(ADDRESSES.url),
      "import.meta.env.VITE_CONVEX_SITE_URL": JSON.stringify(ADDRESSES.site),
    },
    call: (exports, request, ip) => exports[request.method]!({ request, clientAddress: ip }),
  },
];

const send = stubSite();

test.each(ROUTES)("$name forwards an auth request and its answer", async (route) => {
  const { entry, call } = route;
  const exports = await loadTemplate<Record<string, Handler>>(entry, route);
  const answered = new Headers({ location: "/next" });
  answered.append("set-cookie", "a=1; Path=/; HttpOnly");
  answered.append("set-cookie", "b=2; Path=/; HttpOnly");
  for (const method of ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]) {
    send.mockImplementation(async () => new Response(null, { status: 302, headers: answered }));
    const request = new Request("https://app.example.com/api/auth/sign-in/email?x=1", {
      method,
      headers: { cookie: "a=0; b=1", "x-forwarded-for": "198.51.100.66", "x-real-ip": "::1" },
      ...(method === "POST" && { body: "{}" }),
    });
    const answer = await call(exports, request, "203.0.113.7");
    const [target, init] = send.mock.lastCall!;
    const headers = new Headers(init?.headers);
    expect(String(target)).toBe(`${ADDRESSES.site}/api/auth/sign-in/email?x=1`);
    expect([init?.method, headers.get("cookie")]).toEqual([method, "a=0; b=1"]);
    // The address of the connection, and nothing that the client says of itself.
    expect(headers.get("x-forwarded-for")).toBe("203.0.113.7");
    expect(headers.get("x-forwarded-host")).toBe("app.example.com");
    expect(headers.has("x-real-ip")).toBe(false);
    expect([answer.status, answer.headers.get("location")]).toEqual([302, "/next"]);
    expect(answer.headers.getSetCookie()).toEqual([
      "a=1; Path=/; HttpOnly",
      "b=2; Path=/; HttpOnly",
    ]);
  }
});
