// Signatures that draw random bytes: Convex refuses ECDSA and RSA-PSS, and texts encrypted with RSA-OAEP, in queries
// and mutations. Here a stub does the same under kitcn's own patch; Node's crypto would sign.
import { createPrivateKeyJwtClientAssertionGetter } from "@better-auth/core/oauth2";
import { genericOAuth, jwt } from "better-auth/plugins";
import { SignJWT } from "jose";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { convex } from "../../../src/auth/index.js";
import { currentRun, currentScope } from "../../../src/request/scope.js";
import { createHttpApp, credentials, provider, SITE, type HttpApp } from "./support/http-app.js";

const { subtle } = crypto;
const sign = subtle.sign.bind(subtle);
const encrypt = subtle.encrypt.bind(subtle);

beforeEach(() => {
  const refusing =
    (real: (algorithm: never, key: CryptoKey, data: BufferSource) => Promise<ArrayBuffer>) =>
    async (algorithm: { name: string } | string, key: CryptoKey, data: BufferSource) => {
      const name = typeof algorithm === "string" ? algorithm : algorithm.name;
      if (currentRun() && /ECDSA|PSS|OAEP/i.test(name))
        throw new Error("Can't use cryptographic randomness in queries and mutations.");
      return real(algorithm as never, key, data); // as it was given
    };
  define("sign", refusing(sign));
  define("encrypt", refusing(encrypt));
});
afterEach(() => {
  vi.unstubAllGlobals();
  define("sign", sign);
  define("encrypt", encrypt);
});

function define(name: string, value: unknown) {
  Object.defineProperty(subtle, name, { value, configurable: true, writable: true });
}

const convexPlugin = () => convex({ authConfig: { providers: [provider] } });
const cookiesOf = (response: Response) =>
  response.headers
    .getSetCookie()
    .map((line) => line.split(";")[0])
    .join("; ");
