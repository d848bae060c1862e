// What an attacker tries who begins a flow as a cross-domain client and lets somebody else finish it. The victim's
// browser follows links, keeps the cookies it is given, and opens the app.
import { hkdfSync } from "node:crypto";
import type { BetterAuthPlugin } from "better-auth";
import { createAuthEndpoint, generateGenericState } from "better-auth/api";
import { setSessionCookie } from "better-auth/cookies";
import { symmetricEncrypt } from "better-auth/crypto";
import { oAuthProxy } from "better-auth/plugins";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import * as z from "zod";
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
  type Server,
} from "./support/apps.js";

const PROXY_SECRET = "a-secret-that-both-deployments-of-the-proxy-share";

/** Where the other deployment sends the victim's browser, with what the provider said of the victim. */
async function proxiedUrl(
  path: string,
  state: string,
  callbackURL = `${APP}/settings`,
): Promise<string> {
  const info = "better-auth:oauth-proxy-profile:v1";
  const salt = "better-auth:oauth-encryption:v1";
  const key = Buffer.from(hkdfSync("sha256", PROXY_SECRET, salt, info, 32)).toString("hex");
  const victim = { id: "victim", email: ada.email, emailVerified: true, name: "Ada" };
  const payload = {
    ...{ userInfo: victim, state, callbackURL, timestamp: Date.now() },
    account: { providerId: "idp", accountId: "victim", accessToken: "the victim's" },
  };
  const profile = await symmetricEncrypt({ key, data: JSON.stringify(payload) });
  return `${SITE}/api/auth${path}?${new URLSearchParams({ callbackURL, profile })}`;
}

const eve = { email: "eve@example.com", password: "eve's own password", name: "Eve" };

let provider: ReturnType<typeof stubProvider>;
beforeEach(() => void (provider = stubProvider()));
afterEach(() => void vi.unstubAllGlobals());

/** Follows a link as a browser that sends and keeps cookies of the auth routes' site. */
async function follow({ auth }: Server, url: string, cookie = "") {
  const response = await auth.handler(
    new Request(url, { redirect: "manual", headers: cookie ? { cookie } : {} }),
  );
  return { response, location: new URL(response.headers.get("location") ?? "", SITE) };
}

/** What is stored of people, their accounts and sessions; a flow under way is not. */
const stored = ({ rows }: Server) =>
  structuredClone({ user: rows.user, account: rows.account, session: rows.session });

async function signedUp(server: Server, who = eve) {
  const { client, storage } = createBrowser(server);
  await client.signUp.email(who);
  return { client, storage };
}

