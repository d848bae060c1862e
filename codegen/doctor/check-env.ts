// Findings about the variables of a deployment. Pure.
import { isLocalUrl } from "../env/deployment.js";
import {
  findInDevelopment,
  hasSecret,
  SECRET_NAMES,
  secretsOf,
  weaknessOf,
  type Development,
} from "../env/secret.js";
import {
  secretNotSet,
  secretShared,
  secretWeak,
  siteUrlLocal,
  siteUrlNotSet,
} from "../errors/doctor-env.js";
import type { AuthFacts, Finding, Variables } from "./types.js";

export type EnvFacts = {
  readonly env: Variables;
  readonly isProduction: boolean;
  /** Asked for where it is production. */
  readonly development: readonly Development[];
  readonly auth: Pick<AuthFacts, "secret" | "usesSiteUrl"> | undefined;
};

/** `NO_SECRET`, `WEAK_SECRET`, `SHARED_SECRET`, `NO_SITE_URL`, `LOCAL_SITE_URL`. */
export function checkEnv(facts: EnvFacts): Finding[] {
  return [...checkSecret(facts), ...checkSiteUrl(facts)];
}

/** What commands for this deployment need; a preview's flags are added to all of them. */
export function flagOf(isProduction: boolean): string {
  return isProduction ? "--prod" : "";
}

// --- internal ---

function checkSecret({ env, isProduction, development, auth }: EnvFacts): Finding[] {
  if (auth?.secret) return [];
  const flag = flagOf(isProduction);
  if (!hasSecret(env)) return [secretNotSet({ flag })];
  const findings: Finding[] = [];
  for (const name of SECRET_NAMES) {
    const version = versionOf(name);
    const [secret] = secretsOf(name, env[name] ?? "");
    const weakness = secret ? weaknessOf(secret) : undefined;
    if (weakness !== undefined) {
      const level = isProduction ? "error" : "warning";
      findings.push(secretWeak({ name, weakness, level, version, flag }));
    }
    const where = findInDevelopment(name, env[name] ?? "", development);
    if (where !== undefined) findings.push(secretShared({ name, where, version }));
  }
  return findings;
}

function checkSiteUrl({ env, isProduction, auth }: EnvFacts): Finding[] {
  const { SITE_URL: url } = env;
  if (!url && auth?.usesSiteUrl) return [siteUrlNotSet({ flag: flagOf(isProduction) })];
  return url && isProduction && isLocalUrl(url) ? [siteUrlLocal()] : [];
}

/** What a new secret begins with: Better Auth refuses a BETTER_AUTH_SECRETS without versions. */
function versionOf(name: (typeof SECRET_NAMES)[number]): string {
  return name === "BETTER_AUTH_SECRETS" ? "1:" : "";
}
