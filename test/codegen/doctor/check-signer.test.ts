// What `kitcn doctor` says about who signs tokens: facts in, findings out.
import { describe, expect, test } from "vitest";
import { checkConfig } from "../../../codegen/doctor/check-config.js";
import { checkSigner, type SignerFacts } from "../../../codegen/doctor/check-signer.js";
import type { AuthFacts, ProviderFacts } from "../../../codegen/doctor/types.js";

const SITE = "https://happy.convex.site";
const CLOUD = "https://happy.convex.cloud";

const keyless: ProviderFacts = {
  isOidc: false,
  issuer: CLOUD,
  algorithm: "ES256",
  applicationID: "convex",
  jwks: `${CLOUD}/.well-known/jwks.json`,
};
const ownKeys: ProviderFacts = {
  ...keyless,
  issuer: SITE,
  algorithm: "RS256",
  jwks: `${SITE}/api/auth/convex/jwks`,
};

function authOf(signer: "jwks" | "deployment", providers: ProviderFacts[]): AuthFacts {
  return {
    basePath: "/api/auth",
    secret: undefined,
    usesSiteUrl: true,
    trustedOrigins: [],
    hasOriginsFunction: false,
    limits: { isOn: true, file: "convex/auth.ts", line: 6 },
    proxy: undefined,
    plugin: { jwks: undefined, signer, basePath: undefined, providers },
    providers,
  };
}

describe("checkConfig with the deployment as the signer", () => {
  test.each<[string, AuthFacts, string[]]>([
    ["its provider", authOf("deployment", [keyless]), []],
    ["both providers", authOf("deployment", [ownKeys, keyless]), []],
    ["only the provider of keys", authOf("deployment", [ownKeys]), ["NO_CONVEX_PROVIDER"]],
    ["keys, and only its provider", authOf("jwks", [keyless]), ["NO_CONVEX_PROVIDER"]],
    ["keys, and both providers", authOf("jwks", [keyless, ownKeys]), []],
    [
      "a domain of the same address before it",
      authOf("deployment", [
        { ...keyless, isOidc: true, algorithm: undefined, jwks: undefined },
        keyless,
      ]),
      ["OIDC_PROVIDER"],
    ],
  ])("%s", (_title, auth, want) => {
    const findings = checkConfig({ auth, http: undefined, served: undefined });
    expect(findings.map(({ code }) => code)).toEqual(want);
    if (want.length > 0 && auth.plugin?.signer === "deployment")
      expect(findings[0]?.fix).toContain('getAuthConfigProvider({ signer: "deployment" })');
  });
});

describe("checkSigner", () => {
  const facts: SignerFacts = {
    auth: authOf("deployment", [keyless]),
    isProduction: true,
    convexVersion: "1.48.0",
    cloudUrl: CLOUD,
    publishesKeys: true,
    hasJwks: false,
  };
  test.each<[string, Partial<SignerFacts>, string[]]>([
    ["all well", {}, []],
    ["no convex() plugin", { auth: { plugin: undefined, providers: [] } }, []],
    ["a convex without signJwt", { convexVersion: "1.47.3" }, ["PACKAGE_VERSION"]],
    ["a newer convex", { convexVersion: "2.0.0-alpha.1" }, []],
    [
      "the provider of another deployment",
      { cloudUrl: "https://o.convex.cloud" },
      ["WRONG_ISSUER"],
    ],
    ["a deployment without keys", { publishesKeys: false }, ["NO_DEPLOYMENT_KEYS"]],
    ["an unknown address", { cloudUrl: undefined, publishesKeys: undefined }, []],
    ["JWKS that nothing uses", { hasJwks: true }, ["JWKS_NOT_NEEDED"]],
    [
      "a move to the deployment",
      { auth: authOf("deployment", [ownKeys, keyless]), hasJwks: true },
      ["BOTH_SIGNERS"],
    ],
    ["a move back", { auth: authOf("jwks", [ownKeys, keyless]), hasJwks: true }, ["BOTH_SIGNERS"]],
    ["keys of the app's own", { auth: authOf("jwks", [ownKeys]), hasJwks: true }, []],
    [
      "keys, and another service's ES256 tokens",
      { auth: authOf("jwks", [ownKeys, { ...keyless, jwks: "https://other/keys" }]) },
      [],
    ],
  ])("%s", (_title, given, want) => {
    const findings = checkSigner({ ...facts, ...given });
    expect(findings.map(({ code }) => code)).toEqual(want);
  });

  test("the fix names production where that is looked at", () => {
    const [finding] = checkSigner({ ...facts, hasJwks: true });
    expect(finding?.fix).toBe("npx convex env remove JWKS --prod");
  });
});
