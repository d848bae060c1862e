// `kitcn/auth/config`: the provider entry for auth.config.ts, which Convex evaluates at push time.
// Must not import better-auth, and must not touch Date, Math.random or crypto: Convex refuses them there.
import type { AuthProvider } from "convex/server";
import { jwksPath } from "./http/base-path.js";
import {
  assertSigner,
  DEPLOYMENT_ALGORITHM,
  deploymentJwksUrl,
  type TokenSigner,
} from "./keys/deployment-keys.js";
import { isRs256, JWT_ALGORITHM, parseStaticJwks, publicJwks } from "./keys/jwks.js";

/** The `aud` of every token kitcn issues, and the applicationID Convex checks it against. */
export const CONVEX_APPLICATION_ID = "convex";

export type AuthConfigProviderOptions = {
  /** Static JWKS text. Default: the deployment's `JWKS` variable where it is set. */
  jwks?: string | undefined;
  /** Where the auth routes live, as in Better Auth's `basePath`. Default: `/api/auth`. */
  basePath?: string | undefined;
  /**
   * Who signs the tokens, as `signer` of `convex()` in auth.ts. With `"deployment"` it is the deployment's own key, so
   * that `jwks` and `basePath` say nothing. Default: `"jwks"`.
   */
  signer?: TokenSigner | undefined;
};

/**
 * The auth provider that makes Convex accept kitcn's tokens. With static JWKS the public keys travel
 * inside the config; without them Convex fetches them from the app's own JWKS endpoint, so that the
 * very first push works before any variable is set.
 *
 * @throws KitcnError `INVALID_JWKS`, `INVALID_SIGNER`
 * @example
 * // convex/auth.config.ts
 * import type { AuthConfig } from "convex/server";
 * import { getAuthConfigProvider } from "kitcn/auth/config";
 *
 * export default { providers: [getAuthConfigProvider()] } satisfies AuthConfig;
 */
export function getAuthConfigProvider(options: AuthConfigProviderOptions = {}): AuthProvider {
  assertSigner(options.signer);
  if (options.signer === "deployment")
    return deploymentProvider(process.env.CONVEX_CLOUD_URL ?? "");
  const siteUrl = process.env.CONVEX_SITE_URL ?? "";
  const jwks = options.jwks ?? envJwks();
  return {
    type: "customJwt",
    issuer: siteUrl,
    applicationID: CONVEX_APPLICATION_ID,
    algorithm: JWT_ALGORITHM,
    jwks: jwks ? dataUri(jwks) : `${siteUrl}${jwksPath(options.basePath)}`,
  };
}

// --- internal ---

/** Tokens that the app's code signs for other uses have the same issuer, and another audience or none. */
function deploymentProvider(cloudUrl: string): AuthProvider {
  return {
    type: "customJwt",
    issuer: cloudUrl,
    applicationID: CONVEX_APPLICATION_ID,
    algorithm: DEPLOYMENT_ALGORITHM,
    jwks: deploymentJwksUrl(cloudUrl),
  };
}

/** While auth.config.ts is evaluated, reading an unset variable throws, and `in` always says absent. */
function envJwks(): string | undefined {
  try {
    return process.env.JWKS || undefined;
  } catch {
    return undefined;
  }
}

function dataUri(jwks: string): string {
  const text = JSON.stringify(publicJwks(parseStaticJwks(jwks).filter(isRs256)));
  return `data:application/json;charset=utf-8,${encodeURIComponent(text)}`;
}
