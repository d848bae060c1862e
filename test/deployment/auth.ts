// Tokens: validates JWTs against the providers of auth.config, makes identities of them.
import {
  createLocalJWKSet,
  decodeJwt,
  decodeProtectedHeader,
  jwtVerify,
  type JSONWebKeySet,
} from "jose";

export type Provider =
  | { type: "customJwt"; issuer: string; jwks: string; algorithm: string; applicationID?: string }
  | { type?: undefined; domain: string; applicationID: string };

export class AuthError extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** The identity of a token. Throws AuthError for a token that no provider accepts. */
export async function identify(
  token: string,
  providers: readonly Provider[],
): Promise<Record<string, unknown>> {
  const { claims, header } = decode(token);
  const provider = providers.find((one) => {
    const audiences = Array.isArray(claims.aud) ? claims.aud : [claims.aud];
    const fits = !one.applicationID || audiences.includes(one.applicationID);
    return fits && sameIssuer("issuer" in one ? one.issuer : one.domain, String(claims.iss ?? ""));
  });
  if (!provider)
    throw new AuthError(
      "NoAuthProvider",
      `No auth provider found matching the given token. Check that your JWT's issuer and audience match one of your configured providers: [${providers.map((one) => ("issuer" in one ? `CustomJWT(issuer=${one.issuer}, aud=${one.applicationID ?? "*"})` : `OIDC(domain=${one.domain}, app_id=${one.applicationID})`)).join(", ")}]`,
    );
  const keys = await keysOf(provider);
  if (!keys.keys.some((key) => key.kid === header.kid))
    throw new AuthError(
      "InvalidAuthHeader",
      `Could not decode token. The JWT's 'kid' (key ID) header is '${header.kid}', does this key match any key in the provider's JWKS?`,
    );
  const algorithms = "algorithm" in provider ? [provider.algorithm] : ["RS256", "EdDSA"];
  try {
    const { payload } = await jwtVerify(token, createLocalJWKSet(keys), {
      algorithms,
      clockTolerance: 5,
      requiredClaims: ["exp", "sub", "iss"],
    });
    return attributesOf(payload);
  } catch (error) {
    throw new AuthError("InvalidAuthHeader", `Could not decode token: ${(error as Error).message}`);
  }
}

// --- internal ---

function decode(token: string) {
  try {
    return { claims: decodeJwt(token), header: decodeProtectedHeader(token) };
  } catch {
    throw new AuthError(
      "InvalidAuthHeader",
      "Could not parse JWT payload. Check that the token is a valid JWT format, consisting of three base64-encoded parts separated by dots.",
    );
  }
}

async function keysOf(provider: Provider): Promise<JSONWebKeySet> {
  if (provider.type === "customJwt") return (await fetchKeys(provider.jwks)) as JSONWebKeySet;
  const discovery = `${provider.domain.replace(/\/$/, "")}/.well-known/openid-configuration`;
  const { jwks_uri } = (await fetchKeys(discovery)) as { jwks_uri: string };
  return (await fetchKeys(jwks_uri)) as JSONWebKeySet;
}

/** JSON of a provider; whatever is wrong with it, the token is refused for it. */
async function fetchKeys(url: string): Promise<unknown> {
  try {
    const response = await fetch(url);
    if (!response.ok) throw new Error(String(response.status));
    return await response.json();
  } catch (error) {
    throw new AuthError(
      "InvalidAuthHeader",
      `Could not fetch JWKS from ${url}: ${(error as Error).message}`,
    );
  }
}

function sameIssuer(one: string, other: string): boolean {
  const plain = (issuer: string) =>
    (/^https?:\/\//.test(issuer) ? issuer : `https://${issuer}`).replace(/\/$/, "");
  return plain(one) === plain(other);
}

const LEFT_OUT = new Set(["sub", "iss", "aud", "exp", "iat", "nbf", "fva"]);

function attributesOf(claims: Record<string, unknown>): Record<string, unknown> {
  const custom: Record<string, unknown> = {};
  const flatten = (value: unknown, path: string) => {
    if (typeof value === "object" && value !== null && !Array.isArray(value)) {
      for (const [key, item] of Object.entries(value)) flatten(item, path ? `${path}.${key}` : key);
    } else custom[path] = value;
  };
  for (const [name, value] of Object.entries(claims)) if (!LEFT_OUT.has(name)) flatten(value, name);
  return {
    ...custom,
    tokenIdentifier: `${String(claims.iss)}|${String(claims.sub)}`,
    subject: claims.sub,
    issuer: claims.iss,
  };
}
