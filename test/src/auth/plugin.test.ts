import { memoryAdapter } from "better-auth/adapters/memory";
import { betterAuth } from "better-auth/minimal";
import { organization } from "better-auth/plugins";
import type { AuthConfig } from "convex/server";
import { createLocalJWKSet, decodeProtectedHeader, jwtVerify, type JSONWebKeySet } from "jose";
import { describe, expect, test, vi } from "vitest";
import type { ConvexPluginOptions } from "../../../src/auth/convex.js";
import { convex } from "../../../src/auth/plugin.js";
import { createCookieJar } from "../../support/cookie-fetch.js";

const SITE = "https://happy.convex.site";
const authConfig: AuthConfig = {
  providers: [
    { type: "customJwt", issuer: SITE, applicationID: "convex", algorithm: "RS256", jwks: "data:" },
  ],
};
const secret = "test-secret-of-thirty-two-characters!";
const credentials = { email: "ada@example.com", password: "correct horse", name: "Ada Łovelace" };

type Rows = Record<string, Record<string, unknown>[]>;

function createTestAuth(options: Partial<ConvexPluginOptions> = {}, basePath?: string) {
  const rows = emptyRows();
  const auth = betterAuth({
    baseURL: SITE,
    secret,
    ...(basePath && { basePath }),
    emailAndPassword: { enabled: true },
    database: memoryAdapter(rows),
    plugins: [convex({ authConfig, ...options }), organization()],
    logger: { disabled: true },
  });
  return { auth, rows };
}

function emptyRows(): Rows {
  const models = ["user", "session", "account", "verification", "jwks"];
  return Object.fromEntries(
    [...models, "organization", "member", "invitation"].map((m) => [m, []]),
  );
}

/** Signs up and returns a GET with the session's cookies. */
async function signUp({ auth }: ReturnType<typeof createTestAuth>, basePath = "/api/auth") {
  const jar = createCookieJar(SITE);
  vi.stubGlobal("fetch", (request: Request) => auth.handler(request));
  await jar.fetch(`${SITE}${basePath}/sign-up/email`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(credentials),
  });
  return async (path: string) => jar.fetch(`${SITE}${basePath}${path}`);
}

async function claimsOf(token: string, jwks: JSONWebKeySet) {
  const keys = createLocalJWKSet(jwks);
  return (await jwtVerify(token, keys, { issuer: SITE, audience: "convex" })).payload;
}

