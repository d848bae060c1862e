// What makes a secret too weak, and where a deployment may have one. Pure; never quotes a value.

/** Values of one place in development, and how messages name it. */
export type Development = {
  readonly where: string;
  readonly values: Readonly<Record<string, string>>;
};

/** The variable that encrypts and signs. */
export const SECRET_NAME = "BETTER_AUTH_SECRET";

/** Every variable that Better Auth takes its secret from. */
export const SECRET_NAMES = [SECRET_NAME, "BETTER_AUTH_SECRETS", "AUTH_SECRET"] as const;

export const MIN_SECRET_LENGTH = 32;

/** True where Better Auth finds a secret. */
export function hasSecret(values: Readonly<Record<string, string | undefined>>): boolean {
  return SECRET_NAMES.some((name) => values[name]);
}

/** The secrets in the value of a variable, of which BETTER_AUTH_SECRETS has versions; the first one is in use. */
export function secretsOf(name: string, value: string): string[] {
  if (name !== "BETTER_AUTH_SECRETS") return [value];
  return value.split(",").map((version) => version.trim().replace(/^\d+:/, ""));
}

/** Where development has this secret, or one of its versions, under whatever name. */
export function findInDevelopment(
  name: string,
  value: string,
  development: readonly Development[],
): string | undefined {
  const own = secretsOf(name, value);
  return development.find(({ values }) => {
    const theirs = SECRET_NAMES.flatMap((one) => secretsOf(one, values[one] ?? ""));
    const all = new Set([...Object.values(values), ...theirs]);
    return own.some((secret) => secret !== "" && all.has(secret));
  })?.where;
}

/** Why a secret is too weak, as the end of a sentence; undefined for a good one. */
export function weaknessOf(secret: string): string | undefined {
  if (KNOWN_SECRETS.has(secret)) return "is a published default";
  if (secret.length < MIN_SECRET_LENGTH) return `is shorter than ${MIN_SECRET_LENGTH} characters`;
  // The same measure as Better Auth's own warning.
  const bits = secret.length * Math.log2(new Set(secret).size);
  return bits < MIN_ENTROPY_BITS ? "repeats too few characters to be random" : undefined;
}

// --- internal ---

const MIN_ENTROPY_BITS = 120;

/** Better Auth's fallback, which anybody can read in its source. */
const KNOWN_SECRETS = new Set(["better-auth-secret-12345678901234567890"]);
