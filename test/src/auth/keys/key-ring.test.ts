// Where signing keys come from and go to: the first one, rotation by the clock, a changed secret, two at once.
import { betterAuth } from "better-auth/minimal";
import type { AuthConfig } from "convex/server";
import { createLocalJWKSet, jwtVerify, type JSONWebKeySet } from "jose";
import { afterEach, describe, expect, test, vi } from "vitest";
import { authAdapter } from "../../../../src/adapter/adapter.js";
import { MAX_JWKS_BYTES, parseStaticJwks, publicJwks } from "../../../../src/auth/keys/jwks.js";
import { convex } from "../../../../src/auth/plugin.js";
import type { Store } from "../../../../src/store/store.js";
import { authDb, type AuthDb } from "../../../support/auth-db.js";

const SITE = "https://happy.convex.site";
const SECRET = "test-secret-of-thirty-two-characters!";
const TTL_MS = 900_000;
const authConfig: AuthConfig = {
  providers: [
    { type: "customJwt", issuer: SITE, applicationID: "convex", algorithm: "RS256", jwks: "data:" },
  ],
};
const credentials = { email: "ada@example.com", password: "correct horse", name: "Ada" };

const optionsOf = (jwks?: string, generateId?: GenerateId) => ({
  baseURL: SITE,
  logger: { disabled: true },
  emailAndPassword: {
    enabled: true,
    password: { hash: async (word: string) => word, verify: async () => true },
  },
  plugins: [convex({ authConfig, jwks })],
  ...(generateId && { advanced: { database: { generateId } } }),
});

type GenerateId = "uuid" | (() => string);

/** One process over a database that others may share. */
function createApp({ db = newDb(), jwks, secret = SECRET, generateId }: AppInput = {}) {
  const store = oneAtATime(db.store);
  const options = optionsOf(jwks, generateId);
  const database = authAdapter({ tables: db.tables, stores: { app: store, component: store } });
  const auth = betterAuth({ ...options, secret, database });
  return { auth, db };
}

type AppInput = { db?: AuthDb; jwks?: string; secret?: string; generateId?: GenerateId };
type App = ReturnType<typeof createApp>;

const newDb = (generateId?: GenerateId) => authDb(optionsOf(undefined, generateId));

/** Every store call is a transaction of its own, as from an action. */
function oneAtATime(store: Store): Store {
  let last: Promise<unknown> = Promise.resolve();
  return new Proxy(store, {
    get(target, name, receiver) {
      const method: unknown = Reflect.get(target, name, receiver);
      if (typeof method !== "function") return method;
      return (...args: unknown[]) => {
        const next = last.then(() => Reflect.apply(method, target, args) as unknown);
        last = next.catch(() => {});
        return next;
      };
    },
  });
}

