import { exportJWK, generateKeyPair } from "jose";
import { describe, expect, test } from "vitest";
import {
  kidOf,
  MAX_JWKS_BYTES,
  parseStaticJwks,
  printStaticJwks,
  publicJwks,
  withKid,
} from "../../../../src/auth/keys/jwks.js";

const publicKey = JSON.stringify({ kty: "RSA", n: "abc", e: "AQAB" });

describe("parseStaticJwks", () => {
  const tables: [string, { given: string; want: unknown }][] = [
    ["an empty list", { given: "[]", want: [] }],
    [
      "stored keys with ms times",
      {
        given: JSON.stringify([
          { id: "k1", publicKey, privateKey: "enc", createdAt: 5, alg: "RS256" },
        ]),
        want: [
          {
            id: "k1",
            publicKey,
            privateKey: "enc",
            createdAt: 5,
            expiresAt: undefined,
            alg: "RS256",
          },
        ],
      },
    ],
    [
      "times as texts, as a database export has them",
      {
        given: JSON.stringify([
          { id: "k1", publicKey, createdAt: "1970-01-01T00:00:01.000Z", expiresAt: null },
        ]),
        want: [
          {
            id: "k1",
            publicKey,
            privateKey: undefined,
            createdAt: 1000,
            expiresAt: undefined,
            alg: undefined,
          },
        ],
      },
    ],
    [
      "the JSON text that convex run prints",
      {
        given: JSON.stringify(JSON.stringify([{ id: "k1", publicKey, createdAt: 5 }])),
        want: [
          {
            id: "k1",
            publicKey,
            privateKey: undefined,
            createdAt: 5,
            expiresAt: undefined,
            alg: undefined,
          },
        ],
      },
    ],
    [
      "a public set",
      {
        given: JSON.stringify({
          keys: [{ kid: "k1", alg: "RS256", kty: "RSA", n: "abc", e: "AQAB" }],
        }),
        want: [{ id: "k1", publicKey, createdAt: 0, alg: "RS256" }],
      },
    ],
  ];
  test.each(tables)("%s", (_title, { given, want }) => {
    expect(parseStaticJwks(given)).toEqual(want);
  });

  const refused: [string, string][] = [
    ["not JSON", "{oops"],
    ["a text", '"abc"'],
    ["a key without id", JSON.stringify([{ publicKey }])],
    ["a key without public half", JSON.stringify([{ id: "k1" }])],
    ["a public half that is no JWK", JSON.stringify([{ id: "k1", publicKey: "[]" }])],
    [
      "two keys with one id",
      JSON.stringify([
        { id: "k1", publicKey },
        { id: "k1", publicKey },
      ]),
    ],
    ["a set whose key has no kid", JSON.stringify({ keys: [{ kty: "RSA" }] })],
  ];
  test.each(refused)("refuses %s", (_title, given) => {
    expect(() => parseStaticJwks(given)).toThrow(expect.objectContaining({ code: "INVALID_JWKS" }));
  });

  test("never quotes the text it refuses", () => {
    expect(() => parseStaticJwks('[{"privateKey":"s3cret"')).toThrow(
      expect.not.objectContaining({ message: expect.stringContaining("s3cret") }),
    );
  });
});

test("printStaticJwks is read back as it was", () => {
  const keys = [
    { id: "k1", publicKey, privateKey: "enc", createdAt: 5, expiresAt: undefined, alg: "RS256" },
    { id: "k2", publicKey, privateKey: undefined, createdAt: 1, expiresAt: 9, alg: "RS256" },
  ];
  expect(parseStaticJwks(printStaticJwks(keys))).toEqual(keys);
});

test("printStaticJwks: newest first, one private half, and the oldest go where all would not fit", () => {
  const key = (n: number) => ({
    id: `k${n}`,
    publicKey,
    privateKey: "x".repeat(500),
    createdAt: n,
  });
  const two = parseStaticJwks(printStaticJwks([key(1), key(2)]));
  expect(two.map(({ id, privateKey }) => [id, privateKey !== undefined])).toEqual([
    ["k2", true],
    ["k1", false],
  ]);
  const many = Array.from({ length: 200 }, (_, n) => key(n));
  const text = printStaticJwks(many);
  expect(Buffer.byteLength(text)).toBeLessThan(MAX_JWKS_BYTES);
  expect(parseStaticJwks(text)[0]).toMatchObject({ id: "k199", privateKey: expect.any(String) });
});

test("a key's own id is its kid; a key without one has that of its row", () => {
  expect(kidOf({ id: "row", publicKey })).toBe("row");
  expect(kidOf({ id: "row", publicKey: withKid(publicKey, "own") })).toBe("own");
});

test("publicJwks never carries a private member, even when a private JWK was stored as public", async () => {
  const { privateKey } = await generateKeyPair("RS256", { extractable: true });
  const jwk = await exportJWK(privateKey);
  const [key] = publicJwks([{ id: "k1", publicKey: JSON.stringify(jwk), createdAt: 0 }]).keys;
  expect(key).toEqual({ kty: "RSA", n: jwk.n, e: jwk.e, kid: "k1", alg: "RS256", use: "sig" });
});
