// Tokens that the deployment signs: what is in them, who may ask for them, and what is refused. Here the deployment is
// a function; test/e2e/deployment-signer.test.ts has one that holds Convex's rules.
import { memoryAdapter } from "better-auth/adapters/memory";
import { betterAuth } from "better-auth/minimal";
import type { AuthConfig, GenericDataModel } from "convex/server";
import { decodeJwt, decodeProtectedHeader, generateKeyPair, SignJWT } from "jose";
import { describe, expect, test, vi } from "vitest";
import { convex as describeConvex, type ConvexPluginOptions } from "../../../../src/auth/convex.js";
import { deploymentClaims } from "../../../../src/auth/keys/deployment-claims.js";
import {
  deploymentSigner,
  signForAction,
  type DeploymentSigner,
  type SigningRequest,
} from "../../../../src/auth/keys/deployment-signer.js";
import { signerPlugin } from "../../../../src/auth/keys/signer-plugin.js";
import { convex } from "../../../../src/auth/plugin.js";
import type { AuthCtx } from "../../../../src/auth/types.js";
import { runHandler } from "../../../../src/request/run.js";
import { createCookieJar } from "../../../support/cookie-fetch.js";

const CLOUD = "https://happy.convex.cloud";
const SITE = "https://happy.convex.site";
const keyless = {
  type: "customJwt",
  issuer: CLOUD,
  applicationID: "convex",
  algorithm: "ES256",
  jwks: `${CLOUD}/.well-known/jwks.json`,
} as const;
const ownKeys = { ...keyless, issuer: SITE, algorithm: "RS256", jwks: "data:" } as const;
const credentials = { email: "ada@example.com", password: "correct horse", name: "Ada" };

type Ctx = AuthCtx<GenericDataModel>;

const es256 = await generateKeyPair("ES256");

/** As Convex signs: it writes the header, the issuer and the times. */
async function signJwt({ claims, expiresInSeconds }: SigningRequest, issuer = CLOUD) {
  const now = Math.floor(Date.now() / 1000);
  return new SignJWT({ ...claims })
    .setProtectedHeader({ alg: "ES256", typ: "JWT", kid: "of-convex" })
    .setIssuer(issuer)
    .setIssuedAt(now)
    .setExpirationTime(now + expiresInSeconds)
    .sign(es256.privateKey);
}

const signs: DeploymentSigner = { ready: async () => {}, sign: (request) => signJwt(request) };

async function signedIn({
  options = {},
  providers = [keyless],
  signer = signs,
}: {
  options?: Partial<ConvexPluginOptions>;
  providers?: AuthConfig["providers"];
  signer?: DeploymentSigner | null;
} = {}) {
  const models = ["user", "session", "account", "verification", "jwks"];
  const rows: Record<string, Record<string, unknown>[]> = Object.fromEntries(
    models.map((model) => [model, []]),
  );
  const auth = betterAuth({
    baseURL: SITE,
    secret: "test-secret-of-thirty-two-characters!",
    emailAndPassword: { enabled: true },
    database: memoryAdapter(rows),
    logger: { disabled: true },
    plugins: [
      convex({ authConfig: { providers }, signer: "deployment", ...options }),
      ...(signer ? [signerPlugin(signer)] : []),
    ],
  });
  const jar = createCookieJar(SITE);
  vi.stubGlobal("fetch", (request: Request) => auth.handler(request));
  const url = `${SITE}/api/auth`;
  const signUp = { method: "POST", headers: { "content-type": "application/json" } };
  await jar.fetch(`${url}/sign-up/email`, { ...signUp, body: JSON.stringify(credentials) });
  const headers = new Headers({
    cookie: [...jar.cookies].map(([name, value]) => `${name}=${value}`).join("; "),
  });
  return {
    rows,
    auth,
    get: async (path: string) => jar.fetch(`${url}${path}`),
    token: async () => (await auth.api.getConvexToken({ headers })).token,
  };
}

