// The social providers configured in auth.ts.
const PROVIDERS: { id: string; name: string }[] = [];

/** The fewest characters of a password in auth.ts. */
const PASSWORD_LENGTH = 8;

const UNREACHABLE = "The server cannot be reached. Check your connection and try again.";

const MESSAGES: Record<string, string> = {
  INVALID_EMAIL_OR_PASSWORD: "Email or password is wrong.",
  INVALID_EMAIL: "This is not a valid email address.",
  USER_ALREADY_EXISTS: "An account with this email already exists. Sign in instead.",
  USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL:
    "An account with this email already exists. Sign in instead.",
  PASSWORD_TOO_SHORT: `The password is too short: use at least ${PASSWORD_LENGTH} characters.`,
  PASSWORD_TOO_LONG: "The password is too long.",
  EMAIL_NOT_VERIFIED: "Confirm your email first, then sign in.",
  PROVIDER_NOT_CONFIGURED: "This sign-in is not set up yet. Choose another way to sign in.",
};

// Codes of social providers, which may be the same words for something else.
const RETURNS = new Map([
  ["account_not_linked", "An account with this email already exists. Sign in as you did before."],
  ["email_not_found", "We did not get your email from there. Allow it, or choose another way."],
  ["email_not_verified", "Confirm your email first, then sign in."],
  ["signup_disabled", "There is no account with this email, and nobody can create one here."],
]);

function describe(error: {
  code?: string | undefined;
  message?: string | undefined;
  status: number;
}): string {
  const known = error.code && MESSAGES[error.code];
  if (known) return known;
  if (error.status === 429) return "Too many attempts. Wait a moment and try again.";
  if (error.status === 0 || error.status >= 500) return UNREACHABLE;
  return error.message || "That did not work. Try again.";
}

/** A sentence about the `?error=` that an identity provider added to the address. */
function describeReturn(code: string): string {
  return RETURNS.get(code) ?? "The sign-in did not work. Try again, or choose another way.";
}

/** Takes `?error=` out of the address, which a reload or the history would otherwise show again; null without one. */
function takeError(): string | null {
  const url = new URL(window.location.href);
  const error = url.searchParams.get("error");
  if (error === null) return null;
  url.searchParams.delete("error");
  url.searchParams.delete("error_description");
  window.history.replaceState(window.history.state, "", url.href);
  return error;
}

/** The path in `?redirectTo=`, if it is on this site. */
function redirectTarget(): string | null {
  const wanted = new URLSearchParams(window.location.search).get("redirectTo");
  if (!wanted?.startsWith("/") || !URL.canParse(wanted, window.location.origin)) return null;
  const { origin, pathname, search, hash } = new URL(wanted, window.location.origin);
  // A path that begins with two slashes, as "/x/..//host" becomes, is another site to a browser.
  const isHere = origin === window.location.origin && !pathname.startsWith("//");
  return isHere ? pathname + search + hash : null;
}

/** The path of this page, from which a sign-in still leads to `?redirectTo=`. */
function herePath(): string {
  const target = redirectTarget();
  const { pathname } = window.location;
  return target ? `${pathname}?redirectTo=${encodeURIComponent(target)}` : pathname;
}

/** Opens the path in `?redirectTo=`. Without one, the page itself shows the session. */
function leave() {
  const target = redirectTarget();
  if (target) window.location.assign(target);
}
