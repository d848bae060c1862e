// Checks the static JWKS before it is stored on a deployment, and takes out what is over. Pure; never quotes
// the text it is about.
import { isKitcnError } from "../../src/errors.js";
import {
  isRs256,
  MAX_JWKS_BYTES,
  parseStaticJwks,
  printStaticJwks,
  publicJwks,
  type StoredKey,
} from "../../src/auth/keys/jwks.js";
import { CodegenError } from "../errors.js";

/**
 * Makes sure a static JWKS can be read by the runtime, used by Convex and stored in one variable.
 *
 * @throws CodegenError `INVALID_JWKS`
 */
export function assertJwks(text: string): void {
  const bytes = Buffer.byteLength(text, "utf8");
  if (bytes >= MAX_JWKS_BYTES)
    throw invalid(
      `it has ${bytes} bytes, and Convex takes fewer than ${MAX_JWKS_BYTES} in one variable`,
    );
  const keys = readJwks(text);
  if (keys.length === 0) throw invalid("it has no key");
  const rsa = publicJwks(keys.filter(isRs256)).keys;
  if (rsa.length === 0) throw invalid("it has no RS256 key");
  const wrong = rsa.find(({ kty, n, e }) => kty !== "RSA" || !isText(n) || !isText(e));
  if (wrong) throw invalid(`the key "${wrong.kid}" is not an RSA key`);
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

/** The keys of a static JWKS. @throws CodegenError `INVALID_JWKS` */
export function readJwks(text: string): StoredKey[] {
  try {
    return parseStaticJwks(text);
  } catch (error) {
    if (!isKitcnError(error)) throw error;
    throw invalid(error.data.message.replace(/^.*?: /, "").replace(/\.$/, ""));
  }
}

// --- internal ---

function isText(value: unknown): boolean {
  return typeof value === "string" && value !== "";
}

function invalid(reason: string): CodegenError {
  return new CodegenError({
    code: "INVALID_JWKS",
    message: `The JWKS was not stored: ${reason}.`,
    hint: "Make new keys with `npx kitcn env push --rotate`, which also drops the old ones.",
  });
}
