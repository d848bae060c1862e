// Tokens of OIDC providers: discovery, verification, and the claims under the names that Convex gives them.
// Must not know customJwt providers: those are in auth.ts.
import { createLocalJWKSet, jwtVerify, type JWTPayload } from "jose";
import { AuthError } from "./auth-error.js";
import { keysAt } from "./jwks.js";

/** The identity of a token whose issuer and audience fit the provider. */
export async function identifyOidc(
  token: string,
  { issuer, applicationID }: { issuer: string; applicationID: string },
): Promise<Record<string, unknown>> {
  const jwksUri = await discover(issuer);
  try {
    const keys = [...(await keysAt(jwksUri))];
    const { payload } = await jwtVerify(token, createLocalJWKSet({ keys }), {
      algorithms: ["RS256", "EdDSA"],
      audience: applicationID,
      issuer,
      requiredClaims: ["exp", "iat", "sub"],
    });
    if (Array.isArray(payload.aud) && payload.aud.length > 1)
      throw new Error("The token has several audiences.");
    return attributesOf(payload);
  } catch {
    throw new AuthError(
      "Unauthenticated",
      "Could not verify OIDC token claim. Check that the token signature is valid and the token hasn't expired.",
    );
  }
}

// --- internal ---

async function discover(issuer: string): Promise<string> {
  const failed = (why = "") =>
    new AuthError(
      "AuthProviderDiscoveryFailed",
      `Auth provider discovery of ${issuer} failed${why}`,
      400,
    );
  const url = `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`;
  const response = await fetch(url).catch(() => {
    throw failed();
  });
  const body = await response.text();
  if (!response.ok) throw failed(`: ${response.status} ${body}`);
  const metadata = JSON.parse(body) as { issuer?: string; jwks_uri?: string };
  if (metadata.issuer !== issuer || !metadata.jwks_uri) throw failed();
  return metadata.jwks_uri;
}

/** Claims that have names of Convex's own. */
const NAMES: Record<string, string> = {
  ...{ name: "name", given_name: "givenName", family_name: "familyName", nickname: "nickname" },
  ...{ preferred_username: "preferredUsername", profile: "profileUrl", picture: "pictureUrl" },
  ...{ website: "websiteUrl", email: "email", email_verified: "emailVerified", gender: "gender" },
  ...{ birthdate: "birthday", zoneinfo: "timezone", locale: "language" },
  ...{ phone_number: "phoneNumber", phone_number_verified: "phoneNumberVerified" },
  updated_at: "updatedAt",
};
const LEFT_OUT = new Set([
  ...["iss", "sub", "aud", "exp", "iat", "nbf", "jti", "fva", "address"],
  ...["auth_time", "nonce", "acr", "amr", "azp", "at_hash", "c_hash"],
]);

function attributesOf(claims: JWTPayload): Record<string, unknown> {
  const named = Object.entries(claims).flatMap(([claim, value]): [string, unknown][] => {
    if (LEFT_OUT.has(claim)) return [];
    const known = NAMES[claim];
    if (claim === "updated_at" && typeof value === "number")
      return [["updatedAt", new Date(value * 1000).toISOString()]];
    return [[known ?? claim, value]];
  });
  const { formatted } = (claims.address ?? {}) as { formatted?: string };
  return {
    ...Object.fromEntries(named),
    ...(formatted !== undefined && { address: formatted }),
    tokenIdentifier: `${claims.iss}|${claims.sub}`,
    subject: claims.sub,
    issuer: claims.iss,
  };
}
