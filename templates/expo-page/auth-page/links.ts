// The address to which mailed links and identity providers return, and what they bring: in the address of the page, or
// on a phone in a link with the app's scheme.
import * as Linking from "expo-linking";
import { useEffect, useRef } from "react";
import { Platform } from "react-native";
// @if reset
import { isExpected } from "./link-secrets.js";
// @end

/** The address of this page. On a phone, a link to it opens the app, and can have parameters. */
export function returnAddress(queryParams: Record<string, string> = {}): string {
  if (Platform.OS !== "web") return Linking.createURL("/auth", { queryParams });
  const search = new URLSearchParams(queryParams).toString();
  return window.location.pathname + (search && `?${search}`) + window.location.hash;
}
// @if organization

/** The link of an invitation, for whoever is invited: it opens the app, or this page in a browser. */
export function invitationAddress(invitation: string): string {
  if (Platform.OS !== "web") return returnAddress({ invitation });
  const { origin, pathname } = window.location;
  return `${origin}${pathname}#invitation=${encodeURIComponent(invitation)}`;
}

/** A reload must not open an invitation again. */
export function forgetInvitation(): void {
  if (Platform.OS !== "web" || !window.location.hash.startsWith("#invitation=")) return;
  window.history.replaceState(window.history.state, "", window.location.href.replace(/#.*/, ""));
}
// @end

/** What a link or an identity provider added to the address; null for what it did not. */
export type Return = {
  error: string | null;
  // @if confirmation
  /** True after a link that confirmed an address. */
  isConfirmed: boolean;
  // @end
  // @if reset
  /** For a new password. On a phone, only of a link that it asked for. */
  token: string | null;
  // @end
  // @if organization
  /** Id of an invitation to an organization. */
  invitation: string | null;
  // @end
  // @if mailed-session
  /** A mailed link that opened the app on a phone. */
  link: MailedLink | null;
  // @end
};
// @if mailed-session

/** What a mailed link brings to a phone: the secret that it was mailed with, and a session. */
export type MailedLink = {
  secret: string;
  cookie: string;
  /** True if it was mailed to confirm an address. */
  isConfirmation: boolean;
};
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
    forget(address);
    void read(address).then((returned) => latest.current(returned));
  }, [address]);
}

async function read(address: string): Promise<Return> {
  const { searchParams } = new URL(address);
  const returned: Return = {
    error: searchParams.get("error"),
    // @if confirmation
    isConfirmed: searchParams.has("confirm"),
    // @end
    // @if reset
    token: searchParams.get("token"),
    // @end
    // @if organization
    invitation: searchParams.get("invitation") ?? invitationIn(address),
    // @end
    // @if mailed-session
    link: linkIn(searchParams),
    // @end
  };
  // @if reset
  if (returned.token !== null && !(await mayReset(searchParams.get("link"))))
    return { ...returned, error: "LINK_NOT_REQUESTED_HERE", token: null };
  // @end
  return returned;
}
// @if reset

/** In a browser, the mail led to the site itself. On a phone, anybody can write the link. */
async function mayReset(secret: string | null): Promise<boolean> {
  return Platform.OS === "web" || isExpected(secret);
}
// @end
// @if organization

/** In a browser, the address keeps the invitation while its reader signs in. */
function invitationIn(address: string): string | null {
  const [, hash = ""] = address.split("#");
  return new URLSearchParams(hash).get("invitation");
}
// @end

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
  if (Platform.OS === "web" || !secret || !cookie) return null;
  return { secret, cookie, isConfirmation: searchParams.has("confirm") };
}
// @end

/** On a phone, the address stays the same until the next link opens the app. */
const taken = new Set<string>();

/** A reload or the history of a browser must not repeat what a link brought. */
function forget(address: string) {
  if (Platform.OS !== "web") return;
  const url = new URL(address);
  for (const name of ["error", "error_description", "token", "confirm"])
    url.searchParams.delete(name);
  if (url.href !== address) window.history.replaceState(window.history.state, "", url.href);
}
