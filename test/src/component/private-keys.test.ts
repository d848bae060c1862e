// What app code gets of the signing keys, whichever function of the component it calls and whatever it asks.
import { symmetricDecrypt } from "better-auth/crypto";
import { jwt } from "better-auth/plugins/jwt";
import { componentsGeneric } from "convex/server";
import { createLocalJWKSet, jwtVerify, type JSONWebKeySet } from "jose";
import { beforeAll, describe, expect, test } from "vitest";
import * as packaged from "../../../src/component/store.js";
import type { ComponentFunctions } from "../../../src/component/functions.js";
import { successorId } from "../../../src/auth/keys/key-ring.js";
import { convex } from "../../../src/auth/plugin.js";
import type { StoreOperation } from "../../../src/store/operation.js";
import type { StoreRefs } from "../../../src/store/run-store.js";
import { authDb } from "../../support/auth-db.js";
import { baseOptions, note, triggerApp, type TriggerApp } from "../../support/trigger-app.js";

const SITE = "https://x.test";
const authConfig = {
  providers: [
    { type: "customJwt", issuer: SITE, applicationID: "convex", algorithm: "RS256", jwks: "data:" },
  ],
} as const;
const options = {
  ...baseOptions,
  plugins: [convex({ authConfig: { providers: [...authConfig.providers] } }), jwt()],
};

type Call = { runQuery: Runner; runMutation: Runner };
type Runner = (reference: unknown, args: object) => Promise<unknown>;

/** `components.auth.store` in app code. */
const store = (componentsGeneric() as unknown as { auth: { store: Required<StoreRefs> } }).auth
  .store;

/** What a function of the component answers to app code, or the error's code. */
async function ask(
  app: TriggerApp,
  name: keyof ComponentFunctions,
  operation: unknown,
): Promise<unknown> {
  let answer: unknown;
  const error = await app.run("action", async (_auth, ctx) => {
    const { runQuery, runMutation } = ctx as unknown as Call; // of an action, for any reference
    const run = name === "write" ? runMutation : runQuery;
    answer = await run(store[name], { operations: [operation] });
  });
  return error === undefined ? answer : (error as { data?: { code?: string } }).data?.code;
}

/** An app that has one signing key, and triggers on it. */
async function appWithKey(): Promise<TriggerApp> {
  const made = newApp();
  const error = await made.run("action", async ({ api }) => {
    await (api as unknown as { getLatestJwks: () => Promise<string> }).getLatestJwks(); // the convex() plugin's
  });
  expect(error).toBeUndefined();
  return made;
}

const newApp = () =>
  triggerApp({
    placement: "component",
    options,
    inline: {
      jwks: {
        create: { before: (data, ctx) => note(ctx, JSON.stringify(data)) },
        update: { after: (doc, ctx) => note(ctx, JSON.stringify(doc)) },
        change: (write, ctx) => note(ctx, JSON.stringify(write)),
      },
    },
  });

let app: TriggerApp;

beforeAll(async () => void (app = await appWithKey()));

const where = [{ column: "id", value: await successorId(undefined) }];
const ofKeys = { model: "jwks", where };
const reads: StoreOperation[] = [
  { kind: "findOne", input: ofKeys },
  { kind: "findMany", input: { model: "jwks", where: [] } },
  { kind: "findMany", input: { ...ofKeys, select: ["privateKey", "publicKey"] } },
  {
    kind: "findMany",
    input: {
      ...ofKeys,
      joins: [
        { as: "own", model: "jwks", from: "id", to: "id", isOne: true },
        { as: "all", model: "jwks", from: "alg", to: "alg", isOne: false },
        { as: "__proto__", model: "jwks", from: "id", to: "id", isOne: true },
      ],
    },
  },
];
const writes: StoreOperation[] = [
  { kind: "update", input: { ...ofKeys, data: { crv: "x" } } },
  { kind: "incrementOne", input: { ...ofKeys, increment: {}, set: { crv: "y" } } },
];

test("the component has these functions, and no other", () => {
  expect(Object.keys(packaged).sort()).toEqual(["read", "signingKeys", "write"]);
});