describe("an attacker's flow, finished by a victim's browser", () => {
  test("links no account of the victim to the attacker", async () => {
    const server = createServer();
    const { client, storage } = await signedUp(server);
    const { data } = await client.linkSocial({ provider: "idp", callbackURL: "/settings" });
    const before = stored(server);

    const victim = { id: "victim", email: ada.email };
    const { response, location } = await follow(server, callbackOf(data?.url, victim));
    expect(response.headers.getSetCookie()).toEqual([]);
    expect(stored(server)).toEqual(before);
    expect(provider.codes).toEqual([]);

    // The victim's app opens, signed out and signed in.
    for (const app of [openApp(server, location), await openedBy(server, location)]) {
      await app.client.getSession();
      expect(stored(server).account).not.toContainEqual(
        expect.objectContaining({ accountId: "victim" }),
      );
    }
    expect(provider.codes).toEqual([]);
    // Not even the attacker's own client has anything of it.
    await createBrowser(server, { storage }).client.getSession();
    expect(stored(server).account?.map(({ providerId }) => providerId)).not.toContain("idp");
  });

  test.each(["/callback/idp/oauth-proxy", "/oauth-proxy-callback"])(
    "links and signs in nobody where oAuthProxy() ends a flow: %s",
    async (path) => {
      const server = createServer({
        morePlugins: [oAuthProxy({ secret: PROXY_SECRET })],
        account: { accountLinking: { allowDifferentEmails: true } },
      });
      const { client } = await signedUp(server);
      const flows = [
        () => client.linkSocial({ provider: "idp", callbackURL: "/settings" }),
        () => createBrowser(server).client.signIn.social({ provider: "idp", callbackURL: "/in" }),
      ];
      for (const begin of flows) {
        server.rows.verification?.splice(0);
        await begin();
        const [flow] = server.rows.verification ?? [];
        const before = stored(server);
        const state = String(flow?.identifier).replace("auth-state:", "");
        const { response } = await follow(server, await proxiedUrl(path, state));
        expect(response.headers.get("location")).toContain("error=state_mismatch");
        expect(response.headers.getSetCookie()).toEqual([]);
        expect(stored(server)).toEqual(before);
      }
    },
  );

  test.each(
    ["/callback/idp/oauth-proxy", "/oauth-proxy-callback"].flatMap((path) => [
      { path, callbackURL: `${APP}/in` },
      { path, callbackURL: `${APP}/in?ott=` },
    ]),
  )(
    "hands the app no session where oAuthProxy() ends a flow of no app: $path, $callbackURL",
    async ({ path, callbackURL }) => {
      const server = createServer({ morePlugins: [oAuthProxy({ secret: PROXY_SECRET })] });
      const { status } = await server.auth.handler(
        new Request(`${SITE}/api/auth/sign-in/social`, {
          method: "POST",
          headers: { "content-type": "application/json", origin: APP },
          body: JSON.stringify({ provider: "idp", callbackURL }),
        }),
      );
      expect(status).toBe(200);
      const state = String(server.rows.verification?.[0]?.identifier).replace("auth-state:", "");
      const { location } = await follow(server, await proxiedUrl(path, state, callbackURL));
      expect(location.href).toBe(`${APP}/in`);
      expect(server.rows.session).toHaveLength(1);
    },
  );

  test("stores no token of the provider, whether the victim's address is verified or not", async () => {
    for (const emailVerified of [true, false]) {
      const server = createServer();
      await signedUp(server, ada);
      const before = stored(server);
      const person = { id: "victim", email: ada.email, emailVerified };
      const { callback } = await beginOAuth(server, { person });
      const { response, location } = await follow(server, callback);
      expect(response.headers.getSetCookie()).toEqual([]);
      await openApp(server, location).client.getSession();
      expect(stored(server)).toEqual(before);
      expect(provider.codes).toEqual([]);
    }
  });

  test("signs nobody in as the attacker, in a browser that has no session", async () => {
    const server = createServer();
    const { callback } = await beginOAuth(server, { person: { id: "eve", email: eve.email } });
    const { response, location } = await follow(server, callback);
    expect(response.headers.getSetCookie()).toEqual([]);
    const victim = openApp(server, location);
    expect((await victim.client.getSession()).data).toBeNull();
    expect(await victim.client.getCookie()).toBe("");
    expect(stored(server)).toEqual({ user: [], account: [], session: [] });
  });

  test("leaves the session of an app alone that uses the site's own cookies", async () => {
    const server = createServer();
    const signUp = await server.auth.handler(
      new Request(`${SITE}/api/auth/sign-up/email`, {
        method: "POST",
        headers: { "content-type": "application/json", origin: APP },
        body: JSON.stringify(ada),
      }),
    );
    const cookie = signUp.headers
      .getSetCookie()
      .map((line) => line.split(";")[0])
      .join("; ");
    const { callback } = await beginOAuth(server, { person: { id: "eve", email: eve.email } });
    const { response } = await follow(server, callback, cookie);
    expect(response.headers.getSetCookie()).toEqual([]);
    const session = await server.auth.handler(
      new Request(`${SITE}/api/auth/get-session`, { headers: { cookie } }),
    );
    expect(await session.json()).toMatchObject({ user: { email: ada.email } });
    expect(server.rows.user).toHaveLength(1);
  });

  test("is not helped by skipStateCookieCheck, nor by a state of another flow", async () => {
    const server = createServer({ account: { skipStateCookieCheck: true } });
    const { callback } = await beginOAuth(server, { person: { id: "eve", email: eve.email } });
    const { location } = await follow(server, callback);
    const storage = memoryStorage();
    await beginOAuth(server, { storage }); // the victim began one, too
    expect((await openApp(server, location, { storage }).client.getSession()).data).toBeNull();
    expect(stored(server)).toEqual({ user: [], account: [], session: [] });
  });

  test("is not helped by sending the callback itself", async () => {
    const server = createServer();
    const { callback } = await beginOAuth(server, { person: { id: "eve", email: eve.email } });
    const response = await server.auth.handler(
      new Request(callback, { headers: { "Better-Auth-Cookie": "" } }),
    );
    expect(response.status).toBe(401);
    expect(stored(server)).toEqual({ user: [], account: [], session: [] });
  });
});

