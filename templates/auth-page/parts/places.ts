// Where the auth pages lead, and where mailed links and identity providers come back to.

/** The path below which the app is served: empty for an app at the root of its site. */
export const BASE = "";

/** Where `?redirectTo=` leads, if that is a place of this site. */
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

/** Where a link or an identity provider brings the browser back to: to the same view of the page. */
export function returnPath(): string {
  const { pathname, hash } = window.location;
  return redirectTarget() ?? pathname + hash;
}

/** With nowhere to go, the page itself shows the session. */
export function leave() {
  const target = redirectTarget();
  if (target) window.location.assign(target);
}