async function signIn({ auth }: App, path = "/sign-up/email"): Promise<string> {
  const response = await auth.handler(
    new Request(`${SITE}/api/auth${path}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(credentials),
    }),
  );
  return response.headers.getSetCookie()[0]?.split(";")[0] ?? "";
}

async function tokenFor({ auth }: App, cookie: string) {
  const request = new Request(`${SITE}/api/auth/convex/token`, { headers: { cookie } });
  const response = await auth.handler(request);
  const { token } = (await response.json().catch(() => ({}))) as { token?: string };
  return { status: response.status, token: token ?? "" };
}

async function publicSet({ auth }: App): Promise<JSONWebKeySet> {
  const response = await auth.handler(new Request(`${SITE}/api/auth/convex/jwks`));
  return (await response.json()) as JSONWebKeySet;
}

const verify = (token: string, jwks: JSONWebKeySet) =>
  jwtVerify(token, createLocalJWKSet(jwks), { issuer: SITE, audience: "convex" });

const idsOf = (jwks: string) => parseStaticJwks(jwks).map(({ id }) => id);

afterEach(() => vi.useRealTimers());

describe("the first key", () => {
  test.each<{ ids: string; generateId?: GenerateId }>([
    { ids: "Convex's own" },
    { ids: "UUIDs", generateId: "uuid" },
    { ids: "the user's", generateId: () => crypto.randomUUID().slice(0, 8) },
  ])(
    "two first sign-ins at once make one key, and both tokens pass: ids are $ids",
    async (given) => {
      const db = newDb(given.generateId);
      const [one, other] = [createApp({ db, ...given }), createApp({ db, ...given })];
      const cookie = await signIn(one);
      const [a, b] = await Promise.all([tokenFor(one, cookie), tokenFor(other, cookie)]);
      expect(db.documents("jwks")).toHaveLength(1);
      const jwks = await publicSet(one);
      await verify(a.token, jwks);
      await verify(b.token, jwks);
    },
  );

  test("latestJwks beside a first sign-in stores the key that signs", async () => {
    const db = newDb();
    const app = createApp({ db });
    const cookie = await signIn(app);
    const [{ token }, jwks] = await Promise.all([
      tokenFor(app, cookie),
      createApp({ db }).auth.api.getLatestJwks(),
    ]);
    expect(idsOf(jwks)).toHaveLength(1);
    await verify(token, publicJwks(parseStaticJwks(jwks)) as JSONWebKeySet);
  });

  test("an id is never used for another key, also after the table was emptied", async () => {
    const [first, second] = [createApp(), createApp()];
    const jwks = [await first.auth.api.getLatestJwks(), await second.auth.api.getLatestJwks()];
    expect(new Set(jwks.flatMap(idsOf)).size).toBe(2);
  });
});

describe("rotation", () => {
  test("--rotate: one key, and no token of before passes", async () => {
    const before = createApp();
    const { token } = await tokenFor(before, await signIn(before));
    const jwks = await before.auth.api.rotateKeys({ body: {} });
    const after = createApp({ db: before.db, jwks });
    await expect(verify(token, await publicSet(after))).rejects.toThrow();
    expect(before.db.documents("jwks")).toHaveLength(1);
  });

  test("--grace: the old public key stays for one token lifetime, and is gone after it", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const before = createApp();
    const cookie = await signIn(before);
    const { token } = await tokenFor(before, cookie);
    const jwks = await before.auth.api.rotateKeys({ body: { grace: true } });
    const after = createApp({ db: before.db, jwks });
    vi.setSystemTime(Date.now() + TTL_MS - 1000);
    await verify(token, await publicSet(after));
    const fresh = await tokenFor(after, cookie);
    expect((await publicSet(after)).keys).toHaveLength(2);
    vi.setSystemTime(Date.now() + 2000);
    expect((await publicSet(after)).keys.map(({ kid }) => kid)).toEqual([idsOf(jwks)[0]]);
    await verify(fresh.token, await publicSet(after));
    await after.auth.api.rotateKeys({ body: { grace: true } });
    // The expired one went; the one before is on its way.
    expect(before.db.documents("jwks")).toHaveLength(2);
  });

  test("the newest key signs, wherever it stands in the JWKS", async () => {
    const app = createApp();
    const old = parseStaticJwks(await app.auth.api.getLatestJwks());
    const other = parseStaticJwks(await createApp().auth.api.getLatestJwks());
    const newer = other.map((key) => ({ ...key, createdAt: key.createdAt + 60_000 }));
    for (const keys of [
      [...old, ...newer],
      [...newer, ...old],
    ]) {
      const fixed = createApp({ db: newDb(), jwks: JSON.stringify(keys) });
      const { token } = await tokenFor(fixed, await signIn(fixed));
      const { protectedHeader } = await verify(token, await publicSet(fixed));
      expect(protectedHeader).toEqual({ alg: "RS256", kid: newer[0]!.id });
    }
  });

  test("a deployment that still signs with a key the database lost keeps it in grace", async () => {
    const app = createApp();
    const deployed = await app.auth.api.getLatestJwks();
    // A first rotation reached the database, but never the deployment's JWKS.
    await app.auth.api.rotateKeys({ body: { grace: false } });
    const signing = createApp({ db: app.db, jwks: deployed });
    const { token } = await tokenFor(signing, await signIn(signing));
    const jwks = await signing.auth.api.rotateKeys({ body: { grace: true } });
    await verify(token, publicJwks(parseStaticJwks(jwks)) as JSONWebKeySet);
  });

  test("two rotations at once make one key", async () => {
    const db = newDb();
    await createApp({ db }).auth.api.getLatestJwks();
    const rotate = () => createApp({ db }).auth.api.rotateKeys({ body: {} });
    const [one, other] = await Promise.all([rotate(), rotate()]);
    expect(idsOf(one)).toEqual(idsOf(other));
    expect(db.documents("jwks")).toHaveLength(1);
  });

  test("however often it rotates in one lifetime, JWKS fits in one variable and newest keys stay", async () => {
    const db = newDb();
    let jwks = await createApp({ db }).auth.api.getLatestJwks();
    const ids: string[] = [];
    for (let time = 0; time < 20; time++) {
      const app: App = createApp({ db, jwks });
      jwks = await app.auth.api.rotateKeys({ body: { grace: true } });
      ids.unshift(idsOf(jwks)[0]!);
      expect(Buffer.byteLength(jwks)).toBeLessThan(MAX_JWKS_BYTES);
    }
    const kept = idsOf(jwks);
    expect(kept.length).toBeGreaterThan(3);
    expect(kept).toEqual(ids.slice(0, kept.length));
    expect(parseStaticJwks(jwks).filter(({ privateKey }) => privateKey)).toHaveLength(1);
  });
});

describe("another secret", () => {
  test("in the database: a new key is made, and the unreadable one goes", async () => {
    const before = createApp();
    await before.auth.api.getLatestJwks();
    const after = createApp({ db: before.db, secret: "another-secret-of-thirty-two-chars!!" });
    const cookie = await signIn(after);
    const { token } = await tokenFor(after, cookie);
    await verify(token, await publicSet(after));
    expect(before.db.documents("jwks")).toHaveLength(1);
  });

  test("in static JWKS: the error names the cause and the command", async () => {
    const jwks = await createApp().auth.api.getLatestJwks();
    const after = createApp({ jwks, secret: "another-secret-of-thirty-two-chars!!" });
    const cookie = await signIn(after);
    expect((await tokenFor(after, cookie)).status).toBe(500);
    const headers = new Headers({ cookie });
    await expect(after.auth.api.getConvexToken({ headers })).rejects.toMatchObject({
      code: "WRONG_SECRET",
      hint: expect.stringContaining("npx kitcn env push --rotate"),
    });
  });
});
