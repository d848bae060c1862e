// Findings about what auth.ts, auth.config.ts and http.ts have to agree on. Pure.
import { CONVEX_APPLICATION_ID } from "../../src/auth/config.js";
import { jwksPath, trimBasePath } from "../../src/auth/http/base-path.js";
import { DEPLOYMENT_ALGORITHM, type TokenSigner } from "../../src/auth/keys/deployment-keys.js";
import { JWT_ALGORITHM } from "../../src/auth/keys/jwks.js";
import {
  configBasePath,
  convexPluginMissing,
  httpBasePath,
  issuersDiffer,
  pluginBasePath,
  providerHasDomain,
  providerMissing,
  providerNotPassed,
  rateLimitsOff,
  routesFail,
  routesNotFound,
} from "../errors/doctor-config.js";
import { RATE_LIMIT_OPTION } from "../print/texts.js";
import type { AuthFacts, Finding, LimitFacts, ProviderFacts, ServedFacts } from "./types.js";

export type ConfigFacts = {
  readonly auth: AuthFacts;
  /** `basePath` given to registerRoutes or authMiddleware, with its place; undefined where none is. */
  readonly http: { readonly basePath: string; readonly at: string } | undefined;
  readonly served: ServedFacts | undefined;
};

/**
 * `NO_CONVEX_PLUGIN`, `NO_CONVEX_PROVIDER`, `OIDC_PROVIDER`, `ISSUER_MISMATCH`, `BASE_PATH_MISMATCH`,
 * `AUTH_ROUTES_MISSING`, `RATE_LIMITS_OFF`.
 */
export function checkConfig(facts: ConfigFacts): Finding[] {
  return [
    ...checkProviders(facts.auth),
    ...checkBasePaths(facts),
    ...checkServed(facts.served),
    ...checkLimits(facts.auth.limits),
  ];
}

/** Whether a provider accepts tokens of a signer. A provider with a `domain` may, see `OIDC_PROVIDER`. */
export function acceptsOf(signer: TokenSigner): (provider: ProviderFacts) => boolean {
  const wanted = signer === "deployment" ? DEPLOYMENT_ALGORITHM : JWT_ALGORITHM;
  return ({ algorithm, applicationID, isOidc }) => {
    const fits = applicationID === undefined || applicationID === CONVEX_APPLICATION_ID;
    return fits && (algorithm === wanted || (isOidc && signer === "jwks"));
  };
}

// --- internal ---

function checkProviders({ plugin, providers }: AuthFacts): Finding[] {
  if (!plugin) return [convexPluginMissing()];
  const isOurs = acceptsOf(plugin.signer);
  const isKitcn = (one: ProviderFacts) => isOurs(one) && !one.isOidc;
  const isKeyless = plugin.signer === "deployment";
  const helper = `getAuthConfigProvider(${isKeyless ? '{ signer: "deployment" }' : ""})`;
  const signs = plugin.providers.find(isKitcn) ?? plugin.providers.find(isOurs);
  // Convex asks the first that names the issuer: an entry of the deployment's own domain hides kitcn's.
  const hiding = providers.find((one) => one.isOidc && isSameIssuer(one, signs));
  const accepts = hiding ?? providers.find(isKitcn);
  const lacks = {
    algorithm: isKeyless ? DEPLOYMENT_ALGORITHM : JWT_ALGORITHM,
    applicationId: CONVEX_APPLICATION_ID,
  };
  if (!accepts) return [providerMissing({ ...lacks, helper })];
  if (!signs) return [providerNotPassed(lacks)];
  if (accepts.isOidc) return [providerHasDomain({ helper })];
  if (trimBasePath(signs.issuer) === trimBasePath(accepts.issuer)) return [];
  return [issuersDiffer({ issued: signs.issuer, accepted: accepts.issuer })];
}

function isSameIssuer(one: ProviderFacts, other: ProviderFacts | undefined): boolean {
  return other !== undefined && trimBasePath(one.issuer) === trimBasePath(other.issuer);
}

function checkBasePaths({ auth, http }: ConfigFacts): Finding[] {
  const wanted = trimBasePath(auth.basePath);
  const inConfig = auth.providers
    .filter(acceptsOf("jwks"))
    .map(({ jwks }) => basePathOf(jwks))
    .at(0);
  const isOther = (given: string) => trimBasePath(given) !== wanted;
  const findings: Finding[] = [];
  const inPlugin = auth.plugin?.basePath;
  if (inPlugin !== undefined && isOther(inPlugin))
    findings.push(pluginBasePath({ wanted, given: inPlugin }));
  if (http && isOther(http.basePath))
    findings.push(httpBasePath({ at: http.at, wanted, given: http.basePath }));
  if (inConfig !== undefined && isOther(inConfig))
    findings.push(configBasePath({ wanted, given: inConfig }));
  return findings;
}

/** The base path inside the URL of kitcn's JWKS endpoint. */
function basePathOf(jwks: string | undefined): string | undefined {
  const suffix = jwksPath("");
  if (!jwks?.endsWith(suffix) || !URL.canParse(jwks)) return undefined;
  return new URL(jwks).pathname.slice(0, -suffix.length);
}

function checkServed(served: ServedFacts | undefined): Finding[] {
  if (!served || served.status === 200) return [];
  const { url, status, reason } = served;
  const answer = reason === undefined ? String(status) : `${status} ("${reason}")`;
  return [status === 404 ? routesNotFound({ url, answer }) : routesFail({ url, answer })];
}

/** Better Auth's own default is to limit nothing here, whatever the environment. */
function checkLimits({ isOn, file, line }: LimitFacts): Finding[] {
  return isOn ? [] : [rateLimitsOff({ file, line, option: RATE_LIMIT_OPTION })];
}
