// The claims that Convex's own signing key may sign. Apart from deployment-keys.ts, which every query that imports a helper
// loads. Must not import better-auth.
import { reservedClaim } from "../../errors/keys.js";

/** An object as JSON has it. */
export type JsonObject = { readonly [name: string]: Json };

/**
 * The claims as JSON has them: dates become texts, and what is undefined is left out.
 *
 * @throws KitcnError `RESERVED_CLAIM`
 */
export function deploymentClaims(claims: Readonly<Record<string, unknown>>): JsonObject {
  const json = JSON.parse(JSON.stringify(claims)) as JsonObject; // JSON of an object
  const reserved = Object.keys(json).filter(isReserved);
  if (reserved.length === 0) return json;
  throw reservedClaim({ names: reserved.map((name) => `"${name}"`) });
}

// --- internal ---

type Json = string | number | boolean | null | readonly Json[] | JsonObject;

const RESERVED_NAMES = new Set(["iss", "iat", "exp", "nbf"]);

function isReserved(name: string): boolean {
  return RESERVED_NAMES.has(name) || /^(convex|cvx)/i.test(name);
}
