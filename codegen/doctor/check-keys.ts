// Findings about the signing keys: what "Invalid token signature" comes from. Pure.
import { isRs256, type StoredKey } from "../../src/auth/keys/jwks.js";
import {
  configHasOtherKeys,
  jwksNotPassed,
  jwksNotSet,
  jwksOnlyPublic,
  jwksUnreadable,
  keyHalvesDiffer,
  keyNotDecrypted,
  keyNotStored,
  keysExpired,
  otherKeysServed,
} from "../errors/doctor-keys.js";
import { flagOf } from "./check-env.js";
import type { AuthFacts, Finding, KeyFacts, ServedFacts } from "./types.js";

export type KeysFacts = {
  readonly isProduction: boolean;
  readonly nowMs: number;
  /** Keys of the JWKS variable; undefined where it is not set. */
  readonly keys: readonly KeyFacts[] | undefined;
  /** Why the variable cannot be read. */
  readonly unreadable: string | undefined;
  /** Ids of the database's keys; undefined where they could not be read. */
  readonly stored: readonly string[] | undefined;
  readonly plugin: AuthFacts["plugin"];
  readonly providers: AuthFacts["providers"];
  readonly served: ServedFacts | undefined;
};

/**
 * `NO_JWKS`, `INVALID_JWKS`, `NO_SIGNING_KEY`, `WRONG_SECRET`, `KEY_HALVES_DIFFER`, `EXPIRED_KEYS`,
 * `JWKS_NOT_STORED`, `JWKS_NOT_USED`, `AUTH_CONFIG_KEYS`, `SERVED_KEYS_DIFFER`.
 */
export function checkKeys(facts: KeysFacts): Finding[] {
  const { keys, unreadable: reason } = facts;
  const flag = flagOf(facts.isProduction);
  if (reason !== undefined) return [jwksUnreadable({ reason, flag })];
  if (keys === undefined) return [jwksNotSet({ flag })];
  const signing = keys
    .map(({ key }) => key)
    .filter(isRs256)
    .find(isSigning);
  return [
    ...checkSigning(facts, signing),
    ...checkAge(facts, keys),
    ...(signing ? checkAgreement(facts, signing) : []),
  ];
}

// --- internal ---

function isSigning({ privateKey, expiresAt }: StoredKey): boolean {
  return privateKey !== undefined && expiresAt === undefined;
}

function checkSigning(
  { isProduction, keys = [] }: KeysFacts,
  signing: StoredKey | undefined,
): Finding[] {
  const flag = flagOf(isProduction);
  if (!signing) return [jwksOnlyPublic({ flag })];
  const opens = keys.find(({ key }) => key === signing)?.opens;
  if (opens === "no") return [keyNotDecrypted({ flag })];
  return opens === "another-key" ? [keyHalvesDiffer({ id: signing.id, flag })] : [];
}

function checkAge({ isProduction, nowMs }: KeysFacts, keys: readonly KeyFacts[]): Finding[] {
  const old = keys.filter(({ key }) => key.expiresAt !== undefined && key.expiresAt <= nowMs);
  if (old.length === 0) return [];
  const counted = old.length === 1 ? "a key" : `${old.length} keys`;
  return [keysExpired({ keys: counted, flag: flagOf(isProduction) })];
}

/** Everybody has to mean the same key. */
function checkAgreement(
  { isProduction, stored, plugin, providers, served }: KeysFacts,
  { id }: StoredKey,
): Finding[] {
  const findings: Finding[] = [];
  if (plugin && !plugin.jwks) findings.push(jwksNotPassed());
  const carried = providers.flatMap(({ jwks }) => kidsOfDataUri(jwks));
  if (carried.length > 0 && !carried.includes(id)) findings.push(configHasOtherKeys({ id }));
  if (served && served.status === 200 && !served.kids.includes(id))
    findings.push(otherKeysServed({ url: served.url, id }));
  if (stored && stored.length > 0 && !stored.includes(id))
    findings.push(keyNotStored({ id, flag: flagOf(isProduction) }));
  return findings;
}

function kidsOfDataUri(jwks: string | undefined): string[] {
  if (!jwks?.startsWith("data:")) return [];
  const comma = jwks.indexOf(",");
  const isBase64 = jwks.slice(0, comma).endsWith(";base64");
  const data = jwks.slice(comma + 1);
  try {
    const text = isBase64 ? Buffer.from(data, "base64").toString() : decodeURIComponent(data);
    const { keys = [] } = JSON.parse(text) as { keys?: { kid?: unknown }[] }; // a JWKS, or it has no kids
    return keys.flatMap(({ kid }) => (typeof kid === "string" ? [kid] : []));
  } catch {
    // Convex refuses such a provider when it is pushed.
    return [];
  }
}
