// Fetches the keys of auth providers, as strictly as Convex does, and picks the one of a token.
// Must not know claims.
import type { JWK } from "jose";
import { AuthError } from "./auth-error.js";

/** The keys at an address, which may be a `data:` URL. */
export async function keysAt(url: string): Promise<readonly JWK[]> {
  const body = url.startsWith("data:") ? await dataOf(url) : await fetchJson(url);
  try {
    const { keys } = JSON.parse(body) as { keys?: unknown };
    if (Array.isArray(keys)) return keys as JWK[]; // each is checked where it is imported
  } catch {
    // Not JSON: said below.
  }
  throw new AuthError(
    "InvalidAuthHeader",
    `Invalid JWKS response body from '${url}'. The response is not valid JSON or doesn't match the expected JWKS format.`,
  );
}

// --- internal ---

const MEDIA_TYPES = ["application/json", "application/jwk-set+json"];

async function dataOf(url: string): Promise<string> {
  try {
    return await (await fetch(url)).text();
  } catch {
    throw new AuthError(
      "InvalidAuthHeader",
      "Invalid JWKS data URL. Check that the data URL is properly formatted and contains valid base64-encoded JSON.",
    );
  }
}

async function fetchJson(url: string): Promise<string> {
  const failed = (why: string) =>
    new AuthError(
      "InvalidAuthHeader",
      `Could not fetch JWKS from URL '${url}': ${why}. Check that the URL is correct and accessible.`,
    );
  const response = await fetch(url, { headers: { accept: "application/json" } }).catch(
    (error: Error) => {
      throw failed(error.message);
    },
  );
  if (response.status !== 200) throw failed(`HTTP ${response.status} ${response.statusText}`);
  const contentType = response.headers.get("content-type") ?? "unknown";
  const [type = "", ...parameters] = contentType
    .toLowerCase()
    .split(";")
    .map((part) => part.trim());
  const charset = parameters.find((one) => one.startsWith("charset="));
  if (!MEDIA_TYPES.includes(type) || (charset && charset !== "charset=utf-8"))
    throw new AuthError(
      "InvalidAuthHeader",
      `Invalid Content-Type '${contentType}' when fetching JWKS from '${url}'. Expected 'application/json' or 'application/jwk-set+json'.`,
    );
  return response.text();
}
