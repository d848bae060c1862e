// What Convex's own signing key allows: its algorithm, its public half's address, lifetimes, and names of claims.
// Runs inside auth.config.ts too: must not import better-auth or touch Date, crypto or the database.
import { invalidSigner } from "../../errors/plugin.js";

/** Who signs tokens: keys that the app keeps, or the key that Convex keeps for the deployment. */
export type TokenSigner = "jwks" | "deployment";

/** The signature algorithm of `ctx.auth.signJwt`. */
export const DEPLOYMENT_ALGORITHM = "ES256";

/** The longest lifetime of a token that Convex signs, in seconds. */
export const MAX_DEPLOYMENT_TTL_SECONDS = 3600;

/** Where a deployment publishes the keys by which its tokens are verified. */
export function deploymentJwksUrl(cloudUrl: string): string {
  return `${cloudUrl}/.well-known/jwks.json`;
}

/**
 * Refuses what neither of them is, as a misspelt one of an app without types.
 *
 * @throws KitcnError `INVALID_SIGNER`
 */
export function assertSigner(signer: string | undefined): void {
  if (signer === undefined || signer === "jwks" || signer === "deployment") return;
  throw invalidSigner({ signer });
}
