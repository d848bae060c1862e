// Signs tokens for `ctx.auth.signJwt`, with a key of this deployment, and publishes its public half.
// Must not know who calls.
import {
  calculateJwkThumbprint,
  exportJWK,
  generateKeyPair,
  SignJWT,
  type JSONWebKeySet,
} from "jose";

export type Issuer = ReturnType<typeof createIssuer>;
export const JWKS_PATH = "/.well-known/jwks.json";

export function createIssuer(cloudUrl: string) {
  let made: ReturnType<typeof makeKey> | undefined;
  const key = () => (made ??= makeKey());

  return {
    jwks: async (): Promise<JSONWebKeySet> => ({ keys: [(await key()).publicJwk] }),
    /** Throws for claims or a lifetime that Convex refuses. */
    sign: async ({
      claims = {},
      expiresInSeconds,
      component,
    }: {
      claims?: unknown;
      expiresInSeconds: unknown;
      /** Of the mutation; the app's is "". */
      component: string;
    }): Promise<string> => {
      const payload = checkedClaims(claims);
      const lifetime = checkedLifetime(expiresInSeconds);
      const { privateKey, publicJwk } = await key();
      const now = Math.floor(Date.now() / 1000);
      return new SignJWT(payload)
        .setProtectedHeader({ alg: ALGORITHM, typ: "JWT", kid: publicJwk.kid! })
        .setIssuer(component ? `${cloudUrl}/components/${component}` : cloudUrl)
        .setIssuedAt(now)
        .setExpirationTime(now + lifetime)
        .sign(privateKey);
    },
  };
}

// --- internal ---

const ALGORITHM = "ES256";
const MAX_SECONDS = 3600;
const RESERVED = ["iss", "iat", "exp", "nbf"];

async function makeKey() {
  const { publicKey, privateKey } = await generateKeyPair(ALGORITHM);
  const jwk = await exportJWK(publicKey);
  const kid = await calculateJwkThumbprint(jwk);
  return { privateKey, publicJwk: { ...jwk, kid, alg: ALGORITHM, use: "sig" } };
}

function checkedClaims(claims: unknown): Record<string, unknown> {
  if (typeof claims !== "object" || claims === null || Array.isArray(claims))
    throw new Error("Invalid argument `claims` for `signJwt`: the claims must be an object");
  const reserved = Object.keys(claims).find(
    (name) => RESERVED.includes(name) || /^(convex|cvx)/i.test(name),
  );
  if (reserved !== undefined)
    throw new Error(
      `Invalid argument \`claims\` for \`signJwt\`: the claim "${reserved}" is reserved`,
    );
  return claims as Record<string, unknown>; // just checked
}

function checkedLifetime(seconds: unknown): number {
  if (typeof seconds !== "number" || !(seconds >= 1 && seconds <= MAX_SECONDS))
    throw new Error(
      `Invalid argument \`expiresInSeconds\` for \`signJwt\`: must be between 1 and ${MAX_SECONDS} seconds`,
    );
  return Math.floor(seconds);
}
