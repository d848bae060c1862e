// Social sign-in on a preview through production, with the options that docs/previews.md gives `oAuthProxy()`. Two
// instances, each behind the address of its own Convex site, and a provider that knows production alone.
import { hkdfSync } from "node:crypto";
import { memoryAdapter } from "better-auth/adapters/memory";
import { betterAuth } from "better-auth/minimal";
import { symmetricEncrypt } from "better-auth/crypto";
import { oAuthProxy } from "better-auth/plugins";
import { afterEach, expect, test, vi } from "vitest";
import { proxiedSignIn } from "../../../src/auth/http/proxied-sign-in.js";
import { createHttpApp, SITE } from "./support/http-app.js";

const PRODUCTION = "https://app.example.com";
const PREVIEW = "https://app-git-a-team.vercel.app";
const CALLBACK = "/api/auth/callback/github";

type Place = { readonly site: string; readonly convex: string; readonly secret: string };
const production: Place = {
  site: PRODUCTION,
  convex: "https://prod.convex.site",
  secret: "secret-of-production-0123456789-abcdef",
};
const preview: Place = {
  site: PREVIEW,
  convex: "https://preview.convex.site",
  secret: "secret-of-a-preview-9876543210-ghijkl",
};

const SHARED = "shared by both";

function deployment(
  { site, convex, secret }: Place,
  { isGuarded = true, ...proxy }: { currentURL?: string; isGuarded?: boolean },
) {
  const models = ["user", "session", "account", "verification"];
  const rows: Record<string, Record<string, unknown>[]> = Object.fromEntries(
    models.map((model) => [model, []]),
  );
  const plugin = oAuthProxy({ productionURL: PRODUCTION, secret: SHARED, ...proxy });
  // As defineAuth adds it.
  const guard = isGuarded ? proxiedSignIn([plugin]) : undefined;
  const auth = betterAuth({
    baseURL: site,
    secret,
    database: memoryAdapter(rows),
    logger: { disabled: true },
    socialProviders: { github: { clientId: "id", clientSecret: "of github" } },
    plugins: [plugin, ...(guard ? [guard] : [])],
  });
  /** As the site's server forwards it: the host of the request is that of the Convex site. */
  const call = (path: string, { body, cookie }: { body?: object; cookie?: string } = {}) =>
    auth.handler(
      new Request(`${convex}${path}`, {
        method: body ? "POST" : "GET",
        headers: { "content-type": "application/json", origin: site, ...(cookie && { cookie }) },
        ...(body && { body: JSON.stringify(body) }),
      }),
    );
  return { rows, call };
}

type Deployment = ReturnType<typeof deployment>;

/** Where the provider sends the browser, and the cookies that it has. */
async function begin({ call }: Deployment) {
  const body = { provider: "github", callbackURL: "/home", disableRedirect: true };
  const response = await call("/api/auth/sign-in/social", { body });
  const { url } = (await response.json()) as { url: string };
  const { searchParams } = new URL(url);
  expect(searchParams.get("redirect_uri")).toBe(PRODUCTION + CALLBACK);
  const query = new URLSearchParams({ code: "c", state: searchParams.get("state") ?? "" });
  return { path: `${CALLBACK}?${query}`, cookie: cookieOf(response) };
}

function cookieOf({ headers }: Response): string {
  return headers
    .getSetCookie()
    .map((line) => line.split(";")[0])
    .join("; ");
}

const locationOf = ({ headers }: Response) => headers.get("location") ?? "";

function stubProvider(): void {
  const user = { id: 7, login: "ada", name: "Ada", email: "ada@example.com" };
  const answers: Record<string, object> = {
    "/login/oauth/access_token": { access_token: "of-ada", token_type: "bearer" },
    "/user": user,
    "/user/emails": [{ email: user.email, primary: true, verified: true }],
  };
  vi.stubGlobal("fetch", async (input: Request | string | URL) => {
    const { pathname } = new URL(input instanceof Request ? input.url : input);
    return Response.json(answers[pathname]);
  });
}

afterEach(() => vi.unstubAllGlobals());

