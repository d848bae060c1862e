// Keeps one account's data from another: between two accounts nothing of the app is rendered.
// Must sit inside ConvexProviderWithAuth.
import { useConvexAuth } from "convex/react";
import { useState, type ReactNode } from "react";
import type { AuthSnapshot } from "./auth-state.js";

/**
 * Renders its children, except while a second account takes over: the Convex client keeps results until
 * the server answered for the new identity, so until then every query of the first account is let go.
 */
export function AccountGate({
  snapshot: { account, phase },
  children,
}: {
  snapshot: AuthSnapshot;
  children: ReactNode;
}) {
  const { isLoading } = useConvexAuth();
  const [shown, setShown] = useState(account);
  const isSettled = shown === null || (phase === "signedIn" && !isLoading);
  if (account !== null && account !== shown) {
    if (!isSettled) return null;
    setShown(account);
  }
  return children;
}
