// Findings about the origins that Better Auth trusts: patterns that fit hosts of strangers. Pure.
import { TRUSTED_ORIGINS } from "../../src/better-auth/variables.js";
import type { Finding, Variables } from "./types.js";

export type OriginFacts = {
  /** `trustedOrigins` of auth.ts. */
  readonly origins: readonly string[];
  readonly env: Variables;
  readonly isProduction: boolean;
};

/** `OPEN_ORIGIN`, in production: a preview has nobody's data but its own. */
export function checkOrigins({ origins, env, isProduction }: OriginFacts): Finding[] {
  if (!isProduction) return [];
  const ofVariable = (env[TRUSTED_ORIGINS] ?? "").split(",").map((one) => one.trim());
  const places = [
    { where: "trustedOrigins in auth.ts", origins },
    { where: `${TRUSTED_ORIGINS} of production`, origins: ofVariable },
  ];
  return places.flatMap((place) => [
    ...place.origins.filter(isExpoGo).map((origin): Finding => ({
      code: "OPEN_ORIGIN",
      level: "warning",
      message: `${place.where} has "${origin}": such links open anybody's app in Expo Go, and would give it the session of your users.`,
      fix: `Remove it from production. For development, ${TRUSTED_ORIGINS} of convex/.env has it.`,
    })),
    ...place.origins.filter(isOpen).map((origin): Finding => ({
      code: "OPEN_ORIGIN",
      level: "warning",
      message: `${place.where} has "${origin}": anybody can create a site there, whose pages may call your auth routes as your signed-in users.`,
      fix: `List only production's own origins. For previews, set ${TRUSTED_ORIGINS} on preview deployments only: npx convex env default set --type preview ${TRUSTED_ORIGINS} "<pattern>"`,
    })),
  ]);
}

// --- internal ---

/** Where anybody gets a name below, of letters that he chooses. */
const SHARED = [
  "vercel.app",
  "netlify.app",
  "pages.dev",
  "workers.dev",
  "fly.dev",
  "onrender.com",
  "herokuapp.com",
  "up.railway.app",
  "web.app",
  "firebaseapp.com",
  "github.io",
  "ngrok.app",
  "ngrok-free.app",
  "trycloudflare.com",
  "amplifyapp.com",
  "azurestaticapps.net",
  "azurewebsites.net",
  "run.app",
  "deno.dev",
  "surge.sh",
  "replit.app",
  "lovable.app",
  "github.dev",
  "convex.site",
] as const;

/** Where apps in Expo Go are, whoever made them. */
function isExpoGo(origin: string): boolean {
  return /^exps?:/i.test(origin);
}

/** A wildcard in the place of a name that strangers choose, or of a whole domain. */
function isOpen(origin: string): boolean {
  if (isExpoGo(origin)) return false;
  const host = origin.replace(/^[a-z][\w+.-]*:\/\//i, "").split(/[/:]/)[0] ?? "";
  if (!/[*?]/.test(host)) return false;
  const shared = SHARED.find((suffix) => host === suffix || host.endsWith(`.${suffix}`));
  const own = shared === undefined ? host.split(".").slice(0, -1) : below(host, shared);
  const chosen = own.at(-1) ?? host;
  // Of a Netlify site every branch is at <branch>--<site>, and no name of a site has two dashes.
  if (shared === "netlify.app" && /--[\w-]+$/.test(chosen)) return false;
  return /[*?]/.test(chosen);
}

function below(host: string, suffix: string): string[] {
  return host.slice(0, -suffix.length - 1).split(".");
}
