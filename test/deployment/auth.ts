// Tokens: finds the provider of auth.config that a JWT is of, validates it and makes an identity of it.
// Codes and texts are Convex's, since apps and clients show them.
import { compactVerify, decodeJwt, decodeProtectedHeader, importJWK, type JWTPayload } from "jose";
import { AuthError } from "./auth-error.js";
import { keysAt } from "./jwks.js";
import { identifyOidc } from "./oidc.js";

export type Provider =
  | { type: "customJwt"; issuer: string; jwks: string; algorithm: string; applicationID?: string }
  | { type?: undefined; domain: string; applicationID: string };

/** The identity of a token. Throws AuthError for a token that no provider accepts. */
export async function identify(
  token: string,
  providers: readonly Provider[],
): Promise<Record<string, unknown>> {
  const claims = decode(token);
  const { iss } = claims;
  if (typeof iss !== "string") throw invalid(MISSING_ISSUER);
  const provider = providers.find((one) => isOf(one, { iss, audiences: audiencesOf(claims) }));
  if (!provider) throw new AuthError("NoAuthProvider", noProvider(providers));
  if (provider.type !== "customJwt")
    return identifyOidc(token, { issuer: iss, applicationID: provider.applicationID });
  const verified = await verify(token, provider);
  assertTimes(verified);
  return attributesOf(verified);
}

/** The attributes of the user that an admin acts as. Throws where they name nobody. */
export function actingAs(attributes: unknown): Record<string, unknown> {
  const malformed = () =>
    new AuthError("HeaderParseFailure", "Malformed Authorization header.", 400);
  if (typeof attributes !== "object" || attributes === null) throw malformed();
  const { tokenIdentifier, issuer, subject } = attributes as Record<string, unknown>;
  if (typeof tokenIdentifier === "string") return { ...attributes };
  if (typeof issuer !== "string" || typeof subject !== "string") throw malformed();
  return { ...attributes, tokenIdentifier: `${issuer}|${subject}` };
}

// --- internal ---

type CustomJwt = Extract<Provider, { type: "customJwt" }>;

const MISSING_ISSUER =
  "Missing issuer claim ('iss') in JWT payload. The JWT must include an 'iss' claim that matches one of your configured auth providers.";
const SKEW_SECONDS = 5;

const invalid = (message: string) => new AuthError("InvalidAuthHeader", message);

function decode(token: string): JWTPayload {
  try {
    return decodeJwt(token);
  } catch {
    throw invalid(
      "Could not parse JWT payload. Check that the token is a valid JWT format with three base64-encoded parts separated by dots.",
    );
  }
}

function audiencesOf({ aud }: JWTPayload): readonly string[] {
  return aud === undefined ? [] : [aud].flat();
}

function isOf(
  provider: Provider,
  { iss, audiences }: { iss: string; audiences: readonly string[] },
): boolean {
  const { applicationID } = provider;
  if (applicationID !== undefined && !audiences.includes(applicationID)) return false;
  const plain = (issuer: string) =>
    (/^https?:\/\//.test(issuer) ? issuer : `https://${issuer}`).replace(/\/+$/, "");
  return plain("issuer" in provider ? provider.issuer : provider.domain) === plain(iss);
}

function noProvider(providers: readonly Provider[]): string {
  const nothing = "No auth provider found matching the given token";
  if (providers.length === 0)
    return `${nothing} (no providers configured). Check convex/auth.config.ts.`;
  const configured = providers.map((one) =>
    "issuer" in one
      ? `CustomJWT(issuer=${one.issuer}, app_id=${one.applicationID ?? "none"})`
      : `OIDC(domain=${one.domain}, app_id=${one.applicationID})`,
  );
  return `${nothing}. Check that your JWT's issuer and audience match one of your configured providers: [${configured.join(", ")}]`;
}

/** A wrong signature and an unknown key are told alike. */
async function verify(token: string, { jwks, algorithm }: CustomJwt): Promise<JWTPayload> {
  const keys = await keysAt(jwks);
  const kid = kidOf(token);
  try {
    const key = keys.find((one) => one.kid === kid && kid !== undefined);
    if (!key || (key.alg !== undefined && key.alg !== algorithm)) throw new Error("No such key.");
    const { payload } = await compactVerify(token, await importJWK(key, algorithm), {
      algorithms: [algorithm],
    });
    return JSON.parse(new TextDecoder().decode(payload)) as JWTPayload;
  } catch {
    throw invalid(
      kid === undefined
        ? "Could not decode token. JWT may be missing a 'kid' (key ID) header."
        : `Could not decode token. The JWT's 'kid' (key ID) header is '${kid}', does this key match any key in the provider's JWKS?`,
    );
  }
}

function kidOf(token: string): string | undefined {
  try {
    return decodeProtectedHeader(token).kid;
  } catch {
    return undefined; // No header that can be read has no key's id either.
  }
}

function assertTimes({ exp, nbf, iat, sub }: JWTPayload): void {
  const now = Math.floor(Date.now() / 1000);
  if (typeof exp === "number" && now - exp > SKEW_SECONDS)
    throw invalid(`Could not validate token: Token expired ${now - exp} seconds ago`);
  const begins = Math.max(nbf ?? 0, iat ?? 0);
  if (begins - now > SKEW_SECONDS)
    throw invalid(`Could not validate token: Token will be valid in ${begins - now} seconds`);
  if (typeof sub !== "string" || typeof exp !== "number")
    throw invalid(
      "Could not verify token claim. Check that the JWT contains valid claims and matches your auth provider configuration.",
    );
}

/** Registered claims are not told but for `sub` and `iss`; `fva` would change with each token. */
const LEFT_OUT = new Set(["sub", "iss", "aud", "exp", "iat", "nbf", "jti", "fva"]);

function attributesOf(claims: JWTPayload): Record<string, unknown> {
  const custom: Record<string, unknown> = {};
  const flatten = (value: unknown, path: string) => {
    if (typeof value === "object" && value !== null && !Array.isArray(value)) {
      for (const [key, item] of Object.entries(value)) flatten(item, `${path}.${key}`);
    } else custom[path] = value;
  };
  for (const [name, value] of Object.entries(claims)) if (!LEFT_OUT.has(name)) flatten(value, name);
  return {
    ...custom,
    tokenIdentifier: `${claims.iss}|${claims.sub}`,
    subject: claims.sub,
    issuer: claims.iss,
  };
}
