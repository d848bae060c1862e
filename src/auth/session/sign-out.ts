// Spares a sign-out the reads that only a provider's own logout needs.
import type { BetterAuthPlugin } from "better-auth";
import { createAuthMiddleware } from "better-auth/api";
import { SIGN_OUT_PATH } from "../../better-auth/paths.js";

/**
 * Better Auth's sign-out looks the session, its user and its accounts up, to find a provider that wants to
 * be told. Where no provider does, that look-up finds nothing to do: it is answered without reading.
 */
export function leanSignOut() {
  return {
    id: "kitcn-sign-out",
    hooks: {
      before: [
        {
          matcher: ({ path }) => path === SIGN_OUT_PATH,
          handler: createAuthMiddleware(async (ctx) => {
            const { authCookies, internalAdapter, secret, socialProviders } = ctx.context;
            // Without a session Better Auth looks nothing up, and whoever calls starts no plugin by it.
            if (!(await ctx.getSignedCookie(authCookies.sessionToken.name, secret))) return;
            if (socialProviders.some((provider) => provider.createEndSessionURL)) return;
            let isFirst = true;
            const findSession: typeof internalAdapter.findSession = async (token) => {
              // The endpoint's own look-up is the first; hooks that follow get the session.
              if (!isFirst) return internalAdapter.findSession(token);
              isFirst = false;
              return null;
            };
            return { context: { context: { internalAdapter: { findSession } } } };
          }),
        },
      ],
    },
  } satisfies BetterAuthPlugin;
}
