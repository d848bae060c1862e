// The paths that the auth pages open, and those to which mailed links and identity providers return.

/** The path below which the app is served: empty for an app at the root of its site. */
export const BASE = "";

/** The path in `?redirectTo=`, if it is on this site. */
export function redirectTarget(): string | null {
  const wanted = new URLSearchParams(window.location.search).get("redirectTo");
  if (!wanted?.startsWith("/") || !URL.canParse(wanted, window.location.origin)) return null;
  const { origin, pathname, search, hash } = new URL(wanted, window.location.origin);
  // A path that begins with two slashes, as "/x/..//host" becomes, is another site to a browser.
  const isHere = origin === window.location.origin && !pathname.startsWith("//");
  if (!isHere) return null;
  const isBelow = pathname === BASE || pathname.startsWith(`${BASE}/`);
  return (isBelow ? "" : BASE) + pathname + search + hash;
}

/** The path to which a link or an identity provider returns after a sign-in. */
export function returnPath(): string {
  return redirectTarget() ?? herePath();
}

/** The path of this view of the page, from which a sign-in still leads to `?redirectTo=`. */
export function herePath(): string {
  const { pathname, search, hash } = window.location;
  return pathname + search + hash;
}

// @if confirmation
/** The same for a link that confirms an address: the page then says that it did. */
export function confirmedPath(): string {
  const { pathname, search, hash } = window.location;
  return `${pathname}${search}${search ? "&" : "?"}confirmed=1${hash}`;
}

// @end
// @if organization
/** The id of the invitation that the hash of an address names. */
export function invitationIn(hash: string): string | null {
  return new URLSearchParams(hash.slice(1)).get("invitation");
}

// @end
/** The heading of what SignedIn shows. */
export function signedInTitle(hash: string): string {
  // @if organization
  if (invitationIn(hash)) return "Your invitation";
  if (hash === "#organization") return "Your organizations";
  // @end
  return hash === "#account" ? "Your account" : "Signed in";
}

/** Opens the path in `?redirectTo=`. Without one, the page itself shows the session. */
export function leave() {
  const target = redirectTarget();
  if (target) window.location.assign(target);
}

/** Calls back with what a link added to the address, and with the hash, now and when it changes. Returns what ends that. */
export function watchAddress(
  { onHash, onMove }: { onHash: (hash: string) => void; onMove: () => void },
  onReturn: (returned: ReturnType<typeof takeReturn>) => void,
): () => void {
  const follow = () => {
    onMove();
    onHash(window.location.hash);
  };
  onReturn(takeReturn());
  onHash(window.location.hash);
  window.addEventListener("hashchange", follow);
  return () => window.removeEventListener("hashchange", follow);
}

/** Reads what a link added to the address, and removes it there: a reload or the history must not repeat it. */
export function takeReturn() {
  const url = new URL(window.location.href);
  const take = (name: string) => {
    const value = url.searchParams.get(name);
    if (value !== null) url.searchParams.delete(name);
    return value;
  };
  const error = take("error");
  take("error_description");
  // @if confirmation
  const isConfirmed = take("confirmed") !== null;
  // @end
  // @if reset
  const token = take("token");
  // @end
  if (url.href !== window.location.href) window.history.replaceState(null, "", url.href);
  return {
    error,
    // @if confirmation
    isConfirmed,
    // @end
    // @if reset
    token,
    // @end
  };
}