describe("the token of a redirect", () => {
  test("shows neither code nor state", async () => {
    const server = createServer();
    const { callback } = await beginOAuth(server);
    const location = (await visit(server, callback)).href;
    for (const name of ["code", "state"])
      expect(location).not.toContain(new URL(callback).searchParams.get(name) ?? name);
  });

  test("is worth nothing three minutes later, though the flow lives longer", async () => {
    const server = createServer();
    const { storage, callback } = await beginOAuth(server);
    const location = await visit(server, callback);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 181_000 });
    const late = openApp(server, location, { storage });
    expect((await late.client.getSession()).data).toBeNull();
    vi.useRealTimers();
    expect(stored(server)).toEqual({ user: [], account: [], session: [] });
  });

  test("goes to no place that is not trusted any more", async () => {
    const trusted = [PREVIEW];
    const server = createServer({ trustedOrigins: () => trusted });
    const { callback } = await beginOAuth(server, { callbackURL: `${PREVIEW}/in` });
    trusted.pop();
    const location = await visit(server, callback);
    expect([location.origin, location.searchParams.has("ott")]).toEqual([SITE, false]);
  });

  test("is no other text that the app's secret has encrypted", async () => {
    const server = createServer();
    const { storage, callback } = await beginOAuth(server);
    const { pathname, search } = new URL(callback);
    const data = JSON.stringify({ target: pathname + search, expiresAt: Date.now() + 60_000 });
    const { secretConfig } = await server.auth.$context;
    const token = `c.${await symmetricEncrypt({ key: secretConfig, data })}`;
    const app = openApp(server, new URL(`${APP}/?ott=${token}`), { storage });
    expect((await app.client.getSession()).data).toBeNull();
    expect(stored(server)).toEqual({ user: [], account: [], session: [] });
  });

  test("begins no session for a caller without the client's header", async () => {
    const server = createServer();
    const { client } = createBrowser(server);
    await client.signIn.magicLink({ email: eve.email });
    const token = (await visit(server, server.mails[0]!)).searchParams.get("ott");
    const response = await server.auth.handler(
      new Request(`${SITE}/api/auth/cross-domain/exchange`, {
        method: "POST",
        headers: { "content-type": "application/json", origin: APP },
        body: JSON.stringify({ token }),
      }),
    );
    expect(response.status).toBe(401);
    expect(response.headers.getSetCookie()).toEqual([]);
  });

  test("is no use to an origin that is not trusted", async () => {
    const server = createServer();
    const { storage, callback } = await beginOAuth(server);
    const token = (await visit(server, callback)).searchParams.get("ott");
    const { client } = createBrowser(server, { storage, origin: "https://evil.example.com" });
    const { error } = await client.$fetch("/cross-domain/exchange", {
      method: "POST",
      body: { token },
    });
    expect(error?.status).toBe(403);
    expect(stored(server)).toEqual({ user: [], account: [], session: [] });
  });
});

