// Both halves of the cross-domain plugin, over Better Auth's own client. The "browser" is one whose site
// differs from the auth routes': it neither sends nor keeps cookies, and adds an Origin.
import { memoryAdapter } from "better-auth/adapters/memory";
import { createAuthClient } from "better-auth/client";
import { magicLinkClient, multiSessionClient, twoFactorClient } from "better-auth/client/plugins";
import { betterAuth } from "better-auth/minimal";
import type { BetterAuthOptions } from "better-auth";
import { genericOAuth, magicLink, multiSession, twoFactor } from "better-auth/plugins";
import { createOTP } from "@better-auth/utils/otp";
import type { AuthConfig } from "convex/server";
import { afterEach, describe, expect, test, vi } from "vitest";
import { convex } from "../../../src/auth/plugin.js";
import { convexClient, crossDomainClient, type CookieStorage } from "../../../src/client/index.js";
import { memoryStorage } from "../../../src/client/cookie-jar.js";
import { crossDomain } from "../../../src/cross-domain/plugin.js";

const SITE = "http://127.0.0.1:3211";
const APP = "http://localhost:5173";
const PREVIEW = "https://preview.example.com";
const ada = { email: "ada@example.com", password: "correct horse", name: "Ada" };

const authConfig: AuthConfig = {
  providers: [
    { type: "customJwt", issuer: SITE, applicationID: "convex", algorithm: "RS256", jwks: "data:" },
  ],
};

afterEach(() => void vi.unstubAllGlobals());

const MODELS = ["user", "session", "account", "verification", "jwks", "twoFactor"];

function createServer({
  siteUrl = APP,
  ...options
}: BetterAuthOptions & { siteUrl?: string } = {}) {
  const mails: string[] = [];
  const rows = Object.fromEntries(
    MODELS.map((model): [string, Record<string, unknown>[]] => [model, []]),
  );
  const auth = betterAuth({
    baseURL: SITE,
    secret: "test-secret-of-thirty-two-characters!",
    emailAndPassword: {
      enabled: true,
      sendResetPassword: async ({ url }) => void mails.push(url),
    },
    emailVerification: {
      autoSignInAfterVerification: true,
      sendVerificationEmail: async ({ url }) => void mails.push(url),
    },
    database: memoryAdapter(rows),
    trustedOrigins: [PREVIEW],
    // Better Auth leaves these checks out under test, unless asked for.
    advanced: { disableOriginCheck: false, disableCSRFCheck: false },
    logger: { disabled: true },
    plugins: [
      // First, so that every other plugin's cookies come later.
      crossDomain({ siteUrl }),
      convex({ authConfig }),
      twoFactor(),
      multiSession(),
      magicLink({ sendMagicLink: async ({ url }) => void mails.push(url) }),
      genericOAuth({
        config: [
          {
            providerId: "idp",
            clientId: "id",
            clientSecret: "secret",
            authorizationUrl: "https://idp.example.com/authorize",
            tokenUrl: "https://idp.example.com/token",
            getUserInfo: async () => ({
              id: "idp-ada",
              email: ada.email,
              name: "Ada",
              emailVerified: true,
            }),
          },
        ],
      }),
    ],
    ...options,
  });
  return { auth, mails, rows };
}

type Server = ReturnType<typeof createServer>;

/** An app's client in a browser of another site. */
function createBrowser(
  { auth }: Server,
  { storage = memoryStorage(), origin = APP }: { storage?: CookieStorage; origin?: string } = {},
) {
  const responses: Response[] = [];
  const client = createAuthClient({
    baseURL: SITE,
    plugins: [
      convexClient(),
      crossDomainClient({ storage }),
      twoFactorClient(),
      multiSessionClient(),
      magicLinkClient(),
    ],
    disableDefaultFetchPlugins: true,
    fetchOptions: {
      customFetchImpl: async (input, init) => {
        expect(init?.credentials).toBe("omit");
        const request = new Request(input, init);
        request.headers.set("origin", origin);
        request.headers.set("sec-fetch-site", "cross-site");
        request.headers.set("sec-fetch-mode", "cors");
        const response = await auth.handler(request);
        responses.push(response.clone());
        const seen = new Response(response.body, response);
        seen.headers.delete("set-cookie");
        return seen;
      },
    },
  });
  return { client, storage, responses };
}

/** Follows a link as a browser does that has no cookies of the auth routes' site. */
async function visit({ auth }: Server, url: string): Promise<URL> {
  const response = await auth.handler(new Request(url, { redirect: "manual" }));
  expect(response.status).toBe(302);
  return new URL(response.headers.get("location") ?? "", SITE);
}

