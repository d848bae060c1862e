// What is in a token, and who signs it: a key of the key ring, or the deployment's own (deployment-signer.ts).
// Must not look sessions up: the endpoint that asks has done so.
import type { GenericEndpointContext, Session, User } from "better-auth";
import { signJWT } from "better-auth/plugins/jwt";
import type { AuthProvider } from "convex/server";
import { noSigningKey, wrongSecret } from "../../errors/jwks.js";
import { noConvexProvider, noDeploymentSigner, wrongIssuer } from "../../errors/keys.js";
import { CONVEX_APPLICATION_ID } from "../config.js";
import { ttlSeconds, type ConvexPluginOptions } from "../convex.js";
import { trimBasePath } from "../http/base-path.js";
import { deploymentClaims } from "./deployment-claims.js";
import { DEPLOYMENT_ALGORITHM } from "./deployment-keys.js";
import { JWT_ALGORITHM, type StoredKey } from "./jwks.js";
import { isLive, RS256_KEYS, type KeyRing } from "./key-ring.js";
import { signerOfInstance } from "./signer-plugin.js";

export type SignedInSession = {
  session: Session & Record<string, unknown>;
  user: User & Record<string, unknown>;
};

/** Makes the token of a session. */
export type TokenMaker = (
  ctx: GenericEndpointContext,
  signedIn: SignedInSession,
) => Promise<string>;

/** The token maker for these options. */
export function tokenMaker(options: ConvexPluginOptions, keyRing: KeyRing): TokenMaker {
  return options.signer === "deployment"
    ? signedByDeployment(options)
    : signedByOwnKey(options, keyRing);
}

/**
 * The issuer of the provider that accepts these tokens.
 *
 * @throws KitcnError `NO_CONVEX_PROVIDER`
 */
export function issuerOf(options: ConvexPluginOptions): string {
  const [first] = options.authConfig.providers.filter((one) => accepts(one, options));
  if (first) return issuerOfProvider(first);
  const isKeyless = options.signer === "deployment";
  throw noConvexProvider({
    algorithm: isKeyless ? DEPLOYMENT_ALGORITHM : JWT_ALGORITHM,
    id: CONVEX_APPLICATION_ID,
    options: isKeyless ? '{ signer: "deployment" }' : "",
  });
}

// --- internal ---

function signedByOwnKey(options: ConvexPluginOptions, keyRing: KeyRing): TokenMaker {
  return async (ctx, signedIn) => {
    const issuer = issuerOf(options);
    const claims = await claimsOf(options, signedIn);
    const nowSeconds = Math.floor(Date.now() / 1000);
    const keys = (await keyRing.verifying(ctx)).filter(isLive).map(rowOfKey);
    if (keys.length === 0) throw noSigningKey();
    return signOrExplain(ctx, {
      options: { ...RS256_KEYS, adapter: { getJwks: async () => keys } },
      payload: {
        ...claims,
        iat: nowSeconds,
        exp: nowSeconds + lifetimeSeconds(options),
        iss: issuer,
      },
    });
  };
}

function signedByDeployment(options: ConvexPluginOptions): TokenMaker {
  return async (ctx, signedIn) => {
    issuerOf(options);
    const signer = signerOfInstance(ctx);
    if (!signer) throw noDeploymentSigner();
    await signer.ready();
    const token = await signer.sign({
      claims: deploymentClaims(await claimsOf(options, signedIn)),
      expiresInSeconds: lifetimeSeconds(options),
    });
    assertIssuer(token, options);
    return token;
  };
}

/** Everything but the times and the issuer. */
async function claimsOf({ jwt }: ConvexPluginOptions, { session, user }: SignedInSession) {
  const custom = jwt?.definePayload
    ? await jwt.definePayload({ session, user })
    : claimsOfUser(user);
  return { ...custom, sub: user.id, sessionId: session.id, aud: CONVEX_APPLICATION_ID };
}

function claimsOfUser({ id: _id, image: _image, ...claims }: Record<string, unknown>) {
  return claims;
}

function lifetimeSeconds(options: ConvexPluginOptions): number {
  return Math.ceil(ttlSeconds(options));
}

function accepts(provider: AuthProvider, { signer }: ConvexPluginOptions): boolean {
  if (provider.applicationID && provider.applicationID !== CONVEX_APPLICATION_ID) return false;
  if (signer === "deployment")
    return "type" in provider && provider.algorithm === DEPLOYMENT_ALGORITHM;
  return !("type" in provider) || provider.algorithm === JWT_ALGORITHM;
}

function issuerOfProvider(provider: AuthProvider): string {
  return "type" in provider ? provider.issuer : provider.domain;
}

/** Convex writes the issuer itself, another one in each component: no provider of another would take the token. */
function assertIssuer(token: string, options: ConvexPluginOptions): void {
  const { iss } = payloadOf(token);
  const taken = options.authConfig.providers
    .filter((one) => accepts(one, options))
    .map(issuerOfProvider);
  if (taken.some((issuer) => trimBasePath(issuer) === trimBasePath(iss))) return;
  throw wrongIssuer({ issuer: iss, accepted: taken.join(" and ") });
}

function payloadOf(token: string): { readonly iss: string } {
  const [, payload = ""] = token.split(".");
  const text = atob(payload.replaceAll("-", "+").replaceAll("_", "/"));
  const { iss } = JSON.parse(text) as { iss?: unknown }; // a token of Convex
  return { iss: typeof iss === "string" ? iss : "" };
}

/** Better Auth says of any secret that does not fit only that the key cannot be decrypted. */
async function signOrExplain(...args: Parameters<typeof signJWT>): Promise<string> {
  try {
    return await signJWT(...args);
  } catch (error) {
    if (!(error instanceof Error && /decrypt/.test(error.message))) throw error;
    throw wrongSecret();
  }
}

function rowOfKey(key: StoredKey) {
  return {
    id: key.id,
    publicKey: key.publicKey,
    privateKey: key.privateKey ?? "",
    createdAt: new Date(key.createdAt),
    // Expiry of ours is the end of a grace period; Better Auth must not mint a key because of it.
    alg: JWT_ALGORITHM,
  } as const;
}
