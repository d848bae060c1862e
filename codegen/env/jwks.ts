// Checks the static JWKS before it is stored on a deployment, and takes out what is over. Pure; never quotes
// the text it is about.
import { isDeepStrictEqual } from "node:util";
import { isKitcnError } from "../../src/errors/error.js";
import {
  isRs256,
  MAX_JWKS_BYTES,
  parseStaticJwks,
  printStaticJwks,
  publicJwks,
  type StoredKey,
} from "../../src/auth/keys/jwks.js";
import {
  jwksEmpty,
  jwksKeyNotRsa,
  jwksTooLarge,
  jwksUnreadable,
  jwksWithoutRs256,
} from "../errors/keys.js";

/**
 * Makes sure a static JWKS can be read by the runtime, used by Convex and stored in one variable.
 *
 * @throws CodegenError `INVALID_JWKS`
 */
export function assertJwks(text: string): void {
  const bytes = Buffer.byteLength(text, "utf8");
  if (bytes >= MAX_JWKS_BYTES) throw jwksTooLarge({ bytes, max: MAX_JWKS_BYTES });
  const keys = readJwks(text);
  if (keys.length === 0) throw jwksEmpty();
  const rsa = publicJwks(keys.filter(isRs256)).keys;
  if (rsa.length === 0) throw jwksWithoutRs256();
  const wrong = rsa.find(({ kty, n, e }) => kty !== "RSA" || !isText(n) || !isText(e));
  if (wrong) throw jwksKeyNotRsa({ kid: wrong.kid });
}

/** The same JWKS without keys whose grace is over; undefined where there are none, or it cannot be read. */
export function withoutExpired(text: string, nowMs: number): string | undefined {
  try {
    const keys = parseStaticJwks(text);
    const current = keys.filter(({ expiresAt }) => expiresAt === undefined || expiresAt > nowMs);
    if (current.length === keys.length || current.length === 0) return undefined;
    return printStaticJwks(current);
  } catch (error) {
    // A value of the user's own making is not touched.
    if (isKitcnError(error)) return undefined;
    throw error;
  }
}

/** True where two texts of static JWKS have the same keys, by their ids. The second may be anything. */
export function hasSameKeys(text: string, other: string): boolean {
  const idsOf = (keys: readonly StoredKey[]) => keys.map(({ id }) => id).sort();
  try {
    return isDeepStrictEqual(idsOf(parseStaticJwks(text)), idsOf(parseStaticJwks(other)));
  } catch (error) {
    if (isKitcnError(error)) return false;
    throw error;
  }
}

/** The keys of a static JWKS. @throws CodegenError `INVALID_JWKS` */
export function readJwks(text: string): StoredKey[] {
  try {
    return parseStaticJwks(text);
  } catch (error) {
    if (!isKitcnError(error)) throw error;
    throw jwksUnreadable({ reason: error.data.message.replace(/^.*?: /, "").replace(/\.$/, "") });
  }
}

// --- internal ---

function isText(value: unknown): boolean {
  return typeof value === "string" && value !== "";
}
