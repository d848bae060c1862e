// A JWKS is checked before it is stored; its text is never shown.
import { expect, test } from "vitest";
import { assertJwks } from "../../../codegen/env/jwks.js";

const key = {
  id: "k",
  publicKey: '{"kty":"RSA","n":"x","e":"AQAB"}',
  privateKey: "secret-private",
  createdAt: 1,
};

test("a list of keys and a public set pass", () => {
  assertJwks(JSON.stringify([key]));
  assertJwks(JSON.stringify({ keys: [{ kid: "k", kty: "RSA", n: "x", e: "AQAB" }] }));
});

test.each([
  { name: "no JSON", given: "secret-private {" },
  { name: "no key", given: "[]" },
  { name: "no list", given: '"secret-private"' },
  { name: "a key without id", given: JSON.stringify([{ ...key, id: "" }]) },
  { name: "no RS256 key", given: JSON.stringify([{ ...key, alg: "EdDSA" }]) },
  { name: "half an RSA key", given: JSON.stringify([{ ...key, publicKey: '{"kty":"RSA"}' }]) },
  { name: "too long", given: JSON.stringify([{ ...key, privateKey: "x".repeat(8192) }]) },
])("$name is refused", ({ given }) => {
  let told = "";
  try {
    assertJwks(given);
  } catch (error) {
    told = String(error);
  }
  expect(told).toContain("The JWKS was not stored");
  expect(told).not.toContain("secret-private");
});
