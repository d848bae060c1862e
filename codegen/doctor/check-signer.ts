// Findings about who signs tokens: the app's own keys, or the deployment, and what each of the two needs. Pure.
import { trimBasePath } from "../../src/auth/http/base-path.js";
import { deploymentJwksUrl } from "../../src/auth/keys/deployment-keys.js";
import { acceptsOf } from "./check-config.js";
import { flagOf } from "./check-env.js";
import {
  bothSigners,
  deploymentKeysUnpublished,
  deploymentNotAccepted,
  jwksNotNeeded,
} from "../errors/doctor-keys.js";
import { convexCannotSign } from "../errors/doctor-packages.js";
import type { Place } from "../packages/override-lines.js";
import { BY_NPM, printInstall } from "../packages/overrides.js";
import { isBefore } from "../packages/supported.js";
import type { AuthFacts, Finding, ProviderFacts } from "./types.js";

export type SignerFacts = {
  readonly auth: Pick<AuthFacts, "plugin" | "providers">;
  readonly isProduction: boolean;
  /** The installed convex. */
  readonly convexVersion: string | undefined;
  /** Whose package manager prints commands. Default: npm. */
  readonly place?: Place;
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
      ? [jwksNotNeeded({ flag: flagOf(facts.isProduction) })]
      : []),
    ...(isMoving ? [bothSigners()] : []),
  ];
}

// --- internal ---

const MIN_CONVEX = "1.48.0";

function checkKeyless(facts: SignerFacts): Finding[] {
  const { auth, convexVersion, cloudUrl, publishesKeys, place = BY_NPM } = facts;
  const findings: Finding[] = [];
  if (convexVersion !== undefined && isBefore(convexVersion, MIN_CONVEX))
    findings.push(
      convexCannotSign({
        version: convexVersion,
        wants: MIN_CONVEX,
        command: printInstall(place, `"convex@>=${MIN_CONVEX}"`),
      }),
    );
  const accepted = auth.providers.filter(acceptsOf("deployment"));
  if (cloudUrl !== undefined && accepted.length > 0 && !accepted.some(isOf(cloudUrl))) {
    const issuers = accepted.map(({ issuer }) => issuer);
    findings.push(deploymentNotAccepted({ url: cloudUrl, issuers }));
  }
  if (cloudUrl !== undefined && publishesKeys === false)
    findings.push(deploymentKeysUnpublished({ url: deploymentJwksUrl(cloudUrl) }));
  return findings;
}

function isOf(cloudUrl: string) {
  return ({ issuer }: ProviderFacts) => trimBasePath(issuer) === trimBasePath(cloudUrl);
}
