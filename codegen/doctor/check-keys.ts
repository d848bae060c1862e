// Findings about the signing keys: what "Invalid token signature" comes from. Pure.
import { isRs256, type StoredKey } from "../../src/auth/keys/jwks.js";
import { pushCommand } from "./check-env.js";
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
  const { isProduction, keys, unreadable } = facts;
  if (unreadable !== undefined)
    return [
      error("INVALID_JWKS", `JWKS on the deployment cannot be read: ${unreadable}.`, {
        fix: pushCommand(isProduction, "--rotate --yes"),
      }),
    ];
  if (keys === undefined)
    return [
      {
        code: "NO_JWKS",
        level: "warning",
        message:
          "JWKS is not set on the deployment: every token reads keys from the database, and Convex has to fetch them.",
        fix: pushCommand(isProduction),
      },
    ];
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

function error(code: string, message: string, { fix }: { fix: string }): Finding {
  return { code, level: "error", message, fix };
}

function isSigning({ privateKey, expiresAt }: StoredKey): boolean {
  return privateKey !== undefined && expiresAt === undefined;
}

function checkSigning({ isProduction, keys = [] }: KeysFacts, signing: StoredKey | undefined) {
  const rotate = { fix: pushCommand(isProduction, "--rotate --yes") };
  if (!signing)
    return [
      error("NO_SIGNING_KEY", "JWKS has public keys only, so no token can be signed.", rotate),
    ];
  const opens = keys.find(({ key }) => key === signing)?.opens;
  if (opens === "no")
    return [
      error(
        "WRONG_SECRET",
        "BETTER_AUTH_SECRET does not decrypt the signing key in JWKS: somebody changed one of the two, or one is from another deployment.",
        rotate,
      ),
    ];
  if (opens !== "another-key") return [];
  return [
    error(
      "KEY_HALVES_DIFFER",
      `The private key and the public key of "${signing.id}" in JWKS do not belong together: every token has an invalid signature.`,
      rotate,
    ),
  ];
}

function checkAge({ isProduction, nowMs }: KeysFacts, keys: readonly KeyFacts[]): Finding[] {
  const old = keys.filter(({ key }) => key.expiresAt !== undefined && key.expiresAt <= nowMs);
  if (old.length === 0) return [];
  return [
    {
      code: "EXPIRED_KEYS",
      level: "warning",
      message: `JWKS still has ${old.length === 1 ? "a key" : `${old.length} keys`} whose grace period is over.`,
      fix: pushCommand(isProduction),
    },
  ];
}

/** Everybody has to mean the same key. */
function checkAgreement(
  { isProduction, stored, plugin, providers, served }: KeysFacts,
  { id }: StoredKey,
): Finding[] {
  const findings: Finding[] = [];
  if (plugin && !plugin.jwks)
    findings.push(
      error(
        "JWKS_NOT_USED",
        "JWKS is set on the deployment, but auth.ts does not pass it to convex(): kitcn signs tokens with keys from the database, which Convex does not accept.",
        { fix: "In auth.ts: convex({ authConfig, jwks: process.env.JWKS })" },
      ),
    );
  const carried = providers.flatMap(({ jwks }) => kidsOfDataUri(jwks));
  if (carried.length > 0 && !carried.includes(id))
    findings.push(
      error(
        "AUTH_CONFIG_KEYS",
        `auth.config.ts has other keys than JWKS on the deployment: the signing key "${id}" is not among them.`,
        {
          fix: "In auth.config.ts: getAuthConfigProvider() without `jwks`, then push the functions.",
        },
      ),
    );
  if (served && served.status === 200 && !served.kids.includes(id))
    findings.push(
      error(
        "SERVED_KEYS_DIFFER",
        `${served.url} serves other keys than JWKS: the signing key "${id}" is not among them.`,
        { fix: "Push the functions, so that they run with this auth.ts." },
      ),
    );
  if (stored && stored.length > 0 && !stored.includes(id))
    findings.push({
      code: "JWKS_NOT_STORED",
      level: "warning",
      message: `The signing key "${id}" in JWKS is not in the deployment's database: a rotation was interrupted, or JWKS comes from another deployment.`,
      fix: pushCommand(isProduction, "--rotate --grace --yes"),
    });
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