/** Opens the app at an address; the client's plugins are made while the page loads. */
function openApp(server: Server, url: URL, options: { storage?: CookieStorage } = {}) {
  const location = { href: url.href };
  vi.stubGlobal("window", {
    location,
    history: {
      state: null,
      replaceState: (_: unknown, __: string, to: URL) => void (location.href = to.href),
    },
  });
  const browser = createBrowser(server, options);
  vi.unstubAllGlobals();
  return { ...browser, address: () => location.href };
}

describe("sessions without cookies", () => {
  test("sign up, reload, token, sign out", async () => {
    const server = createServer();
    const { client, storage } = createBrowser(server);
    expect((await client.signUp.email(ada)).error).toBeNull();
    expect((await client.getSession()).data?.user.email).toBe(ada.email);

    const reloaded = createBrowser(server, { storage });
    expect((await reloaded.client.getSession()).data?.user.email).toBe(ada.email);
    expect((await reloaded.client.convex.token()).data?.token.split(".")).toHaveLength(3);

    expect((await reloaded.client.signOut()).error).toBeNull();
    expect((await client.getSession()).data).toBeNull();
    expect(await client.getCookie()).toBe("");
    expect(server.rows.session).toEqual([]);
  });

  test("another storage is another browser", async () => {
    const server = createServer();
    await createBrowser(server).client.signUp.email(ada);
    expect((await createBrowser(server).client.getSession()).data).toBeNull();
  });

  test("storagePrefix keeps two apps apart", async () => {
    const items = new Map<string, string>();
    const storage = {
      getItem: (key: string) => items.get(key) ?? null,
      setItem: (key: string, value: string) => void items.set(key, value),
    };
    crossDomainClient({ storage, storagePrefix: "other" });
    const { client } = createBrowser(createServer(), { storage });
    await client.signUp.email(ada);
    expect([...items.keys()]).toEqual(["better-auth.cookies"]);
  });

  test("a cross-domain client's ambient cookies do not count", async () => {
    const server = createServer();
    const { client } = createBrowser(server);
    await client.signUp.email(ada);
    const cookie = await client.getCookie();
    const ask = (headers: HeadersInit) =>
      server.auth
        .handler(new Request(`${SITE}/api/auth/get-session`, { headers }))
        .then((response) => response.json());
    expect(await ask({ cookie })).toMatchObject({ user: { email: ada.email } });
    expect(await ask({ "Better-Auth-Cookie": cookie })).toMatchObject({
      user: { email: ada.email },
    });
    expect(await ask({ cookie, "Better-Auth-Cookie": "" })).toBeNull();
  });

  test("other clients of the deployment see nothing of it", async () => {
    const { auth } = createServer();
    const response = await auth.handler(
      new Request(`${SITE}/api/auth/sign-up/email`, {
        method: "POST",
        headers: { "content-type": "application/json", origin: APP },
        body: JSON.stringify(ada),
      }),
    );
    expect(response.headers.getSetCookie().length).toBeGreaterThan(0);
    expect(response.headers.get("set-better-auth-cookie")).toBeNull();
  });

  test("the copied cookies are the response's, one for one, and are exposed", async () => {
    const { client, responses } = createBrowser(createServer());
    await client.signUp.email(ada);
    const [response] = responses;
    expect(response?.headers.get("set-better-auth-cookie")).toBe(
      response?.headers.getSetCookie().join(", "),
    );
    expect(response?.headers.get("access-control-expose-headers")).toContain(
      "Set-Better-Auth-Cookie",
    );
  });

  test("an origin that is not trusted is refused", async () => {
    const { client } = createBrowser(createServer(), { origin: "https://evil.example.com" });
    expect((await client.signUp.email(ada)).error?.status).toBe(403);
    const foreign = createBrowser(createServer());
    const { error } = await foreign.client.signUp.email({
      ...ada,
      callbackURL: "https://evil.example.com/",
    });
    expect(error?.status).toBe(403);
  });

  test("another trusted origin works too", async () => {
    const { client } = createBrowser(createServer(), { origin: PREVIEW });
    expect((await client.signUp.email(ada)).error).toBeNull();
  });
});

