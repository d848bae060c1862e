// Findings about oAuthProxy(): a production deployment that does not recognize itself. Pure.
import type { ProxyFacts } from "../load/auth-facts.js";
import type { Finding } from "./types.js";

/** `OAUTH_PROXY_OPEN`, in production, with the variables of production. */
export function checkProxy(proxy: ProxyFacts | undefined, isProduction: boolean): Finding[] {
  if (!proxy || !isProduction || isItself(proxy)) return [];
  return [
    {
      code: "OAUTH_PROXY_OPEN",
      level: "warning",
      message:
        "oAuthProxy() in auth.ts does not recognize production: whoever can read the secret of a preview can sign in to production as any user.",
      fix: 'Give it `productionURL: "https://<your app>"` and `currentURL: process.env.SITE_URL`. On production, both must be the same site. See docs/previews.md.',
    },
  ];
}

// --- internal ---

/** Where both are on one origin, `defineAuth` completes no sign-in of another deployment. */
function isItself({ productionURL, currentURL }: ProxyFacts): boolean {
  const origin = originOf(currentURL);
  return origin !== undefined && origin === originOf(productionURL);
}

function originOf(url: string | undefined): string | undefined {
  return url !== undefined && URL.canParse(url) ? new URL(url).origin : undefined;
}
