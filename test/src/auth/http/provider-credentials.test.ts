// A social provider without its id or secret: whoever signs in with it gets an answer by name, and the log has it. The
// rest of auth works, and what needs no secret is not asked for one.
import { genericOAuth } from "better-auth/plugins";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { missingOptions } from "../../../../src/auth/http/provider-credentials.js";
import type { AuthOptions } from "../../../../src/auth/runtime.js";
import { createHttpApp, credentials, SITE } from "../support/http-app.js";

const log = vi.spyOn(console, "error");
beforeEach(() => void log.mockReset().mockImplementation(() => {}));
afterEach(() => vi.unstubAllEnvs());

async function post(options: Partial<AuthOptions>, path: string, body: object) {
  const app = createHttpApp({ options });
  const send = (to: string, given: object, cookie = "") =>
    app.fetch(`/api/auth${to}`, {
      method: "POST",
      headers: { "content-type": "application/json", origin: SITE, cookie },
      body: JSON.stringify(given),
    });
  const signedUp = await send("/sign-up/email", credentials);
  expect(signedUp.status).toBe(200);
  const cookie = signedUp.headers
    .getSetCookie()
    .map((line) => line.split(";")[0])
    .join("; ");
  const response = await send(path, body, cookie);
  return { status: response.status, answer: (await response.json()) as Record<string, string> };
}

const unset = process.env.GITHUB_CLIENT_ID_THAT_IS_NOT_SET;

describe.each(["/sign-in/social", "/link-social"])("%s", (path) => {
  test.each([
    ["github", { clientId: "", clientSecret: "" }, "no clientId and no clientSecret"],
    ["github", { clientId: unset as string, clientSecret: "s" }, "no clientId on"],
    ["github", { clientId: "id", clientSecret: "" }, "no clientSecret on"],
    ["google", { clientId: "", clientSecret: "s" }, "no clientId on"],
    ["tiktok", { clientKey: "", clientSecret: "s" }, "no clientKey on"],
  ])("%s with %j", async (provider, own, want) => {
    const options = { socialProviders: { [provider]: own } } as Partial<AuthOptions>; // any provider
    const { status, answer } = await post(options, path, { provider });
    expect({ status, answer }).toMatchObject({
      status: 500,
      answer: { code: "PROVIDER_NOT_CONFIGURED" },
    });
    expect(answer.message).toContain(`"${provider}" has ${want}`);
    expect(answer.hint).toContain("npx kitcn doctor");
    expect(log.mock.calls.flat().map(String).join("\n")).toContain(`"${provider}" has ${want}`);
  });

  test("a provider that has both begins", async () => {
    const options = { socialProviders: { github: { clientId: "id", clientSecret: "s" } } };
    const { status, answer } = await post(options, path, { provider: "github" });
    expect(status).toBe(200);
    expect(answer.url).toContain("https://github.com/login/oauth/authorize");
  });

  test("a provider that is not there stays Better Auth's answer", async () => {
    expect(await post({}, path, { provider: "github" })).toMatchObject({
      status: 404,
      answer: { code: "PROVIDER_NOT_FOUND" },
    });
  });
});

test("a provider of genericOAuth() keeps its credentials to itself, also under a known name", async () => {
  const urls = {
    authorizationUrl: "https://idp.example.com/authorize",
    tokenUrl: "https://idp.example.com/token",
  };
  const config = [{ providerId: "github", clientId: "id", ...urls }];
  const hidden = { github: { clientId: "", clientSecret: "" } };
  const options = { socialProviders: hidden, plugins: [genericOAuth({ config })] };
  const { status, answer } = await post(options, "/sign-in/social", { provider: "github" });
  expect(status, JSON.stringify(answer)).toBe(200);
  expect(answer.url).toContain("https://idp.example.com/authorize");
});

test.each([
  [{ clientId: "id" }, true, []],
  [{ clientId: ["", "b"], clientSecret: "s" }, true, ["clientId"]],
  [{ clientId: ["a"], clientSecret: undefined }, false, []],
  [{ clientId: "a", clientSecret: undefined }, true, ["clientSecret"]],
  [{ clientId: "a", clientSecret: "", clientAssertion: () => "jwt" }, true, []],
  [{ clientId: "a", clientSecret: "s", domain: "not-set", region: "eu" }, true, ["domain"]],
])("of %j, a secret needed: %s", (options, needsSecret, want) => {
  expect(missingOptions(options, { needsSecret })).toEqual(want);
});
