import { afterEach, describe, expect, test, vi } from "vitest";
import { getAuthConfigProvider } from "../../../src/auth/config.js";

const jwks = JSON.stringify([
  { id: "k1", publicKey: '{"kty":"RSA","n":"ä","e":"AQAB"}', privateKey: "secret", createdAt: 1 },
]);
const publicSet = {
  keys: [{ kty: "RSA", n: "ä", e: "AQAB", kid: "k1", alg: "RS256", use: "sig" }],
};

/** process.env as Convex has it while auth.config.ts is evaluated: unset reads throw, `in` lies. */
function strictEnv(values: Record<string, string>): void {
  const env = new Proxy({} as Record<string, string>, {
    get: (_target, name) => {
      const value = values[String(name)];
      if (value === undefined) throw new Error(`Environment variable ${String(name)} is not set`);
      return value;
    },
    has: () => false,
  });
  vi.stubGlobal("process", { ...process, env });
}

afterEach(() => vi.unstubAllGlobals());

describe("getAuthConfigProvider", () => {
  test("pushes before JWKS is set: Convex fetches the keys from the site", () => {
    strictEnv({ CONVEX_SITE_URL: "https://happy.convex.site" });
    expect(getAuthConfigProvider()).toEqual({
      type: "customJwt",
      issuer: "https://happy.convex.site",
      applicationID: "convex",
      algorithm: "RS256",
      jwks: "https://happy.convex.site/api/auth/convex/jwks",
    });
  });

  test("moves the endpoint with basePath", () => {
    strictEnv({ CONVEX_SITE_URL: "https://happy.convex.site" });
    expect(getAuthConfigProvider({ basePath: "/auth/" })).toMatchObject({
      jwks: "https://happy.convex.site/auth/convex/jwks",
    });
  });

  test("keyless: the deployment's own issuer and keys, whatever JWKS says", () => {
    strictEnv({ CONVEX_CLOUD_URL: "https://happy.convex.cloud", JWKS: jwks });
    expect(getAuthConfigProvider({ signer: "deployment" })).toEqual({
      type: "customJwt",
      issuer: "https://happy.convex.cloud",
      applicationID: "convex",
      algorithm: "ES256",
      jwks: "https://happy.convex.cloud/.well-known/jwks.json",
    });
    const misspelt = { signer: "Deployment" as "deployment" };
    expect(() => getAuthConfigProvider(misspelt)).toThrow(
      expect.objectContaining({ code: "INVALID_SIGNER" }),
    );
  });

  const sources: [string, { env: Record<string, string>; options: { jwks?: string } }][] = [
    ["the JWKS variable", { env: { JWKS: jwks }, options: {} }],
    ["the option", { env: {}, options: { jwks } }],
  ];
  test.each(sources)("carries the public keys of %s and nothing private", (_title, given) => {
    strictEnv({ CONVEX_SITE_URL: "https://happy.convex.site", ...given.env });
    const provider = getAuthConfigProvider(given.options) as { jwks: string };
    const [head, data = ""] = provider.jwks.split(",");
    expect(head).toBe("data:application/json;charset=utf-8");
    expect(JSON.parse(decodeURIComponent(data))).toEqual(publicSet);
    expect(provider.jwks).not.toContain("secret");
  });
});
