// What the convex CLI says when it fails, and what kitcn makes of it.
import { describe, expect, test } from "vitest";
import { explainFailure, isOffline } from "../../../codegen/env/cli-failures.js";
import { createRedactor } from "../../../codegen/env/redact.js";

const RECONNECT =
  "WebSocket error message: connect ECONNREFUSED 127.0.0.1:9\nAttempting reconnect in 1ms\n";

describe("explainFailure", () => {
  const cases: { name: string; text: string; code: string; says: RegExp }[] = [
    {
      name: "refused connection",
      text: "✖ TypeError: fetch failed",
      code: "DEPLOYMENT_UNREACHABLE",
      says: /does not answer\.$/,
    },
    {
      name: "a WebSocket that never connects",
      text: RECONNECT,
      code: "DEPLOYMENT_UNREACHABLE",
      says: /does not answer at 127\.0\.0\.1:9/,
    },
    {
      name: "an unset variable",
      text: "✖ Error: Environment variable FOO_ID is used in auth config file but its value was not set.",
      code: "AUTH_CONFIG_REJECTED",
      says: /reads FOO_ID/,
    },
    {
      name: "another fault of auth.config",
      text: "400 Bad Request: AuthConfigNotMatchingSchemaError: oops",
      code: "AUTH_CONFIG_REJECTED",
      says: /oops/,
    },
    {
      name: "a wrong key",
      text: "401 Unauthorized: BadAdminKey: The provided admin key was invalid",
      code: "DEPLOYMENT_REFUSED",
      says: /refuses this key/,
    },
    {
      name: "a module of Node in the bundle",
      text: [
        '✘ [ERROR] Could not resolve "node:crypto"',
        "",
        "    node_modules/@better-auth/sso/dist/index.mjs:4:32:",
        '      4 │ import { X509Certificate } from "node:crypto";',
        "",
        '  The package "node:crypto" wasn\'t found on the file system but is built into node.',
      ].join("\n"),
      code: "NODE_MODULE_IMPORTED",
      says: /sso\/dist\/index\.mjs:4 imports Node's module "node:crypto"/,
    },
    {
      name: "anything else",
      text: "boom",
      code: "CONVEX_CLI_FAILED",
      says: /`convex run x` failed/,
    },
  ];
  test.each(cases)("$name", ({ text, code, says }) => {
    const error = explainFailure({ args: ["run", "x", '{"a":"secret"}'], text, isOffline: false });
    expect(error).toMatchObject({ code, message: expect.stringMatching(says) });
    expect(error.message).not.toContain("secret");
    expect(error.hint).not.toBe("");
  });
});

test("the CLI is given up after a few attempts to connect, not after one", () => {
  expect(isOffline(RECONNECT)).toBe(false);
  expect(isOffline(RECONNECT.repeat(3))).toBe(true);
});

describe("createRedactor", () => {
  const cases: { name: string; value: string; given: string; want: string }[] = [
    { name: "PASSWORD", value: "pa55", given: "is pa55", want: "is <PASSWORD>" },
    { name: "MODE", value: "dark", given: "is dark", want: "is dark" },
    { name: "SITE_URL", value: "https://a.b", given: "at https://a.b", want: "at https://a.b" },
    {
      name: "HOOK",
      value: "https://hooks.test/T0/B0/abc",
      given: "POST https://hooks.test/T0/B0/abc",
      want: "POST <HOOK>",
    },
    {
      name: "PEM",
      value: "-----BEGIN-----\nMIIEvQIBADANBgkqhkiG9w0B\n-----END-----",
      given: "line MIIEvQIBADANBgkqhkiG9w0B",
      want: "line <PEM>",
    },
    {
      name: "TEXT",
      value: 'a "quoted" one',
      given: String.raw`{"a \"quoted\" one"}`,
      want: '{"<TEXT>"}',
    },
  ];
  test.each(cases)("$name", ({ name, value, given, want }) => {
    expect(createRedactor({ [name]: value }).redact(given)).toBe(want);
  });
});
