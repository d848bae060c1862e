// `kitcn/auth/config`: the provider entry for auth.config.ts, which Convex evaluates at push time.
// Must not import better-auth, and must not touch Date, Math.random or crypto: Convex refuses them there.
import type { AuthProvider } from "convex/server";
import { jwksPath } from "./base-path.js";
import { isRs256, JWT_ALGORITHM, parseStaticJwks, publicJwks } from "./jwks.js";

/** The `aud` of every token kitcn issues, and the applicationID Convex checks it against. */
export const CONVEX_APPLICATION_ID = "convex";

export type AuthConfigProviderOptions = {
  /** Static JWKS text. Default: the deployment's `JWKS` variable where it is set. */
  jwks?: string | undefined;
  /** Where the auth routes live, as in Better Auth's `basePath`. Default: `/api/auth`. */
  basePath?: string | undefined;
};

/**
 * The auth provider that makes Convex accept kitcn's tokens. With static JWKS the public keys travel
 * inside the config; without them Convex fetches them from the app's own JWKS endpoint, so that the
 * very first push works before any variable is set.
 *
 * @throws KitcnError `INVALID_JWKS`
 * @example
 * // convex/auth.config.ts
 * import type { AuthConfig } from "convex/server";
 * import { getAuthConfigProvider } from "kitcn/auth/config";
 *
 * export default { providers: [getAuthConfigProvider()] } satisfies AuthConfig;
 */
export function getAuthConfigProvider(options: AuthConfigProviderOptions = {}): AuthProvider {
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
