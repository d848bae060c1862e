// Checks the static JWKS before it is stored on a deployment. Pure; never quotes the text it checks.
import { isKitcnError } from "../../src/errors.js";
import { MAX_JWKS_BYTES, parseStaticJwks } from "../../src/auth/jwks.js";
import { CodegenError } from "../errors.js";

/**
 * Makes sure a static JWKS can be read by the runtime and stored by Convex.
 *
 * @throws CodegenError `INVALID_JWKS`
 */
export function assertJwks(text: string): void {
  const bytes = Buffer.byteLength(text, "utf8");
  if (bytes >= MAX_JWKS_BYTES)
    throw invalid(
      `it has ${bytes} bytes, and Convex takes fewer than ${MAX_JWKS_BYTES} in one variable`,
    );
  const keys = readKeys(text);
  if (keys.length === 0) throw invalid("it holds no key");
}

// --- internal ---

function readKeys(text: string) {
  try {
    return parseStaticJwks(text);
  } catch (error) {
    if (!isKitcnError(error)) throw error;
    throw invalid(error.data.message.replace(/^.*?: /, "").replace(/\.$/, ""));
  }
}

function invalid(reason: string): CodegenError {
  return new CodegenError({
    code: "INVALID_JWKS",
    message: `The JWKS was not stored: ${reason}.`,
    hint: "Make new keys with `npx kitcn env push --rotate`, which also drops the old ones.",
  });
}
