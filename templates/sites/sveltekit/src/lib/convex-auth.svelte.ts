import { page } from "$app/state";
import { PUBLIC_CONVEX_URL } from "$env/static/public";
import { setupAuth, setupConvex, useAuth } from "convex-svelte";
import { createAuthStore } from "kitcn/auth/browser";
import { onDestroy } from "svelte";
import { authClient } from "./auth-client";

/** Call this in the root layout: the layout and all pages below it then call Convex as the signed-in user. */
export function setupConvexAuth() {
  // The browser goes on with the token that rendered the page.
  setupConvex(PUBLIC_CONVEX_URL, { initialAuthTokenReuse: true });
  // null for a visitor; undefined if the server does not know, as in prerendered pages.
  const token: string | null | undefined = page.data.convexToken;
  const store = createAuthStore({ authClient, initialToken: token });
  let state = $state.raw(store.getState());
  onDestroy(store.subscribe((next) => (state = next)));
  const isKnown = token === null || store.getState().isAuthenticated;
  setupAuth(
    () => state,
    isKnown ? { initialState: { isAuthenticated: token !== null } } : undefined,
  );
  // If Convex refused the session, try it again when the user returns to the page.
  const auth = useAuth();
  $effect(() => (auth.isLoading || auth.isAuthenticated ? undefined : store.retryOnReturn()));
}
