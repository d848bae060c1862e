// The address to which mailed links and identity providers return, and what they bring: in the address of the page, or
// on a phone in a link with the app's scheme.
import * as Linking from "expo-linking";
import { useEffect, useRef } from "react";
import { Platform } from "react-native";

/** The address of this page. On a phone, a link to it opens the app. */
export function returnAddress(): string {
  if (Platform.OS !== "web") return Linking.createURL("/auth");
  return window.location.pathname + window.location.hash;
}

/** What a link or an identity provider added to the address; null for what it did not. */
export type Return = {
  error: string | null;
  // @if reset
  /** For a new password. */
  token: string | null;
  // @end
  // @if mailed-session
  /** The session of a mailed link that opened the app on a phone. */
  cookie: string | null;
  // @end
};

/** Calls `onReturn` for each link that opens this page, once. */
export function useReturn(onReturn: (returned: Return) => void) {
  const address = Linking.useLinkingURL();
  const latest = useRef(onReturn);
  useEffect(() => {
    latest.current = onReturn;
  });
  useEffect(() => {
    if (!address || taken.has(address)) return;
    taken.add(address);
    const { searchParams } = new URL(address);
    const returned = {
      error: searchParams.get("error"),
      // @if reset
      token: searchParams.get("token"),
      // @end
      // @if mailed-session
      cookie: Platform.OS === "web" ? null : searchParams.get("cookie"),
      // @end
    };
    forget(address);
    latest.current(returned);
  }, [address]);
}

/** On a phone, the address stays the same until the next link opens the app. */
const taken = new Set<string>();

/** A reload or the history of a browser must not repeat what a link brought. */
function forget(address: string) {
  if (Platform.OS !== "web") return;
  const url = new URL(address);
  for (const name of ["error", "error_description", "token"]) url.searchParams.delete(name);
  if (url.href !== address) window.history.replaceState(window.history.state, "", url.href);
}
