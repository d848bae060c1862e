// Findings about the origins that Better Auth trusts: patterns that fit hosts of strangers. Pure.
import { TRUSTED_ORIGINS } from "../../src/better-auth/variables.js";
import { expoGoTrusted, strangersTrusted } from "../errors/doctor-origins.js";
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
  const variable = TRUSTED_ORIGINS;
  return places.flatMap(({ where, origins: listed }) => [
    ...listed.filter(isExpoGo).map((origin) => expoGoTrusted({ where, origin, variable })),
    ...listed.filter(isOpen).map((origin) => strangersTrusted({ where, origin, variable })),
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
  const [begin = "", scheme] = /^([a-z][\w+.-]*):\/\//i.exec(origin) ?? [];
  // Links that open an app on a phone have no host: all of them are that app's own.
  if (isExpoGo(origin) || (scheme !== undefined && !/^https?$/i.test(scheme))) return false;
  const host = origin.slice(begin.length).split(/[/:]/)[0] ?? "";
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
