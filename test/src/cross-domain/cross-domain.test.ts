// Both halves of the cross-domain plugin, over Better Auth's own client.
import { createOTP } from "@better-auth/utils/otp";
import { createAuthEndpoint } from "better-auth/api";
import { lastLoginMethodClient } from "better-auth/client/plugins";
import { setSessionCookie } from "better-auth/cookies";
import { lastLoginMethod } from "better-auth/plugins";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { crossDomainClient } from "../../../src/client/index.js";
import { memoryStorage } from "../../../src/client/cookie-jar.js";
import {
  ada,
  APP,
  beginOAuth,
  callbackOf,
  createBrowser,
  createServer,
  openApp,
  PREVIEW,
  SITE,
  stubProvider,
  visit,
} from "./support/apps.js";

beforeEach(() => void stubProvider());
afterEach(() => void vi.unstubAllGlobals());

test("on a server, whose users share the client, it keeps no cookies", async () => {
  expect(typeof window).toBe("undefined");
  const [plugin] = crossDomainClient().fetchPlugins;
  const headers = { "Set-Better-Auth-Cookie": "better-auth.session_token=ada; Max-Age=60; Path=/" };
  await plugin!.hooks.onResponse({ response: new Response(null, { headers }) });
  const { options } = await plugin!.init(`${SITE}/api/auth/get-session`, {});
  expect(options.headers.get("Better-Auth-Cookie")).toBe("");
});