describe("other plugins' cookies", () => {
  test("two-factor: the session waits for the second factor", async () => {
    const server = createServer();
    const first = createBrowser(server);
    await first.client.signUp.email(ada);
    const { data } = await first.client.twoFactor.enable({ password: ada.password });
    const secret = new URL((data as { totpURI: string }).totpURI).searchParams.get("secret")!;
    const code = () => createOTP(decodeBase32(secret)).totp();
    expect((await first.client.twoFactor.verifyTotp({ code: await code() })).error).toBeNull();

    const { client } = createBrowser(server);
    await client.signIn.email(ada);
    expect(await client.getCookie()).toContain("two_factor=");
    expect(await client.getCookie()).not.toContain("session_token=");
    expect((await client.getSession()).data).toBeNull();
    expect((await client.twoFactor.verifyTotp({ code: await code() })).error).toBeNull();
    expect((await client.getSession()).data?.user.email).toBe(ada.email);
    expect(await client.getCookie()).not.toContain("two_factor=");
  });

  test("multi-session: two accounts side by side", async () => {
    const { client } = createBrowser(createServer());
    await client.signUp.email(ada);
    await client.signUp.email({ ...ada, email: "bea@example.com" });
    const { data } = await client.multiSession.listDeviceSessions({});
    expect(data?.map(({ user }) => user.email).sort()).toEqual([
      "ada@example.com",
      "bea@example.com",
    ]);
    const adas = data?.find(({ user }) => user.email === ada.email);
    await client.multiSession.setActive({ sessionToken: adas!.session.token });
    expect((await client.getSession()).data?.user.email).toBe(ada.email);
  });
});

