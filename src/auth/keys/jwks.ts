// The static JWKS: what is stored in the deployment's JWKS variable, and the public set made of it.
// Runs inside auth.config.ts too: must not import better-auth or touch Date, crypto or the database.
import { invalidJwks } from "../../errors/jwks.js";

/**
 * A signing key as stored. `publicKey` and `privateKey` are JSON texts of a JWK; the private one is
 * encrypted with BETTER_AUTH_SECRET, and absent for a key that is only kept to verify older tokens.
 * Times are ms since the epoch.
 */
export type StoredKey = {
  readonly id: string;
  readonly publicKey: string;
  readonly privateKey?: string | undefined;
  readonly createdAt: number;
  readonly expiresAt?: number | undefined;
  readonly alg?: string | undefined;
};

/** A public JSON Web Key Set, safe to show to anyone. */
export type PublicJwks = { readonly keys: readonly PublicJwk[] };

export type PublicJwk = {
  readonly kid: string;
  readonly alg: string;
  readonly [member: string]: unknown;
};

/** The signature algorithm of every token: Convex accepts it in all its auth providers. */
export const JWT_ALGORITHM = "RS256";

/** What Convex accepts as the value of one environment variable, in bytes. */
export const MAX_JWKS_BYTES = 8192;

/**
 * Reads a static JWKS: the list of stored keys that `kitcn env push` writes, or a plain public
 * `{ keys: [...] }` set (which verifies tokens but can sign none). A JSON text of either is read too, since
 * `convex run` prints one.
 *
 * @throws KitcnError `INVALID_JWKS`
 * @example
 * const keys = parseStaticJwks(process.env.JWKS ?? "[]");
 */
export function parseStaticJwks(text: string): StoredKey[] {
  const parsed = parseJson(text);
  const value = typeof parsed === "string" ? parseJson(parsed) : parsed;
  const keys = keysOf(value);
  const ids = keys.map(({ id }) => id);
  const twice = ids.find((id, at) => ids.indexOf(id) !== at);
  if (twice !== undefined) throw invalidJwks({ reason: `two of its keys have the id "${twice}"` });
  return keys;
}

/**
 * Writes keys as the value of the JWKS variable, newest first. Only the newest that can sign keeps its
 * private half, and the oldest go where they would not fit in one variable.
 */
export function printStaticJwks(keys: readonly StoredKey[]): string {
  const sorted = [...keys].sort((a, b) => b.createdAt - a.createdAt);
  const signing = sorted.find((key) => key.privateKey && !key.expiresAt);
  const printed = sorted.map((key) => printKey(key, { isSigning: key === signing }));
  while (printed.length > 1 && byteLength(`[${printed.join(",")}]`) >= MAX_JWKS_BYTES)
    printed.pop();
  return `[${printed.join(",")}]`;
}

/** False for a key of another algorithm, which Better Auth's own jwt() plugin may have made. */
export function isRs256({ alg = JWT_ALGORITHM }: StoredKey): boolean {
  return alg === JWT_ALGORITHM;
}

/** The id by which tokens name a key (`kid`): its own where it has one, else that of its row. */
export function kidOf({ id, publicKey }: { id: string; publicKey: string }): string {
  const { kid } = jwkOf({ id, publicKey });
  return typeof kid === "string" && kid !== "" ? kid : id;
}

/** A public key's text with an id of its own. */
export function withKid(publicKey: string, kid: string): string {
  return JSON.stringify({ ...jwkOf({ id: kid, publicKey }), kid });
}

/** The public set of stored keys: `kid`, `alg`, `use` and the public members, nothing private. */
export function publicJwks(keys: readonly StoredKey[]): PublicJwks {
  return {
    keys: keys.map((key) => ({
      ...publicMembers(key),
      kid: key.id,
      alg: key.alg ?? JWT_ALGORITHM,
      use: "sig",
    })),
  };
}

// --- internal ---

/** Members of an RSA JWK that are private; anything else may be published. */
const PRIVATE_MEMBERS = new Set(["d", "p", "q", "dp", "dq", "qi", "oth", "k"]);

function publicMembers(key: StoredKey): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(jwkOf(key)).filter(([member]) => !PRIVATE_MEMBERS.has(member)),
  );
}

function jwkOf({ id, publicKey }: Pick<StoredKey, "id" | "publicKey">): Record<string, unknown> {
  const jwk = parseJson(publicKey);
  if (!isRecord(jwk))
    throw invalidJwks({ reason: `the public key of "${id}" is not a JWK object` });
  return jwk;
}

function printKey(
  { id, publicKey, privateKey, createdAt, expiresAt, alg }: StoredKey,
  { isSigning }: { isSigning: boolean },
): string {
  return JSON.stringify({
    id,
    publicKey,
    ...(isSigning ? { privateKey } : {}),
    createdAt,
    ...(expiresAt ? { expiresAt } : {}),
    alg: alg ?? JWT_ALGORITHM,
  });
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}

function keysOf(value: unknown): StoredKey[] {
  if (Array.isArray(value)) return value.map(storedKey);
  if (isRecord(value) && Array.isArray(value.keys)) return value.keys.map(keyOfPublicJwk);
  throw invalidJwks({ reason: "it is neither a list of keys nor a { keys: [...] } set" });
}

function storedKey(value: unknown): StoredKey {
  if (!isRecord(value)) throw invalidJwks({ reason: "a key is not an object" });
  const { id, publicKey, privateKey, createdAt, expiresAt, alg } = value;
  if (typeof id !== "string" || id === "") throw invalidJwks({ reason: "a key has no id" });
  if (typeof publicKey !== "string")
    throw invalidJwks({ reason: `the key "${id}" has no publicKey text` });
  jwkOf({ id, publicKey });
  return {
    id,
    publicKey,
    privateKey: typeof privateKey === "string" ? privateKey : undefined,
    createdAt: milliseconds(createdAt) ?? 0,
    expiresAt: milliseconds(expiresAt),
    alg: typeof alg === "string" ? alg : undefined,
  };
}

function keyOfPublicJwk(value: unknown): StoredKey {
  if (!isRecord(value) || typeof value.kid !== "string")
    throw invalidJwks({ reason: "a key of the set has no kid" });
  const { kid, alg, ...members } = value;
  return {
    id: kid,
    publicKey: JSON.stringify(members),
    createdAt: 0,
    alg: typeof alg === "string" ? alg : undefined,
  };
}

/** Accepts ms numbers and date texts. Date.parse is avoided at config time unless a text is given. */
function milliseconds(value: unknown): number | undefined {
  if (typeof value === "number" && Number.isFinite(value)) return value;
  if (typeof value !== "string") return undefined;
  const parsed = Date.parse(value);
  return Number.isNaN(parsed) ? undefined : parsed;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's message would quote the text, and with it key material.
    throw invalidJwks({ reason: "it is not valid JSON" });
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