describe('convex({ signer: "deployment" })', () => {
  test("a token carries the claims of one that a key of the app's own signs", async () => {
    const { token, get, rows } = await signedIn();
    const made = await token();
    const { session, user } = await (await get("/get-session")).json();
    expect(decodeProtectedHeader(made)).toMatchObject({ alg: "ES256", kid: "of-convex" });
    const { id: _id, image: _image, ...fields } = user;
    const { iat, exp, ...claims } = decodeJwt(made);
    expect(claims).toEqual({
      ...fields,
      sub: user.id,
      sessionId: session.id,
      aud: "convex",
      iss: CLOUD,
    });
    expect(exp! - iat!).toBe(900);
    expect(rows.jwks).toEqual([]);
  });

  test("definePayload gives the claims, as JSON has them", async () => {
    const jwt = {
      expirationSeconds: 59.5,
      definePayload: () => ({
        at: new Date(0),
        gone: undefined,
        żółć: ["日本"],
        sub: "x",
        aud: "x",
      }),
    };
    const { token, get } = await signedIn({ options: { jwt } });
    const { iat, exp, ...claims } = decodeJwt(await token());
    const { session, user } = await (await get("/get-session")).json();
    const always = { sub: user.id, sessionId: session.id, iss: CLOUD, aud: "convex" };
    expect(claims).toEqual({ at: "1970-01-01T00:00:00.000Z", żółć: ["日本"], ...always });
    expect(exp! - iat!).toBe(60);
  });

  test.each(["iss", "iat", "exp", "nbf", "convexPlan", "CVX_id", "Convex"])(
    "the claim %s is refused by name",
    async (name) => {
      const { token } = await signedIn({
        options: { jwt: { definePayload: () => ({ [name]: 1 }) } },
      });
      await expect(token()).rejects.toMatchObject({
        code: "RESERVED_CLAIM",
        message: expect.stringContaining(`"${name}"`) as string,
      });
    },
  );

  test("the provider of the earlier keys may stay beside, and its keys are served", async () => {
    const { token, get, rows } = await signedIn({ providers: [ownKeys, keyless] });
    expect(decodeJwt(await token()).iss).toBe(CLOUD);
    expect(await (await get("/convex/jwks")).json()).toEqual({ keys: [] });
    expect(rows.jwks).toEqual([]);
    const discovered = await (await get("/convex/.well-known/openid-configuration")).json();
    expect(discovered).toMatchObject({
      issuer: CLOUD,
      jwks_uri: `${CLOUD}/.well-known/jwks.json`,
      id_token_signing_alg_values_supported: ["ES256"],
    });
  });

  type Refused = [string, Parameters<typeof signedIn>[0], string];
  const component = `${CLOUD}/components/auth`;
  const elsewhere: DeploymentSigner = {
    ...signs,
    sign: (request) => signJwt(request, component),
  };
  test.each<Refused>([
    ["only keys of the app's own", { providers: [ownKeys] }, "NO_CONVEX_PROVIDER"],
    ["another audience", { providers: [{ ...keyless, applicationID: "x" }] }, "NO_CONVEX_PROVIDER"],
    ["another issuer", { providers: [{ ...keyless, issuer: SITE }] }, "WRONG_ISSUER"],
    ["a component's issuer", { signer: elsewhere }, "WRONG_ISSUER"],
    ["no Convex context", { signer: null }, "NO_DEPLOYMENT_SIGNER"],
  ])("with %s it says so", async (_title, given, code) => {
    const { token } = await signedIn(given);
    await expect(token()).rejects.toMatchObject({ code });
  });

  test("a component's issuer is accepted where auth.config.ts names it", async () => {
    const providers = [{ ...keyless, issuer: `${component}/` }];
    const { token } = await signedIn({ signer: elsewhere, providers });
    expect(decodeJwt(await token()).iss).toBe(component);
  });

  test("there are no keys to store or to rotate", async () => {
    const { auth } = await signedIn();
    await expect(auth.api.getLatestJwks()).rejects.toMatchObject({ code: "DEPLOYMENT_SIGNS" });
    await expect(auth.api.rotateKeys({})).rejects.toMatchObject({ code: "DEPLOYMENT_SIGNS" });
  });

  test.each([convex, describeConvex])("lifetimes above an hour are refused: %o", (make) => {
    const options: ConvexPluginOptions = { authConfig: { providers: [] }, signer: "deployment" };
    const lasting = (expirationSeconds: number) => () =>
      make({ ...options, jwt: { expirationSeconds } });
    expect(lasting(3600)).not.toThrow();
    for (const seconds of [3600.5, 3601, Infinity, 0])
      expect(lasting(seconds)).toThrow(expect.objectContaining({ code: "INVALID_EXPIRATION" }));
    const misspelt = { ...options, signer: "Deployment" as "deployment" };
    expect(() => make(misspelt)).toThrow(expect.objectContaining({ code: "INVALID_SIGNER" }));
  });
});

describe("deploymentSigner", () => {
  const request = { claims: deploymentClaims({ sub: "u", ż: 1 }), expiresInSeconds: 60 };
  const mutation = (auth: object) => ({ auth, db: {}, runMutation: vi.fn() }) as unknown as Ctx;

  test("a mutation signs", async () => {
    const signer = deploymentSigner(mutation({ signJwt }));
    await signer.ready();
    expect(decodeJwt(await signer.sign(request))).toMatchObject({ sub: "u", ż: 1 });
  });

  test("a mutation of an older convex says which one is needed", async () => {
    const signer = deploymentSigner(mutation({}));
    await expect(signer.ready()).rejects.toMatchObject({ code: "NO_DEPLOYMENT_SIGNER" });
  });

  test("an action has a mutation sign; the claims travel as text", async () => {
    const runMutation = vi.fn(
      (_reference: unknown, args: { claims: string; expiresInSeconds: number }) =>
        signForAction({ auth: { signJwt } }, args),
    );
    const token = await deploymentSigner({ auth: {}, runMutation } as unknown as Ctx).sign(request);
    expect(decodeJwt(token)).toMatchObject({ sub: "u", ż: 1 });
    expect(runMutation).toHaveBeenCalledOnce();
  });

  const query = { auth: {}, db: {} } as unknown as Ctx;

  test("a query cannot, and says where it can be done", async () => {
    await expect(deploymentSigner(query).ready()).rejects.toMatchObject({
      code: "TOKEN_NEEDS_MUTATION",
    });
  });

  test("the query of a request hands it on to a mutation before anything is made", async () => {
    const after = vi.fn();
    const { outcome } = await runHandler({
      context: "query",
      journal: [],
      handler: async (run) => {
        await deploymentSigner(query, run).ready();
        after();
        return { status: 200, headers: [], body: null };
      },
    });
    expect(outcome).toMatchObject({ kind: "escalate", to: "mutation" });
    expect(after).not.toHaveBeenCalled();
  });
});