describe("redirects", () => {
  async function beginOAuth(server: Server, storage = memoryStorage(), callbackURL?: string) {
    const { client } = createBrowser(server, { storage });
    const { data } = await client.signIn.social({
      provider: "idp",
      ...(callbackURL ? { callbackURL } : {}),
    });
    const state = new URL(data?.url ?? "").searchParams.get("state")!;
    return { storage, callback: `${SITE}/api/auth/callback/idp?code=c&state=${state}` };
  }

  function stubProvider() {
    vi.stubGlobal("fetch", async () =>
      Response.json({ access_token: "at", token_type: "bearer", expires_in: 60 }),
    );
  }

  async function callBack(server: Server, url: string) {
    stubProvider();
    const location = await visit(server, url);
    vi.unstubAllGlobals();
    return location;
  }

  test("OAuth: back in the app with a token that is good once", async () => {
    const server = createServer();
    const { storage, callback } = await beginOAuth(server, undefined, "/dash?tab=1#top");
    const location = await callBack(server, callback);
    expect(location.origin + location.pathname).toBe(`${APP}/dash`);
    expect(location.searchParams.get("tab")).toBe("1");
    expect(location.hash).toBe("#top");
    const ott = location.searchParams.get("ott");

    const app = openApp(server, location, { storage });
    expect(app.address()).toBe(`${APP}/dash?tab=1#top`);
    // The session request waits for the exchange: it never says signed out in between.
    expect((await app.client.getSession()).data?.user.email).toBe(ada.email);

    const again = new URL(`${APP}/?ott=${ott}`);
    const replay = openApp(server, again, { storage: memoryStorage() });
    expect((await replay.client.getSession()).data).toBeNull();
  });

  test("without a callbackURL, back to the app", async () => {
    const server = createServer();
    const { callback } = await beginOAuth(server);
    expect((await callBack(server, callback)).origin).toBe(APP);
  });

  test("a link prepared by someone else signs no one in", async () => {
    const server = createServer();
    const { callback } = await beginOAuth(server);
    const location = await callBack(server, callback);
    const victim = openApp(server, location);
    expect((await victim.client.getSession()).data).toBeNull();
    expect(victim.address()).toBe(`${APP}/`);
  });

  test("a flow that no cross-domain client began keeps Better Auth's own check", async () => {
    const server = createServer();
    const response = await server.auth.handler(
      new Request(`${SITE}/api/auth/sign-in/social`, {
        method: "POST",
        headers: { "content-type": "application/json", origin: APP },
        body: JSON.stringify({ provider: "idp", callbackURL: `${APP}/` }),
      }),
    );
    const { url } = (await response.json()) as { url: string };
    const state = new URL(url).searchParams.get("state");
    const location = await callBack(server, `${SITE}/api/auth/callback/idp?code=c&state=${state}`);
    expect(location.searchParams.get("error")).toBe("state_mismatch");
    expect(server.rows.session).toEqual([]);
  });

  test("a state that does not exist is refused", async () => {
    const server = createServer();
    const location = await callBack(server, `${SITE}/api/auth/callback/idp?code=c&state=made-up`);
    expect(location.searchParams.has("error")).toBe(true);
    expect(location.searchParams.has("ott")).toBe(false);
  });

  test("linking an account comes back to the app, signed in as before", async () => {
    const server = createServer();
    const { client, storage } = createBrowser(server);
    await client.signUp.email(ada);
    const { data } = await client.linkSocial({ provider: "idp", callbackURL: "/settings" });
    const state = new URL(data?.url ?? "").searchParams.get("state");
    const location = await callBack(server, `${SITE}/api/auth/callback/idp?code=c&state=${state}`);
    expect(location.origin + location.pathname).toBe(`${APP}/settings`);
    expect(server.rows.account).toHaveLength(2);
    expect(
      (await openApp(server, location, { storage }).client.getSession()).data?.user.email,
    ).toBe(ada.email);
  });

  test.each([undefined, "/welcome"])("magic link, callbackURL %s", async (callbackURL) => {
    const server = createServer();
    const { client } = createBrowser(server);
    await client.signIn.magicLink({ email: ada.email, ...(callbackURL ? { callbackURL } : {}) });
    const location = await visit(server, server.mails[0]!);
    expect(location.origin + location.pathname).toBe(`${APP}${callbackURL ?? "/"}`);
    // Opened in another browser than the one that asked for it: as magic links are.
    expect((await openApp(server, location).client.getSession()).data?.user.email).toBe(ada.email);
  });

  test("verification link with automatic sign-in", async () => {
    const server = createServer();
    const { client } = createBrowser(server);
    await client.signUp.email(ada);
    await client.sendVerificationEmail({ email: ada.email });
    const location = await visit(server, server.mails.at(-1)!);
    expect(location.origin).toBe(APP);
    expect((await openApp(server, location).client.getSession()).data?.user.emailVerified).toBe(
      true,
    );
  });

  test("password reset leads to the app, and hands over no session", async () => {
    const server = createServer();
    const { client } = createBrowser(server);
    await client.signUp.email(ada);
    await client.requestPasswordReset({ email: ada.email, redirectTo: "/reset" });
    const location = await visit(server, server.mails.at(-1)!);
    expect(location.origin + location.pathname).toBe(`${APP}/reset`);
    expect(location.searchParams.has("token")).toBe(true);
    expect(location.searchParams.has("ott")).toBe(false);
  });

  test("a token lives three minutes", async () => {
    const server = createServer();
    const { client } = createBrowser(server);
    await client.signIn.magicLink({ email: ada.email });
    const location = await visit(server, server.mails[0]!);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 181_000 });
    const late = openApp(server, location);
    expect((await late.client.getSession()).data).toBeNull();
    vi.useRealTimers();
  });

  test("tokens are stored hashed", async () => {
    const server = createServer();
    const { client } = createBrowser(server);
    await client.signIn.magicLink({ email: ada.email });
    const ott = (await visit(server, server.mails[0]!)).searchParams.get("ott")!;
    expect(JSON.stringify(server.rows.verification)).not.toContain(ott);
  });

  test("an app on the auth routes' own origin gets no token", async () => {
    const server = createServer({ siteUrl: SITE });
    const response = await server.auth.handler(
      new Request(`${SITE}/api/auth/sign-in/magic-link`, {
        method: "POST",
        headers: { "content-type": "application/json", origin: SITE },
        body: JSON.stringify({ email: ada.email, callbackURL: "/" }),
      }),
    );
    expect(response.status).toBe(200);
    const location = await visit(server, server.mails[0]!);
    expect(location.searchParams.has("ott")).toBe(false);
  });

  test.each(["", "short", "0".repeat(32)])("the exchange refuses %j", async (token) => {
    const { auth } = createServer();
    const response = await auth.handler(
      new Request(`${SITE}/api/auth/cross-domain/exchange`, {
        method: "POST",
        headers: { "content-type": "application/json", origin: APP, "Better-Auth-Cookie": "" },
        body: JSON.stringify({ token }),
      }),
    );
    expect([400, 401]).toContain(response.status);
    expect(response.headers.get("set-better-auth-cookie") ?? "").not.toContain("session_token");
  });
});

describe("options", () => {
  test.each(["", "localhost", "localhost:5173", "/path"])(
    "siteUrl %j is refused by name",
    async (siteUrl) => {
      const { auth } = createServer({ siteUrl });
      await expect(auth.handler(new Request(`${SITE}/api/auth/ok`))).rejects.toThrow("siteUrl");
    },
  );

  test("state kept in a cookie cannot work, and says so", async () => {
    const { auth } = createServer({ account: { storeStateStrategy: "cookie" } });
    await expect(auth.handler(new Request(`${SITE}/api/auth/ok`))).rejects.toThrow(
      "storeStateStrategy",
    );
  });
});

/** TOTP secrets are shown in base32. */
function decodeBase32(text: string): string {
  const bits = [...text.replace(/=+$/, "")]
    .map((c) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(c).toString(2).padStart(5, "0"))
    .join("");
  const bytes = bits.match(/.{8}/g) ?? [];
  return String.fromCharCode(...bytes.map((byte) => parseInt(byte, 2)));
}
