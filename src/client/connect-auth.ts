// Better Auth's session made known to Convex's own client, for apps without React.
// Must not decide anything about auth: auth-state does.
import type { ConvexClient } from "convex/browser";
import type { ConvexAuthClient } from "./auth-client.js";
import { createAuthState, type AuthSnapshot } from "./auth-state.js";
import { watchReturn } from "./return-watch.js";

/** What `useConvexAuth()` says in React: both are false for a visitor. */
export type ConvexAuthState = {
  /** Until the first authoritative answer, and while another account takes over. */
  readonly isLoading: boolean;
  /** Convex has confirmed the user's token. */
  readonly isAuthenticated: boolean;
};

export type ConnectAuthOptions = {
  client: ConvexClient;
  /** A Better Auth client with the `convexClient()` plugin, of `better-auth/client`, `/vue`, `/svelte`, `/solid`. */
  authClient: ConvexAuthClient;
  /** A token the server got for this page: no wait for the session in the browser. */
  initialToken?: string | null | undefined;
  /**
   * Called with each new state. Before the first call it is loading, or what the server rendered with `initialToken`:
   * signed in with a token, signed out with null. If that token has expired or is another account's, the first call says
   * loading, and may come before `connectAuth` returns.
   */
  onChange?: ((state: ConvexAuthState) => void) | undefined;
};

/**
 * Runs the queries and mutations of `client` as the user of Better Auth's session, until the returned function
 * is called. It promises what `ConvexAuthProvider` promises: network failures and server errors are retried
 * and never sign anyone out, and tokens stay in memory. Between two accounts `isLoading` is true: show nothing
 * of the first one then.
 *
 * @throws KitcnError `INVALID_AUTH_CLIENT` when `authClient` keeps no session
 * @example
 * import { createAuthClient } from "better-auth/client";
 * import { ConvexClient } from "convex/browser";
 * import { connectAuth, convexClient } from "kitcn/auth/browser";
 *
 * const convex = new ConvexClient(import.meta.env.VITE_CONVEX_URL);
 * export const authClient = createAuthClient({ plugins: [convexClient()] });
 *
 * connectAuth({
 *   client: convex,
 *   authClient,
 *   onChange: ({ isLoading, isAuthenticated }) => {
 *     document.body.dataset.user = isLoading ? "loading" : isAuthenticated ? "in" : "out";
 *   },
 * });
 */
export function connectAuth({
  client,
  authClient,
  initialToken,
  onChange,
}: ConnectAuthOptions): () => void {
  // As on a server, where pages are rendered for visitors.
  if (client.disabled) return () => {};
  const auth = createAuthState({ authClient, initialToken });
  let shown: AuthSnapshot | undefined;
  let state: ConvexAuthState = LOADING;
  // A page that the server rendered with a token shows its user, also before Convex has confirmed the token.
  let isRendered = typeof initialToken === "string";
  let stopWatching = () => {};

  const show = (next: ConvexAuthState) => {
    const isSame =
      next.isLoading === state.isLoading && next.isAuthenticated === state.isAuthenticated;
    if (isSame && !isRendered) return;
    isRendered = false;
    state = next;
    stopWatching();
    // A session that was refused is tried again when the user comes back, and not oftener.
    stopWatching = next.isLoading || next.isAuthenticated ? () => {} : watchReturn(auth.revive);
    onChange?.(state);
  };

  const follow = () => {
    const former = shown;
    const next = auth.getSnapshot();
    if (next === former) return;
    shown = next;
    // Convex keeps the former user until it is told otherwise.
    if (former?.phase === "signedIn" && former.account !== next.account) client.client.clearAuth();
    if (next.phase === "loading") show(LOADING);
    if (next.phase === "signedOut") show(SIGNED_OUT);
    if (next.phase !== "signedIn") return;
    const isShown = state.isAuthenticated || isRendered;
    if (!isShown || (former && former.account !== next.account)) show(LOADING);
    client.setAuth(next.fetchAccessToken, (isAuthenticated) => {
      if (shown === next) show({ isLoading: false, isAuthenticated });
    });
  };

  const leave = auth.subscribe(follow);
  follow();
  return () => {
    leave();
    stopWatching();
    const wasSignedIn = shown?.phase === "signedIn";
    shown = undefined;
    if (wasSignedIn && !client.closed) client.client.clearAuth();
  };
}

// --- internal ---

const LOADING: ConvexAuthState = { isLoading: true, isAuthenticated: false };
const SIGNED_OUT: ConvexAuthState = { isLoading: false, isAuthenticated: false };
