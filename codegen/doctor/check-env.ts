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

/** `kitcn env push` for the deployment in question. */
export function pushCommand(isProduction: boolean, flags = ""): string {
  return ["npx kitcn env push", isProduction ? "--prod" : "", flags].filter(Boolean).join(" ");
}

// --- internal ---

function checkSecret({ env, isProduction, development, auth }: EnvFacts): Finding[] {
  if (auth?.secret) return [];
  if (!hasSecret(env))
    return [
      {
        code: "NO_SECRET",
        level: "error",
        message: "BETTER_AUTH_SECRET is not set on the deployment, so no session can be signed.",
        fix: pushCommand(isProduction),
      },
    ];
  const findings: Finding[] = [];
  for (const name of SECRET_NAMES) {
    const [secret] = secretsOf(name, env[name] ?? "");
    const weakness = secret ? weaknessOf(secret) : undefined;
    if (weakness !== undefined)
      findings.push({
        code: "WEAK_SECRET",
        level: isProduction ? "error" : "warning",
        message: `${name} ${weakness}.`,
        fix: `npx convex env set ${name} "$(openssl rand -base64 32)"${isProduction ? " --prod" : ""}, then ${pushCommand(isProduction, "--rotate --yes")}. Everybody has to sign in again.`,
      });
    const where = findInDevelopment(name, env[name] ?? "", development);
    if (where !== undefined)
      findings.push({
        code: "SHARED_SECRET",
        level: "error",
        message: `Production has the same ${name} as development (${where}).`,
        fix: `npx convex env set ${name} "$(openssl rand -base64 32)" --prod, then ${pushCommand(true, "--rotate --yes")}. Everybody has to sign in again.`,
      });
  }
  return findings;
}

function checkSiteUrl({ env, isProduction, auth }: EnvFacts): Finding[] {
  const { SITE_URL: url } = env;
  if (!url && auth?.usesSiteUrl)
    return [
      {
        code: "NO_SITE_URL",
        level: "error",
        message: "auth.ts reads SITE_URL, which is not set on the deployment.",
        fix: `npx convex env set SITE_URL https://your.site${isProduction ? " --prod" : ""}`,
      },
    ];
  if (!url || !isProduction || !isLocalUrl(url)) return [];
  return [
    {
      code: "LOCAL_SITE_URL",
      level: "error",
      message: "SITE_URL of production points at a developer's machine.",
      fix: "npx convex env set SITE_URL https://your.site --prod",
    },
  ];
}
