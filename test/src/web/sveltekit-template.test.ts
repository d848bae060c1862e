// The server module of SvelteKit apps, as an app's build has it, but with stand-ins for what SvelteKit and convex-svelte
// give it. A build of a whole app is in the matrix.
import { beforeAll, expect, test } from "vitest";
import {
  isDown,
  isOver,
  loadTemplate,
  PRIVATE,
  PUBLIC,
  SIGNED_IN,
  stubSite,
} from "./support/template.js";

type Kit = {
  handleAuth: (input: {
    event: Record<string, unknown>;
    resolve: () => Promise<Response>;
  }) => Promise<Response>;
};

const STAND_INS: Record<string, string> = {
  "$app/environment": "export const building = false;",
  "$env/static/public": `export const PUBLIC_CONVEX_URL = "https://happy-animal-123.convex.cloud";
export const PUBLIC_CONVEX_SITE_URL = "https://happy-animal-123.convex.site";`,
  "convex-svelte/sveltekit/server":
    "export const withServerConvexToken = (token, run) => run(token);",
};

let kit: Kit;

beforeAll(async () => {
  kit = await loadTemplate("sveltekit/src/lib/server/auth.ts", { standIns: STAND_INS });
});

const send = stubSite();

function handle(page: { path: string; cookie?: string; answer: Response; isSubRequest?: boolean }) {
  const { path, cookie, answer, isSubRequest = false } = page;
  const url = new URL(path, "https://app.example.com");
  const request = new Request(url, { headers: cookie === undefined ? {} : { cookie } });
  // The app may be served below a path, which SvelteKit does not count to its routes.
  const route = { id: path.startsWith("/base/api/auth/") ? "/api/auth/[...all]" : "/" };
  const event = { url, request, isSubRequest, route };
  return kit.handleAuth({ event, resolve: async () => answer });
}

test.each(["/", "/__data.json?x-sveltekit-invalidated=1", "/deep/__data.json"])(
  "no cache keeps %s of a signed-in user, though the page allows it",
  async (path) => {
    const answer = new Response("a.b.c", { status: 203, headers: { ...PUBLIC, etag: '"1"' } });
    answer.headers.append("set-cookie", "a=1; Path=/");
    answer.headers.append("set-cookie", "b=2; Path=/");
    const kept = await handle({ path, cookie: SIGNED_IN, answer });
    expect([kept.status, await kept.text()]).toEqual([203, "a.b.c"]);
    expect(Object.fromEntries(kept.headers)).toEqual({
      ...PRIVATE,
      "content-type": "text/plain;charset=UTF-8",
      etag: '"1"',
      "set-cookie": "b=2; Path=/",
    });
    expect(kept.headers.getSetCookie()).toEqual(["a=1; Path=/", "b=2; Path=/"]);
  },
);

test("answers whose headers cannot be changed are copied", async () => {
  const answer = Response.redirect("https://app.example.com/next", 303);
  const kept = await handle({ path: "/", cookie: SIGNED_IN, answer });
  expect([kept.status, kept.headers.get("location")]).toEqual([
    303,
    "https://app.example.com/next",
  ]);
  expect(kept.headers.get("cache-control")).toBe("private, no-store");
  const empty = new Response(null, { status: 204 });
  expect((await handle({ path: "/", cookie: SIGNED_IN, answer: empty })).status).toBe(204);
});

test("a visitor's page keeps what it says, also where a session is over", async () => {
  const answer = () => new Response("hello", { headers: PUBLIC });
  const visitor = await handle({ path: "/", answer: answer() });
  expect(visitor.headers.get("cache-control")).toBe(PUBLIC["cache-control"]);
  expect(visitor.headers.get("cdn-cache-control")).toBe("max-age=86400");
  send.mockImplementation(isOver);
  const over = await handle({ path: "/", cookie: SIGNED_IN, answer: answer() });
  expect(over.headers.get("cache-control")).toBe(PUBLIC["cache-control"]);
});

test("what needs no token asks for none, and stays as it is", async () => {
  const options = { cookie: SIGNED_IN, answer: new Response("x", { headers: PUBLIC }) };
  for (const page of [{ path: "/base/api/auth/ok" }, { path: "/data", isSubRequest: true }])
    expect(await handle({ ...options, ...page })).toBe(options.answer);
  expect(send).not.toHaveBeenCalled();
});

test("if Convex cannot be reached, a signed-in user does not get a visitor's page", async () => {
  send.mockImplementation(isDown);
  const page = { path: "/", cookie: SIGNED_IN, answer: new Response("x") };
  await expect(handle(page)).rejects.toMatchObject({ code: "TOKEN_UNAVAILABLE" });
});
