// Whether a deployment's secret opens the keys in its JWKS, by the app's own Better Auth. Never prints a key.
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { pathToFileURL } from "node:url";
import type { StoredKey } from "../../src/auth/keys/jwks.js";
import { SECRET_NAMES } from "../env/secret.js";
import { cryptoNotLoaded } from "../errors/load.js";
import { installLineIn } from "../packages/satellites.js";
import type { KeyFacts, Variables } from "./types.js";

/**
 * Tries every private half.
 *
 * @param input.from a file of the app, from which better-auth is resolved
 * @throws CodegenError `NO_BETTER_AUTH`
 */
export async function loadKeyFacts({
  keys,
  env,
  secret,
  from,
}: {
  keys: readonly StoredKey[];
  env: Variables;
  /** Where auth.ts itself sets one. */
  secret: string | undefined;
  from: string;
}): Promise<KeyFacts[]> {
  const decrypt = await loadDecrypt(from);
  const config = secretConfig(env, secret);
  const facts: KeyFacts[] = [];
  for (const key of keys) {
    const opens = key.privateKey && config ? await tryKey(key, { decrypt, config }) : undefined;
    facts.push({ key, opens });
  }
  return facts;
}

// --- internal ---

type SecretConfig =
  | string
  | {
      readonly keys: ReadonlyMap<number, string>;
      readonly currentVersion: number;
      readonly legacySecret: string | undefined;
    };

type Decrypt = (input: { key: SecretConfig; data: string }) => Promise<string>;

async function loadDecrypt(from: string): Promise<Decrypt> {
  try {
    const path = createRequire(from).resolve("better-auth/crypto");
    const module = (await import(pathToFileURL(path).href)) as { symmetricDecrypt: Decrypt }; // Better Auth's
    return module.symmetricDecrypt;
  } catch (cause) {
    const command = installLineIn(dirname(from), "better-auth");
    throw cryptoNotLoaded({ command, cause });
  }
}

/** As Better Auth reads it: versions first, then the single ones. */
function secretConfig(env: Variables, own: string | undefined): SecretConfig | undefined {
  const [single, versions, other] = SECRET_NAMES.map((name) => env[name]);
  const legacySecret = own ?? (single || other || undefined);
  if (!versions) return legacySecret;
  const keys = versions.split(",").map((entry): [number, string] => {
    const [version = "", ...secret] = entry.trim().split(":");
    return [Number(version), secret.join(":")];
  });
  return { keys: new Map(keys), currentVersion: keys[0]?.[0] ?? 0, legacySecret };
}

async function tryKey(
  { publicKey, privateKey = "" }: StoredKey,
  { decrypt, config }: { decrypt: Decrypt; config: SecretConfig },
): Promise<KeyFacts["opens"]> {
  try {
    const data = JSON.parse(privateKey) as string; // a JSON text of the encrypted key
    const own = JSON.parse(await decrypt({ key: config, data })) as { n?: unknown };
    return own.n === (JSON.parse(publicKey) as { n?: unknown }).n ? "yes" : "another-key";
  } catch {
    // What it says may quote the key.
    return "no";
  }
}
