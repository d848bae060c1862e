// The address to which mailed links and identity providers return, and what they bring: in the address of the page, or
// on a phone in a link with the app's scheme.
import * as Linking from "expo-linking";
import { useEffect, useRef } from "react";
import { Platform } from "react-native";

/** The address of this page. On a phone, a link to it opens the app, and can have parameters. */
export function returnAddress(queryParams: Record<string, string> = {}): string {
  if (Platform.OS !== "web") return Linking.createURL("/auth", { queryParams });
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
  /** A mailed link that opened the app on a phone. */
  link: MailedLink | null;
  // @end
};
// @if mailed-session

/** What a mailed link brings to a phone: the secret that it was mailed with, and a session. */
export type MailedLink = { secret: string; cookie: string };
// @end

/** Calls `onReturn` for each link that opens this page, once. */
export function useReturn(onReturn: (returned: Return) => void) {
  const address = Linking.useLinkingURL();
  const latest = useRef(onReturn);
  useEffect(() => {
    latest.current = onReturn;
  });
  useEffect(() => {
    if (!address || taken.has(address) || !leadsHere(address)) return;
    taken.add(address);
    const { searchParams } = new URL(address);
    const returned = {
      error: searchParams.get("error"),
      // @if reset
      token: searchParams.get("token"),
      // @end
      // @if mailed-session
      link: linkIn(searchParams),
      // @end
    };
    forget(address);
    latest.current(returned);
  }, [address]);
}

/** On a phone, any link that opens the app arrives here. */
function leadsHere(address: string): boolean {
  return Platform.OS === "web" || placeOf(address) === placeOf(returnAddress());
}

function placeOf(address: string): string {
  return address.replace(/[?#].*/, "").replace(/\/+$/, "");
}
// @if mailed-session

/** A session without a secret is not of a mailed link: on Android, sign-in with a provider also returns here. */
function linkIn(searchParams: URLSearchParams): MailedLink | null {
  const secret = searchParams.get("link");
  const cookie = searchParams.get("cookie");
  return Platform.OS !== "web" && secret && cookie ? { secret, cookie } : null;
}
// @end

/** On a phone, the address stays the same until the next link opens the app. */
const taken = new Set<string>();

/** A reload or the history of a browser must not repeat what a link brought. */
function forget(address: string) {
  if (Platform.OS !== "web") return;
  const url = new URL(address);
  for (const name of ["error", "error_description", "token"]) url.searchParams.delete(name);
  if (url.href !== address) window.history.replaceState(window.history.state, "", url.href);
}
