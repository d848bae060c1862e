// The Better Auth client plugin that goes with convex(): types of its endpoints, calmer defaults.
// Must stay usable on a server: no React, no browser globals.
import type { BetterAuthClientPlugin } from "better-auth/client";
import type { convex } from "../auth/plugin.js";

// Written out, and structural: what tsc would infer names types of Better Auth's own dependencies, whose
// copy in an app may differ.
/**
 * What `convexClient()` returns. TypeScript names it in the declarations of your auth client.
 *
 * @example
 * import { convexClient, type ConvexClientPlugin } from "kitcn/auth/client";
 *
 * export const plugin: ConvexClientPlugin = convexClient();
 */
export type ConvexClientPlugin = {
  id: "convex";
  $InferServerPlugin: ReturnType<typeof convex>;
  pathMethods: { "/convex/token": "GET"; "/convex/jwks": "GET" };
  getActions: (
    fetch: unknown,
    store: unknown,
    options:
      { sessionOptions?: { refetchOnWindowFocus?: boolean | undefined } | undefined } | undefined,
  ) => Record<never, never>;
};

/**
 * Client half of `convex()`: `authClient.convex.token()` fetches a token, and `ConvexAuthProvider` accepts
 * the client. The session is not asked for again each time the window gets the focus, unless
 * `sessionOptions.refetchOnWindowFocus` says so: sign-outs and sign-ins in other tabs are noticed anyway,
 * and a session that ended elsewhere is when the next token is due.
 *
 * @example
 * // src/lib/auth-client.ts
 * import { createAuthClient } from "better-auth/react";
 * import { convexClient } from "kitcn/auth/client";
 *
 * export const authClient = createAuthClient({ plugins: [convexClient()] });
 */
export function convexClient(): ConvexClientPlugin {
  return {
    id: "convex",
    // Never read: Better Auth wants only its type.
    $InferServerPlugin: {} as ReturnType<typeof convex>,
    pathMethods: { "/convex/token": "GET", "/convex/jwks": "GET" },
    getActions: (_fetch, _store, options) => {
      // The options object is what the session's refresh manager reads once it starts.
      if (options)
        options.sessionOptions = { refetchOnWindowFocus: false, ...options.sessionOptions };
      return {};
    },
  } satisfies ConvexClientPlugin & BetterAuthClientPlugin;
}
