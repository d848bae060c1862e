import { memoryAdapter } from "better-auth/adapters/memory";
import { betterAuth } from "better-auth/minimal";
import { organization } from "better-auth/plugins";
import type { AuthConfig } from "convex/server";
import { createLocalJWKSet, decodeProtectedHeader, jwtVerify, type JSONWebKeySet } from "jose";
import { describe, expect, test, vi } from "vitest";
import { convex, type ConvexPluginOptions } from "../../../src/auth/plugin.js";
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

function createTestAuth(options: Partial<ConvexPluginOptions> = {}, rows: Rows = emptyRows()) {
  const auth = betterAuth({
    baseURL: SITE,
    secret,
    ...(options.options?.basePath ? { basePath: options.options.basePath } : {}),
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

  test("adds sessionId, iat and sub to a custom payload, whatever it holds", async () => {
    const get = await signUp(
      createTestAuth({
        jwt: {
          expirationSeconds: 60,
          definePayload: ({ user }) => ({
            nick: user.name,
            absent: undefined,
            nested: { a: [1, { b: "ż" }] },
            sub: "someone-else",
            sessionId: "forged",
          }),
        },
      }),
    );
    const { token } = await (await get("/convex/token")).json();
    const claims = await claimsOf(token, await (await get("/convex/jwks")).json());
    const session = await (await get("/get-session")).json();
    expect(claims).toMatchObject({
      nick: credentials.name,
      nested: { a: [1, { b: "ż" }] },
      sub: session.user.id,
      sessionId: session.session.id,
    });
    expect(claims).not.toHaveProperty("absent");
    expect(claims.exp! - claims.iat!).toBe(60);
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

  test("a session is signed nothing for: no header, no cookie, no key", async () => {
    const made = createTestAuth();
    const get = await signUp(made);
    const response = await get("/get-session");
    expect(response.headers.get("set-auth-jwt")).toBeNull();
    expect(made.rows.jwks).toEqual([]);
  });

  test("without a session there is no token", async () => {
    const { auth } = createTestAuth();
    expect((await auth.handler(new Request(`${SITE}/api/auth/convex/token`))).status).toBe(401);
  });

  test("basePath moves every endpoint", async () => {
    const made = createTestAuth({ options: { basePath: "/custom/auth" } });
    const get = await signUp(made, "/custom/auth");
    const config = await (await get("/convex/.well-known/openid-configuration")).json();
    expect(config).toMatchObject({ issuer: SITE, jwks_uri: `${SITE}/custom/auth/convex/jwks` });
    expect((await get("/convex/token")).status).toBe(200);
    expect((await get("/convex/jwks")).status).toBe(200);
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

describe("rotateKeys", () => {
  async function rotate(grace: boolean) {
    const made = createTestAuth();
    const first = await made.auth.api.getLatestJwks();
    const before = createTestAuth({ jwks: first }, made.rows);
    const get = await signUp(before);
    const { token } = await (await get("/convex/token")).json();
    const second = await made.auth.api.rotateKeys({ body: { grace } });
    const after = createTestAuth({ jwks: second }, made.rows);
    const jwks = await (
      await after.auth.handler(new Request(`${SITE}/api/auth/convex/jwks`))
    ).json();
    return { token, jwks: jwks as JSONWebKeySet, second };
  }

  test("makes every older token invalid at once", async () => {
    const { token, jwks } = await rotate(false);
    expect(jwks.keys).toHaveLength(1);
    await expect(claimsOf(token, jwks)).rejects.toThrow();
  });

  test("with grace keeps the old public key, and never its private half", async () => {
    const { token, jwks, second } = await rotate(true);
    expect(jwks.keys).toHaveLength(2);
    expect((await claimsOf(token, jwks)).email).toBe(credentials.email);
    const stored = JSON.parse(second) as { privateKey?: string; expiresAt?: number }[];
    expect(stored.filter((key) => key.privateKey)).toHaveLength(1);
    expect(stored.filter((key) => key.expiresAt)).toHaveLength(1);
    expect(second.length).toBeLessThan(8192);
  });
});

test("an auth.config without a fitting provider is refused by name when a token is asked for", async () => {
  const get = await signUp(createTestAuth({ authConfig: { providers: [] } }));
  expect((await get("/convex/token")).status).toBe(500);
});
