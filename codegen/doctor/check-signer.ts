// Findings about who signs tokens: the app's own keys, or the deployment, and what each of the two needs. Pure.
import { trimBasePath } from "../../src/auth/http/base-path.js";
import { deploymentJwksUrl } from "../../src/auth/keys/deployment-keys.js";
import { acceptsOf } from "./check-config.js";
import { isBefore } from "../packages/supported.js";
import type { AuthFacts, Finding, ProviderFacts } from "./types.js";

export type SignerFacts = {
  readonly auth: Pick<AuthFacts, "plugin" | "providers">;
  readonly isProduction: boolean;
  /** The installed convex. */
  readonly convexVersion: string | undefined;
  /** Where the deployment's functions are; undefined where only Convex knows. */
  readonly cloudUrl: string | undefined;
  /** False where the deployment does not answer with its keys; undefined where nobody asked. */
  readonly publishesKeys: boolean | undefined;
  /** True where JWKS is set on the deployment. */
  readonly hasJwks: boolean;
};

/** `PACKAGE_VERSION`, `WRONG_ISSUER`, `NO_DEPLOYMENT_KEYS`, `JWKS_NOT_NEEDED`, `BOTH_SIGNERS`. */
export function checkSigner(facts: SignerFacts): Finding[] {
  const { plugin, providers } = facts.auth;
  if (!plugin) return [];
  const ownKeys = providers.filter((one) => !one.isOidc && acceptsOf("jwks")(one));
  const keyless = providers.filter(
    (one) => acceptsOf("deployment")(one) && one.jwks === deploymentJwksUrl(one.issuer),
  );
  const isMoving = ownKeys.length > 0 && keyless.length > 0;
  return [
    ...(plugin.signer === "deployment" ? checkKeyless(facts) : []),
    ...(plugin.signer === "deployment" && facts.hasJwks && ownKeys.length === 0
      ? [jwksNotNeeded(facts)]
      : []),
    ...(isMoving ? [BOTH_SIGNERS] : []),
  ];
}

// --- internal ---

const MIN_CONVEX = "1.48.0";

const BOTH_SIGNERS: Finding = {
  code: "BOTH_SIGNERS",
  level: "warning",
  message:
    "auth.config.ts accepts tokens of the deployment and of the app's own keys. You need both only while you move from one to the other.",
  fix: "Wait one token lifetime after the move. Then remove the provider that convex() in auth.ts does not use, and push.",
};

function checkKeyless({ auth, convexVersion, cloudUrl, publishesKeys }: SignerFacts): Finding[] {
  const findings: Finding[] = [];
  if (convexVersion !== undefined && isBefore(convexVersion, MIN_CONVEX))
    findings.push({
      code: "PACKAGE_VERSION",
      level: "error",
      message: `convex ${convexVersion} is installed; convex({ signer: "deployment" }) in auth.ts needs ${MIN_CONVEX} or newer.`,
      fix: `npm install "convex@>=${MIN_CONVEX}"`,
    });
  const accepted = auth.providers.filter(acceptsOf("deployment"));
  if (cloudUrl !== undefined && accepted.length > 0 && !accepted.some(isOf(cloudUrl)))
    findings.push({
      code: "WRONG_ISSUER",
      level: "error",
      message: `The deployment signs tokens as ${cloudUrl}, and auth.config.ts accepts ${accepted.map(({ issuer }) => issuer).join(" and ")}.`,
      fix: 'In auth.config.ts: getAuthConfigProvider({ signer: "deployment" }), then push the functions.',
    });
  if (cloudUrl !== undefined && publishesKeys === false)
    findings.push({
      code: "NO_DEPLOYMENT_KEYS",
      level: "warning",
      message: `The deployment does not answer with its public keys at ${deploymentJwksUrl(cloudUrl)}: its backend may be older than ctx.auth.signJwt.`,
      fix: "Update a self-hosted backend, or leave `signer` out in auth.ts and auth.config.ts and run `npx kitcn env push`.",
    });
  return findings;
}

function jwksNotNeeded({ isProduction }: SignerFacts): Finding {
  return {
    code: "JWKS_NOT_NEEDED",
    level: "warning",
    message: "JWKS is set on the deployment, but nothing uses it: the deployment signs the tokens.",
    fix: `npx convex env remove JWKS${isProduction ? " --prod" : ""}`,
  };
}

function isOf(cloudUrl: string) {
  return ({ issuer }: ProviderFacts) => trimBasePath(issuer) === trimBasePath(cloudUrl);
}
