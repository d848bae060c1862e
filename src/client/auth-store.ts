// Who is signed in, as a store that the bindings of Svelte, Vue and Solid take in.
// Must not touch Convex or a framework, nor decide anything about auth: auth-state does.
import type { ConvexAuthClient } from "./auth-client.js";
import { createAuthState, type AuthSnapshot } from "./auth-state.js";
import { watchReturn } from "./return-watch.js";

/** What the Convex bindings of frameworks ask of an auth provider. */
export type AuthStoreState = {
  /** Until the first authoritative answer, and while another account takes over. */
  readonly isLoading: boolean;
  /** There is a token for Convex, which Convex has still to confirm. */
  readonly isAuthenticated: boolean;
  /** For `setAuth` of a Convex client; null for a visitor. */
  readonly fetchAccessToken: (args: { forceRefreshToken: boolean }) => Promise<string | null>;
};

export type AuthStoreOptions = {
  /** A Better Auth client with the `convexClient()` plugin, of `better-auth/svelte`, `/vue`, `/solid`, `/client`. */
  authClient: ConvexAuthClient;
  /** A token the server got for this page: no wait for the session in the browser. */
  initialToken?: string | null | undefined;
};

export type AuthStore = {
  /** What `subscribe` would say. */
  getState(): AuthStoreState;
  /** Calls `run` at once, and with each new state until the returned function is called. */
  subscribe(run: (state: AuthStoreState) => void): () => void;
  /**
   * Tries a session that Convex refused again when the user comes back to the page, until the returned function is
   * called. For the time in which Convex says that nobody is signed in.
   */
  retryOnReturn(): () => void;
};

/**
 * Better Auth's session as a store, for a binding of Convex that runs `setAuth` itself, as `setupAuth` of
 * `convex-svelte` does. It promises what `ConvexAuthProvider` promises. On a server it stays as it begins, and asks
 * nobody.
 *
 * @throws KitcnError `INVALID_AUTH_CLIENT` when `authClient` keeps no session
 * @example
 * import { createAuthClient } from "better-auth/client";
 * import { convexClient, createAuthStore } from "kitcn/auth/browser";
 *
 * const authClient = createAuthClient({ plugins: [convexClient()] });
 *
 * export const authStore = createAuthStore({ authClient });
 */
export function createAuthStore(options: AuthStoreOptions): AuthStore {
  const auth = createAuthState(options);
  return {
    getState: () => stateOf(auth.getSnapshot()),
    subscribe(run) {
      let shown = auth.getSnapshot();
      run(stateOf(shown));
      if (typeof window === "undefined") return () => {};
      const follow = () => {
        const former = shown;
        shown = auth.getSnapshot();
        const isNews = shown.phase !== "loading" || former.phase !== "loading";
        if (shown !== former && isNews) run(stateOf(shown));
      };
      const leave = auth.subscribe(follow);
      follow();
      return leave;
    },
    retryOnReturn: () => watchReturn(auth.revive),
  };
}

// --- internal ---

function stateOf({ phase, fetchAccessToken }: AuthSnapshot): AuthStoreState {
  return {
    isLoading: phase === "loading",
    isAuthenticated: phase === "signedIn",
    fetchAccessToken,
  };
}