describe("mailed links", () => {
  test("of a cross-domain client set no cookie at the auth routes' own host", async () => {
    const server = createServer();
    const { client } = createBrowser(server);
    await client.signIn.magicLink({ email: ada.email, callbackURL: `${APP}/welcome` });
    await client.sendVerificationEmail({ email: ada.email });
    for (const mail of server.mails) {
      const { response, location } = await follow(server, mail);
      expect(response.headers.getSetCookie()).toEqual([]);
      expect(location.searchParams.get("ott")).toMatch(/^[\w-]{32}$/);
    }
  });

  test("of a client with cookies keep them, and carry no token to another origin", async () => {
    const server = createServer({ trustedOrigins: ["https://other.example.com"] });
    await server.auth.api.signInMagicLink({
      headers: new Headers(),
      body: { email: ada.email, callbackURL: "https://other.example.com/" },
    });
    const { response, location } = await follow(server, server.mails[0]!);
    expect(response.headers.getSetCookie().join()).toContain("session_token");
    expect(location.href).toBe("https://other.example.com/");
  });

  test("of a server lead to the app, signed in", async () => {
    const server = createServer();
    await server.auth.api.signInMagicLink({
      headers: new Headers(),
      body: { email: ada.email, callbackURL: `${APP}/welcome` },
    });
    const app = openApp(server, await visit(server, server.mails[0]!));
    expect((await app.client.getSession()).data?.user.email).toBe(ada.email);
    expect(app.address()).toBe(`${APP}/welcome`);
  });

  test("lead to the app where the origin that asks for one is not trusted", async () => {
    const advanced = { disableOriginCheck: true, disableCSRFCheck: true };
    const server = createServer({ advanced });
    const { client } = createBrowser(server, { origin: "https://evil.example.com" });
    await client.signIn.magicLink({ email: ada.email, callbackURL: "/welcome" });
    const location = await visit(server, server.mails[0]!);
    expect(location.origin + location.pathname).toBe(`${APP}/welcome`);
  });

  test("that fail lead to the app without a token", async () => {
    const server = createServer();
    const { client } = createBrowser(server);
    await client.signIn.magicLink({ email: ada.email, callbackURL: "/welcome" });
    await visit(server, server.mails[0]!);
    const again = await visit(server, server.mails[0]!);
    expect(again.href).toBe(`${APP}/welcome?error=INVALID_TOKEN`);
  });

  test("leave no mark in what an endpoint answers", async () => {
    const server = createServer();
    const { client } = await signedUp(server, ada);
    const { data } = await client.signIn.email({ ...ada, callbackURL: "/dash" });
    expect(data?.url).toBe(`${APP}/dash`);
  });
});

/** As @better-auth/sso with SAML: the flow's cookie is not asked for at the end, since a form post brings none. */
function saml() {
  let callbackURL = "";
  return {
    id: "saml",
    endpoints: {
      begin: createAuthEndpoint(
        "/sign-in/sso",
        { method: "POST", body: z.object({ callbackURL: z.string().optional() }) },
        async (ctx) => {
          callbackURL = ctx.body.callbackURL ?? "";
          const data = { callbackURL, codeVerifier: "", expiresAt: Date.now() + 60_000 };
          const { state } = await generateGenericState(ctx, data, { cookieName: "relay_state" });
          return ctx.json({ state });
        },
      ),
      acs: createAuthEndpoint(
        "/sso/saml2/sp/acs/corp",
        {
          method: "POST",
          body: z.object({ SAMLResponse: z.string(), RelayState: z.string().optional() }),
          metadata: { allowedMediaTypes: ["application/x-www-form-urlencoded"] },
        },
        async (ctx) => {
          const { internalAdapter } = ctx.context;
          const email = ctx.body.SAMLResponse;
          const user = await internalAdapter.createUser(
            { email, name: "", emailVerified: true },
            { method: "sso" } as never, // as that plugin states it
          );
          const session = await internalAdapter.createSession(user.id);
          await setSessionCookie(ctx, { session, user });
          throw ctx.redirect(callbackURL);
        },
      ),
    },
  } satisfies BetterAuthPlugin;
}

describe("a SAML flow", () => {
  const begin = async (server: Server, storage = memoryStorage()) => {
    const { client } = createBrowser(server, { storage });
    const { data } = await client.$fetch<{ state: string }>("/sign-in/sso", { method: "POST" });
    const response = await server.auth.handler(
      new Request(`${SITE}/api/auth/sso/saml2/sp/acs/corp`, {
        method: "POST",
        headers: { "content-type": "application/x-www-form-urlencoded" },
        body: new URLSearchParams({ SAMLResponse: ada.email, RelayState: data?.state ?? "" }),
      }),
    );
    expect(response.headers.getSetCookie()).toEqual([]);
    return { storage, location: new URL(response.headers.get("location") ?? "") };
  };

  test("hands its session to the client that began, and to no other", async () => {
    const server = createServer({ morePlugins: [saml()] });
    const own = await begin(server);
    const app = openApp(server, own.location, { storage: own.storage });
    expect((await app.client.getSession()).data?.user.email).toBe(ada.email);

    const other = createServer({ morePlugins: [saml()] });
    const { location } = await begin(other);
    expect((await openApp(other, location).client.getSession()).data).toBeNull();
  });
});

/** The app, opened by somebody who is signed in there. */
async function openedBy(server: Server, url: URL) {
  const { storage } = await signedUp(server, { ...ada, email: "victim@example.com" });
  return openApp(server, url, { storage });
}
