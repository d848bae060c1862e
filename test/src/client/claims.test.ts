import { describe, expect, test, vi } from "vitest";
import { readClaims } from "../../../src/client/claims.js";
import { base64Url, makeToken } from "./support/auth-server.js";

const tokenOf = (payload: string) => `e30.${base64Url(payload)}.c2ln`;

describe("readClaims", () => {
  test.each([
    { name: "ordinary", given: { sub: "u", sessionId: "s", iat: 1, exp: 2 } },
    {
      name: "non-ASCII claims beside",
      given: { sub: "u", sessionId: "s", iat: 1, exp: 2, name: "Ψ 😀 ż?>" },
    },
    { name: "non-ASCII subject", given: { sub: "użytkownik", sessionId: "ß", iat: 1, exp: 2 } },
  ])("$name", ({ given }) => {
    const { sub, sessionId, iat, exp } = given;
    expect(readClaims(tokenOf(JSON.stringify(given)))).toEqual({ sub, sessionId, iat, exp });
  });

  test("needs no TextDecoder, which React Native lacks", () => {
    vi.stubGlobal("TextDecoder", undefined);
    expect(readClaims(tokenOf('{"sub":"użytkownik 😀"}'))?.sub).toBe("użytkownik 😀");
    vi.unstubAllGlobals();
  });

  test("claims of other types are absent", () => {
    const claims = readClaims(tokenOf('{"sub":1,"exp":"soon","iat":null}'));
    expect(claims).toEqual({
      sub: undefined,
      sessionId: undefined,
      iat: undefined,
      exp: undefined,
    });
  });

  test.each([
    "",
    "a",
    "a.b",
    "a.b.c",
    `a.${base64Url("null")}.c`,
    `a.${base64Url("{")}.c`,
    "a.%%%.c",
  ])("%j is no token", (given) => expect(readClaims(given)).toBeNull());

  test("reads what the test tokens carry", () => {
    expect(readClaims(makeToken({ user: "u1", session: "s1" }))).toMatchObject({ sub: "u1" });
  });
});
