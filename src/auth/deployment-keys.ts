// What Convex's own signing key allows: its algorithm, its public half's address, lifetimes, and names of claims.
// Runs inside auth.config.ts too: must not import better-auth or touch Date, crypto or the database.
import { KitcnError } from "../errors.js";

/** Who signs tokens: keys that the app keeps, or the key that Convex keeps for the deployment. */
export type TokenSigner = "jwks" | "deployment";

/** An object as JSON has it. */
export type JsonObject = { readonly [name: string]: Json };

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
  throw new KitcnError({
    code: "INVALID_SIGNER",
    message: `signer is "${signer}", which nobody knows.`,
    hint: 'Write "deployment" or "jwks", or leave it out for "jwks".',
  });
}

/**
 * The claims as JSON has them: dates become texts, and what is undefined is left out.
 *
 * @throws KitcnError `RESERVED_CLAIM`
 */
export function deploymentClaims(claims: Readonly<Record<string, unknown>>): JsonObject {
  const json = JSON.parse(JSON.stringify(claims)) as JsonObject; // JSON of an object
  const reserved = Object.keys(json).filter(isReserved);
  if (reserved.length === 0) return json;
  const names = reserved.map((name) => `"${name}"`).join(", ");
  throw new KitcnError({
    code: "RESERVED_CLAIM",
    message: `A token signed by the deployment cannot carry ${names}: Convex sets iss, iat and exp itself, and keeps nbf and all names that begin with "convex" or "cvx".`,
    hint: "Leave it out, or give it another name, in convex({ jwt: { definePayload } }). Without definePayload every field of the user is a claim.",
  });
}

// --- internal ---

type Json = string | number | boolean | null | readonly Json[] | JsonObject;

const RESERVED_NAMES = new Set(["iss", "iat", "exp", "nbf"]);

function isReserved(name: string): boolean {
  return RESERVED_NAMES.has(name) || /^(convex|cvx)/i.test(name);
}
