// Every endpoint of the installed Better Auth and its plugins, with the limit it has: a new endpoint fails here until
// somebody has said of what kind it is.
import { betterAuth } from "better-auth";
import { expect, test } from "vitest";
import {
  CODE_ENDPOINTS,
  isSignInPath,
  PASSWORD_SIGN_INS,
} from "../../../src/better-auth/code-endpoints.js";
import { LIMIT_KINDS, ruleOfKind } from "../../../src/better-auth/limit-kinds.js";
import { createRateLimiter } from "../../../src/auth/limits/rate-limit.js";
import type { AuthOptions } from "../../../src/auth/types.js";
import { fuzzEndpoints } from "../../faults/support/fuzz.js";
import { everyEndpoint, everyPlugin } from "../../support/endpoints.js";
import { ENDPOINT_LIMITS } from "../auth/support/endpoint-limits.js";

/** Asks each endpoint as a stranger, and is refused by the limit: what the limit was asked is the endpoint's rule. */
async function rulesOf(rateLimit: AuthOptions["rateLimit"]) {
  const asked: string[] = [];
  const consume = async (_key: string, { window, max }: { window: number; max: number }) => {
    asked.push(`${max} in ${window} s`);
    return { allowed: false, retryAfter: 1 };
  };
  const options = { ...everyPlugin(), rateLimit: { ...rateLimit, customStorage: { consume } } };
  const limiter = createRateLimiter(options as AuthOptions, { perform: () => expect.fail() });
  const { handler } = betterAuth({
    ...options,
    onAPIError: { onError: () => {} },
    logger: { disabled: true },
    ...(limiter && { rateLimit: limiter.options }),
  });
  const rules: { [rule: string]: string[] } = {};
  for (const endpoint of everyEndpoint().served) {
    asked.length = 0;
    const [method = "", path = ""] = endpoint.split(" ");
    const url = `http://localhost:3000/api/auth${path.replace(/:\w+/g, "one")}`;
    await handler(new Request(url, { method })).catch(() => undefined);
    (rules[asked[0] ?? "not counted"] ??= []).push(endpoint);
  }
  return rules;
}

test("each endpoint has the limit of its kind", async () => {
  expect(await rulesOf({ enabled: true })).toEqual(ENDPOINT_LIMITS);
});

test("an app that allows fewer requests in general is not allowed more", async () => {
  const rules = await rulesOf({ enabled: true, window: 60, max: 2 });
  expect(rules["2 in 60 s"]).toContain("POST /verify-password");
  expect(rules["2 in 60 s"]).toContain("POST /device/code");
});

test("what the table names exists", () => {
  const { served } = everyEndpoint();
  const paths = new Set(served.map((endpoint) => endpoint.split(" ")[1]));
  const named = [
    ...Object.values(LIMIT_KINDS).flatMap(({ paths: of }) => of),
    ...Object.keys(CODE_ENDPOINTS),
  ];
  expect(named.filter((path) => !paths.has(path))).toEqual([]);
});

test("each endpoint that takes a short code is limited by account", () => {
  const { api, served } = everyEndpoint();
  const withCode = fuzzEndpoints(api, served)
    .filter(({ fields }) => fields.some((field) => CODE_FIELDS.includes(field)))
    .map(({ endpoint }) => endpoint.split(" ")[1] ?? "");
  const unlimited = withCode.filter((path) => !(path in CODE_ENDPOINTS));
  expect([...new Set(unlimited)].sort()).toEqual(NO_SHORT_CODES);
});

test("each sign-in with a password is known with the member that names its account", () => {
  const { api, served } = everyEndpoint();
  const signIns = fuzzEndpoints(api, served).flatMap(({ endpoint, fields }) => {
    const [, path = ""] = endpoint.split(" ");
    return isSignInPath(path) && fields.includes("password") ? [{ path, fields }] : [];
  });
  expect(signIns.map(({ path }) => path).sort()).toEqual(Object.keys(PASSWORD_SIGN_INS).sort());
  for (const { path, fields } of signIns) expect(fields).toContain(PASSWORD_SIGN_INS[path]);
});

const CODE_FIELDS = ["otp", "code", "userCode", "user_code", "backupCode"];

/** An authorization code is long and of its provider; a device code is limited by address, and belongs to nobody yet. */
const NO_SHORT_CODES = [
  "/callback/:id",
  "/device",
  "/device/approve",
  "/device/deny",
  "/oauth2/token",
];

test("a slash at the end changes no limit: skipTrailingSlashes serves the same endpoint there", () => {
  expect(ruleOfKind("/verify-password/")).toEqual(LIMIT_KINDS.guess.rule);
  expect(ruleOfKind("/reset-password/token//")).toEqual(LIMIT_KINDS.guess.rule);
});