describe("convex()", () => {
  test("issues RS256 tokens that an independent library verifies", async () => {
    const get = await signUp(createTestAuth());
    const { token } = await (await get("/convex/token")).json();
    const jwks = await (await get("/convex/jwks")).json();
    expect(decodeProtectedHeader(token).alg).toBe("RS256");
    const claims = await claimsOf(token, jwks);
    expect(claims).toMatchObject({ email: credentials.email, name: credentials.name });
    expect(claims).not.toHaveProperty("id");
    expect(claims).not.toHaveProperty("image");
    expect(claims.sessionId).toEqual(expect.any(String));
    expect(claims.exp! - claims.iat!).toBe(900);
  });

  const payloads: [string, Pick<ConvexPluginOptions, "jwt">["jwt"], Record<string, unknown>][] = [
    ["nothing", { definePayload: () => ({}) }, {}],
    [
      "absent and null values",
      { definePayload: () => ({ absent: undefined, none: null }) },
      { none: null },
    ],
    [
      "nested values",
      { definePayload: () => ({ nested: { a: [1, { b: true, gone: undefined }] } }) },
      { nested: { a: [1, { b: true }] } },
    ],
    [
      "letters of any script, in names and values",
      { definePayload: ({ user }) => ({ nick: user.name, żółć: "日本 🔑 \u0000" }) },
      { nick: credentials.name, żółć: "日本 🔑 \u0000" },
    ],
    ["dates", { definePayload: () => ({ at: new Date(0) }) }, { at: "1970-01-01T00:00:00.000Z" }],
    [
      "a promise",
      { definePayload: async ({ session }) => Promise.resolve({ of: session.userId.length > 0 }) },
      { of: true },
    ],
    [
      "claims that are not its to choose",
      {
        definePayload: () => ({ sub: "x", sessionId: "x", iss: "x", aud: "x", iat: 1, exp: 2 }),
      },
      {},
    ],
  ];
  test.each(payloads)("definePayload may give %s", async (_title, jwt, want) => {
    const get = await signUp(createTestAuth({ jwt: { ...jwt, expirationSeconds: 60 } }));
    const { token } = await (await get("/convex/token")).json();
    const { iat, exp, ...claims } = await claimsOf(token, await (await get("/convex/jwks")).json());
    const { session, user } = await (await get("/get-session")).json();
    const always = { sub: user.id, sessionId: session.id, iss: SITE, aud: "convex" };
    expect(claims).toEqual({ ...want, ...always });
    expect(exp! - iat!).toBe(60);
    expect(Math.abs(iat! * 1000 - Date.now())).toBeLessThan(60_000);
  });

  test("the default payload has every user field but id and image", async () => {
    const get = await signUp(createTestAuth());
    const { token } = await (await get("/convex/token")).json();
    const claims = await claimsOf(token, await (await get("/convex/jwks")).json());
    const { user } = await (await get("/get-session")).json();
    const standard = ["aud", "exp", "iat", "iss", "sessionId", "sub"];
    const fields = Object.keys(user).filter((name) => name !== "id" && name !== "image");
    expect(Object.keys(claims).sort()).toEqual([...fields, ...standard].sort());
  });

  test.each([0, -1, NaN, Infinity])("a lifetime of %d seconds is refused", (expirationSeconds) => {
    expect(() => convex({ authConfig, jwt: { expirationSeconds } })).toThrow(
      expect.objectContaining({ code: "INVALID_EXPIRATION" }),
    );
  });

  test("static JWKS: neither validation nor issue of a token reads the database", async () => {
    const minted = createTestAuth();
    const jwks = await minted.auth.api.getLatestJwks();
    const fixed = createTestAuth({ jwks });
    const get = await signUp(fixed);
    const { token } = await (await get("/convex/token")).json();
    expect(fixed.rows.jwks).toEqual([]);
    expect((await claimsOf(token, await (await get("/convex/jwks")).json())).email).toBe(
      credentials.email,
    );
  });

  test("signs once for a token, and never for anything else", async () => {
    const sign = vi.spyOn(crypto.subtle, "sign");
    const signatures = () =>
      sign.mock.calls.filter(([algorithm]) => JSON.stringify(algorithm).includes("RSA")).length;
    const made = createTestAuth();
    const get = await signUp(made);
    const quiet = ["/get-session", "/list-sessions", "/convex/.well-known/openid-configuration"];
    for (const path of quiet) {
      const response = await get(path);
      expect([response.status, response.headers.get("set-auth-jwt")]).toEqual([200, null]);
    }
    expect(made.rows.jwks).toEqual([]);
    expect(signatures()).toBe(0);
    await get("/convex/token");
    expect(signatures()).toBe(1);
    sign.mockRestore();
  });

  test("without a session there is no token", async () => {
    const { auth } = createTestAuth();
    expect((await auth.handler(new Request(`${SITE}/api/auth/convex/token`))).status).toBe(401);
  });

  const basePaths: [string, { own?: string; plugin?: string; want: string }][] = [
    ["neither says one", { want: "/api/auth" }],
    ["Better Auth's basePath moves them", { own: "/custom/auth", want: "/custom/auth" }],
    ["both say the same", { own: "/a", plugin: "/a", want: "/a" }],
    ["a slash at the end is no other path", { own: "/a/b", plugin: "/a/b/", want: "/a/b" }],
  ];
  test.each(basePaths)("every endpoint moves: %s", async (_title, { own, plugin, want }) => {
    const made = createTestAuth({ ...(plugin && { options: { basePath: plugin } }) }, own);
    const get = await signUp(made, want);
    const config = await (await get("/convex/.well-known/openid-configuration")).json();
    expect(config).toMatchObject({ issuer: SITE, jwks_uri: `${SITE}${want}/convex/jwks` });
    expect((await get("/convex/token")).status).toBe(200);
    const jwks = await made.auth.handler(new Request(config.jwks_uri));
    expect(await jwks.json()).toMatchObject({ keys: [{ alg: "RS256" }] });
    const moved = want === "/api/auth" ? "/elsewhere" : "/api/auth";
    expect((await made.auth.handler(new Request(`${SITE}${moved}/convex/jwks`))).status).toBe(404);
  });

  test("the public endpoint shows nothing private", async () => {
    const get = await signUp(createTestAuth());
    await get("/convex/token");
    const { keys } = (await (await get("/convex/jwks")).json()) as { keys: object[] };
    expect(keys).toHaveLength(1);
    expect(Object.keys(keys[0]!).sort()).toEqual(["alg", "e", "kid", "kty", "n", "use"]);
  });

  test("getLatestJwks and rotateKeys are not reachable over HTTP", async () => {
    const { auth } = createTestAuth();
    for (const path of ["latest-jwks", "rotate-keys", "get-latest-jwks"]) {
      const request = new Request(`${SITE}/api/auth/convex/${path}`, { method: "POST" });
      expect((await auth.handler(request)).status).toBe(404);
    }
  });
});

test("an auth.config without a fitting provider is refused by name when a token is asked for", async () => {
  const get = await signUp(createTestAuth({ authConfig: { providers: [] } }));
  expect((await get("/convex/token")).status).toBe(500);
});