const post = (app: HttpApp, path: string, body: object) =>
  app.fetch(`/api/auth${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: SITE },
    body: JSON.stringify(body),
  });

async function newKey(): Promise<JsonWebKey> {
  const algorithm = { name: "ECDSA", namedCurve: "P-256" };
  const { privateKey } = await subtle.generateKey(algorithm, true, ["sign", "verify"]);
  return { ...(await subtle.exportKey("jwk", privateKey)), alg: "ES256" };
}

const importEc = (jwk: JsonWebKey) =>
  subtle.importKey("jwk", jwk, { name: "ECDSA", namedCurve: "P-256" }, false, ["sign"]);

describe("an app whose client secret for Apple is a JWT, made by a function", () => {
  const appleApp = async () => {
    const jwk = await newKey();
    const made: string[] = [];
    const scopes = new Set<unknown>();
    const app = createHttpApp({
      options: {
        socialProviders: {
          apple: async () => {
            const clientSecret = await new SignJWT({ aud: "https://appleid.apple.com" })
              .setProtectedHeader({ alg: "ES256", kid: "k" })
              .setExpirationTime(1_900_000_000)
              .sign(await importEc(jwk));
            made.push(clientSecret);
            scopes.add(currentScope()?.kind);
            return { clientId: "com.example.app", clientSecret };
          },
        },
      },
    });
    return { app, made, scopes };
  };

  test("serves every route", async () => {
    const { app } = await appleApp();
    const up = await post(app, "/sign-up/email", credentials);
    expect(up.status).toBe(200);
    const session = await app.fetch("/api/auth/get-session", {
      headers: { cookie: cookiesOf(up) },
    });
    expect(await session.json()).toMatchObject({ user: { email: credentials.email } });
    const begun = await post(app, "/sign-in/social", { provider: "apple", callbackURL: "/home" });
    expect(begun.status).toBe(200);
  });

  test("signs once in a request, and does not send it to the action", async () => {
    const { app, made, scopes } = await appleApp();
    expect((await post(app, "/sign-up/email", credentials)).status).toBe(200);
    expect(made.length).toBeGreaterThan(0);
    expect(new Set(made).size).toBe(1);
    expect([...scopes]).toEqual(["run"]);
  });
});

test("a code is exchanged once with private_key_jwt and ES256", async () => {
  const jwk = await newKey();
  let exchanges = 0;
  vi.stubGlobal("fetch", async (input: string) => {
    const user = { sub: "1", id: "1", email: "ada@example.com", name: "Ada", email_verified: true };
    if (!input.endsWith("/token")) return Response.json(user);
    exchanges++;
    if (exchanges > 1) return Response.json({ error: "invalid_grant" }, { status: 400 });
    return Response.json({ access_token: "a", token_type: "Bearer" });
  });
  const getClientAssertion = createPrivateKeyJwtClientAssertionGetter({
    privateKeyJwk: jwk as never, // the class of jose is stricter
  });
  const idp = {
    ...{ providerId: "idp", clientId: "client", scopes: ["openid"] },
    authorizationUrl: "https://idp.test/authorize",
    tokenUrl: "https://idp.test/token",
    userInfoUrl: "https://idp.test/userinfo",
    tokenEndpointAuth: { method: "private_key_jwt", getClientAssertion },
  } as const;
  const app = createHttpApp({
    options: { plugins: [convexPlugin(), genericOAuth({ config: [idp] })] },
  });
  const begun = await post(app, "/sign-in/social", { provider: "idp", callbackURL: "/home" });
  const { url } = (await begun.json()) as { url: string };
  const state = new URL(url).searchParams.get("state");
  const back = await app.fetch(`/api/auth/callback/idp?code=c&state=${state}`, {
    headers: { cookie: cookiesOf(begun) },
  });
  expect([exchanges, back.headers.get("location")]).toEqual([1, "/home"]);
});

test("jwt() signs with ES256", async () => {
  const own = jwt({ jwks: { keyPairConfig: { alg: "ES256" } } });
  const app = createHttpApp({ options: { plugins: [convexPlugin(), own] } });
  const cookie = cookiesOf(await post(app, "/sign-up/email", credentials));
  for (let at = 0; at < 2; at++)
    expect(await app.fetch("/api/auth/token", { headers: { cookie } })).toMatchObject({
      status: 200,
    });
});

describe("in a hook", () => {
  const inHook = async (work: () => Promise<unknown>) => {
    const seen: unknown[] = [];
    const before = async () => void seen.push(await work());
    const app = createHttpApp({ options: { databaseHooks: { user: { create: { before } } } } });
    const answer = await post(app, "/sign-up/email", credentials);
    return { status: answer.status, seen };
  };
  const text = new TextEncoder().encode("hello");
  const rsa = (name: string) => ({
    ...{ name, hash: "SHA-256", modulusLength: 2048 },
    publicExponent: new Uint8Array([1, 0, 1]),
  });

  test("a signature with RSA-PSS is valid", async () => {
    const keys = await subtle.generateKey(rsa("RSA-PSS"), true, ["sign", "verify"]);
    const pkcs8 = await subtle.exportKey("pkcs8", keys.privateKey);
    const { status, seen } = await inHook(async () => {
      const algorithm = { name: "RSA-PSS", hash: { name: "SHA-256" } };
      const key = await subtle.importKey("pkcs8", pkcs8, algorithm, false, ["sign"]);
      return subtle.sign({ name: "RSA-PSS", saltLength: 32 }, key, text);
    });
    expect(status).toBe(200);
    const check = { name: "RSA-PSS", saltLength: 32 };
    const signature = seen.at(-1) as ArrayBuffer; // what the hook returned
    expect(await subtle.verify(check, keys.publicKey, signature, text)).toBe(true);
  });

  test("a text that RSA-OAEP encrypts can be read, with its label", async () => {
    const keys = await subtle.generateKey(rsa("RSA-OAEP"), true, ["encrypt", "decrypt"]);
    const jwk = await subtle.exportKey("jwk", keys.publicKey);
    const label = new Uint8Array([1, 2]);
    const { status, seen } = await inHook(async () => {
      const algorithm = { name: "RSA-OAEP", hash: "SHA-256" };
      const key = await subtle.importKey("jwk", jwk, algorithm, false, ["encrypt"]);
      return subtle.encrypt({ name: "RSA-OAEP", label }, key, text);
    });
    expect(status).toBe(200);
    const encrypted = seen.at(-1) as ArrayBuffer; // what the hook returned
    const plain = await subtle.decrypt({ name: "RSA-OAEP", label }, keys.privateKey, encrypted);
    expect(new TextDecoder().decode(plain)).toBe("hello");
  });

  test("a key that was not imported in the request signs in the action", async () => {
    const keys = await subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, ["sign"]);
    const { status, seen } = await inHook(() =>
      subtle.sign({ name: "ECDSA", hash: "SHA-256" }, (keys as CryptoKeyPair).privateKey, text),
    );
    expect(status).toBe(200);
    expect(seen).toHaveLength(1);
  });
});
