"use client";
// The auth state of the nearest ConvexAuthProvider, for kitcn's own components and hooks inside it.
// Must not hold anything but that: the provider makes the state.
import { createContext, useContext, useSyncExternalStore } from "react";
import { missingAuthProvider } from "../errors/client.js";
import type { AuthSnapshot, AuthState } from "./auth-state.js";

export const AuthContext = createContext<AuthState | null>(null);

/**
 * The state of the provider, and what it is now.
 *
 * @throws KitcnError `MISSING_AUTH_PROVIDER` outside of a ConvexAuthProvider
 */
export function useAuthState(caller: string): { state: AuthState; snapshot: AuthSnapshot } {
  const state = useContext(AuthContext);
  if (!state) throw missingAuthProvider({ caller });
  const { subscribe, getSnapshot } = state;
  return { state, snapshot: useSyncExternalStore(subscribe, getSnapshot, getSnapshot) };
}
