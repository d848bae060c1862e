// Where production is named by oAuthProxy(), nobody is signed in there by what another deployment vouches for. Previews
// have the plugin's secret, so whoever reads one could make such an answer for any user.
import type { BetterAuthPlugin } from "better-auth";
import { APIError, createAuthMiddleware } from "better-auth/api";
import { PROXY_ENDS } from "../../better-auth/paths.js";

/**
 * The plugin; undefined unless `oAuthProxy()` says that this deployment is its production: `currentURL` is on the origin
 * of `productionURL`. Production then begins and ends its own sign-ins directly, and needs no such end. Requests to
 * it get 404.
 */
export function proxiedSignIn(plugins: readonly BetterAuthPlugin[] = []) {
  const proxy = plugins.find(({ id }) => id === "oauth-proxy");
  const { productionURL, currentURL } = (proxy?.options ?? {}) as ProxyOptions; // the plugin's own
  const origin = originOf(currentURL);
  if (origin === undefined || origin !== originOf(productionURL)) return undefined;
  return {
    id: "kitcn-proxied-sign-in",
    hooks: {
      before: [
        {
          matcher: ({ path }) => path !== undefined && PROXY_ENDS.has(path),
          handler: createAuthMiddleware(() => {
            const message = "No sign-in of another deployment ends here.";
            return Promise.reject(new APIError("NOT_FOUND", { message }));
          }),
        },
      ],
    },
  } satisfies BetterAuthPlugin;
}

// --- internal ---

type ProxyOptions = { readonly productionURL?: unknown; readonly currentURL?: unknown };

function originOf(url: unknown): string | undefined {
  return typeof url === "string" && URL.canParse(url) ? new URL(url).origin : undefined;
}
