// .env texts: lines of the user stay, and what is printed for the convex CLI reads back unchanged.
import { parseEnv } from "node:util";
import { describe, expect, test } from "vitest";
import { parseEnvFile, patchEnvFile, printEnvFile } from "../../../codegen/env/env-file.js";

const site = { name: "SITE_URL", value: "http://localhost:3000", comment: "Where it runs." };
const added = "# Where it runs.\nSITE_URL=http://localhost:3000\n";

test("a byte order mark is no part of a name", () => {
  expect(parseEnvFile("\uFEFFBETTER_AUTH_SECRET=a\n")).toEqual({ BETTER_AUTH_SECRET: "a" });
  expect(patchEnvFile("\uFEFFSITE_URL=a\n", [{ name: "SITE_URL", value: "b" }])).toBeUndefined();
});

describe("patchEnvFile", () => {
  test.each([
    { name: "no file", given: undefined, want: added },
    { name: "an empty file", given: "", want: added },
    { name: "other lines", given: "# mine\nA=1\n", want: `# mine\nA=1\n${added}` },
    { name: "no last line end", given: "A='x y'", want: `A='x y'\n${added}` },
    {
      name: "CRLF",
      given: "A=1\r\nB=2\r\n",
      want: `A=1\r\nB=2\r\n${added.replaceAll("\n", "\r\n")}`,
    },
    { name: "the name with another value", given: "SITE_URL=https://x.y\n", want: undefined },
    { name: "the name with export and quotes", given: 'export SITE_URL="a"\n', want: undefined },
    { name: "the name in a comment", given: "# SITE_URL=a\n", want: `# SITE_URL=a\n${added}` },
  ])("$name", ({ given, want }) => {
    expect(patchEnvFile(given, [site])).toBe(want);
    if (want !== undefined) expect(patchEnvFile(want, [site])).toBeUndefined();
  });
});

describe("printEnvFile", () => {
  const jwks = JSON.stringify([
    { id: "k", publicKey: '{"kty":"RSA","n":"a#b"}', privateKey: '"0a1b\\n"', createdAt: 1 },
  ]);
  const values = {
    PLAIN: "http://localhost:3000",
    EMPTY: "",
    SPACES: " a b ",
    HASH: "a#b",
    SINGLE: "it's",
    DOUBLE: 'say "x"',
    BOTH: `it's "x"`,
    DOLLAR: "$HOME and ${HOME}",
    LINES: "-----BEGIN KEY-----\nabc\n-----END KEY-----\n",
    ESCAPES: "a\\nb",
    JWKS: jwks,
  };
  test("reads back unchanged", () => {
    const text = printEnvFile(values);
    expect(parseEnvFile(text)).toEqual(values);
    expect(parseEnv(text)).toEqual(values);
  });
  test.each([
    { name: "all quotes", value: "a'b\"c`d" },
    { name: "carriage returns", value: "a\rb" },
    { name: "a backslash at the end", value: "a b\\" },
  ])("refuses $name without showing the value", ({ value }) => {
    let message = "";
    try {
      printEnvFile({ NAME: value });
    } catch (error) {
      message = String(error);
    }
    expect(message).toContain("NAME");
    expect(message).not.toContain(value);
  });
});
