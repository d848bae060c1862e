// Findings about oAuthProxy(): a production deployment that does not recognize itself. Pure.
import { oauthProxyOpen } from "../errors/doctor-origins.js";
import type { ProxyFacts } from "../load/auth-facts.js";
import type { Finding } from "./types.js";

/** `OAUTH_PROXY_OPEN`, in production, with the variables of production. */
export function checkProxy(proxy: ProxyFacts | undefined, isProduction: boolean): Finding[] {
  return proxy && isProduction && !isItself(proxy) ? [oauthProxyOpen()] : [];
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
