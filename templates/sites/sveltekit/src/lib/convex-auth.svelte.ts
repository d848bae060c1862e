import { page } from "$app/state";
import { PUBLIC_CONVEX_URL } from "$env/static/public";
import { setupAuth, setupConvex, useAuth } from "convex-svelte";
import { createAuthStore } from "kitcn/auth/browser";
import { onDestroy } from "svelte";
import { authClient } from "./auth-client";

/** For the root layout: Convex as the user who is signed in, for the layout and all below it. */
export function setupConvexAuth() {
  setupConvex(PUBLIC_CONVEX_URL);
  // null for a visitor, undefined where the server did not say, as in pages that are built beforehand.
  const token: string | null | undefined = page.data.convexToken;
  const store = createAuthStore({ authClient, initialToken: token });
  let state = $state.raw(store.getState());
  onDestroy(store.subscribe((next) => (state = next)));
  const isKnown = token === null || state.isAuthenticated;
  setupAuth(
    () => state,
    isKnown ? { initialState: { isAuthenticated: token !== null } } : undefined,
  );
  // A session that Convex refused is tried again when the user comes back.
  const auth = useAuth();
  $effect(() => (auth.isLoading || auth.isAuthenticated ? undefined : store.retryOnReturn()));
}