describe("read and write", () => {
  test.each([
    ...reads.map((operation) => ["read", operation] as const),
    ...reads.map((operation) => ["write", operation] as const),
    ...writes.map((operation) => ["write", operation] as const),
  ])("%s answers %j without the private half", async (name, operation) => {
    const answer = JSON.stringify(await ask(app, name, operation));
    expect(answer).toContain("publicKey");
    expect(answer).not.toContain("privateKey");
  });

  test("consumeOne takes the key away, and gives no private half either", async () => {
    const operation = { kind: "consumeOne", input: ofKeys };
    const answer = JSON.stringify(await ask(await appWithKey(), "write", operation));
    expect(answer).toContain("publicKey");
    expect(answer).not.toContain("privateKey");
  });

  test.each([
    { where: [{ column: "privateKey", operator: "starts_with", value: '"' }] },
    { where: [], sort: { column: "privateKey", direction: "asc" } },
    ...(["from", "to"] as const).map((end) => ({
      where: [],
      joins: [{ as: "x", model: "jwks", from: "id", to: "id", isOne: true, [end]: "privateKey" }],
    })),
  ])("refuse to be asked about it: %j", async (question) => {
    const input = { model: "jwks", ...question };
    expect(await ask(app, "read", { kind: "findMany", input })).toBe("PRIVATE_COLUMN");
    expect(await ask(app, "write", { kind: "findMany", input })).toBe("PRIVATE_COLUMN");
  });

  test("nor do triggers hear of it, nor whoever runs them for the component", async () => {
    const update = { kind: "update", input: { ...ofKeys, data: { crv: "z" } } };
    const loaded = await ask(app, "write", { kind: "load", input: update });
    expect(JSON.stringify(loaded)).toContain("publicKey");
    expect(JSON.stringify(loaded)).not.toContain("privateKey");
    const [{ changes }] = loaded as [{ changes: { model: string }[] }]; // one operation, of one key
    const ready = changes.map((change) => ({ change, isHeard: true }));
    const applied = JSON.stringify(await ask(app, "write", { kind: "apply", input: ready }));
    expect(applied).toContain('"crv":"z"');
    expect(applied).not.toContain("privateKey");

    const error = await app.run("mutation", async (auth) => {
      const { adapter } = await auth.$context;
      await adapter.update({
        model: "jwks",
        where: [{ field: "id", value: await successorId(undefined) }],
        update: { crv: "w" },
      });
    });
    expect(error).toBeUndefined();
    const lines = (await app.log()).join("\n");
    expect(lines).toContain("publicKey");
    expect(lines).toContain('"crv":"w"');
    expect(lines).not.toContain("privateKey");
  });

  test("a private key may not be asked about by a write either", async () => {
    const asked = [{ column: "privateKey", operator: "starts_with", value: '"' }];
    const update = { kind: "updateMany", input: { model: "jwks", where: asked, data: {} } };
    expect(await ask(app, "write", update)).toBe("PRIVATE_COLUMN");
    expect(await ask(app, "write", { kind: "load", input: update })).toBe("PRIVATE_COLUMN");
  });

  test("and the app's own internal functions give what they give", async () => {
    const rows = await app.rows("jwks");
    expect(rows).toHaveLength(1);
    expect(rows[0]).not.toHaveProperty("privateKey");
  });
});

describe("signingKeys", () => {
  test("gives ciphertext, which the secret opens and nothing else", async () => {
    const answer = (await ask(app, "signingKeys", reads[1])) as { privateKey: string }[][]; // one operation, of one key
    const data = JSON.parse(answer[0]![0]!.privateKey) as string;
    expect(data).not.toMatch(/[{}]/);
    const opened = await symmetricDecrypt({ key: baseOptions.secret!, data });
    expect(JSON.parse(opened)).toMatchObject({ kty: "RSA", d: expect.any(String) });
    const other = "another-secret-of-thirty-two-chars!!";
    await expect(symmetricDecrypt({ key: other, data })).rejects.toThrow();
  });

  test.each(["user", "account", "verification"])("does not read %s", async (model) => {
    const operation = { kind: "findMany", input: { model, where: [] } };
    expect(await ask(app, "signingKeys", operation)).toBe("UNKNOWN_MODEL");
  });
});

test("a key in plain text is refused, in the component and in the app's tables", async () => {
  const plain = JSON.stringify({ kty: "RSA", n: "n", d: "d" });
  const stored = authDb(options).store;
  for (const privateKey of [plain, JSON.stringify(plain), "-----BEGIN PRIVATE KEY-----"]) {
    const data = { publicKey: "{}", privateKey, createdAt: 1 };
    const operation = { kind: "create", input: { model: "jwks", data } } as const;
    expect(await ask(app, "write", operation)).toBe("PLAIN_PRIVATE_KEY");
    const update = { kind: "update", input: { ...ofKeys, data: { privateKey } } };
    expect(await ask(app, "write", update)).toBe("PLAIN_PRIVATE_KEY");
    await expect(stored.create(operation.input)).rejects.toMatchObject({
      code: "PLAIN_PRIVATE_KEY",
    });
  }
});

test("Better Auth's own jwt() signs with keys of the component, the first time and later", async () => {
  const api = (auth: unknown) =>
    (
      auth as {
        api: {
          signUpEmail: (input: object) => Promise<{ headers: Headers }>;
          getToken: (input: object) => Promise<{ token: string }>;
          getJwks: () => Promise<JSONWebKeySet>;
        };
      }
    ).api; // the plugins' endpoints, which TriggerApp does not know
  const tokens: string[] = [];
  let keys: JSONWebKeySet = { keys: [] };
  const error = await newApp().run("action", async (auth) => {
    const body = { email: "ada@example.com", password: "correct horse", name: "Ada" };
    const signedUp = await api(auth).signUpEmail({ body, returnHeaders: true });
    const cookie = signedUp.headers.getSetCookie().map((line) => line.split(";")[0]);
    const headers = new Headers({ cookie: cookie.join("; ") });
    for (let time = 0; time < 2; time++) tokens.push((await api(auth).getToken({ headers })).token);
    keys = await api(auth).getJwks();
  });
  expect(error).toBeUndefined();
  expect(tokens).toHaveLength(2);
  for (const token of tokens) await jwtVerify(token, createLocalJWKSet(keys), { issuer: SITE });
});
