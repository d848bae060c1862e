// Nothing secret is logged, thrown, stored for later or printed: a person does everything that involves a secret, and
// everything that somebody else can read is searched for each of them.
import { describe, expect, test } from "vitest";
import { keepsSecretsIn } from "./support/secrets-suite.js";
import { leaksIn } from "./support/secrets.js";

describe("the search itself", () => {
  const secret = "a-password-nobody-may-read";
  const bytes = Buffer.from(secret);
  test.each([
    ["plain", `before ${secret} after`],
    ["JSON inside of JSON", JSON.stringify(JSON.stringify({ password: `"${secret}"` }))],
    ["base64", `x${Buffer.from(`{"password":"${secret}"}`).toString("base64")}`],
    ["base64url of base64", Buffer.from(bytes.toString("base64")).toString("base64url")],
    ["hex", bytes.toString("hex")],
    ["byte values", JSON.stringify([...bytes])],
    ["URL encoding", [...bytes].map((byte) => `%${byte.toString(16)}`).join("")],
  ])("finds a secret in %s", (_name, text) => {
    expect(leaksIn(text, [secret])).toHaveLength(1);
  });

  test("finds nothing where there is nothing", () => {
    expect(leaksIn("POST /api/auth/sign-up/email [LOG] 'a pass'", [secret])).toEqual([]);
  });
});

keepsSecretsIn("split"); // the matrix has the other placements