describe("cookies that the server lets scripts read", () => {
  /** What the page at the app's address holds. */
  function stubDocument() {
    const cookies = new Map<string, string>();
    vi.stubGlobal("document", {
      get cookie() {
        return [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
      },
      set cookie(line: string) {
        const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
        const ends = Date.parse(/expires=([^;]*)/.exec(line)?.[1] ?? "");
        if (ends <= Date.now()) cookies.delete(name);
        else cookies.set(name, value);
      },
    });
    return cookies;
  }

  test("are in the page, where plugins look for them, and no others", async () => {
    const cookies = stubDocument();
    const server = createServer({ morePlugins: [lastLoginMethod()] });
    const { getLastUsedLoginMethod } = lastLoginMethodClient().getActions();
    expect(getLastUsedLoginMethod()).toBeNull();
    const { client } = createBrowser(server);
    expect((await client.signUp.email(ada)).error).toBeNull();
    expect(getLastUsedLoginMethod()).toBe("email");
    expect([...cookies.keys()]).toEqual(["better-auth.last_used_login_method"]);
    await client.signOut();
    expect(getLastUsedLoginMethod()).toBe("email");
  });

  test("arrive with a redirect, too", async () => {
    stubDocument();
    const server = createServer({ morePlugins: [lastLoginMethod()] });
    const { storage, callback } = await beginOAuth(server);
    const app = openApp(server, await visit(server, callback), { storage });
    expect((await app.client.getSession()).data?.user.email).toBe(ada.email);
    expect(lastLoginMethodClient().getActions().getLastUsedLoginMethod()).toBe("idp");
  });
});

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
  test("OAuth: back in the app with a token that is good once", async () => {
    const server = createServer();
    const { storage, callback } = await beginOAuth(server, { callbackURL: "/dash?tab=1#top" });
    const location = await visit(server, callback);
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
    expect(replay.address()).toBe(`${APP}/`);
  });

  test("without a callbackURL, back to the app", async () => {
    const server = createServer();
    const { callback } = await beginOAuth(server);
    expect((await visit(server, callback)).origin).toBe(APP);
  });

  test("a link prepared by someone else signs no one in", async () => {
    const server = createServer();
    const { callback } = await beginOAuth(server);
    const location = await visit(server, callback);
    const victim = openApp(server, location);
    expect((await victim.client.getSession()).data).toBeNull();
    expect(victim.address()).toBe(`${APP}/`);
  });

  test("a new user arrives where the app said, once the client has proved its flow", async () => {
    const server = createServer();
    const { storage, callback } = await beginOAuth(server, {
      callbackURL: "/dash",
      newUserCallbackURL: "/welcome",
    });
    const app = openApp(server, await visit(server, callback), { storage });
    await vi.waitFor(() => expect(app.address()).toBe(`${APP}/welcome`));

    const reloaded = openApp(server, new URL(app.address()), { storage });
    expect((await reloaded.client.getSession()).data?.user.email).toBe(ada.email);
  });

  test("what the provider refuses is told at errorCallbackURL", async () => {
    const server = createServer();
    const { storage, callback } = await beginOAuth(server, {
      callbackURL: "/dash",
      errorCallbackURL: "/login?from=idp",
    });
    const refused = new URL(callback);
    refused.searchParams.delete("code");
    refused.searchParams.set("error", "access_denied");
    const app = openApp(server, await visit(server, refused.href), { storage });
    await vi.waitFor(() => expect(app.address()).not.toBe(`${APP}/dash`));
    const { pathname, searchParams } = new URL(app.address());
    expect(pathname).toBe("/login");
    expect(Object.fromEntries(searchParams)).toEqual({ from: "idp", error: "access_denied" });
  });

  test("a form post of the provider is passed on too", async () => {
    const server = createServer();
    const { storage, callback } = await beginOAuth(server);
    const { searchParams } = new URL(callback);
    const response = await server.auth.handler(
      new Request(`${SITE}/api/auth/callback/idp`, {
        method: "POST",
        headers: { "content-type": "application/x-www-form-urlencoded" },
        body: searchParams,
      }),
    );
    const location = await visit(server, response.headers.get("location") ?? "");
    const app = openApp(server, location, { storage });
    expect((await app.client.getSession()).data?.user.email).toBe(ada.email);
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
    const location = await visit(server, callbackOf(url, { id: "idp-ada", email: ada.email }));
    expect(location.searchParams.get("error")).toBe("state_mismatch");
    expect(server.rows.session).toEqual([]);
  });

  test("a state that does not exist is refused", async () => {
    const server = createServer();
    const location = await visit(server, `${SITE}/api/auth/callback/idp?code=c&state=made-up`);
    expect(location.searchParams.has("error")).toBe(true);
    expect(location.searchParams.has("ott")).toBe(false);
  });

  test("linking an account comes back to the app, signed in as before", async () => {
    const server = createServer();
    const { client, storage } = createBrowser(server);
    await client.signUp.email(ada);
    const { data } = await client.linkSocial({ provider: "idp", callbackURL: "/settings" });
    const location = await visit(
      server,
      callbackOf(data?.url, { id: "idp-ada", email: ada.email }),
    );
    expect(location.origin + location.pathname).toBe(`${APP}/settings`);
    expect(server.rows.account).toHaveLength(1);
    expect(
      (await openApp(server, location, { storage }).client.getSession()).data?.user.email,
    ).toBe(ada.email);
    expect(server.rows.account).toHaveLength(2);
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

  test.each<{ what: string; options: Parameters<typeof createServer>[0]; afterMs: number }>([
    { what: "three minutes after it was made", options: {}, afterMs: 181_000 },
    {
      what: "once its session has expired",
      options: { session: { expiresIn: 60 } },
      afterMs: 90_000,
    },
  ])("a token is worth nothing $what", async ({ options, afterMs }) => {
    const server = createServer(options);
    const { client } = createBrowser(server);
    await client.signIn.magicLink({ email: ada.email });
    const location = await visit(server, server.mails[0]!);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + afterMs });
    const late = openApp(server, location);
    expect((await late.client.getSession()).data).toBeNull();
    vi.useRealTimers();
    expect(late.responses[0]?.status).toBe(401);
  });

  test("a token of a mailed link is good once", async () => {
    const server = createServer();
    const { client } = createBrowser(server);
    await client.signIn.magicLink({ email: ada.email });
    const location = await visit(server, server.mails[0]!);
    const again = new URL(location);
    expect((await openApp(server, location).client.getSession()).data).not.toBeNull();
    expect((await openApp(server, again).client.getSession()).data).toBeNull();
  });

  test.each([
    ["https://evil.example.com", false],
    [PREVIEW, true],
  ])("a redirect with a session carries a token to %s: %s", async (origin, want) => {
    // Better Auth checks where its own links lead; a plugin may lead anywhere.
    const leave = createAuthEndpoint("/leave", { method: "GET" }, async (ctx) => {
      const { internalAdapter } = ctx.context;
      const user = await internalAdapter.createUser(
        { ...ada, emailVerified: true },
        { method: "email-password" },
      );
      await setSessionCookie(ctx, { session: await internalAdapter.createSession(user.id), user });
      throw ctx.redirect(`${origin}/?ott=`);
    });
    const server = createServer({ morePlugins: [{ id: "leaving", endpoints: { leave } }] });
    const location = await visit(server, `${SITE}/api/auth/leave`);
    expect(location.origin).toBe(origin);
    expect(Boolean(location.searchParams.get("ott"))).toBe(want);
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
