"use client";
// The React provider: Better Auth's session made known to Convex.
// Must not decide anything about auth: auth-state does.
import { ConvexProviderWithAuth, useConvexAuth, type ConvexReactClient } from "convex/react";
import { useEffect, useMemo, useSyncExternalStore, type ReactNode } from "react";
import { AccountGate } from "./account-gate.js";
import type { ConvexAuthClient } from "./auth-client.js";
import { AuthContext } from "./auth-context.js";
import { createAuthState, type AuthState } from "./auth-state.js";
import { watchReturn } from "./return-watch.js";

export type ConvexAuthProviderProps = {
  client: ConvexReactClient;
  /** A Better Auth client with the `convexClient()` plugin. */
  authClient: ConvexAuthClient;
  /** A token the server got for this page (`getToken()`): no wait for the session in the browser. */
  initialToken?: string | null | undefined;
  children?: ReactNode;
};

/**
 * Gives the tree under it Convex with the user of Better Auth's session. `useConvexAuth()` is loading
 * until the first authoritative answer; network failures and server errors are retried and never sign
 * anyone out. Tokens stay in memory.
 *
 * @example
 * import { ConvexReactClient } from "convex/react";
 * import { ConvexAuthProvider } from "kitcn/auth/client";
 * import type { ReactNode } from "react";
 * import { authClient } from "../src/lib/auth-client";
 *
 * const convex = new ConvexReactClient(import.meta.env.VITE_CONVEX_URL);
 *
 * export function Providers({ children }: { children: ReactNode }) {
 *   return (
 *     <ConvexAuthProvider client={convex} authClient={authClient}>
 *       {children}
 *     </ConvexAuthProvider>
 *   );
 * }
 */
export function ConvexAuthProvider({
  client,
  authClient,
  initialToken,
  children,
}: ConvexAuthProviderProps) {
  // The first token only: a later one is fetched, never handed down again.
  const state = useMemo(() => createAuthState({ authClient, initialToken }), [authClient]);
  const snapshot = useSyncExternalStore(state.subscribe, state.getSnapshot, state.getSnapshot);
  const auth = {
    isLoading: snapshot.phase === "loading",
    isAuthenticated: snapshot.phase === "signedIn",
    fetchAccessToken: snapshot.fetchAccessToken,
  };
  return (
    <ConvexProviderWithAuth client={client} useAuth={() => auth}>
      <Reviver state={state} />
      <AuthContext.Provider value={state}>
        <AccountGate snapshot={snapshot}>{children}</AccountGate>
      </AuthContext.Provider>
    </ConvexProviderWithAuth>
  );
}

// --- internal ---

/** A session that was refused is tried again when the user comes back to the page, and not oftener. */
function Reviver({ state }: { state: AuthState }) {
  const { isLoading, isAuthenticated } = useConvexAuth();
  const isOut = !isLoading && !isAuthenticated;
  useEffect(() => (isOut ? watchReturn(state.revive) : undefined), [isOut, state]);
  return null;
}