test("a preview signs in through production, which keeps nothing of it", async () => {
  stubProvider();
  const [there, here] = [production, preview].map((place) =>
    deployment(place, { currentURL: place.site }),
  ) as [Deployment, Deployment];
  const { path } = await begin(here);
  const passed = await there.call(path);
  expect(locationOf(passed)).toMatch(`${PREVIEW}${CALLBACK}/oauth-proxy`);
  expect(passed.headers.getSetCookie()).toEqual([]);
  const { pathname, search } = new URL(locationOf(passed));
  const arrived = await here.call(pathname + search);
  expect(locationOf(arrived)).toBe("/home");
  expect(cookieOf(arrived)).toContain("session_token");
  expect(here.rows.user).toMatchObject([{ email: "ada@example.com" }]);
  expect(there.rows.user).toEqual([]);
});

test.each([
  { how: "with currentURL", currentURL: PRODUCTION, isDirect: true },
  { how: "without it, through itself", currentURL: undefined, isDirect: false },
])("production signs in directly $how: $isDirect", async ({ currentURL, isDirect }) => {
  stubProvider();
  const there = deployment(production, currentURL === undefined ? {} : { currentURL });
  const { path, cookie } = await begin(there);
  const arrived = await there.call(path, { cookie });
  expect(locationOf(arrived) === "/home").toBe(isDirect);
  expect(locationOf(arrived).includes("/oauth-proxy")).toBe(!isDirect);
});

/** What whoever has the shared secret can make: an answer of a provider about anybody. */
async function forgedEnd({ call }: Deployment, id: string) {
  const body = { provider: "github", callbackURL: "/home", disableRedirect: true };
  const begun = await call("/api/auth/sign-in/social", { body });
  const { url } = (await begun.json()) as { url: string };
  const payload = {
    userInfo: { id: "1", email: "ada@example.com", name: "", emailVerified: true },
    account: { providerId: id, accountId: "1", issuer: "https://github.com" },
    state: new URL(url).searchParams.get("state"),
    callbackURL: "/home",
    timestamp: Date.now(),
  };
  const purpose = "better-auth:oauth-proxy-profile:v1";
  const bytes = hkdfSync("sha256", SHARED, "better-auth:oauth-encryption:v1", purpose, 32);
  const key = Buffer.from(bytes).toString("hex");
  const profile = await symmetricEncrypt({ key, data: JSON.stringify(payload) });
  return `?${new URLSearchParams({ callbackURL: "/home", profile })}`;
}

test.each(["/api/auth/callback/github/oauth-proxy", "/api/auth/callback/other/oauth-proxy"])(
  "production signs nobody in whom the shared secret vouches for: %s",
  async (path) => {
    const id = path.split("/")[4] ?? "";
    const open = deployment(production, { currentURL: PRODUCTION, isGuarded: false });
    const forged = await open.call(path + (await forgedEnd(open, id)));
    expect(cookieOf(forged)).toContain("session_token");
    const there = deployment(production, { currentURL: PRODUCTION });
    const end = await forgedEnd(there, id);
    for (const one of [
      path,
      `${path}/`,
      path.replace(`callback/${id}/oauth-proxy`, "oauth-proxy-callback"),
    ]) {
      const refused = await there.call(one + end);
      expect([404, 403], one).toContain(refused.status);
      expect(refused.headers.getSetCookie()).toEqual([]);
    }
    expect(there.rows.user).toEqual([]);
  },
);

test.each([
  { currentURL: SITE, status: 404 },
  { currentURL: "https://preview.example.com", status: 302 },
])("defineAuth has the guard where $currentURL is production: $status", async (given) => {
  const proxy = oAuthProxy({ productionURL: SITE, secret: SHARED, currentURL: given.currentURL });
  const app = createHttpApp({ options: { plugins: [proxy] } });
  const end = "/api/auth/callback/github/oauth-proxy?callbackURL=%2F&profile=none";
  const { status } = await app.fetch(end, { redirect: "manual" });
  expect(status).toBe(given.status);
});
