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
  siteUrlNotPushed,
  siteUrlNotSet,
} from "../errors/doctor-env.js";
import type { AuthFacts, Finding, ServedFacts, Variables } from "./types.js";

export type EnvFacts = {
  readonly env: Variables;
  readonly isProduction: boolean;
  /** Asked for where it is production. */
  readonly development: readonly Development[];
  readonly auth: Pick<AuthFacts, "secret" | "usesSiteUrl"> | undefined;
  /** What a plain `kitcn env push` would push, and how messages name it. Undefined for production and previews. */
  readonly file?: { readonly name: string; readonly values: Variables } | undefined;
};

/** `NO_SECRET`, `WEAK_SECRET`, `SHARED_SECRET`, `NO_SITE_URL`, `LOCAL_SITE_URL`. */
export function checkEnv(facts: EnvFacts): Finding[] {
  return [...checkSecret(facts), ...checkSiteUrl(facts)];
}

/** Without `AUTH_ROUTES_MISSING` where a variable is missing that makes the routes fail: one cause, one finding. */
export function withoutEffects(
  findings: readonly Finding[],
  { causes, served }: { causes: readonly Finding[]; served: ServedFacts | undefined },
): readonly Finding[] {
  if (!served || served.status < 500) return findings;
  const named = served.reason?.match(/\b[A-Z][A-Z0-9_]+\b/g) ?? [];
  const isCause = ({ code, message }: Finding) =>
    code === "NO_SECRET" ||
    code === "NO_SITE_URL" ||
    (code === "MISSING_VARIABLE" && named.some((name) => message.includes(` reads ${name} `)));
  return causes.some(isCause)
    ? findings.filter(({ code }) => code !== "AUTH_ROUTES_MISSING")
    : findings;
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

function checkSiteUrl({ env, isProduction, auth, file }: EnvFacts): Finding[] {
  const { SITE_URL: url } = env;
  const flag = flagOf(isProduction);
  if (!url && auth?.usesSiteUrl)
    return [
      file?.values.SITE_URL ? siteUrlNotPushed({ file: file.name }) : siteUrlNotSet({ flag }),
    ];
  return url && isProduction && isLocalUrl(url) ? [siteUrlLocal()] : [];
}

/** What a new secret begins with: Better Auth refuses a BETTER_AUTH_SECRETS without versions. */
function versionOf(name: (typeof SECRET_NAMES)[number]): string {
  return name === "BETTER_AUTH_SECRETS" ? "1:" : "";
}
