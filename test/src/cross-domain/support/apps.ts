// A server with crossDomain(), and browsers of apps on another site: they neither send nor keep cookies, and add
// an Origin. The identity provider takes each code once, and knows who it was made for.
import { memoryAdapter } from "better-auth/adapters/memory";
import { createAuthClient } from "better-auth/client";
import { magicLinkClient, multiSessionClient, twoFactorClient } from "better-auth/client/plugins";
import { betterAuth } from "better-auth/minimal";
import type { BetterAuthOptions, BetterAuthPlugin } from "better-auth";
import { genericOAuth, magicLink, multiSession, twoFactor } from "better-auth/plugins";
import type { AuthConfig } from "convex/server";
import { expect, vi } from "vitest";
import { convex } from "../../../../src/auth/plugin.js";
import {
  convexClient,
  crossDomainClient,
  type CookieStorage,
} from "../../../../src/client/index.js";
import { memoryStorage } from "../../../../src/client/cookie-jar.js";
import { crossDomain } from "../../../../src/cross-domain/plugin.js";

export const SITE = "http://127.0.0.1:3211";
export const APP = "http://localhost:5173";
export const PREVIEW = "https://preview.example.com";
export const ada = { email: "ada@example.com", password: "correct horse", name: "Ada" };

const authConfig: AuthConfig = {
  providers: [
    { type: "customJwt", issuer: SITE, applicationID: "convex", algorithm: "RS256", jwks: "data:" },
  ],
};

/** Somebody at the identity provider. */
export type Person = { id: string; email: string; emailVerified?: boolean };

const MODELS = ["user", "session", "account", "verification", "jwks", "twoFactor"];

export function createServer({
  siteUrl = APP,
  morePlugins = [],
  ...options
}: BetterAuthOptions & { siteUrl?: string; morePlugins?: BetterAuthPlugin[] } = {}) {
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
            getUserInfo: async ({ accessToken }) => ({
              emailVerified: true,
              name: "Ada",
              ...(JSON.parse(accessToken ?? "") as Person),
            }),
          },
        ],
      }),
      ...morePlugins,
    ],
    ...options,
  });
  return { auth, mails, rows };
}

export type Server = ReturnType<typeof createServer>;

/** An app's client in a browser of another site. */
export function createBrowser(
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
export async function visit({ auth }: Server, url: string): Promise<URL> {
  const response = await auth.handler(new Request(url, { redirect: "manual" }));
  expect(response.status).toBe(302);
  return new URL(response.headers.get("location") ?? "", SITE);
}

/** Opens the app at an address; the client's plugins are made while the page loads. */
export function openApp(server: Server, url: URL, options: { storage?: CookieStorage } = {}) {
  const location = {
    href: url.href,
    // Another page would be loaded: this one's scripts end.
    replace: (to: string) => void (location.href = to),
  };
  vi.stubGlobal("window", {
    location,
    history: {
      state: null,
      replaceState: (_: unknown, __: string, to: URL) => void (location.href = to.href),
    },
  });
  const browser = createBrowser(server, options);
  vi.stubGlobal("window", undefined);
  return { ...browser, address: () => location.href };
}

type Places = { callbackURL?: string; newUserCallbackURL?: string; errorCallbackURL?: string };

/** Where the provider sends the browser that this person signs in with. */
export function callbackOf(authorizeUrl: string | undefined, person: Person): string {
  const state = new URL(authorizeUrl ?? "").searchParams.get("state") ?? "";
  const code = encodeURIComponent(JSON.stringify(person));
  return `${SITE}/api/auth/callback/idp?code=${code}&state=${state}`;
}

/** A cross-domain client begins to sign in with the provider. */
export async function beginOAuth(
  server: Server,
  {
    storage = memoryStorage(),
    person = { id: "idp-ada", email: ada.email },
    ...places
  }: { storage?: CookieStorage; person?: Person } & Places = {},
) {
  const { client } = createBrowser(server, { storage });
  const { data } = await client.signIn.social({ provider: "idp", ...places });
  return { storage, callback: callbackOf(data?.url, person) };
}

/** The provider's token endpoint: the code names the person, and so does the token. Counts its calls. */
export function stubProvider(): { readonly codes: string[] } {
  const codes: string[] = [];
  vi.stubGlobal("fetch", async (_: unknown, init?: RequestInit) => {
    const code = new URLSearchParams(String(init?.body)).get("code") ?? "";
    if (codes.includes(code)) return Response.json({ error: "invalid_grant" }, { status: 400 });
    codes.push(code);
    return Response.json({ access_token: code, token_type: "bearer", expires_in: 60 });
  });
  return { codes };
}
