// Requests whose callback URLs have letters that no header may have: Better Auth puts them into Location as they are, and
// would answer with an empty 500. Such letters are percent-encoded, as browsers do. Must not decide which URLs are trusted.
import type { BetterAuthPlugin } from "better-auth";
import { seeing } from "./seeing.js";

/** The plugin. */
export function callbackUrls(): BetterAuthPlugin {
  return seeing("kitcn-callback-urls", ({ body, query }) => {
    for (const given of [body, query]) encodeUrls(given);
  });
}

// --- internal ---

const NAMES = ["callbackURL", "newUserCallbackURL", "errorCallbackURL", "redirectTo"];

function encodeUrls(given: unknown): void {
  if (typeof given !== "object" || given === null) return;
  for (const name of NAMES) {
    const url: unknown = Reflect.get(given, name);
    if (typeof url === "string" && /[^ -~]/.test(url)) Reflect.set(given, name, encoded(url));
  }
}

/** Half of a pair of letters becomes U+FFFD, which `encodeURIComponent` would throw for. */
function encoded(url: string): string {
  const bytes = new TextEncoder().encode(url);
  return [...bytes]
    .map((byte) =>
      byte < 0x80 ? String.fromCharCode(byte) : `%${byte.toString(16).toUpperCase()}`,
    )
    .join("");
}
